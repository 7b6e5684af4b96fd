"""Editions side by side, the causes of their changes, and a cohort's move to a newer one."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.actions.cohort_edition import EditionNotChangeable, change_cohort_edition
from curriculum.actions.in_use import InUse
from curriculum.models import Cohort, Edition
from curriculum.queries.cohort_edition import newer_editions
from curriculum.queries.comparison import comparable_with, predecessor
from evaluation.actions.causes import NotACause, note_cause, remove_cause
from evaluation.models import ChangeCause
from netzkoord.edition_forms import CauseForm, CohortEditionForm, CompareForm
from netzkoord.editions import change_in, cohort_consequences, comparison
from netzkoord.lib.http import Request


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def edition_compare(request: Request, pk: int) -> HttpResponse:
    """Two editions of a programme, whichever is named first: the older one stands on the left."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), pk=pk)
    editions = comparable_with(edition, request.user)
    if "fassung" in request.GET:
        form = CompareForm(request.GET, editions=editions)
        if form.is_valid():
            address = reverse("edition_compare", args=[form.cleaned_data["fassung"]])
            return redirect(f"{address}?mit={form.cleaned_data['mit']}")
    other = other_edition(edition, editions, request.GET.get("mit", ""))
    context: dict[str, object] = {"edition": edition, "editions": editions, "page": None}
    if other:
        old, new = sorted([edition, other], key=lambda each: each.number)
        context["page"] = comparison(old, new, editions)
        context["form"] = CompareForm(initial={"fassung": new.pk, "mit": old.pk}, editions=editions)
    return render(request, "netzkoord/edition_compare.html", context)


def other_edition(edition: Edition, editions: list[Edition], asked: str) -> Edition | None:
    """The one asked for; without a wish the one before it, or for the first the one after it.

    None where there is no other. Raises Http404 for an edition that is none of those to be seen.
    """
    others = [each for each in editions if each != edition]
    if asked and asked != str(edition.pk):
        found = next((each for each in others if str(each.pk) == asked), None)
        if found is None:
            raise Http404
        return found
    return predecessor(edition, editions) or next(iter(others), None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
def change_cause_add(request: Request, pk: int, key: uuid.UUID) -> HttpResponse:
    """Which recommendation led to this change; a remark, so it may follow when the edition is published."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), pk=pk)
    row = change_in(edition, key, comparable_with(edition, request.user))
    if row is None:
        raise Http404
    # A second click finds its recommendation noted already; it chooses it anew and is told nothing twice.
    noted = [] if request.method == "POST" else [cause.recommendation_id for cause in row.causes]
    form = CauseForm(request.POST if request.method == "POST" else None, noted=noted)
    if form.is_valid():
        recommendation = form.cleaned_data["recommendation"]
        try:
            note_cause(recommendation=recommendation, edition=edition, part_key=key, by=request.user)
        except NotACause as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Der Anlass ist eingetragen.")
            return redirect(f"{reverse('edition_compare', args=[edition.pk])}#teil-{key}")
    has_choice = form.fields["recommendation"].queryset.exists()  # type: ignore[attr-defined]  # a ModelChoiceField
    context = {"edition": edition, "row": row, "form": form, "has_choice": has_choice}
    return render(request, "netzkoord/edition_compare_cause.html", context)


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
def change_cause_remove(request: Request, pk: int) -> HttpResponse:
    """Taking back a remark twice is no mistake: what is gone stays gone."""
    cause = get_object_or_404(
        ChangeCause.objects.filter(edition__in=Edition.objects.visible_to(request.user)), pk=pk
    )
    edition, key = cause.edition_id, cause.part_key
    remove_cause(cause=cause, by=request.user)
    messages.success(request, "Der Anlass ist entfernt. Die Änderung und die Empfehlung bleiben.")
    return redirect("change_cause_add", edition, key)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_cohort", raise_exception=True)
def cohort_edition(request: Request, pk: int) -> HttpResponse:
    """What differs, what it means, then the decision; the lock holds from the questions to the change."""
    cohorts = Cohort.objects.visible_to(request.user).select_related("edition")
    if request.method != "POST":
        return cohort_edition_page(request, get_object_or_404(cohorts, pk=pk))
    with transaction.atomic():
        get_object_or_404(cohorts, pk=pk)
        locked = Cohort.objects.select_related("edition").select_for_update(of=("self",)).get(pk=pk)
        return cohort_edition_page(request, locked)


def cohort_edition_page(request: Request, cohort: Cohort) -> HttpResponse:
    asked = request.POST.get("auf") or request.GET.get("auf", "")
    if asked == str(cohort.edition_id):
        messages.info(request, f"„{cohort}“ hat schon die {cohort.edition.number}. Fassung.")
        return redirect(cohort)
    choices = newer_editions(cohort)
    target = next((each for each in choices if str(each.pk) == asked), None if asked else next(iter(choices), None))
    if asked and target is None:
        raise Http404
    context: dict[str, object] = {"cohort": cohort, "target": target, "choices": choices}
    if target:
        found = cohort_consequences(cohort, target)
        form = CohortEditionForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and not found.obstacles:
            return move_cohort(request, cohort, target)
        editions = comparable_with(cohort.edition, request.user)
        page = comparison(cohort.edition, target, editions)
        context |= {"found": found, "move": found.move, "form": form, "page": page}
    return render(request, "netzkoord/cohort_edition.html", context)


def move_cohort(request: Request, cohort: Cohort, target: Edition) -> HttpResponse:
    try:
        change_cohort_edition(cohort=cohort, edition=target, by=request.user)
    except (EditionNotChangeable, InUse):
        messages.error(request, "Der Durchgang hat sich eben geändert. Bitte lesen Sie die Folgen noch einmal.")
        return redirect("cohort_edition", cohort.pk)
    messages.success(request, f"„{cohort}“ folgt jetzt der {target.number}. Fassung.")
    return redirect("curriculum:session_list", cohort.pk)
