"""The pages of a report's author, reached by the personal link: write, look at it, release it, take that back.

Opening the link changes nothing, however often and by whomever.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.actions.practice_reports import (
    AlreadyReleased,
    NotReleasable,
    release_report,
    withdraw_report,
    write_report,
)
from curriculum.forms.practice_reports import ReportTextForm
from curriculum.models import PracticeReport
from curriculum.queries.practice_reports import fingerprint, reports_of_token
from netzkoord.lib.http import NotStored
from netzkoord.lib.limits import limit_submissions
from netzkoord.templatetags.german import german_time

GONE = (
    "Dieser Link gilt nicht mehr: Vielleicht haben wir Ihnen inzwischen einen neuen geschickt. "
    "Bitte öffnen Sie den aus der letzten Mail und fügen Sie Ihren Text dort ein."
)
STALE = (
    "Der Bericht hat sich seit dieser Ansicht geändert oder hat noch keinen Text. Bitte lesen Sie ihn noch einmal."
)
LOCKED = (
    "Der Bericht ist schon freigegeben und bleibt deshalb, wie er ist. Nehmen Sie die Freigabe zurück, "
    "um ihn zu ändern. Ihre Eingabe ist hier noch da."
)


def own_report(token: str, *, is_locked: bool = False) -> PracticeReport | None:
    reports = reports_of_token(token).select_related("session__cohort", "session__module")
    if is_locked:
        reports = reports.select_for_update(of=("self",))
    return reports.first()


def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "curriculum/practice_report_gone.html", status=404)


def context_of(report: PracticeReport, token: str, **more: Any) -> dict[str, Any]:
    session = report.session
    contact = session.cohort.contact
    return {"report": report, "session": session, "token": token, "contact": contact} | more


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def practice_report_write(request: HttpRequest, token: str) -> HttpResponse:
    """The text may be saved as often as the author likes; saving releases nothing."""
    if request.method != "POST":
        return write_page(request, token, own_report(token))
    with transaction.atomic():  # a second tab waits here and sees what the first has saved
        return write_page(request, token, own_report(token, is_locked=True))


def write_page(request: HttpRequest, token: str, report: PracticeReport | None) -> HttpResponse:
    if report is None and request.method == "POST":
        raise NotStored(GONE)
    if report is None:
        return gone(request)
    form = ReportTextForm(request.POST if request.method == "POST" else None, instance=report)
    if form.is_valid():
        try:
            write_report(report=report, fields=form.changed)
        except AlreadyReleased:
            form.add_error(None, LOCKED)
        else:
            now = german_time(timezone.localtime().time())
            messages.success(request, f"Gespeichert um {now}\u00a0Uhr. {form.merged_sentence}".strip())
            step = "preview" if "preview" in request.POST else "write"
            return redirect(f"curriculum:practice_report_{step}", token)
    return render(request, "curriculum/practice_report_write.html", context_of(report, token, form=form))


@require_safe
@login_not_required
@never_cache
def practice_report_preview(request: HttpRequest, token: str) -> HttpResponse:
    """The report as others will read it, with the button that releases it."""
    report = own_report(token)
    if report is None:
        return gone(request)
    context = context_of(report, token, seen=fingerprint(report))
    return render(request, "curriculum/practice_report_preview.html", context)


@require_POST
@login_not_required
@never_cache
@limit_submissions
def practice_report_release(request: HttpRequest, token: str) -> HttpResponse:
    report = own_report(token)
    if report is None:
        return gone(request)
    try:
        release_report(report=report, seen=request.POST.get("seen", ""))
    except NotReleasable:
        messages.warning(request, STALE)
        return redirect("curriculum:practice_report_preview", token)
    messages.success(request, "Ihr Bericht ist freigegeben. Danke!")
    return redirect("curriculum:practice_report_write", token)


@require_POST
@login_not_required
@never_cache
@limit_submissions
def practice_report_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    report = own_report(token)
    if report is None:
        return gone(request)
    withdraw_report(report=report)
    messages.success(request, "Die Freigabe ist zurückgenommen. Außer Ihnen liest den Bericht jetzt niemand.")
    return redirect("curriculum:practice_report_write", token)
