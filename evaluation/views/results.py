"""Results of feedback surveys and the report of a cohort, on the page and as PDF."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from evaluation import exports, reports
from evaluation.models import Purpose, Survey
from evaluation.queries.comparisons import comparisons_of
from evaluation.queries.expected import attendance_warning
from evaluation.queries.report import cohort_report as report_of
from evaluation.queries.results import may_comment, response_rate, visible_result
from evaluation.queries.room import may_show_code
from evaluation.queries.session_feedback import explanation_of, survey_status
from netzkoord.lib.downloads import attachment
from netzkoord.lib.folding import file_name
from netzkoord.lib.http import Request, pdf_response, too_large
from netzkoord.lib.limits import limit_reports
from netzkoord.lib.pdf import DocumentTooLarge


@require_safe
def survey_detail(request: Request, pk: int) -> HttpResponse:
    """Organisers, readers and the session's trainers: the state until it is counted, then the result."""
    survey = visible_survey(request, pk)
    if survey.purpose == Purpose.NEEDS:
        return redirect("evaluation:needs", survey.cohort_id)
    return render_survey(request, survey)


def visible_survey(request: Request, pk: int) -> Survey:
    surveys = Survey.objects.visible_to(request.user).distinct()
    return get_object_or_404(surveys.select_related("cohort", "session__module", "questionnaire"), pk=pk)


def render_survey(request: Request, survey: Survey, status: int = 200) -> HttpResponse:
    user, (kind, label) = request.user, survey_status(survey)
    result = visible_result(survey, user)
    context = {
        "survey": survey,
        "status_kind": kind,
        "status_label": label,
        "explanation": "" if survey.is_open else explanation_of(survey),
        "rate": response_rate(survey),
        "attendance_warning": attendance_warning(survey),
        "result": result,
        "comparisons": comparisons_of(survey, user) if result else [],
        "may_comment": result is not None and may_comment(user, survey),
        "may_release": user.has_perm("evaluation.change_survey"),
        "may_show_code": survey.has_room_code and may_show_code(user),
        "is_pool_of_others": survey.pool_id is not None and result is None,
        "minimum": result.minimum if result else survey.minimum,
    }
    return render(request, "evaluation/survey_detail.html", context, status=status)


@require_safe
@limit_reports
def feedback_report(request: Request, pk: int) -> HttpResponse:
    """The PDF; where there is no result, the survey's page says why, as 404."""
    survey = visible_survey(request, pk)
    result = visible_result(survey, request.user)
    if result is None:
        return without_result(request, survey)
    try:
        paper = reports.feedback_report(result, comparisons_of(survey, request.user))
    except DocumentTooLarge as error:
        return too_large(request, error, back=survey.get_absolute_url())
    return pdf_response(paper, f"Feedbackbericht {survey.about} {survey.cohort}")


@require_safe
def result_csv(request: Request, pk: int) -> HttpResponse:
    return result_table(request, pk, "csv")


@require_safe
def result_workbook(request: Request, pk: int) -> HttpResponse:
    return result_table(request, pk, "xlsx")


def result_table(request: Request, pk: int, suffix: str) -> HttpResponse:
    """What the page shows, as a table."""
    survey = visible_survey(request, pk)
    result = visible_result(survey, request.user)
    if result is None:
        return without_result(request, survey)
    content_type, write = exports.FORMATS[suffix]
    name = f"{file_name(f'Ergebnis {survey.about} {survey.cohort}')}.{suffix}"
    return attachment(write(result), name=name, content_type=content_type)


def without_result(request: Request, survey: Survey) -> HttpResponse:
    """The page of the survey, which says why there is no result."""
    if survey.purpose == Purpose.NEEDS:
        return redirect("evaluation:needs", survey.cohort_id)
    return render_survey(request, survey, status=404)


@require_safe
@permission_required("evaluation.view_report", raise_exception=True)
def cohort_report(request: Request, pk: int) -> HttpResponse:
    cohort = visible_cohort(request, pk)
    context = {"cohort": cohort, **reports.report_context(report_of(cohort))}
    return render(request, "evaluation/cohort_report.html", context)


@require_safe
@permission_required("evaluation.view_report", raise_exception=True)
@limit_reports
def evaluation_report(request: Request, pk: int) -> HttpResponse:
    cohort = visible_cohort(request, pk)
    try:
        paper = reports.evaluation_report(cohort)
    except DocumentTooLarge as error:
        return too_large(request, error, back=reverse("evaluation:cohort_report", args=[cohort.pk]))
    return pdf_response(paper, f"Evaluationsbericht {cohort}")


def visible_cohort(request: Request, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user).select_related("edition"), pk=pk)
