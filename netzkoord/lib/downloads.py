"""Files that people have sent, given back in a sandbox: as downloads, or as a photo on a page."""

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

SANDBOX = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}


def download(file: FieldFile, *, name: str, content_type: str) -> HttpResponse:
    """Read as a whole, since `uploads` lets nothing in that is too large for it.

    Raises Http404 when the file is gone from the disk.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            **SANDBOX,
        },
    )


def photo_response(jpeg: bytes) -> HttpResponse:
    """A photo that was drawn anew (`photos`), for a page to show."""
    headers = {"Content-Disposition": "inline", **SANDBOX}
    return HttpResponse(jpeg, content_type="image/jpeg", headers=headers)
