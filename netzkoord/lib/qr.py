"""QR codes, for page and paper."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET_ZONE = 4
# Points to a module: of 27 mm on paper that makes some 700 dots to the inch.
POINTS = 16


def code_of(address: str) -> segno.QRCode:
    """15 % of it may be damaged."""
    return segno.make(address, error="m", micro=False)


def png(address: str) -> bytes:
    """The address as a QR code in black and white with its quiet zone: to a typesetter far less work than SVG."""
    buffer = io.BytesIO()
    code_of(address).save(buffer, kind="png", border=QUIET_ZONE, scale=POINTS)
    return buffer.getvalue()


def svg(address: str, *, title: str) -> SafeString:
    """The address as a QR code with its quiet zone. Safe to stand in a page."""
    buffer = io.BytesIO()
    code_of(address).save(
        buffer,
        kind="svg",
        border=QUIET_ZONE,
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        title=title,
        nl=False,
    )
    markup = buffer.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)
    return mark_safe(markup)  # noqa: S308 -- segno escapes the title; the rest is numbers
