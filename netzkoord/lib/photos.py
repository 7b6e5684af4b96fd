"""Photos that people send: drawn anew as JPEG, so that place, camera and time do not come along."""

import io
from dataclasses import dataclass

from PIL import Image

from netzkoord.lib.uploads import UploadRefused, decoded

FORMATS = ["JPEG", "PNG", "WEBP"]
ACCEPT = ".jpg,.jpeg,.png,.webp"
EDGE = 2000
QUALITY = 85
# What the file type box of a picture of an iPhone or a new Android may say.
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
NO_PHOTO = "Diese Datei ist kein Foto. Möglich sind JPEG, PNG und WebP."
HEIC = (
    "Fotos im Format HEIC nehmen wir nicht an. Speichern Sie es als JPEG; das iPhone fotografiert so, wenn unter "
    "„Einstellungen → Kamera → Formate“ „Maximale Kompatibilität“ gewählt ist."
)


@dataclass(frozen=True)
class Photo:
    jpeg: bytes
    width: int
    height: int


def read_photo(content: bytes) -> Photo:
    """By what is inside, whatever the file is called. Raises `UploadRefused`."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise UploadRefused(HEIC)
    if not is_picture(content):
        raise UploadRefused(NO_PHOTO)
    return photo_of(decoded(content, FORMATS, edge=EDGE))


def is_picture(content: bytes) -> bool:
    begins = content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
    return begins or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")


def photo_of(picture: Image.Image) -> Photo:
    """Its points alone, on white where it is transparent, and no edge longer than `EDGE`."""
    paper = on_white(picture, edge=EDGE)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Photo(out.getvalue(), *paper.size)


def on_white(picture: Image.Image, *, edge: int) -> Image.Image:
    """As it looks on paper, and no edge longer than this."""
    # Of colours by number Pillow would take one point of several, and lines would get gaps and steps.
    scaled = picture.convert("RGBA") if picture.mode in ("1", "P", "PA") else picture
    scaled.thumbnail((edge, edge))
    visible = scaled.convert("RGBA")
    paper = Image.new("RGB", visible.size, "white")
    paper.paste(visible, mask=visible)
    return paper
