"""Units attended of those planned: per person and session, and for the whole cohort."""

from collections.abc import Collection
from dataclasses import dataclass

from curriculum.models import Cohort, Session
from participants.models import Registration
from participants.queries.attendance import AttendanceRecord, attendance_of


@dataclass(frozen=True)
class Total:
    """Minutes attended of those planned; nothing planned means that it is not for this person."""

    attended_minutes: int
    planned_minutes: int
    has_open: bool = False


@dataclass(frozen=True)
class PersonTotals:
    person: Registration
    cells: list[Total]
    total: Total
    percent: int


@dataclass(frozen=True)
class CohortAttendance:
    """A row per person, a column per session; `totals` are the sums of the columns."""

    sessions: list[Session]
    rows: list[PersonTotals]
    totals: list[Total]
    total: Total


def cohort_attendance(cohort: Cohort, *, shown: Collection[int]) -> CohortAttendance:
    """Of the sessions with these keys; the queries of `attendance_of`, however many people there are."""
    records = attendance_of(cohort)
    sessions = list(
        {
            day.session.pk: day.session for record in records for day in record.days if day.session.pk in shown
        }.values()
    )
    sessions.sort(key=lambda session: (session.first_on is None, session.first_on, session.pk))
    rows = [person_totals(record, sessions) for record in records]
    return CohortAttendance(
        sessions=sessions,
        rows=[row for row in rows if row.total.planned_minutes],
        totals=[summed([row.cells[at] for row in rows]) for at in range(len(sessions))],
        total=summed([row.total for row in rows]),
    )


def person_totals(record: AttendanceRecord, sessions: list[Session]) -> PersonTotals:
    cells = [session_total(record, session) for session in sessions]
    total = summed(cells)
    percent = total.attended_minutes * 100 // total.planned_minutes if total.planned_minutes else 0
    return PersonTotals(record.registration, cells, total, percent)


def session_total(record: AttendanceRecord, session: Session) -> Total:
    days = [day for day in record.days if day.session.pk == session.pk]
    return Total(
        attended_minutes=sum(day.attended_minutes for day in days),
        planned_minutes=sum(day.day.net_minutes for day in days),
        has_open=any(day.is_over and day.is_open for day in days),
    )


def summed(totals: list[Total]) -> Total:
    return Total(
        attended_minutes=sum(total.attended_minutes for total in totals),
        planned_minutes=sum(total.planned_minutes for total in totals),
        has_open=any(total.has_open for total in totals),
    )
