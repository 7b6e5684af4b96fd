"""Results of feedback surveys and the report of a cohort, on the page and as PDF."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from evaluation import reports
from evaluation.models import Purpose, Survey
from evaluation.queries.report import cohort_report as report_of
from evaluation.queries.results import response_rate, survey_result
from evaluation.queries.session_feedback import explanation_of, survey_status
from evaluation.results import MINIMUM_ANSWERS
from netzkoord.lib.http import Request, pdf_response, too_large
from netzkoord.lib.pdf import DocumentTooLarge


@require_safe
def survey_detail(request: Request, pk: int) -> HttpResponse:
    """Organisers, readers and the session's trainers: the state until it is counted, then the result."""
    survey = visible_survey(request, pk)
    if survey.purpose == Purpose.NEEDS:
        return redirect("evaluation:needs", survey.cohort_id)
    return render_survey(request, survey)


def visible_survey(request: Request, pk: int) -> Survey:
    surveys = Survey.objects.visible_to(request.user)
    return get_object_or_404(surveys.select_related("cohort", "session__module", "questionnaire"), pk=pk)


def render_survey(request: Request, survey: Survey, status: int = 200) -> HttpResponse:
    kind, label = survey_status(survey)
    context = {
        "survey": survey,
        "status_kind": kind,
        "status_label": label,
        "explanation": "" if survey.is_open else explanation_of(survey),
        "rate": response_rate(survey),
        "result": survey_result(survey),
        "minimum": MINIMUM_ANSWERS,
    }
    return render(request, "evaluation/survey_detail.html", context, status=status)


@require_safe
def feedback_report(request: Request, pk: int) -> HttpResponse:
    """The PDF; where there is no result, the survey's page says why, as 404."""
    survey = visible_survey(request, pk)
    if survey.purpose == Purpose.NEEDS:
        return redirect("evaluation:needs", survey.cohort_id)
    try:
        paper = reports.feedback_report(survey)
    except DocumentTooLarge as error:
        return too_large(request, error, back=survey.get_absolute_url())
    if paper is None:
        return render_survey(request, survey, status=404)
    return pdf_response(paper, f"Feedbackbericht {survey.session} {survey.cohort}")


@require_safe
@permission_required("evaluation.view_report", raise_exception=True)
def cohort_report(request: Request, pk: int) -> HttpResponse:
    cohort = visible_cohort(request, pk)
    context = {"cohort": cohort, **reports.report_context(report_of(cohort))}
    return render(request, "evaluation/cohort_report.html", context)


@require_safe
@permission_required("evaluation.view_report", raise_exception=True)
def evaluation_report(request: Request, pk: int) -> HttpResponse:
    cohort = visible_cohort(request, pk)
    try:
        paper = reports.evaluation_report(cohort)
    except DocumentTooLarge as error:
        return too_large(request, error, back=reverse("evaluation:cohort_report", args=[cohort.pk]))
    return pdf_response(paper, f"Evaluationsbericht {cohort}")


def visible_cohort(request: Request, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user).select_related("edition"), pk=pk)
