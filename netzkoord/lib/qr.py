"""QR codes as SVG, for page and paper."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(address: str, *, title: str) -> SafeString:
    """The address as a QR code with its quiet zone; 15 % of it may be damaged. Safe to stand in a page."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        buffer,
        kind="svg",
        border=4,
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        title=title,
        nl=False,
    )
    markup = buffer.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)
    return mark_safe(markup)  # noqa: S308 -- segno escapes the title; the rest is numbers
