"""Workshop-Dokumentation: what was asked, what hung on the walls, what was recommended, as PDF."""

from evaluation.models import Workshop
from evaluation.queries.workshops import features_of, recommended_in, record_of
from netzkoord.lib import pdf


def workshop_record(workshop: Workshop) -> bytes:
    """The same bytes from the same data, whenever it is made. Raises `DocumentTooLarge`."""
    photos = list(workshop.photos.select_related("round"))
    recommended = recommended_in(workshop)
    return pdf.render(
        "evaluation/pdf/workshop_record.html",
        {
            "workshop": workshop,
            "rounds": workshop.rounds.all(),
            "questions": record_of(workshop),
            "recommended": recommended,
            "features": features_of(recommended),
            "photos": photos,
        },
        title=f"Dokumentation: {workshop}",
        styles=("css/pdf/report.css", "css/pdf/workshop.css"),
        pictures={f"photo-{photo.pk}": bytes(photo.jpeg) for photo in photos},
    )
