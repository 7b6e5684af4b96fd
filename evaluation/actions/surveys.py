"""Starting surveys, setting their instants by hand, and closing them."""

import datetime

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.actions.counting import count_due_surveys
from evaluation.actions.inviting import held, invite, invite_anew
from evaluation.ballots import new_key_pair
from evaluation.models import Purpose, Questionnaire, Survey, SurveyState
from evaluation.queries.rules import rules_of
from evaluation.questionnaires import default_questionnaire, questionnaire_by_rule
from evaluation.timetable import Period
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


def create_survey(
    cohort: Cohort,
    purpose: Purpose,
    *,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    session: Session | None = None,
    questionnaire: Questionnaire | None = None,
    follows_rule: bool = False,
) -> Survey:
    """A survey with keys of its own; without a questionnaire the newest released one for this purpose is asked."""
    keys = new_key_pair()
    return Survey.objects.create(
        cohort=cohort,
        session=session,
        questionnaire=questionnaire or default_questionnaire(purpose),
        purpose=purpose,
        opens_at=opens_at,
        closes_at=closes_at,
        follows_rule=follows_rule,
        public_key=keys.public,
        wrapped_private_key=keys.wrapped_private,
    )


@transaction.atomic
def start_survey(
    *,
    cohort: Cohort,
    purpose: Purpose,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    session: Session | None = None,
    questionnaire: Questionnaire | None = None,
    by: User,
) -> Survey:
    """Ask by hand, and invite at once when it is open; the survey that is there already, if there is one.

    Without a questionnaire that of the cohort's rule is asked.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if existing := Survey.objects.filter(cohort=cohort, purpose=purpose, session=session).first():
        return existing
    survey = create_survey(
        cohort,
        purpose,
        opens_at=opens_at,
        closes_at=closes_at,
        session=session,
        questionnaire=questionnaire or questionnaire_by_rule(rules_of(cohort)[purpose]),
    )
    audit.record(AuditAction.SURVEY_STARTED, target=survey, by=by)
    invite(survey)
    return survey


def start_feedback_survey(
    *, session: Session, opens_at: datetime.datetime, closes_at: datetime.datetime, by: User
) -> Survey:
    return start_survey(
        cohort=session.cohort,
        purpose=Purpose.FEEDBACK,
        session=session,
        opens_at=opens_at,
        closes_at=closes_at,
        by=by,
    )


def start_needs_survey(*, cohort: Cohort, closes_at: datetime.datetime, by: User) -> Survey:
    return start_survey(cohort=cohort, purpose=Purpose.NEEDS, opens_at=timezone.now(), closes_at=closes_at, by=by)


@transaction.atomic
def open_survey(*, survey: Survey, by: User) -> bool:
    """Open a planned survey now instead of later; False for one that has opened or closed. Ends its following."""
    locked = held(survey)
    if locked is None or locked.state is not SurveyState.SCHEDULED:
        return False
    set_by_hand(locked, Period(timezone.now(), locked.closes_at), by=by)
    invite(locked)
    return True


@transaction.atomic
def set_period(*, survey: Survey, period: Period, by: User) -> bool:
    """Set when a survey opens and closes; it follows its rule no more. False for one that has closed.

    What has opened keeps its beginning, and nothing is closed by this: that is `close_survey`.
    """
    locked = held(survey)
    if locked is None or locked.state is SurveyState.CLOSED or period.closes_at <= timezone.now():
        return False
    opens_at = period.opens_at if locked.state is SurveyState.SCHEDULED else locked.opens_at
    set_by_hand(locked, Period(opens_at, period.closes_at), by=by)
    invite(locked)
    return True


def set_by_hand(survey: Survey, period: Period, *, by: User) -> None:
    """One line in the log, unless it stands so already, as after a double click."""
    if (survey.opens_at, survey.closes_at, survey.follows_rule) == (period.opens_at, period.closes_at, False):
        return
    survey.opens_at, survey.closes_at, survey.follows_rule = period.opens_at, period.closes_at, False
    survey.save(update_fields=["opens_at", "closes_at", "follows_rule"])
    record_move(survey, by=by)


def move_by_rule(survey: Survey, period: Period, *, by: User | None = None) -> None:
    """The survey is locked and has not closed; who was written to is invited again if it opens later again."""
    survey.opens_at, survey.closes_at = period.opens_at, period.closes_at
    survey.save(update_fields=["opens_at", "closes_at"])
    if survey.state is SurveyState.SCHEDULED:
        invite_anew(survey)
    record_move(survey, by=by)


def record_move(survey: Survey, *, by: User | None) -> None:
    audit.record(
        AuditAction.SURVEY_MOVED,
        target=survey,
        by=by,
        opens_at=survey.opens_at.isoformat(),
        closes_at=survey.closes_at.isoformat(),
    )


def close_survey(*, survey: Survey, by: User) -> bool:
    """Close an open survey now and count it; False for one that is not open: it stays as it is."""
    with transaction.atomic():
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        if not locked.is_open:
            return False
        locked.closes_at, locked.follows_rule = timezone.now(), False
        locked.save(update_fields=["closes_at", "follows_rule"])
        audit.record(AuditAction.SURVEY_CLOSED, target=locked, by=by)
    count_due_surveys()
    return True
