"""Changes to the course of a session (Ablaufplan); each leaves one line in the audit log.

All lock the session first, or ask the view to do so before it reads the point (`change_point`): two people who add
or move at once come one after the other.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from curriculum.actions.in_use import losing
from curriculum.agenda import MINUTES_PER_DAY, Frame, Piece, Point, minute_of, propose
from curriculum.models import AgendaItem, AgendaKind, Session, SessionDay, Unit
from curriculum.queries.agenda import SessionAgenda, read_agenda
from netzkoord.lib import audit, ordering
from netzkoord.lib.sorting import Sorting
from netzkoord.models import AuditAction, User


class FrameIsFixed(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The cohort is announced: hours are changed by moving the session, which tells those who come."""


@dataclass(frozen=True)
class NewPoint:
    """What is to be added; for a unit without a title of its own the title is empty."""

    kind: AgendaKind
    minutes: int
    unit: Unit | None = None
    title: str = ""


def lock(session: Session) -> Session:
    return Session.objects.select_for_update(of=("self",)).select_related("cohort", "module").get(pk=session.pk)


@transaction.atomic
def propose_agenda(*, session: Session, by: User) -> int:
    """Fill the days that have no points yet with the units that are not placed yet; how many points that were."""
    agenda = read_agenda(lock(session))
    empty = [day.day for day in agenda.days if not day.rows]
    pieces = pieces_to_place(agenda)
    if not empty or not pieces:
        return 0
    proposal = propose(pieces, [frame_of(day) for day in empty])
    items = [
        item_of(day, position, point)
        for day, points in zip(empty, proposal, strict=True)
        for position, point in enumerate(points, start=1)
    ]
    AgendaItem.objects.bulk_create(items)
    record(session, by=by, proposed=len(items))
    return len(items)


def pieces_to_place(agenda: SessionAgenda) -> list[Piece]:
    placed = agenda.placed
    left = [(unit.pk, unit.minutes - placed[unit.pk]) for unit in agenda.units]
    return [Piece(key, minutes) for key, minutes in left if minutes > 0]


def frame_of(day: SessionDay) -> Frame:
    return Frame(minute_of(day.starts_at), minute_of(day.ends_at), day.break_minutes)


def item_of(day: SessionDay, position: int, point: Point) -> AgendaItem:
    kind = AgendaKind.BREAK if point.key is None else AgendaKind.UNIT
    return AgendaItem(
        day=day, position=position, kind=kind, unit_id=point.key, title=point.title, minutes=point.minutes
    )


@transaction.atomic
def add_point(*, day: SessionDay, point: NewPoint, seen: int, by: User) -> AgendaItem:
    """Add a point behind all others of the day.

    `seen` says how many points the session had when the page was made: a second click finds one more, and the
    last one of the day is what it would add.
    """
    lock(day.session)
    last = day.agenda.order_by("position", "pk").last()
    if last and is_same(last, point) and AgendaItem.objects.filter(day__session=day.session_id).count() != seen:
        return last
    item = AgendaItem.objects.create(
        day=day,
        position=ordering.next_position(day.agenda.all()),
        kind=point.kind,
        unit=point.unit,
        title=point.title,
        minutes=point.minutes,
    )
    record(day.session, by=by, added=item.pk)
    return item


def is_same(item: AgendaItem, point: NewPoint) -> bool:
    stored = NewPoint(AgendaKind(item.kind), item.minutes, item.unit, item.title)
    return stored == point


@transaction.atomic
def change_point(*, item: AgendaItem, by: User) -> AgendaItem:
    item.save()
    record(item.day.session, by=by, changed=item.pk)
    return item


@dataclass(frozen=True)
class RemovedPoint:
    """What was removed, and in words what rested on it."""

    item: AgendaItem
    losing: tuple[str, ...]


@transaction.atomic
def remove_point(*, session: Session, key: int, by: User) -> RemovedPoint | None:
    """None when it is gone already."""
    lock(session)
    item = points_of(session).filter(pk=key).first()
    if item is None:
        return None
    removed = RemovedPoint(item, losing(item))
    AgendaItem.objects.filter(pk=key).delete()
    record(session, by=by, removed=key)
    return removed


def points_of(session: Session) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(day__session=session).select_related("unit", "day")


@transaction.atomic
def order_points(*, day: SessionDay, sorting: Sorting, by: User) -> None:
    """Raises `ordering.NotTheSameRows`."""
    lock(day.session)
    before = ordering.keys_of(day.agenda.all())
    sorting.apply(day.agenda.all())
    if ordering.keys_of(day.agenda.all()) != before:
        record(day.session, by=by, ordered=day.date.isoformat())


@transaction.atomic
def move_to_day(*, key: int, day: SessionDay, by: User) -> AgendaItem | None:
    """Put a point behind all others of another day of the same session; None when it is gone meanwhile."""
    lock(day.session)
    item = points_of(day.session).filter(pk=key).first()
    if item and item.day_id != day.pk:
        item.day, item.position = day, ordering.next_position(day.agenda.all())
        item.save(update_fields=["day", "position"])
        record(day.session, by=by, moved=item.pk)
    return item


@transaction.atomic
def fit_frame(*, session: Session, by: User) -> int:
    """Set end and breaks of each day to what its points need; how many days that changed.

    Raises `FrameIsFixed` for an announced cohort.
    """
    session = lock(session)
    if session.cohort.announced_at:
        raise FrameIsFixed(f"Cohort {session.cohort_id} is announced")
    changed = []
    for day in read_agenda(session).days:
        if day.rows and not day.fits and day.end < MINUTES_PER_DAY:
            day.day.ends_at, day.day.break_minutes = day.ends_at, day.break_minutes
            changed.append(day.day)
    if changed:
        SessionDay.objects.bulk_update(changed, ["ends_at", "break_minutes"])
        session.sequence += 1
        session.save(update_fields=["sequence"])
        record(session, by=by, frames=[day.date.isoformat() for day in changed])
    return len(changed)


def record(session: Session, *, by: User, **details: object) -> None:
    audit.record(AuditAction.AGENDA_CHANGED, target=session, by=by, **details)
