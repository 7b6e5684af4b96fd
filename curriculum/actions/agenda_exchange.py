"""Exchanging a point of the course of a session for another one, or adding one at its end."""

from django.db import transaction
from django.db.models import QuerySet

from curriculum.actions.agenda import NewPoint, lock, points_of, record
from curriculum.models import AgendaItem, Session, SessionDay, Unit
from netzkoord.lib import ordering
from netzkoord.models import User


@transaction.atomic
def exchange_unit(*, session: Session, leave_out: Unit | None, point: NewPoint, by: User) -> AgendaItem | None:
    """Put the point where the unit has begun, and take out all pieces of the unit; without one, add it at the end.

    None, and nothing is done, when the unit is not in the course any more. What is put there is a new point: what
    rested on the old one does not rest on it.
    """
    lock(session)
    pieces = points_of(session).filter(unit=leave_out) if leave_out else AgendaItem.objects.none()
    place = place_of(pieces) if leave_out else place_at_end(session)
    if place is None:
        return None
    pieces.delete()
    day, position = place
    item = AgendaItem.objects.create(
        day=day, position=position, kind=point.kind, unit=point.unit, title=point.title, minutes=point.minutes
    )
    record(session, by=by, exchanged=leave_out.pk if leave_out else None, added=item.pk)
    return item


def place_of(pieces: QuerySet[AgendaItem]) -> tuple[SessionDay, int] | None:
    first = pieces.first()
    return (first.day, first.position) if first else None


def place_at_end(session: Session) -> tuple[SessionDay, int] | None:
    """Behind all others of the last day."""
    day = session.days.order_by("date").last()
    return (day, ordering.next_position(day.agenda.all())) if day else None
