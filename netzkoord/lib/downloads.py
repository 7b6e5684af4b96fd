"""Files that people have sent, given back: as downloads only, and in a sandbox should a browser show one."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404


def download(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """Raises Http404 when the file is gone from the disk."""
    try:
        opened = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
