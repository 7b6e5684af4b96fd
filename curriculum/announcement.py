"""The announcement (Ausschreibung) as a document: what the public page says, with a code that leads to it."""

from curriculum.models import Cohort
from curriculum.queries import announcement_page
from netzkoord.lib import links, pdf, qr

STYLES = ("css/pdf/announcement.css",)


def announcement_paper(cohort: Cohort) -> bytes:
    """Raises `pdf.DocumentTooLarge`."""
    page = announcement_page(cohort)
    address = links.absolute("curriculum:announcement", cohort.pk)
    return pdf.render(
        "curriculum/pdf/announcement.html",
        {"page": page, "cohort": cohort, "edition": cohort.edition, "address": address},
        title=f"{cohort.edition.title}: Ausschreibung {cohort.title}",
        description=f"Ausschreibung der Fortbildung „{cohort.edition.title}“, {cohort.title}",
        styles=STYLES,
        pictures={"qr": qr.svg(address, title="QR-Code zur Ausschreibung")},
    )
