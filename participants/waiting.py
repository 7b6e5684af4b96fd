"""The waiting list: who moves up, until when an offer is good. Pure calculation, no database.

The rule: free places go to complete tandems in their order of rank, then to singles in theirs. Nobody is divided,
and nobody who fits is passed over. Who was asked once is not asked again by itself.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

END_OF_DAY = datetime.time(23, 59)
EVENING = datetime.time(20, 0)
# Somebody has to talk to the office, and to the other person.
SHORTEST_BY_ITSELF = datetime.timedelta(days=1)
SHORTEST_BY_HAND = datetime.timedelta(hours=2)
DAY = datetime.timedelta(days=1)
HELD_DAYS = 7


@dataclass(frozen=True)
class Waiting:
    """A tandem of the waiting list, or several that share a half by exception, at its place in the order of rank.

    `places` is how many it needs, one for each confirmed person. `was_asked` says that an offer was made before,
    whatever has become of it; `has_offer`, that one is open now.
    """

    key: int
    places: int
    is_complete: bool
    was_asked: bool = False
    has_offer: bool = False

    @property
    def may_be_asked(self) -> bool:
        return self.places > 0 and not self.was_asked and not self.has_offer


def in_turn(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Complete tandems before singles; within both the order that was given stays."""
    return sorted(waiting, key=lambda row: not row.is_complete)


def next_up(waiting: Iterable[Waiting], *, free: int) -> list[Waiting]:
    """Those to whom so many free places are offered now, in their turn."""
    chosen = []
    for row in in_turn(waiting):
        if row.may_be_asked and row.places <= free:
            chosen.append(row)
            free -= row.places
    return chosen


def is_next(row: Waiting, waiting: Iterable[Waiting], *, free: int) -> bool:
    """Whether it is this one's turn; of those who were asked before only this one counts."""
    others = [other for other in waiting if other.key == row.key or other.may_be_asked]
    asked_now = [
        Waiting(other.key, other.places, other.is_complete) if other.key == row.key else other for other in others
    ]
    return row.key in {other.key for other in next_up(asked_now, free=free)}


def ahead(turn: Iterable[Waiting]) -> dict[int, int]:
    """By key: how many stand before it who may still be asked or are being asked, of those given in their turn."""
    counts, count = {}, 0
    for row in turn:
        counts[row.key] = count
        count += row.may_be_asked or row.has_offer
    return counts


def latest_answer(first_on: datetime.date | None) -> datetime.datetime | None:
    """The evening before the first day; None while there is none."""
    return local(first_on - DAY, EVENING) if first_on else None


def deadline(
    now: datetime.datetime, *, days: int, first_on: datetime.date | None, shortest: datetime.timedelta
) -> datetime.datetime | None:
    """Until when an offer made now is good: the end of the last of so many days, but never after the evening before
    the first day. None when there is not even the shortest time left to answer.
    """
    last = local(timezone.localdate(now) + datetime.timedelta(days=days), END_OF_DAY)
    latest = latest_answer(first_on)
    until = min(last, latest) if latest else last
    return until if until - now >= shortest else None


def remind_at(made_at: datetime.datetime, expires_at: datetime.datetime) -> datetime.datetime:
    """One day before the end, or half-way where that is later."""
    return max(expires_at - DAY, made_at + (expires_at - made_at) / 2)


def held_until(now: datetime.datetime, *, first_on: datetime.date | None) -> datetime.datetime:
    """Until when the place of somebody who leaves is kept for a substitute.

    Not beyond the evening before the first day; once that has come, the days count in full.
    """
    last = local(timezone.localdate(now) + datetime.timedelta(days=HELD_DAYS), END_OF_DAY)
    latest = latest_answer(first_on)
    return min(last, latest) if latest and latest > now else last


def local(day: datetime.date, hour: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, hour))
