"""Feedbackbericht and Bedarfsbericht of one session and Evaluationsbericht of a cohort, as PDF."""

from collections.abc import Sequence

from curriculum.models import Cohort, Session
from evaluation.models import present_minimum
from evaluation.queries.comparisons import ComparedMeans
from evaluation.queries.needs_report import NeedsReport
from evaluation.queries.report import CohortReport, cohort_report
from evaluation.queries.report_levels import levels_of
from evaluation.queries.results import SurveyResult
from evaluation.results import ACTION_BELOW, STRENGTH_FROM
from netzkoord.lib import pdf
from netzkoord.lib.numbers import decimal

STYLES = ("css/pdf/report.css",)
REPORT_STYLES = ("css/pdf/report.css", "css/pdf/contents.css")


def feedback_report(result: SurveyResult, comparisons: Sequence[ComparedMeans]) -> bytes:
    """The Feedbackbericht of one counted survey; the same bytes from the same data, whenever it is made."""
    survey = result.survey
    session = (
        Session.objects.filter(surveys=survey).with_dates().select_related("cohort", "module", "venue").first()
    )
    return pdf.render(
        "evaluation/pdf/feedback_report.html",
        {
            "result": result,
            "comparisons": comparisons,
            "survey": survey,
            "session": session,
            "trainers": trainers_of(session) if session else [],
            "minimum": result.minimum,
        },
        title=f"Feedbackbericht {survey.about} – {survey.cohort}",
        styles=STYLES,
    )


def needs_report(report: NeedsReport) -> bytes:
    """The Bedarfsbericht for those who teach a session; the same bytes from the same data."""
    return pdf.render(
        "evaluation/pdf/needs_report.html",
        {"report": report, "session": report.session, "trainers": trainers_of(report.session)},
        title=f"Bedarfsbericht {report.session} – {report.session.cohort}",
        styles=STYLES,
    )


def trainers_of(session: Session) -> list[str]:
    people = session.trainers.order_by("family_name", "given_names", "pk")
    return [trainer.get_full_name() for trainer in people]


def evaluation_report(cohort: Cohort) -> bytes:
    return render_evaluation_report(cohort_report(cohort))


def render_evaluation_report(report: CohortReport) -> bytes:
    """The same bytes from the same data, whenever it is made."""
    return pdf.render(
        "evaluation/pdf/evaluation_report.html",
        {"cohort": report.cohort, **report_context(report)},
        title=f"Evaluationsbericht {report.cohort}",
        styles=REPORT_STYLES,
    )


def report_context(report: CohortReport) -> dict[str, object]:
    """What the page and the paper show."""
    return {
        "report": report,
        "levels": levels_of(report),
        "minimum": present_minimum(),
        "strength_from": decimal(STRENGTH_FROM),
        "action_below": decimal(ACTION_BELOW),
    }
