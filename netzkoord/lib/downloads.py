"""Files that are handed out: what was made here, as a download; what people have sent, in a sandbox."""

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

NO_SNIFFING = {"X-Content-Type-Options": "nosniff"}
SANDBOX = {**NO_SNIFFING, "Content-Security-Policy": "sandbox; default-src 'none'"}


def attachment(content: bytes | str, *, name: str, content_type: str) -> HttpResponse:
    """A file that was made for who asks: to be saved under this name, and kept by no cache on the way."""
    headers = {**saved_as(name), "Cache-Control": "no-store, private", **NO_SNIFFING}
    return HttpResponse(content, content_type=content_type, headers=headers)


def saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(True, name) or "attachment"}


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
        headers={**saved_as(name), **SANDBOX},
    )


def photo_response(jpeg: bytes) -> HttpResponse:
    """A photo that was drawn anew (`photos`), for a page to show."""
    headers = {"Content-Disposition": "inline", **SANDBOX}
    return HttpResponse(jpeg, content_type="image/jpeg", headers=headers)
