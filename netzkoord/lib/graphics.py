"""Logos and signatures that people send: drawn anew as PNG on white, and found by the SHA-256 of their bytes.

An archive (PDF/A) may hold transparency, but a printer may do with it what it likes: here it lies on paper already.
"""

import hashlib
import io
import re
from dataclasses import dataclass

from django.core.cache import cache
from PIL import Image

from netzkoord.lib.photos import NO_PHOTO, is_picture, on_white
from netzkoord.lib.uploads import UploadRefused, decoded

FORMATS = ["JPEG", "PNG", "WEBP"]
ACCEPT = ".png,.jpg,.jpeg,.webp"
MAX_MB = 5
MAX_BYTES = MAX_MB * 1024 * 1024
# 300 dots to the inch on the widest place of a certificate, 80 mm.
EDGE = 1000
SHORTEST_EDGE = 20
# The darkest of red, green and blue; what is lighter cannot be told from paper.
FAINTEST = 240
SECONDS = 60 * 60
SHA256 = re.compile("[0-9a-f]{64}")
NO_GRAPHIC = NO_PHOTO.replace("kein Foto", "kein Bild")
TOO_SMALL = "Auf diesem Bild ist nichts zu erkennen: Es hat nur {width}\u00a0×\u00a0{height} Bildpunkte."
UNSEEN = (
    "Auf weißem Papier ist von diesem Bild nichts zu sehen. "
    "Bitte wählen Sie eines, das für hellen Grund gemacht und nicht ganz durchsichtig ist."
)


@dataclass(frozen=True)
class Graphic:
    """A picture as it is kept."""

    png: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.png).hexdigest()


def read_graphic(content: bytes) -> Graphic:
    """By what is inside, whatever the file is called. Raises `UploadRefused`."""
    if not is_picture(content):
        raise UploadRefused(NO_GRAPHIC)
    paper = on_white(decoded(content, FORMATS, edge=EDGE), edge=EDGE)
    if min(paper.size) < SHORTEST_EDGE:
        raise UploadRefused(TOO_SMALL.format(width=paper.width, height=paper.height))
    if is_blank(paper):
        raise UploadRefused(UNSEEN)
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=True)
    return Graphic(out.getvalue(), *paper.size)


def is_blank(paper: Image.Image) -> bool:
    """Whether even the darkest point of it looks like paper."""
    return all(not any(band.histogram()[: FAINTEST + 1]) for band in paper.split())


def stash(graphic: Graphic, *, owner: str) -> None:
    """Keep it for an hour and one person: a browser sends a file once, whatever else is still to be mended."""
    cache.set(key(graphic.sha256, owner), (graphic.png, graphic.width, graphic.height), SECONDS)


def stashed(sha256: str, *, owner: str) -> Graphic | None:
    found = cache.get(key(sha256, owner)) if SHA256.fullmatch(sha256) else None
    return Graphic(*found) if found else None


def key(sha256: str, owner: str) -> str:
    return f"graphic:{owner}:{sha256}"
