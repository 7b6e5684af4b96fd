"""Photos for tests."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from netzkoord.lib.photos import Photo, read_photo

RED, BLUE = (200, 30, 30), (30, 30, 200)
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def picture(kind="JPEG", size=(40, 30), **options) -> bytes:
    """The left half red, the right half blue."""
    drawn = Image.new("RGB", size, BLUE)
    drawn.paste(RED, (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def from_camera(orientation=1) -> bytes:
    """A JPEG with place, camera and comment, held as `orientation` says."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "Geheime Kamera"
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 13.0, 32.0), 3: "E", 4: (6.0, 46.0, 34.0)})
    return picture(exif=exif, comment=b"Geheimer Kommentar")


def photo(**options) -> Photo:
    return read_photo(picture(**options))


def uploaded(content=None, name="wand.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content)
