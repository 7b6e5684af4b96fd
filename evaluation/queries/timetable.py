"""What the rules of a cohort say about its surveys, from the dates of its sessions."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.models import Purpose, Survey, SurveyRule
from evaluation.queries.rules import rules_of
from evaluation.timetable import LATEST, Held, Period, planned
from participants.models import Registration


def held_of(session: Session) -> Held | None:
    """From the beginning to the end of a session; None without days. Reads the prefetched days."""
    days = list(session.days.all())
    if not days:
        return None
    return Held(
        datetime.datetime.combine(days[0].date, days[0].starts_at),
        datetime.datetime.combine(days[-1].date, days[-1].ends_at),
    )


def held_sessions(cohort: Cohort) -> dict[int, Held]:
    """The sessions of a cohort that are not cancelled and have days, by their keys; two queries."""
    return held_by_key(cohort.sessions.not_cancelled().prefetch_related("days"))


def held_by_key(sessions: Iterable[Session]) -> dict[int, Held]:
    return {session.pk: held for session in sessions if (held := held_of(session))}


def sessions_ahead(cohort: Cohort) -> int:
    """How many sessions have a day after today."""
    ahead = cohort.sessions.not_cancelled().filter(days__date__gt=timezone.localdate())
    return ahead.distinct().count()


def may_still_ask() -> QuerySet[Cohort]:
    """The cohorts that are not cancelled and not over for years."""
    is_recent = Q(last_on__isnull=True) | Q(last_on__gte=timezone.localdate() - LATEST)
    return Cohort.objects.with_dates().filter(is_recent, cancelled_at__isnull=True)


def plan_of(rule: SurveyRule, session: Session | None = None) -> Period | None:
    """When the survey of a rule is open, as the dates are now; two queries."""
    sessions = held_sessions(rule.cohort)
    return planned(
        rule,
        list(sessions.values()),
        accepted_at=timezone.now(),
        of=sessions.get(session.pk) if session else None,
    )


@dataclass(frozen=True)
class Return:
    """What becomes of a survey that was set by hand when it goes back to its rule; `plan` is None without one.

    It stays, with its links, unless it is open and its rule opens it later or never, or asks nobody: then it goes.
    """

    plan: Period | None
    is_kept: bool


def return_of(survey: Survey) -> Return:
    """Five queries."""
    plan = plan_ahead(survey)
    is_kept = plan is not None and (not survey.is_open or plan.opens_at <= timezone.now())
    return Return(plan, is_kept and Registration.objects.accepted().filter(cohort=survey.cohort_id).exists())


def plan_ahead(survey: Survey) -> Period | None:
    """When its rule has this survey open, unless that is over; None where it does not start by itself."""
    rule = rules_of(survey.cohort)[Purpose(survey.purpose)]
    if survey.cohort.cancelled_at or not rule.is_active:
        return None
    plan = plan_of(rule, survey.session)
    return plan if plan and plan.closes_at > timezone.now() else None
