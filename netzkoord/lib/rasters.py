"""Pages of our PDFs as pictures, as a reader of PDF draws them."""

import io
import threading
from collections.abc import Iterator

import pypdfium2

POINTS_PER_INCH = 72

# PDFium is not made for two threads at once.
_one_at_a_time = threading.Lock()


def page_pictures(pdf: bytes, *, dots_per_inch: int) -> Iterator[bytes]:
    """Each page as PNG."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for number in range(len(document)):
                yield page_picture(document, number, dots_per_inch)
        finally:
            document.close()


def page_picture(document: pypdfium2.PdfDocument, number: int, dots_per_inch: int) -> bytes:
    page = document[number]
    try:
        picture = page.render(scale=dots_per_inch / POINTS_PER_INCH).to_pil()
        out = io.BytesIO()
        picture.save(out, "PNG")
        return out.getvalue()
    finally:
        page.close()
