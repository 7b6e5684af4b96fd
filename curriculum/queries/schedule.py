"""Sessions of a cohort with what was planned, what is scheduled, and where dates collide."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curriculum.models import Audience, Cohort, Module, Session, SessionDay, Venue
from curriculum.models.schedule import SessionQuerySet
from curriculum.queries.editions import planned_minutes
from netzkoord.models import User
from netzkoord.templatetags.german import german_date


@dataclass(frozen=True)
class Conflict:
    """A trainer or venue of a session that is taken by another one on the same day."""

    date: datetime.date
    subject: str
    other: Session

    @property
    def text(self) -> str:
        """What stands beside the session, in one sentence."""
        return f"{german_date(self.date)}: {self.subject} ist auch bei „{self.other}“ ({self.other.cohort})."


@dataclass(frozen=True)
class ScheduleRow:
    """One session (Termin) with its module, days, venue and trainers."""

    session: Session
    module: Module
    audiences: tuple[Audience, ...]
    days: tuple[SessionDay, ...]
    venue: Venue | None
    trainers: tuple[User, ...]
    planned_minutes: int
    scheduled_minutes: int
    conflicts: tuple[Conflict, ...]

    @property
    def deviation(self) -> str:
        """How the days differ from what the units need; empty when they fit."""
        minutes = self.scheduled_minutes - self.planned_minutes
        if not minutes:
            return ""
        return f"{minutes} Minuten mehr als geplant" if minutes > 0 else f"{-minutes} Minuten zu wenig"


@dataclass(frozen=True)
class CohortSchedule:
    """The sessions of a cohort by date, and the modules that have none yet."""

    rows: tuple[ScheduleRow, ...]
    unscheduled: tuple[Module, ...]

    @property
    def planned_minutes(self) -> int:
        return sum(row.planned_minutes for row in self.rows)

    @property
    def scheduled_minutes(self) -> int:
        return sum(row.scheduled_minutes for row in self.rows)


def cohort_schedule(cohort: Cohort) -> CohortSchedule:
    """The whole schedule of a cohort; the number of queries does not depend on its sessions."""
    rows = schedule_rows(Session.objects.filter(cohort=cohort))
    unscheduled = Module.objects.filter(edition=cohort.edition_id).exclude(sessions__cohort=cohort)
    return CohortSchedule(rows=rows, unscheduled=tuple(unscheduled.prefetch_related("tracks", "units")))


def schedule_rows(sessions: SessionQuerySet) -> tuple[ScheduleRow, ...]:
    """These sessions by date, with everything that a table of them shows."""
    found = list(
        sessions.with_dates()
        .select_related("cohort", "module", "venue")
        .prefetch_related("days", "trainers", "module__tracks", "module__units")
    )
    conflicts = conflicts_of(found)
    return tuple(schedule_row(session, conflicts[session.pk]) for session in found)


def schedule_row(session: Session, conflicts: Iterable[Conflict]) -> ScheduleRow:
    return ScheduleRow(
        session=session,
        module=session.module,
        audiences=session.audiences,
        days=tuple(session.days.all()),
        venue=session.venue,
        trainers=tuple(session.trainers.all()),
        planned_minutes=planned_minutes(session.module),
        scheduled_minutes=scheduled_minutes(session),
        conflicts=tuple(conflicts),
    )


def scheduled_minutes(session: Session) -> int:
    """Working time of all days in minutes; reads the prefetched days."""
    return sum(day.net_minutes for day in session.days.all())


def conflicts_of(sessions: Sequence[Session]) -> dict[int, list[Conflict]]:
    """For each session by its key: other sessions, of any cohort, that need the same people or rooms.

    Only the day counts, not the hours: nobody is in two cities in one day. Two queries.
    """
    dates = {day.date for session in sessions for day in session.days.all()}
    others = (
        SessionDay.objects.filter(date__in=dates, session__cohort__cancelled_at__isnull=True)
        .select_related("session__cohort", "session__module", "session__venue")
        .prefetch_related("session__trainers")
    )
    by_date: dict[datetime.date, list[Session]] = defaultdict(list)
    for day in others:
        by_date[day.date].append(day.session)
    return {
        session.pk: [
            Conflict(day.date, subject, other)
            for day in session.days.all()
            for other in by_date[day.date]
            for subject in shared(session, other)
        ]
        for session in sessions
    }


def shared(session: Session, other: Session) -> list[str]:
    """Names of the trainers and the venue that both sessions need; none for a session and itself."""
    if session.pk == other.pk:
        return []
    busy = {trainer.pk for trainer in other.trainers.all()}
    names = [trainer.get_full_name() for trainer in session.trainers.all() if trainer.pk in busy]
    return names + ([session.place] if session.venue_id and session.venue_id == other.venue_id else [])
