"""Sessions: the schedule of a cohort, and one session with its days."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.actions.in_use import InUse
from curriculum.actions.sessions import KnownToPeople, change_session, delete_session, schedule_session
from curriculum.forms.sessions import (
    AnnouncedSessionForm,
    NewSessionForm,
    SessionDaysFormSet,
    SessionForm,
    session_days,
)
from curriculum.models import Cohort, Session, SessionMaterial
from curriculum.queries import cohort_schedule, schedule_rows
from curriculum.queries.agenda import AGENDA, agenda_days
from curriculum.queries.planning import closing_hints
from curriculum.queries.trainers import why_closed
from netzkoord.lib.editing import save_or_explain
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import listed
from netzkoord.models import User

KNOWN_TO_PEOPLE = (
    "Der Termin ist bekannt gemacht und steht in Kalendern. Sagen Sie ihn ab: "
    "Dann erfahren alle davon, die es angeht."
)


@require_safe
@permission_required("curriculum.view_session", raise_exception=True)
def session_list(request: Request, pk: int) -> HttpResponse:
    """The tab „Termine“: the whole schedule for organisers and readers, the own sessions for trainers."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("edition"), pk=pk)
    if request.user.has_perm("curriculum.view_all_sessions"):
        schedule = cohort_schedule(cohort)
        context = {"cohort": cohort, "rows": schedule.rows, "schedule": schedule}
    else:
        own = Session.objects.visible_to(request.user).filter(cohort=cohort)
        context = {"cohort": cohort, "rows": schedule_rows(own), "schedule": None}
    return render(request, "curriculum/session_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.add_session", raise_exception=True)
def session_add(request: Request, pk: int) -> HttpResponse:
    cohorts = Cohort.objects.visible_to(request.user).select_related("edition")
    if request.method != "POST":
        return session_add_page(request, get_object_or_404(cohorts, pk=pk))
    with transaction.atomic():  # whoever adds at the same instant waits here and is told what is taken
        return session_add_page(request, get_object_or_404(cohorts.select_for_update(of=("self",)), pk=pk))


def session_add_page(request: Request, cohort: Cohort) -> HttpResponse:
    if cohort.cancelled_at:
        messages.info(request, f"„{cohort}“ ist abgesagt und bekommt keine Termine mehr.")
        return redirect("curriculum:session_list", cohort.pk)
    form = NewSessionForm(
        request.POST if request.method == "POST" else None,
        initial={"module": request.GET.get("modul")},
        cohort=cohort,
    )
    if form.is_valid():
        session = save_or_explain(form, partial(schedule, form, cohort=cohort, request=request))
        if session:
            messages.success(request, f"Der Termin zu „{session}“ ist angelegt.")
            warn_of_closing(request, session)
            return redirect("curriculum:session_list", cohort.pk)
    return render(request, "curriculum/session_add.html", {"form": form, "cohort": cohort})


def warn_of_closing(request: Request, session: Session) -> None:
    for hint in closing_hints(session.cohort, session.days.values_list("date", flat=True)):
        messages.warning(request, hint.text)


def schedule(form: NewSessionForm, *, cohort: Cohort, request: Request) -> Session:
    return schedule_session(
        cohort=cohort,
        module=form.cleaned_data["module"],
        audience=form.cleaned_data["audience"],
        venue=form.cleaned_data["venue"],
        online_url=form.cleaned_data["online_url"],
        trainers=form.cleaned_data["trainers"],
        days=form.days(),
        by=request.user,
    )


@require_safe
@permission_required("curriculum.view_session", raise_exception=True)
def session_detail(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    row = schedule_rows(Session.objects.filter(pk=pk).prefetch_related(AGENDA))[0]
    agenda = agenda_days(row.session)
    materials = SessionMaterial.objects.visible_to(request.user)
    is_open = not why_closed(row.session)
    context = {
        "row": row,
        "session": row.session,
        "agenda": agenda,
        "has_agenda": any(day.rows for day in agenda),
        "materials": materials.filter(session=pk).select_related("uploaded_by"),
        "is_over": all(day.date < timezone.localdate() for day in row.days),
        "can_answer": request.user in row.trainers and is_open,
        "can_ask": bool(row.trainers) and is_open,
    }
    return render(request, "curriculum/session_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_session", raise_exception=True)
def session_edit(request: Request, pk: int) -> HttpResponse:
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "module")
    if request.method != "POST":
        return edit_page(request, get_object_or_404(sessions, pk=pk))
    with transaction.atomic():  # a second click waits here and finds the days of the first
        return edit_page(request, get_object_or_404(sessions.select_for_update(of=("self",)), pk=pk))


def edit_page(request: Request, session: Session) -> HttpResponse:
    """Everything while nobody knows the dates; later days and place are changed by moving the session."""
    if session.cancelled_at or session.cohort.cancelled_at:
        messages.info(request, "Der Termin ist abgesagt und lässt sich nicht mehr ändern.")
        return redirect(session)
    if session.cohort.announced_at is None:
        return session_form_page(request, session)
    form = AnnouncedSessionForm(request.POST if request.method == "POST" else None, instance=session)
    if form.is_valid():
        before, trainers = list(session.trainers.all()), list(form.cleaned_data["trainers"])
        change_session(session=session, trainers=trainers, days=[], removed=[], by=request.user)
        messages.success(request, f"Der Termin zu „{session}“ ist gespeichert.")
        say_released(request, [trainer for trainer in before if trainer not in trainers])
        return redirect(session)
    return render(request, "curriculum/session_edit.html", {"form": form, "days": None, "session": session})


def say_released(request: Request, trainers: list[User]) -> None:
    if trainers:
        names = listed([trainer.get_full_name() for trainer in trainers])
        verbs = ("ist", "bekommt") if len(trainers) == 1 else ("sind", "bekommen")
        messages.info(request, f"{names} {verbs[0]} nicht mehr eingeplant und {verbs[1]} eine Nachricht.")


def session_form_page(request: Request, session: Session) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = SessionForm(data, instance=session)
    days = session_days(data, session=session)
    if form.is_valid() and days.is_valid():
        try:
            store(form, days, request=request)
        except InUse:
            days.refuse_removal()
        else:
            messages.success(request, f"Der Termin zu „{session}“ ist gespeichert.")
            warn_of_closing(request, session)
            return redirect(session)
    return render(request, "curriculum/session_edit.html", {"form": form, "days": days, "session": session})


def store(form: SessionForm, days: SessionDaysFormSet, *, request: Request) -> Session:
    changed = days.save(commit=False)
    return change_session(
        session=form.save(commit=False),
        trainers=form.cleaned_data["trainers"],
        days=changed,
        removed=days.deleted_objects,
        by=request.user,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.delete_session", raise_exception=True)
def session_delete(request: Request, pk: int) -> HttpResponse:
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "module")
    session = get_object_or_404(sessions, pk=pk)
    refusal = KNOWN_TO_PEOPLE if session.is_known_to_people else ""
    if request.method == "POST":
        try:
            delete_session(session=session, by=request.user)
        except KnownToPeople:
            refusal = KNOWN_TO_PEOPLE
        except InUse as error:
            refusal = f"Der Termin zu „{session}“ bleibt bestehen. Es gibt dazu schon: {listed(error.users)}."
        else:
            messages.success(request, f"Der Termin zu „{session}“ ist gelöscht.")
            return redirect("curriculum:session_list", session.cohort_id)
    return render(request, "curriculum/session_delete.html", {"session": session, "refusal": refusal})
