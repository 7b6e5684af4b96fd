"""The announcement (Ausschreibung) as a document: what the public page says, with a code that leads to it."""

import hashlib
import re

from django.core.cache import cache

from curriculum.models import Cohort
from curriculum.queries import announcement_page
from netzkoord.lib import links, pdf, qr

TEMPLATE = "curriculum/pdf/announcement.html"
STYLES = ("css/pdf/announcement.css",)
KEPT_SECONDS = 60 * 60
# In large type such a word does not end a line.
SHORT_WORD = re.compile(r"\b(am|an|auf|das|der|die|für|im|in|mit|und|von|zu|zum|zur) ")


def announcement_paper(cohort: Cohort) -> bytes:
    """Anybody may ask for it, and all at once when it is announced: made once for the same content, and kept.

    Raises `pdf.DocumentTooLarge`, `pdf.PressesBusy`.
    """
    address = links.absolute("curriculum:announcement", cohort.pk)
    title = f"{cohort.edition.title}: Ausschreibung {cohort.title}"
    context = {
        "page": announcement_page(cohort),
        "cohort": cohort,
        "edition": cohort.edition,
        "heading": SHORT_WORD.sub("\\1\u00a0", cohort.edition.title),
        "address": address,
    }
    source = pdf.source_of(TEMPLATE, context, title=title)
    key = f"announcement-paper-{hashlib.sha256(source.encode()).hexdigest()}"
    paper: bytes | None = cache.get(key)
    if paper is None:
        paper = pdf.render(
            TEMPLATE,
            context,
            title=title,
            description=f"Ausschreibung der Fortbildung „{cohort.edition.title}“, {cohort.title}",
            styles=STYLES,
            pictures={"qr": qr.svg(address, title="QR-Code zur Ausschreibung")},
        )
        cache.set(key, paper, KEPT_SECONDS)
    return paper
