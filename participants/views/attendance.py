"""Who was there: one page per session, a day at a time; and the same for the script of that page."""

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Cohort, Session
from netzkoord.lib.http import Request
from netzkoord.templatetags.german import german_date
from participants.actions.attendance import OPEN, Recorded, record_attendance
from participants.forms.attendance import AttendanceForm, suffix
from participants.models import Attendance, Presence
from participants.queries.attendance_day import DayPage, day_page, day_to_show, last_change, session_days
from participants.queries.attendance_totals import cohort_attendance

CHOICES = [*Presence.choices, (OPEN, "offen")]
UNKNOWN_DAY = "Diesen Tag gibt es nicht mehr, oder er liegt in der Zukunft. Bitte laden Sie die Seite neu."


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.add_attendance", raise_exception=True)
def attendance_edit(request: Request, pk: int) -> HttpResponse:
    """Without JavaScript a form for one day; with it each choice is saved at once through `attendance_state`."""
    session = own_session(request, pk)
    days = session_days(session)
    until = last_day_held(session)
    day = day_to_show(days, request.GET.get("tag", ""), until=until)
    context = {"session": session, "cohort": session.cohort, "days": [day for day in days if day.date <= until]}
    context |= {"future_days": [day for day in days if day.date > until], "choices": CHOICES}
    if day is None:
        return render(
            request, "participants/attendance_edit.html", context | {"page": None, "form": None, "rows": []}
        )
    search = request.GET.get("suche", "")
    page = day_page(session, days, day, search=search)
    form = attendance_form(request, page)
    if form.is_valid():
        recorded = record_attendance(
            session=session, entries=form.entries(fill=request.POST.get("fill", "")), by=request.user
        )
        report(request, recorded, page)
        return redirect(f"{reverse('participants:attendance_edit', args=[session.pk])}?tag={day.pk}")
    rows = [(row, form.fields_of(row)) for row in page.rows]
    context |= {"page": page, "form": form, "rows": rows, "search": search}
    return render(request, "participants/attendance_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.add_attendance", raise_exception=True)
def attendance_state(request: Request, pk: int) -> HttpResponse:
    """What is entered for one day, as JSON; a POST with fields of the form saves them first."""
    session = own_session(request, pk)
    days = session_days(session)
    wanted = request.GET.get("tag", "")
    day = day_to_show(days, wanted, until=last_day_held(session))
    if day is None or (wanted and str(day.pk) != wanted):
        return JsonResponse({"error": UNKNOWN_DAY}, status=404)
    page = day_page(session, days, day)
    if request.method != "POST":
        return JsonResponse(state_of_page(page))
    form = attendance_form(request, page)
    if not form.is_valid():
        texts = [str(text) for errors in form.errors.values() for text in errors]
        return JsonResponse({"error": " ".join(texts)}, status=422)
    recorded = record_attendance(session=session, entries=form.entries(), by=request.user)
    state = state_of_page(day_page(session, days, day))
    return JsonResponse(state | {"conflicts": dict(conflicts_in_words(recorded, page))})


@require_safe
@permission_required("participants.add_attendance", raise_exception=True)
def attendance_overview(request: Request, pk: int) -> HttpResponse:
    """Units attended of those planned, per person and session of a cohort."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    own = Session.objects.visible_to(request.user).filter(cohort=cohort)
    table = cohort_attendance(cohort, shown=set(own.values_list("pk", flat=True)))
    return render(request, "participants/attendance_overview.html", {"cohort": cohort, "table": table})


@require_safe
@login_not_required
def attendance_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the attendance page without a network; it may look after addresses below /termine/."""
    script = finders.find("js/attendance_worker.js")
    assert isinstance(script, str)  # noqa: S101 -- a file of ours
    headers = {"Service-Worker-Allowed": "/termine/", "Cache-Control": "no-cache"}
    body = Path(script).read_bytes()
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers=headers)


def own_session(request: Request, pk: int) -> Session:
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "module", "venue")
    return get_object_or_404(sessions, pk=pk)


def attendance_form(request: Request, page: DayPage) -> AttendanceForm:
    return AttendanceForm(
        request.POST if request.method == "POST" else None,
        people=[row.person for row in page.rows],
        halves=page.halves,
        entered=page.own_entries,
    )


def last_day_held(session: Session) -> datetime.date:
    """Today, or for what was cancelled the day on which it was: nothing was held after it."""
    cancelled = [moment for moment in (session.cancelled_at, session.cohort.cancelled_at) if moment]
    return min([timezone.localdate(), *(timezone.localdate(moment) for moment in cancelled)])


def state_of_page(page: DayPage) -> dict[str, Any]:
    """Presence, note and last change by the name of the field; how many are open; units of each person."""
    return {
        "entries": {
            suffix(*key): {"presence": row.presence, "note": row.note, "last": last_change(row)}
            for key, row in page.own_entries.items()
        },
        "open": {span.half: count for span, count in page.open_counts},
        "units": {row.person.pk: row.ue for row in page.rows},
    }


def report(request: Request, recorded: Recorded, page: DayPage) -> None:
    """Say what is stored now, and for whom somebody else was faster."""
    for _, sentence in conflicts_in_words(recorded, page):
        messages.warning(request, sentence)
    if recorded.count or not recorded.conflicts:
        messages.success(request, saved_sentence(recorded.count))


def saved_sentence(count: int) -> str:
    if not count:
        return "Es gab nichts zu ändern."
    return "Ein Eintrag ist gespeichert." if count == 1 else f"{count} Einträge sind gespeichert."


def conflicts_in_words(recorded: Recorded, page: DayPage) -> Iterable[tuple[str, str]]:
    """The name of each field that was not written, and why."""
    names = {person.pk: person.full_name for person in page.everybody}
    for row in recorded.conflicts:
        yield suffix(row.registration_id, row.half), conflict_sentence(row, names[row.registration_id], page)


def conflict_sentence(row: Attendance, name: str, page: DayPage) -> str:
    half = f"{row.get_half_display()} {german_date(page.day.date)}"
    if not row.pk:
        return f"{name}, {half}: Jemand hat den Eintrag inzwischen zurückgenommen. Ihre Wahl ist nicht gespeichert."
    by = f" ({last_change(row)})" if last_change(row) else ""
    return (
        f"{name}, {half}: Inzwischen ist „{row.get_presence_display()}“ eingetragen{by}. "
        "Ihre Wahl ist nicht gespeichert; gilt sie trotzdem, wählen Sie noch einmal."
    )
