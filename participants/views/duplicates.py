"""Registrations that may be one person: shown, compared, put together, parted again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from curriculum.models import Cohort
from netzkoord.lib.http import Request
from participants.actions.duplicates import (
    consequences,
    dismiss_pair,
    merge_registrations,
    reconsider_pair,
    undo_merge,
)
from participants.actions.locking import RegistrationRefused
from participants.forms.duplicates import FIRST, SECOND, MergeForm
from participants.models import Merge, Registration
from participants.queries.duplicates import dismissed_of, duplicate_groups, merges_in

PAGE_SIZE = 25
MAY_CHANGE = permission_required("participants.change_registration", raise_exception=True)


@require_safe
@MAY_CHANGE
def duplicate_list(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    context = {
        "cohort": cohort,
        "page": Paginator(duplicate_groups(cohort), PAGE_SIZE).get_page(request.GET.get("seite")),
        "dismissed": dismissed_of(cohort),
        "merges": merges_in(cohort),
    }
    return render(request, "participants/duplicate_list.html", context)


@require_safe
@MAY_CHANGE
def duplicate_compare(request: Request, pk: int, other: int) -> HttpResponse:
    """Both side by side; nothing is changed yet."""
    first, second = pair_of(request, pk, other)
    return compare(request, MergeForm(first=first, second=second))


@require_POST
@MAY_CHANGE
def duplicate_merge(request: Request, pk: int, other: int) -> HttpResponse:
    """„Zusammenführen“; a second press finds it done."""
    first, second = pair_of(request, pk, other)
    if {first.merged_into_id, second.merged_into_id} & {first.pk, second.pk}:
        return redirect("participants:duplicate_list", pk=first.cohort_id)
    form = MergeForm(request.POST, first=first, second=second)
    if not form.is_valid():
        return compare(request, form)
    try:
        merge_registrations(kept=form.kept(), merged=form.merged(), values=form.values(), by=request.user)
    except RegistrationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("participants:duplicate_compare", pk=pk, other=other)
    messages.success(request, f"Die Anmeldungen von {form.kept()} sind zusammengeführt.")
    return redirect("participants:duplicate_list", pk=first.cohort_id)


@require_POST
@MAY_CHANGE
def duplicate_dismiss(request: Request, pk: int, other: int) -> HttpResponse:
    """„Das sind zwei Personen“"""
    first, second = pair_of(request, pk, other)
    dismiss_pair(pair=(first, second), by=request.user)
    messages.success(request, f"{first} und {second} werden nicht mehr als Dublette gezeigt.")
    return redirect("participants:duplicate_list", pk=first.cohort_id)


@require_POST
@MAY_CHANGE
def duplicate_reconsider(request: Request, pk: int, other: int) -> HttpResponse:
    """„Doch prüfen“"""
    first, second = pair_of(request, pk, other)
    reconsider_pair(pair=(first, second))
    return redirect("participants:duplicate_list", pk=first.cohort_id)


@require_POST
@MAY_CHANGE
def merge_undo(request: Request, pk: int) -> HttpResponse:
    halves = Registration.objects.visible_to(request.user)
    merge = get_object_or_404(Merge.objects.select_related("kept__cohort"), pk=pk, kept__in=halves)
    try:
        undo_merge(merge=merge, by=request.user)
        messages.success(request, "Beide Anmeldungen stehen wieder für sich.")
    except RegistrationRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("participants:duplicate_list", pk=merge.kept.cohort_id)


def pair_of(request: Request, pk: int, other: int) -> tuple[Registration, Registration]:
    """Two registrations of one cohort. Raises `Http404`."""
    halves = Registration.objects.visible_to(request.user).select_related("cohort", "tandem__municipality")
    found = halves.prefetch_related("tandem__registrations").in_bulk([pk, other])
    if len(found) != 2 or found[pk].cohort_id != found[other].cohort_id:
        raise Http404
    return found[pk], found[other]


def compare(request: Request, form: MergeForm) -> HttpResponse:
    first, second = form.halves[FIRST], form.halves[SECOND]
    context: dict[str, Any] = {
        "form": form,
        "first": first,
        "second": second,
        "cohort": first.cohort,
        "sides": [
            (first, form.objections[FIRST], consequences(first, second)),
            (second, form.objections[SECOND], consequences(second, first)),
        ],
    }
    return render(request, "participants/duplicate_compare.html", context)
