"""Where a day is parted into morning and afternoon, and how many minutes of work each half has.

A day of up to five hours has one half only. A longer one is parted by the longest break of its course (Ablaufplan)
if that lasts half an hour or more, of equally long ones by the one nearest to the middle; without such a break
half of the working time lies before noon and half after it. The minutes of both halves are those of the day.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from curriculum.agenda import clock, minute_of, starts
from curriculum.models import AgendaItem, SessionDay
from participants.models import Half

LONGEST_HALF = 5 * 60
SHORTEST_NOON = 30
NOON = 13 * 60

# What a caller prefetches of sessions, or of days, before it asks for their halves.
IN_ORDER = AgendaItem.objects.order_by("position", "pk")
COURSE = Prefetch("days__agenda", queryset=IN_ORDER)
COURSE_OF_DAY = Prefetch("agenda", queryset=IN_ORDER)


@dataclass(frozen=True)
class HalfDay:
    """One half of a day with its hours on the clock and its minutes of work, breaks excluded."""

    day: SessionDay
    half: Half
    starts_at: datetime.time
    ends_at: datetime.time
    minutes: int


@dataclass(frozen=True)
class Noon:
    """When the morning ends and the afternoon begins, and the minutes of work before and after."""

    begin: int
    end: int
    before: int
    after: int


def kinds_of(day: SessionDay) -> tuple[Half, ...]:
    """Which halves the day has; follows from its hours alone, without its course."""
    begin, end = minute_of(day.starts_at), minute_of(day.ends_at)
    if end - begin > LONGEST_HALF:
        return (Half.MORNING, Half.AFTERNOON)
    return (Half.MORNING,) if begin + end <= 2 * NOON else (Half.AFTERNOON,)


def halves_of(day: SessionDay) -> tuple[HalfDay, ...]:
    """The halves of the day in their order; reads the prefetched course."""
    return parted(day, list(day.agenda.all()))


def parted(day: SessionDay, course: Sequence[AgendaItem]) -> tuple[HalfDay, ...]:
    kinds = kinds_of(day)
    if len(kinds) == 1:
        return (HalfDay(day, kinds[0], day.starts_at, day.ends_at, day.net_minutes),)
    noon = noon_of(day, course)
    morning = round(day.net_minutes * noon.before / (noon.before + noon.after))
    return (
        HalfDay(day, Half.MORNING, day.starts_at, clock(noon.begin), morning),
        HalfDay(day, Half.AFTERNOON, clock(noon.end), day.ends_at, day.net_minutes - morning),
    )


def noon_of(day: SessionDay, course: Sequence[AgendaItem]) -> Noon:
    middle = (minute_of(day.starts_at) + minute_of(day.ends_at)) // 2
    found = [noon for noon in noons(day, course) if noon.end - noon.begin >= SHORTEST_NOON]
    return max(
        found,
        key=lambda noon: (noon.end - noon.begin, -abs((noon.begin + noon.end) // 2 - middle)),
        default=Noon(middle, middle, 1, 1),
    )


def noons(day: SessionDay, items: Sequence[AgendaItem]) -> list[Noon]:
    """Every break of the course that has work before and after it, and ends within the day."""
    moments = starts(minute_of(day.starts_at), (item.minutes for item in items))
    found = [
        Noon(moments[at], moments[at + 1], work(items[:at]), work(items[at + 1 :]))
        for at, item in enumerate(items)
        if item.is_break and moments[at + 1] <= minute_of(day.ends_at)
    ]
    return [noon for noon in found if noon.before and noon.after]


def work(items: Sequence[AgendaItem]) -> int:
    return sum(item.minutes for item in items if not item.is_break)
