"""Results over time: sessions × questions of a cohort, and cohorts side by side."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from evaluation.forms.trends import TrendForm
from evaluation.queries.trends import TrendTable, cohorts_compared, modules_with_feedback, sessions_compared
from evaluation.trend_tables import csv_table, xlsx_table
from netzkoord.lib.downloads import attachment
from netzkoord.lib.folding import file_name
from netzkoord.lib.http import Request
from netzkoord.lib.spreadsheets import CSV_TYPE, XLSX_TYPE


@require_safe
@permission_required("evaluation.view_report", raise_exception=True)
def heat_map(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    context = {"cohort": cohort, "comparison": sessions_compared(cohort)}
    return render(request, "evaluation/heat_map.html", context)


@require_safe
@permission_required("evaluation.view_report", raise_exception=True)
def heat_map_export(request: Request, pk: int, kind: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    return table_response(sessions_compared(cohort), f"Rückmeldungen {cohort}", kind)


@require_safe
@permission_required("evaluation.view_report", raise_exception=True)
def cohort_trend(request: Request) -> HttpResponse:
    form = TrendForm(request.GET, modules=modules_with_feedback(request.user))
    context = {"form": form, "comparison": trend_of(request, form)}
    return render(request, "evaluation/cohort_trend.html", context)


@require_safe
@permission_required("evaluation.view_report", raise_exception=True)
def cohort_trend_export(request: Request, kind: str) -> HttpResponse:
    """What the page shows with the same choice."""
    form = TrendForm(request.GET, modules=modules_with_feedback(request.user))
    return table_response(trend_of(request, form), f"Verlauf {form.module or form.purpose.label}", kind)


def trend_of(request: Request, form: TrendForm) -> TrendTable:
    return cohorts_compared(request.user, form.purpose, form.module.key if form.module else None)


def table_response(comparison: TrendTable, title: str, kind: str) -> HttpResponse:
    is_csv = kind == "csv"
    content = csv_table(comparison) if is_csv else xlsx_table(comparison, "Mittelwerte")
    name = f"{file_name(title) or 'tabelle'}.{kind}"
    return attachment(content, name=name, content_type=CSV_TYPE if is_csv else XLSX_TYPE)
