"""Editions of the programme, to be read."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import Edition
from curriculum.queries import edition_page
from netzkoord.lib.http import Request


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def edition_list(request: Request) -> HttpResponse:
    editions = Edition.objects.visible_to(request.user).select_related("programme")
    return render(request, "curriculum/edition_list.html", {"editions": editions})


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def edition_detail(request: Request, pk: int) -> HttpResponse:
    editions = Edition.objects.visible_to(request.user).select_related("programme")
    page = edition_page(get_object_or_404(editions, pk=pk))
    return render(request, "curriculum/edition_detail.html", {"page": page})
