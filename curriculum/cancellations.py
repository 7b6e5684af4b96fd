"""What is cancelled, alone or with its cohort, and since when; reads the cohort and the prefetched days.

What was over by then was held and stays as it was, day by day.
"""

import datetime

from django.utils import timezone

from curriculum.models import Session, SessionDay


def cancelled_at(session: Session) -> datetime.datetime | None:
    """When it was cancelled, or the whole cohort; None for what takes place."""
    return session.cancelled_at or session.cohort.cancelled_at


def is_day_off(session: Session, date: datetime.date) -> bool:
    """Whether nothing is held on this day of the session, because it was cancelled before or on it."""
    since = cancelled_at(session)
    return since is not None and date >= timezone.localdate(since)


def is_off(session: Session) -> bool:
    """Whether it is cancelled and not all of its days had passed by then."""
    days = session.days.all()
    return cancelled_at(session) is not None and (not days or len(held_days(session)) < len(days))


def held_days(session: Session) -> list[SessionDay]:
    """The days on which it is held or was held."""
    return [day for day in session.days.all() if not is_day_off(session, day.date)]
