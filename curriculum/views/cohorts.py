"""Cohorts: list, add, change, announce; and the announcement that anyone reads."""

import datetime
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.actions.cohorts import (
    NotReadyToAnnounce,
    announce_cohort,
    change_cohort,
    create_cohort,
    delete_cohort,
)
from curriculum.actions.copy_cohort import CopiedCohort, copy_cohort
from curriculum.actions.in_use import InUse
from curriculum.certificate_rule import certificate_rule_sentence
from curriculum.forms.cohorts import CohortFilterForm, CohortForm, CopyCohortForm, NewCohortForm, title_for_copy
from curriculum.models import Cohort
from curriculum.queries import (
    announcement_blockers,
    announcement_hints,
    announcement_page,
    cohort_rows,
    cohort_schedule,
    open_announcements,
)
from curriculum.views.planning import remember
from netzkoord.lib.editing import save_or_explain
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import listed

REGISTRATION_WEEKS = 8


@require_safe
@permission_required("curriculum.view_cohort", raise_exception=True)
def cohort_list(request: Request) -> HttpResponse:
    form = CohortFilterForm(request.GET)
    filters = form.filters()
    rows = cohort_rows(request.user, **filters)
    is_filtered = bool(filters.keys() & {"text", "state"})
    context = {"form": form, "rows": rows, "is_filtered": is_filtered, "order": filters.get("order", "")}
    return render(request, "curriculum/cohort_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.add_cohort", raise_exception=True)
def cohort_add(request: Request) -> HttpResponse:
    form = NewCohortForm(
        request.POST if request.method == "POST" else None,
        initial={
            "registration_closes_on": timezone.localdate() + datetime.timedelta(weeks=REGISTRATION_WEEKS),
            "contact_email": request.user.email,
        },
    )
    if form.is_valid():
        cohort = save_or_explain(form, partial(create_cohort, cohort=form.instance, by=request.user))
        if cohort:
            messages.success(request, f"„{cohort}“ ist angelegt. Als Nächstes folgen die Termine.")
            return redirect(reverse("curriculum:plan_edit", args=[cohort.pk]) + form.plan_query())
    return render(request, "curriculum/cohort_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_cohort", raise_exception=True)
def cohort_edit(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return edit_page(request, Cohort.objects.get(pk=pk))
    with transaction.atomic():  # a second person waits here and finds what the first one stored
        return edit_page(request, Cohort.objects.select_for_update().get(pk=pk))


def edit_page(request: Request, cohort: Cohort) -> HttpResponse:
    title, rule = cohort.title, certificate_rule_sentence(cohort)
    form = CohortForm(request.POST if request.method == "POST" else None, instance=cohort)
    if form.is_valid():
        change = partial(change_cohort, cohort=cohort, fields=form.changed, by=request.user)
        if save_or_explain(form, change):
            say_saved(request, form)
            return redirect(cohort)
    context = {"form": form, "cohort": cohort, "title": title, "rule": rule}
    return render(request, "curriculum/cohort_edit.html", context)


def say_saved(request: Request, form: CohortForm) -> None:
    cohort = form.instance
    messages.success(request, f"Die Angaben zu „{cohort}“ sind gespeichert.")
    if form.merged_sentence:
        messages.info(request, form.merged_sentence)
    if "registration_closes_on" in form.changed and cohort.announced_at and not cohort.is_registration_open:
        messages.warning(request, "Der Anmeldeschluss ist vorbei: Die Anmeldung ist damit geschlossen.")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.add_cohort", raise_exception=True)
def cohort_copy(request: Request, pk: int) -> HttpResponse:
    """„Neuer Durchgang wie dieser“"""
    sources = Cohort.objects.visible_to(request.user).select_related("edition").with_dates()
    source = get_object_or_404(sources, pk=pk)
    form = CopyCohortForm(
        request.POST if request.method == "POST" else None,
        source=source,
        initial={"edition": source.edition_id, "title": title_for_copy(source)},
    )
    if form.is_valid():
        copied = save_or_explain(form, partial(copy_of, form, source=source, request=request))
        if copied:
            tell_copied(request, copied)
            return redirect("curriculum:plan_edit", copied.cohort.pk)
    return render(request, "curriculum/cohort_copy.html", {"form": form, "cohort": source})


def copy_of(form: CopyCohortForm, *, source: Cohort, request: Request) -> CopiedCohort:
    return copy_cohort(source=source, cohort=form.instance, weeks=form.weeks, by=request.user)


def tell_copied(request: Request, copied: CopiedCohort) -> None:
    """What is there now, and what could not come along."""
    if copied.sessions:
        messages.success(request, f"„{copied.cohort}“ ist angelegt, mit den Terminen in gleicher Folge.")
    else:
        messages.success(request, f"„{copied.cohort}“ ist angelegt. Termine gab es nicht zu übernehmen.")
        remember(request, copied.cohort, first_on=request.POST["first_on"])
    if copied.missing_modules:
        codes = ", ".join(dict.fromkeys(module.code for module in copied.missing_modules))
        messages.warning(request, f"Ohne Termin, weil die neue Fassung sie nicht mehr hat: {codes}.")
    if copied.missing_trainers:
        names = ", ".join(trainer.get_full_name() for trainer in copied.missing_trainers)
        messages.warning(request, f"Nicht übernommen, weil sie nicht mehr trainieren: {names}.")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.delete_cohort", raise_exception=True)
def cohort_delete(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    refusal = ""
    if cohort.announced_at:
        refusal = f"„{cohort}“ bleibt bestehen: Der Durchgang war schon ausgeschrieben. Sie können ihn absagen."
    elif request.method == "POST":
        try:
            delete_cohort(cohort=cohort, by=request.user)
        except InUse as error:
            refusal = f"„{cohort}“ bleibt bestehen. Es gibt dazu schon: {listed(error.users)}."
        else:
            messages.success(request, f"„{cohort}“ ist gelöscht.")
            return redirect("curriculum:cohort_list")
    return render(request, "curriculum/cohort_delete.html", {"cohort": cohort, "refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_cohort", raise_exception=True)
def cohort_announce(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            announce_cohort(cohort=cohort, by=request.user)
        except NotReadyToAnnounce:
            messages.error(request, "Der Durchgang kann noch nicht ausgeschrieben werden.")
            return redirect("curriculum:cohort_announce", cohort.pk)
        messages.success(request, f"„{cohort}“ ist ausgeschrieben. Die Anmeldung ist offen.")
        return redirect(cohort)
    context = {
        "cohort": cohort,
        "blockers": announcement_blockers(cohort),
        "hints": announcement_hints(cohort, cohort_schedule(cohort)),
        "page": announcement_page(cohort),
    }
    return render(request, "curriculum/cohort_announce.html", context)


@require_safe
@login_not_required
def announcement(request: Request, pk: int) -> HttpResponse:
    """Public; a cohort that was never announced does not exist here, one that is cancelled says so.

    Its address is printed on paper.
    """
    announced = Cohort.objects.filter(announced_at__isnull=False)
    cohort = get_object_or_404(announced.select_related("edition"), pk=pk)
    if cohort.cancelled_at:
        context = {"cohort": cohort, "others": open_announcements()}
        return render(request, "curriculum/announcement_cancelled.html", context)
    return render(request, "curriculum/announcement.html", {"page": announcement_page(cohort)})
