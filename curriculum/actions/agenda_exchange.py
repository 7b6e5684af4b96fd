"""Exchanging a point of the course of a session for another one, or adding one at its end."""

from django.db import transaction

from curriculum.actions.agenda import NewPoint, is_same, lock, points_of, record
from curriculum.models import AgendaItem, Session, Unit
from netzkoord.lib import ordering
from netzkoord.models import User


@transaction.atomic
def exchange_unit(*, session: Session, leave_out: Unit | None, point: NewPoint, by: User) -> AgendaItem | None:
    """Put the point where the unit has begun, and take out all pieces of the unit; without one, add it at the end.

    None, and nothing is done, when the unit is not in the course any more, or the point stands at the end already:
    a second click changes nothing.
    """
    lock(session)
    pieces = list(points_of(session).filter(unit=leave_out)) if leave_out else []
    first = pieces[0] if pieces else None if leave_out else next_at_end(session, point)
    if first is None:
        return None
    first.kind, first.unit, first.title, first.minutes = point.kind, point.unit, point.title, point.minutes
    first.save()
    AgendaItem.objects.filter(pk__in=[piece.pk for piece in pieces[1:]]).delete()
    record(session, by=by, exchanged=leave_out.pk if leave_out else None, added=first.pk)
    return first


def next_at_end(session: Session, point: NewPoint) -> AgendaItem | None:
    """A new item behind all others of the last day, not stored; None where the last one is this point."""
    day = session.days.order_by("date").last()
    last = day.agenda.order_by("position", "pk").last() if day else None
    if day is None or (last and is_same(last, point)):
        return None
    return AgendaItem(day=day, position=ordering.next_position(day.agenda.all()))
