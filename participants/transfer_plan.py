"""Days of a Transfervereinbarung: which one may be agreed on, and when both are reminded. Pure calculation."""

import datetime

from django.utils import timezone

# Nobody plans a first step for later than this.
FURTHEST = datetime.timedelta(days=2 * 365)
REMINDED_AT = datetime.time(9)
# A worker that was down catches up so long; after that a reminder would only surprise.
USEFUL_FOR = datetime.timedelta(days=14)
# So long after the course the start page asks for the agreement before anything else.
ASKED_FOR = datetime.timedelta(days=180)


def earliest(today: datetime.date) -> datetime.date:
    """Tomorrow: on the day itself there is nothing left to be reminded of."""
    return today + datetime.timedelta(days=1)


def latest(today: datetime.date) -> datetime.date:
    return today + FURTHEST


def remind_at(due_on: datetime.date) -> datetime.datetime:
    """The hour on the wall, on the agreed day."""
    return timezone.make_aware(datetime.datetime.combine(due_on, REMINDED_AT))


def is_reminder_due(due_on: datetime.date, now: datetime.datetime) -> bool:
    moment = remind_at(due_on)
    return moment <= now < moment + USEFUL_FOR


def days_to_remind_of(now: datetime.datetime) -> tuple[datetime.date, datetime.date]:
    """The first and the last agreed day of which a reminder may be due now."""
    today = timezone.localdate(now)
    return today - USEFUL_FOR, today
