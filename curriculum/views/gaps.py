"""What an edition leaves open."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import Edition
from curriculum.queries.gaps import edition_gaps as read_gaps
from netzkoord.lib.http import Request


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def edition_gaps(request: Request, pk: int) -> HttpResponse:
    """Each gap leads to where it is mended, for who may mend it."""
    editions = Edition.objects.visible_to(request.user).select_related("programme")
    edition = get_object_or_404(editions, pk=pk)
    is_writable = edition.is_draft and request.user.has_perm("curriculum.change_edition")
    context = {"edition": edition, "page": read_gaps(edition), "is_writable": is_writable}
    return render(request, "curriculum/edition_gaps.html", context)
