"""Erlebnisberichte for staff: the list of a cohort, the library, planning and looking after them."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.actions.practice_reports import change_report, delete_report, plan_report, send_link_again
from curriculum.forms.practice_reports import LibraryFilterForm, PracticeReportForm
from curriculum.models import Cohort, PracticeReport
from curriculum.queries.practice_reports import (
    ReportRow,
    cohort_reports,
    released_reports,
    report_rows,
    visible_reports,
)
from netzkoord.lib.editing import save_or_explain
from netzkoord.lib.http import Request
from netzkoord.models import User


@require_safe
@permission_required("curriculum.view_practicereport", raise_exception=True)
def practice_report_library(request: Request) -> HttpResponse:
    """Every released report; what is not released is not here for anybody."""
    form = LibraryFilterForm(request.GET)
    filters = form.filters()
    context = {"form": form, "rows": released_reports(**filters), "is_filtered": bool(filters)}
    return render(request, "curriculum/practice_report_library.html", context)


@require_safe
@permission_required("curriculum.view_practicereport", raise_exception=True)
def practice_report_list(request: Request, pk: int) -> HttpResponse:
    """The tab „Erlebnisberichte“ of a cohort."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    context = {"cohort": cohort, "rows": cohort_reports(cohort, request.user)}
    return render(request, "curriculum/practice_report_list.html", context)


@require_safe
@permission_required("curriculum.view_practicereport", raise_exception=True)
def practice_report_detail(request: Request, pk: int) -> HttpResponse:
    return render(request, "curriculum/practice_report_detail.html", {"row": row_of(request, pk)})


def row_of(request: Request, pk: int) -> ReportRow:
    """The report as staff see it, or 404."""
    get_object_or_404(visible_reports(request.user).defer("text"), pk=pk)
    return report_rows(PracticeReport.objects.filter(pk=pk))[0]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.add_practicereport", raise_exception=True)
def practice_report_add(request: Request, pk: int) -> HttpResponse:
    """`?termin=…` names the session from which the page was called."""
    cohorts = Cohort.objects.visible_to(request.user)
    if request.method != "POST":
        return add_page(request, get_object_or_404(cohorts, pk=pk))
    with transaction.atomic():  # a second click waits here and finds the report of the first
        return add_page(request, get_object_or_404(cohorts.select_for_update(of=("self",)), pk=pk))


def add_page(request: Request, cohort: Cohort) -> HttpResponse:
    form = PracticeReportForm(
        request.POST if request.method == "POST" else None,
        instance=PracticeReport(),
        initial={"session": request.GET.get("termin")},
        cohort=cohort,
    )
    if form.is_valid():
        report = plan_report(report=form.instance, by=request.user)
        messages.success(
            request, f"Der Bericht von {report.practitioner} ist geplant. Der Link ist an {report.email} gesendet."
        )
        return redirect("curriculum:practice_report_list", cohort.pk)
    return render(request, "curriculum/practice_report_add.html", {"cohort": cohort, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_practicereport", raise_exception=True)
def practice_report_edit(request: Request, pk: int) -> HttpResponse:
    """Everything but the text, which is the author's."""
    reports = visible_reports(request.user).defer("text").select_related("session__cohort")
    if request.method != "POST":
        return edit_page(request, get_object_or_404(reports, pk=pk))
    with transaction.atomic():
        return edit_page(request, get_object_or_404(reports.select_for_update(of=("self",)), pk=pk))


def edit_page(request: Request, report: PracticeReport) -> HttpResponse:
    cohort, name = report.session.cohort, report.practitioner
    form = PracticeReportForm(
        request.POST if request.method == "POST" else None,
        instance=report,
        cohort=cohort,
        has_text=PracticeReport.objects.filter(pk=report.pk).exclude(text="").exists(),
    )
    if form.is_valid() and store_change(form, request.user):
        messages.success(request, saved_sentence(report, form))
        return redirect(report)
    context = {"report": report, "cohort": cohort, "form": form, "name": name}
    return render(request, "curriculum/practice_report_edit.html", context)


def store_change(form: PracticeReportForm, user: User) -> PracticeReport | None:
    """None where somebody else was faster with a report of the same person, which the form then says."""
    change = partial(change_report, report=form.instance, fields=form.changed, by=user)
    return save_or_explain(form, change)


def saved_sentence(report: PracticeReport, form: PracticeReportForm) -> str:
    saved = f"Die Angaben zum Bericht von {report.practitioner} sind gespeichert."
    if "email" in form.changed:
        saved += f" Ein neuer Link ist an {report.email} gesendet; der alte gilt nicht mehr."
    return f"{saved} {form.merged_sentence}".strip()


@require_POST
@permission_required("curriculum.change_practicereport", raise_exception=True)
def practice_report_ask(request: Request, pk: int) -> HttpResponse:
    """„Link erneut senden“"""
    report = get_object_or_404(visible_reports(request.user).defer("text"), pk=pk)
    if send_link_again(report=report, by=request.user):
        messages.success(request, f"Ein neuer Link ist an {report.email} gesendet. Ältere Links gelten nicht mehr.")
    else:
        messages.info(request, f"Der Link ist gerade erst an {report.email} gesendet worden.")
    return redirect(report)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.delete_practicereport", raise_exception=True)
def practice_report_delete(request: Request, pk: int) -> HttpResponse:
    row = row_of(request, pk)
    cohort_pk = row.session.cohort_id
    if request.method == "POST":
        delete_report(report=row.report, by=request.user)
        messages.success(request, f"Der Bericht von {row.report.practitioner} ist gelöscht.")
        return redirect("curriculum:practice_report_list", cohort_pk)
    return render(request, "curriculum/practice_report_delete.html", {"row": row})
