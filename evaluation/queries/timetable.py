"""What the rules of a cohort say about its surveys, from the dates of its sessions."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.models import SurveyRule
from evaluation.timetable import Held, Period, planned


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


def plan_of(rule: SurveyRule, session: Session | None = None) -> Period | None:
    """When the survey of a rule is open, as the dates are now; two queries."""
    sessions = held_sessions(rule.cohort)
    return planned(
        rule,
        list(sessions.values()),
        accepted_at=timezone.now(),
        of=sessions.get(session.pk) if session else None,
    )
