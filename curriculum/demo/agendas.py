"""The course of every session of the demo, as the proposal makes it, and the invitations of the finished cohort."""

import datetime

from django.utils import timezone

from curriculum.actions.agenda import frame_of, item_of
from curriculum.agenda import Piece, propose
from curriculum.models import AgendaItem, Cohort, Session

INVITED_BEFORE = datetime.timedelta(days=17)


def fill_agendas(cohorts: list[Cohort]) -> None:
    """One statement for all points of all sessions."""
    sessions = Session.objects.filter(cohort__in=cohorts).select_related("module")
    AgendaItem.objects.bulk_create(
        item for session in sessions.prefetch_related("days", "module__units") for item in items_of(session)
    )


def items_of(session: Session) -> list[AgendaItem]:
    days = list(session.days.all())
    pieces = [Piece(unit.pk, unit.minutes) for unit in session.module.units.all()]
    proposal = propose(pieces, [frame_of(day) for day in days])
    return [
        item_of(day, position, point)
        for day, points in zip(days, proposal, strict=True)
        for position, point in enumerate(points, start=1)
    ]


def mark_invited(cohort: Cohort) -> None:
    """The invitations to all sessions of a finished cohort went out some weeks before."""
    sessions = list(cohort.sessions.with_dates())
    for session in sessions:
        if session.first_on:
            noon = datetime.datetime.combine(session.first_on - INVITED_BEFORE, datetime.time(12, 0))
            session.invited_at = timezone.make_aware(noon)
    Session.objects.bulk_update(sessions, ["invited_at"])
