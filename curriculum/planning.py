"""A proposal for the days of a cohort: pure calculation on dates, without database.

All dates and hours are local wall times, so the change to and from summer time moves nothing.
"""

import datetime
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from curriculum.models.schedule import LATEST
from netzkoord.lib.free_days import is_free

Key = TypeVar("Key", bound=Hashable)

MAX_DAYS = 14
WORKING_DAYS = 5
USUAL_WEEKS, MAX_WEEKS = 6, 52
DAY = datetime.timedelta(days=1)
WEEK = datetime.timedelta(weeks=1)


@dataclass(frozen=True)
class Hours:
    """Begin, end and breaks that every day of a session has."""

    starts_at: datetime.time = datetime.time(9, 0)
    ends_at: datetime.time = datetime.time(16, 30)
    break_minutes: int = 90

    @property
    def net_minutes(self) -> int:
        """Working time of a day in minutes; never negative."""
        gross = (self.ends_at.hour - self.starts_at.hour) * 60 + self.ends_at.minute - self.starts_at.minute
        return max(0, gross - self.break_minutes)

    @property
    def fingerprint(self) -> str:
        """The same text for the same hours."""
        return f"{self.starts_at:%H:%M}-{self.ends_at:%H:%M}-{self.break_minutes}"


USUAL_HOURS = Hours()


@dataclass(frozen=True)
class Block(Generic[Key]):
    """A session to be dated; `state` is the Land whose holidays count, empty for the whole of Germany."""

    key: Key
    day_count: int
    state: str = ""


@dataclass(frozen=True)
class Terms:
    """What the proposal starts from."""

    first_on: datetime.date
    weeks_between: int = USUAL_WEEKS


def days_needed(minutes: int, hours: Hours) -> int:
    """How many days hold so many minutes; at least one, and no more than a session may have."""
    if hours.net_minutes == 0:
        return 1
    return min(MAX_DAYS, max(1, -(-minutes // hours.net_minutes)))


def days_from(first_on: datetime.date, count: int, state: str) -> tuple[datetime.date, ...]:
    """The days of a session that begins on `first_on`.

    Up to a working week they follow each other; a longer session leaves out weekends and holidays.
    """
    if count <= WORKING_DAYS:
        return tuple(first_on + DAY * offset for offset in range(count))
    days = [first_on]
    while len(days) < count:
        date = days[-1] + DAY
        while is_free(date, state):
            date += DAY
        days.append(date)
    return tuple(days)


def propose(
    blocks: Sequence[Block[Key]],
    *,
    terms: Terms,
    fixed: Mapping[Key, Sequence[datetime.date]] | None = None,
) -> dict[Key, tuple[datetime.date, ...]]:
    """Days for each block, one after the other from the first date on.

    `fixed` holds the days of blocks that stay as they are. A block that would end after 2099 gets no days.
    """
    plan: dict[Key, tuple[datetime.date, ...]] = {key: tuple(days) for key, days in (fixed or {}).items()}
    taken = {day for days in plan.values() for day in days}
    previous: tuple[datetime.date, ...] = ()
    for block in blocks:
        if block.key not in plan:
            plan[block.key] = place(block, after=previous, taken=taken, terms=terms)
        previous = plan[block.key] or previous
    return {block.key: plan[block.key] for block in blocks}


def place(
    block: Block[Key], *, after: Sequence[datetime.date], taken: Iterable[datetime.date], terms: Terms
) -> tuple[datetime.date, ...]:
    """The first week in which the block fits, on the weekday of the first date or as late as the week allows."""
    weekday = first_weekday(terms.first_on, block.day_count)
    earliest = after[-1] + DAY if after else terms.first_on
    week = monday_of(after[0]) + WEEK * terms.weeks_between if after else monday_of(terms.first_on)
    start = week + DAY * weekday
    while start <= LATEST:
        days = days_from(start, block.day_count, block.state)
        if start >= earliest and days[-1] <= LATEST and fits(days, taken, block.state):
            return days
        start += WEEK
    return ()


def first_weekday(first_on: datetime.date, count: int) -> int:
    """The weekday to begin on: that of the first date, earlier where the block would reach the weekend.

    A first date on a weekend means the Monday after it; so does a block longer than a working week.
    """
    if first_on.weekday() >= WORKING_DAYS or count > WORKING_DAYS:
        return 0
    return min(first_on.weekday(), WORKING_DAYS - count)


def monday_of(date: datetime.date) -> datetime.date:
    return date - DAY * date.weekday()


def fits(days: Sequence[datetime.date], taken: Iterable[datetime.date], state: str) -> bool:
    return not any(day in taken or is_free(day, state) for day in days)
