"""QR codes as pictures."""

import io

import segno
from PIL import Image

from netzkoord.lib import qr

ADDRESS = "https://netzkoord.example/pruefen/0123456789abcdef0123456789abcdef/"


def test_png_shows_every_module_within_the_quiet_zone():
    picture = Image.open(io.BytesIO(qr.png(ADDRESS))).convert("1")

    modules = [list(row) for row in segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=4)]
    half = qr.POINTS // 2
    assert picture.size == (len(modules) * qr.POINTS,) * 2
    assert modules == [
        [
            picture.getpixel((column * qr.POINTS + half, row * qr.POINTS + half)) == 0
            for column in range(len(modules))
        ]
        for row in range(len(modules))
    ]
