"""What every view that changes a draft has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from curriculum.models import Edition
from netzkoord.lib.http import Request

P = ParamSpec("P")
FORBIDDEN = 403


def changes_draft(
    view: Callable[Concatenate[Request, Edition, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Hand the edition over, locked while it is changed; where it is no draft any more, say so instead."""

    @wraps(view)
    def wrapper(request: Request, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        editions = Edition.objects.visible_to(request.user).select_related("programme")
        if request.method != "POST":
            return answer(get_object_or_404(editions, pk=pk), request, *args, **kwargs)
        with transaction.atomic():
            locked = editions.select_for_update(of=("self",))
            return answer(get_object_or_404(locked, pk=pk), request, *args, **kwargs)

    def answer(edition: Edition, request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if edition.is_draft:
            return view(request, edition, *args, **kwargs)
        return render(request, "curriculum/edition_frozen.html", {"edition": edition}, status=FORBIDDEN)

    return wrapper
