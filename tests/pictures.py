"""Pictures as people send them."""

import io

from PIL import Image


def picture(size=(300, 80), colour=(160, 30, 40, 128), *, mode="RGBA", kind="PNG", **options):
    """One in a single colour."""
    return saved(Image.new(mode, size, colour), kind, **options)


def saved(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
