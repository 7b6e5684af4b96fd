"""What all pages share that change a piece of a draft: who may, which lock, what is said afterwards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from curriculum.actions.in_use import InUse
from curriculum.actions.parts import add_part, change_part, delete_part, order_parts
from curriculum.forms.parts import PartForm
from curriculum.models import Edition, EditionPart, Module
from curriculum.queries.topics import UnitUse
from curriculum.views.drafts import finished_sentence, seen_by
from netzkoord.lib.editing import save_or_explain
from netzkoord.lib.http import NotStored, Request
from netzkoord.lib.sentences import listed
from netzkoord.lib.sorting import answer_sorting

M = TypeVar("M", bound=Model)
P = TypeVar("P", bound=EditionPart)
Rest = ParamSpec("Rest")
View = Callable[Concatenate[Request, Rest], HttpResponse]


def post_is_atomic(view: View[Rest]) -> View[Rest]:
    """A POST is one transaction, so that what it has locked stays locked until everything is stored."""

    @wraps(view)
    def wrapped(request: Request, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return wrapped


def readable_or_404(request: Request, pk: int) -> Edition:
    return get_object_or_404(seen_by(request), pk=pk)


def is_writable(request: Request, edition: Edition) -> bool:
    return edition.is_draft and request.user.has_perm("curriculum.change_edition")


REMOVED = "Das, was Sie bearbeitet haben, hat inzwischen jemand gelöscht."


def draft_or_404(request: Request, pk: int) -> Edition:
    """An edition that this person may write; a POST locks it.

    Raises `NotStored` where somebody has published it since the page of this POST was made.
    """
    editions = Edition.objects.writable_by(request.user)
    if request.method != "POST":
        return get_object_or_404(editions, pk=pk)
    if edition := editions.select_for_update().filter(pk=pk).first():
        return edition
    if not request.user.has_perm("curriculum.change_edition"):
        raise Http404
    raise NotStored(finished_sentence(get_object_or_404(seen_by(request), pk=pk)))


def part_or_404(request: Request, rows: QuerySet[M], pk: int, *, edition: str) -> M:
    """A piece of a draft that this person may write, `edition` being the path to it.

    A POST locks the piece and its draft: two changes come one after the other, and none meets a publication.
    Raises `NotStored` where the piece has been deleted or published since the page of this POST was made.
    """
    found = rows.filter(**{f"{edition}__in": Edition.objects.writable_by(request.user)}).select_related(edition)
    if request.method != "POST":
        return get_object_or_404(found, pk=pk)
    if part := found.select_for_update(of=("self", edition)).filter(pk=pk).first():
        return part
    if not request.user.has_perm("curriculum.change_edition"):
        raise Http404
    finished = Edition.objects.filter(pk__in=rows.filter(pk=pk).values(edition)).first()
    raise NotStored(finished_sentence(finished) if finished else REMOVED)


def data_of(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def store_new(
    request: Request,
    form: PartForm[P],
    *,
    siblings: QuerySet[P],
    edition: Edition,
    add: Callable[..., P] = add_part,
) -> P | None:
    """The new piece, once the form is sent and valid."""
    if not form.is_valid():
        return None
    part = form.save(commit=False)
    save = partial(add, part=part, siblings=siblings, chosen=form.chosen(), edition=edition, by=request.user)
    stored = save_or_explain(form, save)
    if stored:
        messages.success(request, f"{form.named(stored)} ist angelegt.")
    return stored


def store_change(
    request: Request, form: PartForm[P], *, edition: Edition, change: Callable[..., P] = change_part
) -> P | None:
    """The changed piece, once the form is sent and valid; what somebody else has changed meanwhile is told."""
    if not form.is_valid():
        return None
    part, fields, chosen = form.save(commit=False), form.changed, form.chosen()
    save = partial(change, part=part, fields=fields, chosen=chosen, edition=edition, by=request.user)
    stored = save_or_explain(form, save)
    if stored:
        messages.success(request, f"{form.named(stored)} ist gespeichert.")
    if stored and form.merged_sentence:
        messages.info(request, form.merged_sentence)
    return stored


def order_page(request: Request, *, parts: QuerySet[P], edition: Edition, back: str) -> HttpResponse:
    """Put the pieces of one list into the order that the page asks for."""
    sort = partial(order_parts, parts=parts, edition=edition, by=request.user)
    return answer_sorting(request, sort, back=back)


@dataclass(frozen=True)
class Deletion:
    """What the page says that asks before a piece is deleted."""

    part: EditionPart
    edition: Edition
    kind: str  # „Baustein“
    named: str  # „Der Baustein „Begrüßung““
    consequence: str
    back: str
    cancel: str
    refusal: str = ""  # why the piece stays, where that is known beforehand
    module: Module | None = None


def deletion_page(request: Request, deletion: Deletion) -> HttpResponse:
    """Ask, delete, or say why the piece stays."""
    refusal = deletion.refusal
    if request.method == "POST" and not refusal:
        try:
            delete_part(part=deletion.part, edition=deletion.edition, by=request.user)
        except InUse as error:
            refusal = f"{deletion.named} bleibt bestehen, denn darauf verweisen: {listed(error.users)}."
        else:
            messages.success(request, f"{deletion.named} ist gelöscht.")
            return redirect(deletion.back)
    return render(request, "curriculum/part_delete.html", {"deletion": deletion, "refusal": refusal})


def used_in(uses: Iterable[UnitUse]) -> str:
    """Which units lose what is to be deleted."""
    units = list(uses)
    if not units:
        return "Kein Baustein verwendet das."
    word = "Dieser Baustein verwendet" if len(units) == 1 else f"Diese {len(units)} Bausteine verwenden"
    return f"{word} das: {', '.join(map(str, units))}. Dort fällt es weg."
