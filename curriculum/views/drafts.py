"""What every view that changes a draft has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from curriculum.models import Edition
from netzkoord.lib.http import NotStored, Request
from netzkoord.templatetags.german import german_date

P = ParamSpec("P")
View = Callable[Concatenate[Request, Edition, P], HttpResponse]
FORBIDDEN = 403


def names_draft(view: View[P]) -> Callable[..., HttpResponse]:
    """Hand the edition over as it is, without a lock; where it is no draft any more, say so instead."""

    @wraps(view)
    def wrapper(request: Request, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return answer(view, request, get_object_or_404(seen_by(request), pk=pk), *args, **kwargs)

    return wrapper


def changes_draft(view: View[P]) -> Callable[..., HttpResponse]:
    """The same, locked while it is changed: on SQLite nobody else writes meanwhile, so the view must be quick."""
    unlocked = names_draft(view)

    @wraps(view)
    def wrapper(request: Request, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return unlocked(request, pk, *args, **kwargs)
        with transaction.atomic():
            locked = seen_by(request).select_for_update(of=("self",))
            return answer(view, request, get_object_or_404(locked, pk=pk), *args, **kwargs)

    return wrapper


def seen_by(request: Request) -> QuerySet[Edition]:
    return Edition.objects.visible_to(request.user).select_related("programme")


def answer(view: View[P], request: Request, edition: Edition, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    if edition.is_draft:
        return view(request, edition, *args, **kwargs)
    if request.method == "POST":
        raise NotStored(finished_sentence(edition))
    return render(request, "curriculum/edition_frozen.html", {"edition": edition}, status=FORBIDDEN)


def finished_sentence(edition: Edition) -> str:
    when = f"seit {german_date(edition.published_on)}" if edition.published_on else "inzwischen"
    return (
        f"Die {edition.number}. Fassung ist {when} veröffentlicht. Es ist nichts gespeichert. "
        "Übertragen Sie Ihre Änderung in den nächsten Entwurf."
    )
