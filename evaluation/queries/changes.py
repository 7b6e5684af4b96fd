"""What the rules of a cohort ask for and its surveys do not show yet."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.models import Purpose, Questionnaire, Survey, SurveyRule, SurveyState
from evaluation.queries.timetable import held_of
from evaluation.timetable import Held, Period, moved, planned

# So long before it opens a survey is there: its room code can stand on the last slide.
PREPARED = datetime.timedelta(days=14)


@dataclass(frozen=True)
class Slot:
    """Where a rule wants a survey: of the cohort, or of one session; and the survey that is there."""

    rule: SurveyRule
    session: Session | None
    survey: Survey | None
    questionnaire: Questionnaire
    plan: Period | None


@dataclass(frozen=True)
class Change:
    """A survey to be made, moved to another period, given a newer questionnaire, or removed (without a period)."""

    slot: Slot
    period: Period | None


def changes(cohort: Cohort, rules: Mapping[Purpose, SurveyRule]) -> list[Change]:
    """Of stored rules; six queries."""
    return [change for slot in slots(cohort, rules) if (change := change_of(slot))]


def slots(cohort: Cohort, rules: Mapping[Purpose, SurveyRule]) -> Iterator[Slot]:
    sessions, surveys = sessions_of(cohort), surveys_of(cohort)
    dated, now = dates_of(sessions), timezone.now()
    newest = {each.key: each for each in Questionnaire.objects.latest_released()}
    for purpose, rule in rules.items():
        for session in sessions if purpose is Purpose.FEEDBACK else [None]:
            survey = surveys.get((purpose, session.pk if session else None))
            questionnaire = newest.get(rule.questionnaire.key, rule.questionnaire)
            yield Slot(rule, session, survey, questionnaire, plan_for(rule, session, survey, dated, now))


def sessions_of(cohort: Cohort) -> list[Session]:
    return list(cohort.sessions.select_related("module", "cohort").prefetch_related("days"))


def dates_of(sessions: Iterable[Session]) -> dict[Session, Held]:
    """When they are held: those that are not cancelled and have days."""
    return {each: held for each in sessions if not each.cancelled_at and (held := held_of(each))}


def surveys_of(cohort: Cohort) -> dict[tuple[str, int | None], Survey]:
    """By purpose and session, with `has_answers`; one query."""
    return {(survey.purpose, survey.session_id): survey for survey in cohort.surveys.with_has_answers()}


def plan_for(
    rule: SurveyRule,
    session: Session | None,
    survey: Survey | None,
    dated: Mapping[Session, Held],
    now: datetime.datetime,
) -> Period | None:
    """A survey of the cohort that is too late for its plan stays as it is, as long as there are sessions."""
    accepted_at = survey.opens_at if survey else now
    of = dated.get(session) if session else None
    plan = planned(rule, list(dated.values()), accepted_at=accepted_at, of=of)
    return plan or (period_of(survey) if survey and dated and session is None else None)


def period_of(survey: Survey) -> Period:
    return Period(survey.opens_at, survey.closes_at)


def change_of(slot: Slot) -> Change | None:
    if slot.survey is None:
        return Change(slot, slot.plan) if is_due(slot) else None
    return change_of_survey(slot, slot.survey)


def is_due(slot: Slot) -> bool:
    now = timezone.now()
    return (
        slot.rule.is_active and slot.plan is not None and slot.plan.opens_at - PREPARED <= now < slot.plan.closes_at
    )


def change_of_survey(slot: Slot, survey: Survey) -> Change | None:
    """What has closed, or was set by hand, stays; a rule that was switched off takes back what has not opened."""
    is_scheduled = survey.state is SurveyState.SCHEDULED
    if not survey.follows_rule or survey.state is SurveyState.CLOSED:
        return None
    if not slot.rule.is_active:
        return Change(slot, None) if is_scheduled else None
    period = moved(period_of(survey), slot.plan, now=timezone.now(), has_answers=survey.has_answers)
    has_newer = is_scheduled and not survey.has_answers and survey.questionnaire_id != slot.questionnaire.pk
    return Change(slot, period) if period != period_of(survey) or has_newer else None
