"""Sessions of a cohort with what was planned, what is scheduled, and where dates collide."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from curriculum.models import Audience, Cohort, Module, Session, SessionDay, Venue
from curriculum.models.schedule import SessionQuerySet
from curriculum.queries.editions import minutes_by_module
from curriculum.queries.trainers import Teaching, teachings
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
    teachings: tuple[Teaching, ...]
    planned_minutes: int
    scheduled_minutes: int
    conflicts: tuple[Conflict, ...]

    @property
    def is_cancelled(self) -> bool:
        """Cancelled alone or with its cohort; it stays in lists and counts nowhere."""
        return bool(self.session.cancelled_at or self.session.cohort.cancelled_at)

    @property
    def deviation(self) -> str:
        """How the days differ from what the units need; empty when they fit, or when nothing will be held."""
        if self.is_cancelled:
            return ""
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
    def held(self) -> tuple[ScheduleRow, ...]:
        """Without what was cancelled."""
        return tuple(row for row in self.rows if not row.is_cancelled)

    @property
    def planned_minutes(self) -> int:
        return sum(row.planned_minutes for row in self.held)

    @property
    def scheduled_minutes(self) -> int:
        return sum(row.scheduled_minutes for row in self.held)


def cohort_schedule(cohort: Cohort) -> CohortSchedule:
    """The whole schedule of a cohort; the number of queries does not depend on its sessions."""
    rows = schedule_rows(Session.objects.filter(cohort=cohort))
    modules = Module.objects.filter(edition=cohort.edition_id).prefetch_related("tracks")
    taken = audiences_by_module(row.session for row in rows if not row.is_cancelled)
    unscheduled = [module for module in modules if set(module.audiences) - taken.get(module.pk, set())]
    return CohortSchedule(rows=rows, unscheduled=tuple(unscheduled))


def audiences_by_module(sessions: Iterable[Session]) -> dict[int, set[Audience]]:
    """Who has a session to a module already, by the module's key."""
    taken: dict[int, set[Audience]] = defaultdict(set)
    for session in sessions:
        taken[session.module_id].update(session.audiences)
    return taken


def schedule_rows(sessions: SessionQuerySet) -> tuple[ScheduleRow, ...]:
    """These sessions by date, with everything that a table of them shows."""
    found = list(
        sessions.with_dates()
        .select_related("cohort", "module", "venue")
        .prefetch_related("days", "trainers", "confirmations", "module__tracks")
    )
    conflicts = conflicts_of(found)
    planned = minutes_by_module(session.module_id for session in found)
    return tuple(
        schedule_row(session, conflicts[session.pk], planned_minutes=planned.get(session.module_id, 0))
        for session in found
    )


def schedule_row(session: Session, conflicts: Iterable[Conflict], *, planned_minutes: int) -> ScheduleRow:
    return ScheduleRow(
        session=session,
        module=session.module,
        audiences=session.audiences,
        days=tuple(session.days.all()),
        venue=session.venue,
        trainers=tuple(session.trainers.all()),
        teachings=teachings(session),
        planned_minutes=planned_minutes,
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
    by_date = sessions_on({day.date for session in sessions for day in session.days.all()})
    return {
        session.pk: conflicts_on(session, [day.date for day in session.days.all()], by_date) for session in sessions
    }


def sessions_on(dates: Collection[datetime.date]) -> dict[datetime.date, list[Session]]:
    """What is held on these days, in any cohort; two queries."""
    days = (
        SessionDay.objects.filter(date__in=dates, session__in=Session.objects.not_cancelled())
        .select_related("session__cohort", "session__module", "session__venue")
        .prefetch_related("session__trainers")
    )
    by_date: dict[datetime.date, list[Session]] = defaultdict(list)
    for day in days:
        by_date[day.date].append(day.session)
    return by_date


def conflicts_on(
    session: Session, dates: Iterable[datetime.date], by_date: dict[datetime.date, list[Session]]
) -> list[Conflict]:
    """Whom and what this session would share on these dates; a cancelled one needs nobody."""
    if session.cancelled_at or session.cohort.cancelled_at:
        return []
    return [
        Conflict(date, subject, other)
        for date in dates
        for other in by_date.get(date, [])
        for subject in shared(session, other)
    ]


def shared(session: Session, other: Session) -> list[str]:
    """Names of the trainers and the venue that both sessions need; none for a session and itself."""
    if session.pk == other.pk:
        return []
    busy = {trainer.pk for trainer in other.trainers.all()}
    names = [trainer.get_full_name() for trainer in session.trainers.all() if trainer.pk in busy]
    return names + ([session.place] if session.venue_id and session.venue_id == other.venue_id else [])
