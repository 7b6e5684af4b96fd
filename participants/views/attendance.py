"""Who was there: one page per session."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from curriculum.models import Session
from netzkoord.lib.http import Request
from participants.actions.attendance import record_attendance
from participants.forms.attendance import AttendanceForm
from participants.models import Attendance, Registration
from participants.queries.search import sorted_by_name


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.add_attendance", raise_exception=True)
def attendance_edit(request: Request, pk: int) -> HttpResponse:
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "module", "venue")
    session = get_object_or_404(sessions, pk=pk)
    days = list(session.days.all())
    form = attendance_form(request, session)
    if form.is_valid():
        fill_day = request.POST.get("fill", "")
        changes = form.changes(fill_day=int(fill_day) if fill_day.isdecimal() else None)
        count = record_attendance(session=session, changes=changes, by=request.user)
        messages.success(request, saved_sentence(count))
        return redirect("participants:attendance_edit", session.pk)
    context = {
        "session": session,
        "cohort": session.cohort,
        "form": form,
        "people_count": len(form.people),
        "future_days": [day for day in days if day not in form.days],
    }
    return render(request, "participants/attendance_edit.html", context)


def attendance_form(request: Request, session: Session) -> AttendanceForm:
    """The form for the days that are over or running; the future cannot be entered."""
    people = Registration.objects.of_session(session).select_related("tandem__municipality")
    entries = Attendance.objects.filter(day__session=session)
    return AttendanceForm(
        request.POST if request.method == "POST" else None,
        people=sorted_by_name(people),
        days=session.days.filter(date__lte=last_day_held(session)),
        entered={(entry.registration_id, entry.day_id): entry.presence for entry in entries},
    )


def last_day_held(session: Session) -> datetime.date:
    """Today, or for what was cancelled the day on which it was: nothing was held after it."""
    cancelled = [moment for moment in (session.cancelled_at, session.cohort.cancelled_at) if moment]
    return min([timezone.localdate(), *(timezone.localdate(moment) for moment in cancelled)])


def saved_sentence(count: int) -> str:
    if not count:
        return "Es gab nichts zu ändern."
    return "Ein Eintrag ist gespeichert." if count == 1 else f"{count} Einträge sind gespeichert."
