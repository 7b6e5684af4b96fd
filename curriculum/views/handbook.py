"""The Modulhandbuch of an edition."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from curriculum.handbook import handbook as make_handbook
from curriculum.models import Edition
from netzkoord.lib.http import Request, pdf_response, too_large
from netzkoord.lib.pdf import DocumentTooLarge


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def handbook(request: Request, pk: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user), pk=pk)
    try:
        paper = make_handbook(edition)
    except DocumentTooLarge as error:
        return too_large(request, error, back=edition.get_absolute_url())
    return pdf_response(paper, f"Modulhandbuch {edition}")
