"""Checking in by oneself: the staff opens it and shows a code; who is in the room scans or types it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Session, SessionDay
from netzkoord.lib import codes, links, qr
from netzkoord.lib.http import Request
from participants.actions.check_in import CheckInRefused, end_check_in, enter_oneself, open_check_in
from participants.check_in import code_at, find, grouped, window
from participants.forms.check_in import UNKNOWN, CodeForm
from participants.halves import HalfDay, halves_of
from participants.models import Attendance, CheckIn, Registration
from participants.queries.attendance_day import session_days
from participants.views.attendance import own_session
from participants.views.registrations import own_registration

# Where codes are signed and typed, see `netzkoord.lib.codes`.
CHECK_IN = "check-in"
TYPED = "participants/check_in.html"
SEEN = "check_in"
# Long enough to wait for the mail with the code for signing in.
SEEN_SECONDS = 15 * 60


@require_safe
@permission_required("participants.add_attendance", raise_exception=True)
def check_in_show(request: Request, pk: int) -> HttpResponse:
    """Which halves of today can be opened, and what is open."""
    session = own_session(request, pk)
    running = {(row.day_id, row.half): row for row in CheckIn.objects.running().filter(day__session=session)}
    rows = [
        (span, *window(span), running.get((span.day.pk, span.half)))
        for span in halves_of_today(session_days(session))
    ]
    context = {"session": session, "cohort": session.cohort, "rows": rows, "now": timezone.now()}
    return render(request, "participants/check_in_show.html", context)


@require_POST
@permission_required("participants.add_attendance", raise_exception=True)
def check_in_open(request: Request, pk: int) -> HttpResponse:
    session = own_session(request, pk)
    wanted = request.POST.get("half", "")
    spans = [span for span in halves_of_today(session_days(session)) if span.half == wanted]
    if not spans:
        messages.warning(request, "Heute ist kein Tag dieses Termins.")
        return redirect("participants:check_in_show", pk)
    try:
        opened = open_check_in(session=session, span=spans[0], by=request.user)
    except CheckInRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("participants:check_in_show", pk)
    return redirect("participants:check_in_screen", opened.pk)


@require_POST
@permission_required("participants.add_attendance", raise_exception=True)
def check_in_end(request: Request, pk: int) -> HttpResponse:
    opened = own_check_in_row(request, pk)
    end_check_in(check_in=opened, by=request.user)
    messages.success(request, "Das Eintragen ist beendet. Bitte prüfen Sie die Anwesenheit.")
    return redirect("participants:check_in_show", opened.day.session_id)


@require_safe
@permission_required("participants.add_attendance", raise_exception=True)
def check_in_screen(request: Request, pk: int) -> HttpResponse:
    """For the projector: the code, big, and how many have entered themselves; nobody's name."""
    opened = own_check_in_row(request, pk)
    if not opened.is_running(at=timezone.now()):
        return redirect("participants:check_in_show", opened.day.session_id)
    code = code_at(opened, timezone.now())
    present = Attendance.objects.present().filter(day=opened.day_id, half=opened.half)
    context = {
        "opened": opened,
        "session": opened.day.session,
        "code": grouped(code),
        "address": links.absolute("participants:check_in").partition("://")[2],
        "qr": qr.svg(
            links.absolute("participants:check_in_scan", codes.signed(code, place=CHECK_IN)),
            title=f"QR-Code zum Eintragen: {grouped(code)}",
        ),
        "present_count": present.count(),
        "people_count": Registration.objects.of_session(opened.day.session).count(),
    }
    return render(request, "participants/check_in_screen.html", context)


@require_safe
@login_not_required
@never_cache
def check_in_scan(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code opens: enters nobody and remembers nothing; its button brings the code along."""
    form = CodeForm({"code": code})
    if found := opened_by(form, request):
        return confirmation(request, found, code=code)
    return codes.code_page(request, TYPED, form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def check_in(request: HttpRequest) -> HttpResponse:
    """The code typed by hand, or brought along; once it was seen, who is entered, or how to say who one is."""
    if request.method == "POST":
        form = CodeForm(request.POST)
        found = opened_by(form, request)
        return seen(request, found) if found else codes.code_page(request, TYPED, form)
    opened = seen_check_in(request)
    if opened is None:
        return codes.code_page(request, TYPED, CodeForm())
    return confirmation(request, opened)


def confirmation(request: HttpRequest, opened: CheckIn, *, code: str = "") -> HttpResponse:
    """„Ich bin da“ for somebody signed in; `code` is what this browser has not remembered yet."""
    context: dict[str, Any] = {"opened": opened, "session": opened.day.session, "half": None, "code": code}
    if request.user.is_authenticated:
        context["half"] = Registration.objects.of_session(opened.day.session).filter(person=request.user).first()
    return render(request, "participants/check_in_confirm.html", context)


@require_POST
@never_cache
def check_in_confirm(request: Request) -> HttpResponse:
    """„Ich bin da“ of somebody signed in, with the code or after it was seen."""
    form = posted_code(request)
    opened = opened_by(form, request) or seen_check_in(request)
    if form.errors:
        return codes.code_page(request, TYPED, form)
    if opened is None:
        messages.warning(request, "Der Code ist abgelaufen. Bitte scannen Sie ihn noch einmal.")
        return redirect("participants:check_in")
    half = Registration.objects.of_session(opened.day.session).filter(person=request.user).first()
    if half is None:
        return refused(request, "Für diesen Termin sind Sie nicht angemeldet. Bitte sprechen Sie das Training an.")
    return entered(request, half, opened)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def own_check_in(request: HttpRequest, token: str) -> HttpResponse:
    """The same from one's own page, without an account: the personal link says who it is, the code where."""
    half = own_registration(request, token)
    form = posted_code(request)
    opened = opened_by(form, request) if form.is_bound else seen_check_in(request)
    if request.method == "POST" and opened is not None:
        return entered(request, half, opened)
    context = {"half": half, "token": token, "opened": opened}
    return codes.code_page(request, "participants/own_check_in.html", form, context=context)


def halves_of_today(days: Iterable[SessionDay]) -> list[HalfDay]:
    """The halves of that of these days which is today."""
    return [span for day in days if day.date == timezone.localdate() for span in halves_of(day)]


def own_check_in_row(request: Request, pk: int) -> CheckIn:
    visible = CheckIn.objects.filter(day__session__in=Session.objects.visible_to(request.user))
    return get_object_or_404(visible.select_related("day__session__cohort", "day__session__module"), pk=pk)


def seen(request: HttpRequest, opened: CheckIn) -> HttpResponse:
    request.session[SEEN] = [opened.pk, int(timezone.now().timestamp())]
    return redirect("participants:check_in")


def posted_code(request: HttpRequest) -> CodeForm:
    """The form with the code that came along, if one did."""
    return CodeForm(request.POST if "code" in request.POST else None)


def opened_by(form: CodeForm, request: HttpRequest) -> CheckIn | None:
    return codes.opened(form, request, place=CHECK_IN, find=find, unknown=UNKNOWN)


def seen_check_in(request: HttpRequest) -> CheckIn | None:
    """The running check-in whose code this browser saw in the last quarter of an hour."""
    key, moment = request.session.get(SEEN, (None, 0))
    if key is None or timezone.now().timestamp() - moment > SEEN_SECONDS:
        return None
    running = CheckIn.objects.running().select_related("day__session__cohort", "day__session__module")
    return running.filter(pk=key).first()


def entered(request: HttpRequest, half: Registration, opened: CheckIn) -> HttpResponse:
    try:
        enter_oneself(half=half, into=opened)
    except CheckInRefused as refusal:
        return refused(request, str(refusal))
    context = {"half": half, "opened": opened, "session": opened.day.session}
    return render(request, "participants/check_in_done.html", context)


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "participants/registration_refused.html", {"sentence": sentence})
