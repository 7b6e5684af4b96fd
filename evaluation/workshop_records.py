"""Workshop-Dokumentation: what was asked, what hung on the walls, what was recommended, as PDF."""

from evaluation.models import Workshop
from evaluation.queries.workshops import recommended_in, record_of
from netzkoord.lib import pdf


def workshop_record(workshop: Workshop) -> bytes:
    """The same bytes from the same data, whenever it is made. Raises `DocumentTooLarge`."""
    return pdf.render(
        "evaluation/pdf/workshop_record.html",
        {
            "workshop": workshop,
            "rounds": workshop.rounds.all(),
            "questions": record_of(workshop),
            "recommended": recommended_in(workshop),
        },
        title=f"Dokumentation: {workshop}",
        styles=("css/pdf/report.css", "css/pdf/workshop.css"),
    )
