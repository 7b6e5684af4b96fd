"""The announcement (Ausschreibung) as a document: what the public page says, with a code that leads to it."""

import re

from curriculum.models import Cohort
from curriculum.queries import announcement_page
from netzkoord.lib import links, pdf, qr

STYLES = ("css/pdf/announcement.css",)
# In large type such a word does not end a line.
SHORT_WORD = re.compile(r"\b(am|an|auf|das|der|die|für|im|in|mit|und|von|zu|zum|zur) ")


def announcement_paper(cohort: Cohort) -> bytes:
    """Raises `pdf.DocumentTooLarge`."""
    page = announcement_page(cohort)
    address = links.absolute("curriculum:announcement", cohort.pk)
    return pdf.render(
        "curriculum/pdf/announcement.html",
        {
            "page": page,
            "cohort": cohort,
            "edition": cohort.edition,
            "heading": SHORT_WORD.sub("\\1\u00a0", cohort.edition.title),
            "address": address,
        },
        title=f"{cohort.edition.title}: Ausschreibung {cohort.title}",
        description=f"Ausschreibung der Fortbildung „{cohort.edition.title}“, {cohort.title}",
        styles=STYLES,
        pictures={"qr": qr.svg(address, title="QR-Code zur Ausschreibung")},
    )
