"""The Transfervereinbarung as a document: names, the four texts, and who has confirmed when."""

from netzkoord.lib import pdf
from participants.queries.transfer import AgreementPage

STYLES = ("css/pdf/transfer.css",)


def paper_of(page: AgreementPage, *, has_signature_lines: bool) -> bytes:
    """An agreement that both have confirmed; with lines for those who want ink. Raises `pdf.DocumentTooLarge`."""
    return pdf.render(
        "participants/pdf/transfer.html",
        {"page": page, "agreement": page.agreement, "has_signature_lines": has_signature_lines},
        title=f"Transfervereinbarung {page.tandem}",
        styles=STYLES,
    )
