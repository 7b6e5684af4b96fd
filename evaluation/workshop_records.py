"""Workshop-Dokumentation: what was asked, what hung on the walls, what was recommended, as PDF."""

from evaluation.models import Workshop
from evaluation.queries.workshop_records import whole_record
from netzkoord.lib import pdf


def workshop_record(workshop: Workshop) -> bytes:
    """The same bytes from the same data, whenever it is made. Raises `DocumentTooLarge`."""
    jpegs = workshop.photos.values_list("pk", "jpeg")
    return pdf.render(
        "evaluation/pdf/workshop_record.html",
        {"record": whole_record(workshop)},
        title=f"Dokumentation: {workshop}",
        styles=("css/pdf/report.css", "css/pdf/workshop.css"),
        pictures={f"photo-{key}": bytes(jpeg) for key, jpeg in jpegs},
    )
