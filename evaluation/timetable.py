"""When the surveys of a cohort open and close by its rules. Pure calculation on the clock on the wall in Berlin.

Days and months are counted by the calendar, so that a change of clocks in between moves no hour.
"""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

from evaluation.models import Purpose

BERLIN = ZoneInfo("Europe/Berlin")
BEFORE_END = datetime.timedelta(minutes=30)
REMIND_FROM = datetime.time(9, 0)
# The latest transfer survey opens two years after the last session and is open for four months.
LATEST = datetime.timedelta(days=2 * 366 + 120)


class Rule(Protocol):
    """What is read of a `SurveyRule`."""

    purpose: str
    lead_days: int
    months_after: int
    open_days: int


@dataclass(frozen=True)
class Held:
    """A session from the beginning of its first day to the end of its last, as the clock on the wall shows it."""

    begins: datetime.datetime
    ends: datetime.datetime


@dataclass(frozen=True)
class Period:
    opens_at: datetime.datetime
    closes_at: datetime.datetime


def planned(
    rule: Rule, sessions: Sequence[Held], *, accepted_at: datetime.datetime, of: Held | None = None
) -> Period | None:
    """When the survey of this rule is open; None where nothing says so, or it would close before it opens.

    `sessions` are those of the cohort that are held, `of` is the one whose feedback is asked for, and `accepted_at`
    the moment from which on needs can be asked.
    """
    asked_of = [of] if rule.purpose == Purpose.FEEDBACK and of else sessions
    if not asked_of or (rule.purpose == Purpose.FEEDBACK and of is None):
        return None
    first = min(asked_of, key=lambda held: (held.begins, held.ends))
    last = max(asked_of, key=lambda held: held.ends)
    opens, closes = on_the_wall(rule, first, last)
    period = Period(in_berlin(opens) if opens else accepted_at, in_berlin(closes))
    return period if period.opens_at < period.closes_at else None


def on_the_wall(rule: Rule, first: Held, last: Held) -> tuple[datetime.datetime | None, datetime.datetime]:
    """Both ends as local time; without a beginning the survey opens as soon as there is somebody to ask."""
    lead, open_for = datetime.timedelta(days=rule.lead_days), datetime.timedelta(days=rule.open_days)
    if rule.purpose == Purpose.NEEDS:
        return None, end_of_day(first.begins - lead)
    if rule.purpose == Purpose.START:
        return first.begins - lead, first.ends
    if rule.purpose == Purpose.TRANSFER:
        opens = months_later(last.ends, rule.months_after)
        return opens, opens + open_for
    opens = last.ends - BEFORE_END
    return opens, opens + open_for


def in_berlin(local: datetime.datetime) -> datetime.datetime:
    """The instant at which the clock shows this; an hour that is left out in spring counts as the one after it."""
    moment = local.replace(tzinfo=BERLIN)
    return moment.astimezone(datetime.UTC).astimezone(BERLIN)


def end_of_day(local: datetime.datetime) -> datetime.datetime:
    return datetime.datetime.combine(local.date() + datetime.timedelta(days=1), datetime.time.min)


def months_later(local: datetime.datetime, months: int) -> datetime.datetime:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


def moved(current: Period, plan: Period | None, *, now: datetime.datetime, has_answers: bool) -> Period | None:
    """What becomes of a survey that has not closed when its plan is another one; None when it goes.

    Once somebody has answered it only ever gets a later end; no end is moved into the past.
    """
    if plan is None:
        return current if has_answers else None
    if has_answers:
        return replace(current, closes_at=max(current.closes_at, plan.closes_at))
    return plan if plan.closes_at > now else Period(min(plan.opens_at, current.opens_at), current.closes_at)


def is_lagging(period: Period, *, invited: int, answered: int, needed: int, now: datetime.datetime) -> bool:
    """Whether half of the time is over and not half of those asked, or not as many as needed, have answered."""
    half_time = period.opens_at + (period.closes_at - period.opens_at) / 2
    is_running = half_time <= now < period.closes_at
    return is_running and answered < invited and (2 * answered < invited or answered < needed)


def reminders_due(
    first_days: int | None, second_days: int | None, *, invited_on: datetime.date | None, now: datetime.datetime
) -> int:
    """How many reminders somebody invited on this day, if at all, should have had by now: none, one or two."""
    if invited_on is None:
        return 0
    local = now.astimezone(BERLIN)
    today = local.date() if local.time() >= REMIND_FROM else local.date() - datetime.timedelta(days=1)
    waited = (today - invited_on).days
    return sum(days is not None and waited >= days for days in (first_days, second_days))
