"""The Modulhandbuch of an edition, as PDF."""

from curriculum.models import Edition, EditionStatus
from curriculum.queries.handbook import Handbook, handbook_of
from netzkoord.lib import pdf
from netzkoord.templatetags.german import german_date

STYLES = ("css/pdf/handbook.css", "css/pdf/contents.css")
# Says on every page that what is printed is no published edition.
DRAFT_STYLES = (*STYLES, "css/pdf/draft.css")


def handbook(edition: Edition) -> bytes:
    """Raises `DocumentTooLarge`."""
    return render_handbook(handbook_of(edition))


def render_handbook(content: Handbook) -> bytes:
    edition = content.edition
    return pdf.render(
        "curriculum/pdf/handbook.html",
        {"handbook": content, "edition": edition, "standing": standing(edition)},
        title=f"Modulhandbuch {edition}",
        description=f"Ziele, Kompetenzen, Module und Methoden: {edition}, {standing(edition)}",
        styles=DRAFT_STYLES if edition.is_draft else STYLES,
    )


def standing(edition: Edition) -> str:
    """„veröffentlicht am Mo, 19. Juni 2017“: what a reader must know before relying on it."""
    if edition.status == EditionStatus.DRAFT:
        return "Entwurf, nicht veröffentlicht"
    if edition.status == EditionStatus.ARCHIVED:
        return f"archiviert am {german_date(edition.archived_on)}"
    return f"veröffentlicht am {german_date(edition.published_on)}"
