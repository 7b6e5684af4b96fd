"""The course of a day (Ablaufplan): a proposal from units, and the clock times that follow from an order.

Minutes only, no database. A moment is so many minutes after midnight.
"""

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

MINUTES_PER_DAY = 24 * 60
LONGEST_BLOCK = 105
SHORTEST_PIECE = 15
LUNCH_AT = 12 * 60 + 30
LUNCH = 60
SHORTEST_LUNCH = 30
COFFEES = (20, 15, 10)
SHORTEST_COFFEE = 10
STEP = 5
# How far a break may leave its place to stand between two units instead of inside one.
COFFEE_TOLERANCE = 20
LUNCH_TOLERANCE = 30

LUNCH_TITLE = "Mittagspause"
COFFEE_TITLE = "Kaffeepause"


@dataclass(frozen=True)
class Frame:
    """The hours of a day and how much of them are breaks."""

    starts_at: int
    ends_at: int
    break_minutes: int

    @property
    def work(self) -> int:
        return max(0, self.ends_at - self.starts_at - self.break_minutes)


@dataclass(frozen=True)
class Piece:
    """A unit, or what is left of it, that wants to be placed."""

    key: int
    minutes: int


@dataclass(frozen=True)
class Break:
    """A break after so many minutes of work."""

    after: int
    minutes: int
    title: str

    @property
    def tolerance(self) -> int:
        return LUNCH_TOLERANCE if self.title == LUNCH_TITLE else COFFEE_TOLERANCE


@dataclass(frozen=True)
class Point:
    """One point of a proposed day: a unit by its key, or a break by its title."""

    minutes: int
    key: int | None = None
    title: str = ""


def minute_of(moment: datetime.time) -> int:
    return moment.hour * 60 + moment.minute


def clock(minute: int) -> datetime.time:
    """The time on the clock; after midnight it begins anew."""
    hour, rest = divmod(minute % MINUTES_PER_DAY, 60)
    return datetime.time(hour, rest)


def starts(begin: int, minutes: Iterable[int]) -> list[int]:
    """When each of these begins, and as the last one when all are over."""
    moments = [begin]
    for duration in minutes:
        moments.append(moments[-1] + duration)
    return moments


def propose(pieces: Sequence[Piece], frames: Sequence[Frame]) -> list[list[Point]]:
    """The points of each day: the pieces in their order, and breaks. What finds no room is left out."""
    days = pour(pieces, frames)
    return [lay_out(day, frame) for day, frame in zip(days, frames, strict=True)]


def pour(pieces: Sequence[Piece], frames: Sequence[Frame]) -> list[list[Piece]]:
    """Fill the working time of one day after the other; a piece may go on the next day."""
    waiting, days = list(pieces), []
    rooms = [frame.work for frame in frames]
    for number, room in enumerate(rooms):
        day, waiting = fill(waiting, room, room_later=sum(rooms[number + 1 :]))
        days.append(day)
    return days


def fill(waiting: Sequence[Piece], room: int, *, room_later: int) -> tuple[list[Piece], list[Piece]]:
    """What goes into this day, and what still waits. No unit begins for a few minutes if a later day has room."""
    taken, left = [], list(waiting)
    while left and room:
        piece = left[0]
        if piece.minutes > room < SHORTEST_PIECE and room_later >= sum(other.minutes for other in left):
            break
        minutes = min(piece.minutes, room)
        taken.append(replace(piece, minutes=minutes))
        left[:1] = [replace(piece, minutes=piece.minutes - minutes)] if minutes < piece.minutes else []
        room -= minutes
    return taken, left


def lay_out(pieces: Sequence[Piece], frame: Frame) -> list[Point]:
    """The pieces of a day with its breaks between and, where need be, inside them."""
    boundaries = starts(0, (piece.minutes for piece in pieces))
    breaks = [pause for pause in breaks_of(frame, boundaries) if 0 < pause.after < boundaries[-1]]
    points, worked = [], 0
    for piece in pieces:
        left = piece.minutes
        while breaks and breaks[0].after < worked + left:
            pause = breaks.pop(0)
            if pause.after > worked:
                points.append(Point(pause.after - worked, key=piece.key))
            points.append(Point(pause.minutes, title=pause.title))
            left, worked = left - (pause.after - worked), pause.after
        points.append(Point(left, key=piece.key))
        worked += left
    return points


def breaks_of(frame: Frame, boundaries: Sequence[int] = ()) -> list[Break]:
    """As many minutes of breaks as the frame has: lunch about half past twelve, coffee before work gets long."""
    if not frame.break_minutes or not frame.work:
        return []
    has_lunch = frame.starts_at <= LUNCH_AT - LUNCH and frame.ends_at >= LUNCH_AT + 2 * LUNCH
    if has_lunch and frame.break_minutes >= SHORTEST_LUNCH:
        breaks = with_lunch(frame)
    else:
        breaks = coffees(0, frame.work, *shares(frame.break_minutes, needed(frame.work)))
    return snapped(breaks, boundaries, frame.work)


def with_lunch(frame: Frame) -> list[Break]:
    """Lunch, and in the halves of the day that are too long without it coffee; what is left over is lunch, too."""
    span = LUNCH_AT - frame.starts_at
    spare = max(0, frame.break_minutes - LUNCH)
    for coffee in COFFEES:
        before, after = coffees_needed(span, frame.work, coffee)
        if (before + after) * coffee <= spare:
            break
    while (before + after) * coffee > spare:
        before, after = (before, after - 1) if after >= before else (before - 1, after)
    morning = min(frame.work, span - before * coffee)
    lunch = Break(morning, frame.break_minutes - (before + after) * coffee, LUNCH_TITLE)
    return [
        *coffees(0, morning, *[coffee] * before),
        lunch,
        *coffees(morning, frame.work - morning, *[coffee] * after),
    ]


def coffees_needed(span: int, work: int, coffee: int) -> tuple[int, int]:
    """How many breaks of this length before and after lunch keep every block short enough."""
    before = max(0, math.ceil((span - LONGEST_BLOCK) / (LONGEST_BLOCK + coffee)))
    return before, needed(max(0, work - (span - before * coffee)))


def needed(work: int) -> int:
    """How many breaks keep every block of work short enough."""
    return max(0, math.ceil(work / LONGEST_BLOCK) - 1)


def shares(total: int, count: int) -> list[int]:
    """The breaks of a day without lunch: so many, or fewer where they would be too short; at least one."""
    number = max(1, min(count, total // SHORTEST_COFFEE))
    each = total // number // STEP * STEP or total // number
    return [total - each * (number - 1), *[each] * (number - 1)]


def coffees(begin: int, work: int, *minutes: int) -> list[Break]:
    """Breaks that part this work into equal blocks."""
    block = work / (len(minutes) + 1)
    return [
        Break(begin + round(block * number / STEP) * STEP, duration, COFFEE_TITLE)
        for number, duration in enumerate(minutes, start=1)
    ]


def snapped(breaks: Sequence[Break], boundaries: Sequence[int], work: int) -> list[Break]:
    """Each break between two units where one ends near enough and no block of work gets too long."""
    found: list[Break] = []
    for number, pause in enumerate(breaks):
        previous = found[-1].after if found else 0
        following = breaks[number + 1].after if number + 1 < len(breaks) else work
        longest = max(LONGEST_BLOCK, pause.after - previous, following - pause.after)  # where breaks are too few
        near = [
            boundary
            for boundary in boundaries
            if abs(boundary - pause.after) <= pause.tolerance
            and previous < boundary < following
            and max(boundary - previous, following - boundary) <= longest
        ]
        place = min(near, key=lambda boundary: abs(boundary - pause.after), default=pause.after)
        found.append(replace(pause, after=place))
    return found
