"""Material as participants get it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from netzkoord.lib.downloads import download
from netzkoord.lib.http import Request
from participants.queries.materials import released_to


@require_safe
def own_material(request: Request, pk: int) -> HttpResponse:
    material = get_object_or_404(released_to(request.user), pk=pk)
    return download(material.file, name=material.original_name, content_type=material.content_type)
