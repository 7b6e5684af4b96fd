"""Where a survey stands, and what that means to whoever reads it."""

from django.utils import timezone

from evaluation.models import Outcome, Survey, SurveyState
from evaluation.timetable import Period, is_lagging


def survey_status(survey: Survey) -> tuple[str, str]:
    if survey.state is SurveyState.SCHEDULED:
        return "info", "geplant"
    if survey.state is SurveyState.OPEN:
        return "info", "läuft"
    if not survey.is_anonymous:
        return "done", "geschlossen"
    return {
        Outcome.PENDING.value: ("info", "wird ausgezählt"),
        Outcome.COUNTED.value: ("done", "ausgezählt"),
        Outcome.WITHHELD.value: ("neutral", "zu wenige Antworten"),
        Outcome.POOLED.value: ("neutral", "zusammengelegt"),
        Outcome.DESTROYED.value: ("neutral", "zu wenige Antworten"),
    }[survey.outcome]


def too_few(survey: Survey) -> str:
    """True of paper, too: sheets do not count where some, but fewer than k, have answered by link."""
    return f"Über ihren Link haben weniger als {survey.minimum} geantwortet."


def is_behind(survey: Survey) -> bool:
    """Whether so few have answered by now that somebody should speak to them; reads a survey `with_counts()`."""
    return is_lagging(
        Period(survey.opens_at, survey.closes_at),
        invited=survey.invited,
        answered=survey.answered,
        needed=survey.minimum if survey.is_anonymous else 0,
        now=timezone.now(),
    )


def explanation_of(survey: Survey) -> str:
    if survey.state is SurveyState.SCHEDULED:
        return "Wer gefragt ist, erhält beim Öffnen den Link per Mail. Sie müssen nichts tun."
    if survey.outcome == Outcome.PENDING and survey.is_anonymous:
        return "Das Ergebnis steht in wenigen Minuten hier."
    if survey.outcome == Outcome.WITHHELD:
        return (
            f"{too_few(survey)} Darum gibt es kein Ergebnis, damit niemand erkannt wird. "
            "Die Antworten bleiben versiegelt. Am Ende des Durchgangs werden sie mit denen anderer Erhebungen "
            "zusammengelegt, die auch zu wenige haben; reicht es auch dann nicht, werden sie ungeöffnet "
            "vernichtet. Bögen auf Papier zählen nur für sich: Wer sie eingegeben hat, kennt sie."
        )
    if survey.outcome == Outcome.POOLED:
        return (
            f"{too_few(survey)} Die Antworten sind mit denen anderer Erhebungen "
            "dieses Durchgangs zusammengelegt; einzeln gibt es kein Ergebnis, damit niemand erkannt wird."
        )
    if survey.outcome == Outcome.DESTROYED:
        return (
            f"{too_few(survey)} Darum gibt es kein Ergebnis, damit niemand erkannt wird. "
            "Die Antworten sind ungeöffnet vernichtet."
        )
    return ""
