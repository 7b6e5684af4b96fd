"""„Das haben Sie gesagt – das haben wir geändert“ of a cohort, as PDF."""

from evaluation.queries.you_said import YouSaid
from netzkoord.lib import pdf

TITLE = "Das haben Sie gesagt – das haben wir geändert"
STYLES = ("css/pdf/report.css", "css/pdf/said.css")


def you_said_paper(page: YouSaid) -> bytes:
    """The same bytes from the same data, whenever it is made."""
    return pdf.render(
        "evaluation/pdf/you_said.html",
        {"page": page, "title": TITLE},
        title=f"{TITLE}: {page.cohort}",
        styles=STYLES,
    )
