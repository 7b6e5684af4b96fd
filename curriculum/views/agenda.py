"""The course of a session (Ablaufplan): organisers write it, the trainers read it on the page of the session."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.actions.agenda import (
    FrameIsFixed,
    add_point,
    change_point,
    fit_frame,
    lock,
    move_to_day,
    order_points,
    propose_agenda,
    remove_point,
)
from curriculum.forms.agenda import NewPointForm, PointForm
from curriculum.models import AgendaItem, Session, SessionDay
from curriculum.queries.agenda import read_agenda
from netzkoord.lib.fields import row_key
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import listed
from netzkoord.lib.sorting import answer_sorting
from netzkoord.templatetags.german import german_date

LIST_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_session", raise_exception=True)
def agenda_edit(request: Request, pk: int) -> HttpResponse:
    """The whole course with everything that can be done to it; the form adds a point."""
    session = own_session(request, pk)
    agenda = read_agenda(session)
    form = NewPointForm(request.POST if request.method == "POST" else None, agenda=agenda)
    if form.is_valid():
        add_point(
            day=form.cleaned_data["day"], point=form.point, seen=form.cleaned_data["seen"] or 0, by=request.user
        )
        return redirect("curriculum:agenda_edit", session.pk)
    context = {
        "session": session,
        "agenda": agenda,
        "days": list(zip(LIST_LETTERS, agenda.days, strict=False)),
        "form": form,
        "can_propose": not agenda.is_whole and any(unit.minutes > agenda.placed[unit.pk] for unit in agenda.units),
        "lacks_report": agenda.has_report_point and not session.practice_reports.exists(),
        "has_other_frame": any(not day.fits for day in agenda.days),
    }
    return render(request, "curriculum/agenda_edit.html", context)


@require_POST
@permission_required("curriculum.change_session", raise_exception=True)
def agenda_propose(request: Request, pk: int) -> HttpResponse:
    session = own_session(request, pk)
    if propose_agenda(session=session, by=request.user):
        messages.success(request, "Der Vorschlag steht. Sie können jeden Punkt ändern und verschieben.")
    else:
        messages.info(request, "Es gibt keinen leeren Tag mehr oder keinen Baustein, der noch fehlt.")
    return redirect("curriculum:agenda_edit", session.pk)


@require_POST
@permission_required("curriculum.change_session", raise_exception=True)
def agenda_frame(request: Request, pk: int) -> HttpResponse:
    session = own_session(request, pk)
    try:
        fit_frame(session=session, by=request.user)
    except FrameIsFixed:
        messages.error(
            request,
            "Der Durchgang ist ausgeschrieben: Die Zeiten ändern Sie über „Termin verschieben“. "
            "Dann erfahren es alle, die kommen.",
        )
    else:
        messages.success(request, "Ende und Pausen der Tage stimmen jetzt mit dem Ablauf überein.")
    return redirect("curriculum:agenda_edit", session.pk)


@require_POST
@permission_required("curriculum.change_session", raise_exception=True)
def agenda_order(request: Request, pk: int, day: int) -> HttpResponse:
    session = own_session(request, pk)
    chosen = get_object_or_404(SessionDay.objects.select_related("session"), pk=day, session=session)
    return answer_sorting(request, partial(order_points, day=chosen, by=request.user), back=agenda_url(session))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_session", raise_exception=True)
def agenda_item_edit(request: Request, pk: int, item: int) -> HttpResponse:
    session = own_session(request, pk)
    if request.method != "POST":
        return item_page(request, session, item)
    with transaction.atomic():  # a second person waits here and finds what the first one stored
        lock(session)
        return item_page(request, session, item)


def item_page(request: Request, session: Session, key: int) -> HttpResponse:
    item = get_object_or_404(
        AgendaItem.objects.select_related("unit", "day__session"), pk=key, day__session=session
    )
    label = str(item)  # as it is stored: the form writes what was typed into the row
    form = PointForm(request.POST if request.method == "POST" else None, instance=item)
    if form.is_valid():
        change_point(item=form.save(commit=False), by=request.user)
        return redirect(f"{agenda_url(session)}#punkt-{key}")
    return render(request, "curriculum/agenda_item_edit.html", {"form": form, "session": session, "label": label})


@require_POST
@permission_required("curriculum.change_session", raise_exception=True)
def agenda_item_delete(request: Request, pk: int) -> HttpResponse:
    """A second click finds the point gone, which is what it wanted."""
    session = own_session(request, pk)
    removed = remove_point(session=session, key=key_of(request, "punkt"), by=request.user)
    if removed:
        messages.success(request, f"„{removed.item}“ ist aus dem Ablauf entfernt.")
    if removed and removed.losing:
        messages.warning(request, f"Darauf stützte sich und zählt nun nicht mehr: {listed(removed.losing)}.")
    return redirect("curriculum:agenda_edit", session.pk)


@require_POST
@permission_required("curriculum.change_session", raise_exception=True)
def agenda_item_move(request: Request, pk: int) -> HttpResponse:
    """To the end of another day."""
    session = own_session(request, pk)
    days = SessionDay.objects.select_related("session")
    day = get_object_or_404(days, pk=key_of(request, "tag"), session=session)
    item = move_to_day(key=key_of(request, "punkt"), day=day, by=request.user)
    if item is None:
        messages.info(request, "Diesen Punkt gibt es nicht mehr.")
        return redirect(agenda_url(session))
    messages.success(request, f"Der Punkt steht jetzt am Ende von {german_date(day.date)}.")
    return redirect(f"{agenda_url(session)}#punkt-{item.pk}")


def key_of(request: Request, name: str) -> int:
    """The key that a button has sent; 0, which no row has, for anything else."""
    return row_key(request.POST.get(name, "")) or 0


def own_session(request: Request, pk: int) -> Session:
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "module")
    return get_object_or_404(sessions, pk=pk)


def agenda_url(session: Session) -> str:
    return reverse("curriculum:agenda_edit", args=[session.pk])
