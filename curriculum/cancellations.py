"""What is cancelled, alone or with its cohort, and since when; reads the cohort of a session, asks nothing else.

What was over by then was held and stays as it was, day by day.
"""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from curriculum.models import Session, SessionDay


def cancelled_at(session: Session) -> datetime.datetime | None:
    """When it was cancelled, or the whole cohort; None for what takes place."""
    return session.cancelled_at or session.cohort.cancelled_at


def is_day_off(session: Session, date: datetime.date) -> bool:
    """Whether nothing is held on this day of the session, because it was cancelled before or on it."""
    since = cancelled_at(session)
    return since is not None and date >= timezone.localdate(since)


def is_off(session: Session, days: Sequence[SessionDay]) -> bool:
    """Whether it is cancelled and not all of its days had passed by then."""
    return cancelled_at(session) is not None and (not days or any(is_day_off(session, day.date) for day in days))


def held_days(session: Session, days: Sequence[SessionDay]) -> list[SessionDay]:
    """The days on which it is held or was held."""
    return [day for day in days if not is_day_off(session, day.date)]
