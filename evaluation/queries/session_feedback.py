"""Where the feedback on each session of a cohort stands, and what is next."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.models import Outcome, Survey, SurveyState
from evaluation.results import MINIMUM_ANSWERS
from netzkoord.models import User

NOT_STARTED = ("neutral", "noch nicht gestartet")
CANCELLED = ("neutral", "abgesagt")


@dataclass(frozen=True)
class SessionFeedback:
    """One session with its feedback survey, if it has one (with `invited` and `answered`)."""

    session: Session
    last_on: datetime.date | None
    survey: Survey | None

    @property
    def status(self) -> tuple[str, str]:
        """Kind and label of the status sign."""
        if self.survey is None:
            if self.is_cancelled:
                return CANCELLED
            return ("due", "zu starten") if self.is_held else NOT_STARTED
        return survey_status(self.survey)

    @property
    def is_cancelled(self) -> bool:
        """The session, or its whole cohort."""
        return bool(self.session.cancelled_at or self.session.cohort.cancelled_at)

    @property
    def is_held(self) -> bool:
        return self.last_on is not None and self.last_on <= timezone.localdate()

    @property
    def is_open(self) -> bool:
        return self.survey is not None and self.survey.takes_ballots

    @property
    def is_counted(self) -> bool:
        return self.survey is not None and self.survey.outcome == Outcome.COUNTED

    @property
    def explanation(self) -> str:
        """What the status means for the reader; empty where the sign says it all."""
        return explanation_of(self.survey) if self.survey else ""


def survey_status(survey: Survey) -> tuple[str, str]:
    if survey.state is SurveyState.SCHEDULED:
        return "info", "geplant"
    if survey.state is SurveyState.OPEN:
        return "info", "läuft"
    return {
        Outcome.PENDING.value: ("info", "wird ausgezählt"),
        Outcome.COUNTED.value: ("done", "ausgezählt"),
        Outcome.WITHHELD.value: ("neutral", "zu wenige Antworten"),
        Outcome.POOLED.value: ("neutral", "zusammengelegt"),
        Outcome.DESTROYED.value: ("neutral", "zu wenige Antworten"),
    }[survey.outcome]


def explanation_of(survey: Survey) -> str:
    if survey.state is SurveyState.SCHEDULED:
        return "Wer da war, erhält beim Öffnen den Link per Mail. Sie müssen nichts tun."
    if survey.outcome == Outcome.PENDING:
        return "Das Ergebnis steht in wenigen Minuten hier."
    if survey.outcome == Outcome.WITHHELD:
        return (
            f"Unter {MINIMUM_ANSWERS} Antworten gibt es kein Ergebnis, damit niemand erkannt wird. "
            "Die Antworten bleiben versiegelt. Am Ende des Durchgangs werden sie mit denen anderer Erhebungen "
            "zusammengelegt, die auch zu wenige haben; reicht es auch dann nicht, werden sie ungeöffnet vernichtet."
        )
    if survey.outcome == Outcome.POOLED:
        return (
            f"Es haben weniger als {MINIMUM_ANSWERS} geantwortet. Die Antworten sind mit denen anderer Erhebungen "
            "dieses Durchgangs zusammengelegt; einzeln gibt es kein Ergebnis, damit niemand erkannt wird."
        )
    if survey.outcome == Outcome.DESTROYED:
        return (
            f"Unter {MINIMUM_ANSWERS} Antworten gibt es kein Ergebnis, damit niemand erkannt wird. "
            "Die Antworten sind ungeöffnet vernichtet."
        )
    return ""


def feedback_by_session(cohort: Cohort, user: User) -> list[SessionFeedback]:
    """Sessions of the cohort that the user may see, in order of date. Two queries."""
    visible = Session.objects.visible_to(user).filter(cohort=cohort).with_dates()
    sessions = list(visible.select_related("module", "cohort").distinct())
    surveys = Survey.objects.feedback().filter(session__in=[session.pk for session in sessions]).with_counts()
    by_session = {survey.session_id: survey for survey in surveys}
    return [SessionFeedback(session, session.last_on, by_session.get(session.pk)) for session in sessions]
