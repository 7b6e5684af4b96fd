"""The course of a session (Ablaufplan) with clock times, and how it differs from plan and frame."""

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from curriculum.agenda import MINUTES_PER_DAY, clock, minute_of, starts
from curriculum.models import AgendaItem, AgendaKind, Session, SessionDay, Unit
from netzkoord.templatetags.german import german_time

# What pages and papers prefetch before they ask for an agenda.
AGENDA = Prefetch("days__agenda", queryset=AgendaItem.objects.select_related("unit").order_by("position", "pk"))


@dataclass(frozen=True)
class AgendaRow:
    """One point with its clock times; a unit that goes on after a break says so."""

    item: AgendaItem
    label: str
    starts_at: datetime.time
    ends_at: datetime.time

    @property
    def minutes(self) -> int:
        return self.item.minutes

    @property
    def is_break(self) -> bool:
        return self.item.is_break


@dataclass(frozen=True)
class AgendaDay:
    """The points of one day in their order; `deviations` are sentences."""

    day: SessionDay
    rows: tuple[AgendaRow, ...]
    end: int

    @property
    def ends_at(self) -> datetime.time:
        return clock(self.end)

    @property
    def break_minutes(self) -> int:
        return sum(row.minutes for row in self.rows if row.is_break)

    @property
    def fits(self) -> bool:
        return not self.deviations

    @property
    def deviations(self) -> list[str]:
        if not self.rows:
            return []
        return [*self.deviating_end(), *self.deviating_breaks()]

    def deviating_end(self) -> Iterable[str]:
        if self.end >= MINUTES_PER_DAY:
            yield "Der Ablauf reicht über Mitternacht hinaus. Bitte kürzen Sie ihn oder verteilen Sie ihn anders."
        elif self.end != minute_of(self.day.ends_at):
            ends, frame = german_time(self.ends_at), german_time(self.day.ends_at)
            yield f"Der Ablauf endet um {ends}\u00a0Uhr, der Tag um {frame}\u00a0Uhr."

    def deviating_breaks(self) -> Iterable[str]:
        if self.break_minutes != self.day.break_minutes:
            frame = self.day.break_minutes
            yield f"Pausen im Ablauf: {self.break_minutes}\u00a0Minuten, im Rahmen des Tages: {frame}."


@dataclass(frozen=True)
class SessionAgenda:
    """The course of a whole session."""

    session: Session
    days: tuple[AgendaDay, ...]
    units: tuple[Unit, ...]

    @property
    def is_empty(self) -> bool:
        return not any(day.rows for day in self.days)

    @property
    def has_report_point(self) -> bool:
        return any(row.item.kind == AgendaKind.REPORT for day in self.days for row in day.rows)

    @property
    def is_whole(self) -> bool:
        """Every day has its course."""
        return bool(self.days) and all(day.rows for day in self.days)

    @property
    def planned_minutes(self) -> int:
        return sum(unit.minutes for unit in self.units)

    @property
    def placed_minutes(self) -> int:
        return sum(row.minutes for day in self.days for row in day.rows if not row.is_break)

    @property
    def scheduled_minutes(self) -> int:
        return sum(day.day.net_minutes for day in self.days)

    @property
    def placed(self) -> Counter[int]:
        """Minutes of each unit, by its key, that are in the agenda."""
        return placed_minutes(day.day for day in self.days)

    @property
    def fits(self) -> bool:
        return not self.deviations and all(day.fits for day in self.days)

    @property
    def deviations(self) -> list[str]:
        """Units that are missing, or shorter or longer than planned; nothing while there is no agenda."""
        if self.is_empty:
            return []
        placed = self.placed
        return [text for unit in self.units if (text := deviation_of(unit, placed[unit.pk]))]


def deviation_of(unit: Unit, placed: int) -> str:
    if not placed:
        return f"„{unit}“ ist noch nicht eingeplant ({unit.minutes}\u00a0Minuten)."
    if placed < unit.minutes:
        return f"„{unit}“: {placed} von {unit.minutes}\u00a0Minuten eingeplant."
    if placed > unit.minutes:
        return f"„{unit}“: {placed - unit.minutes}\u00a0Minuten mehr, als der Baustein vorsieht."
    return ""


def placed_minutes(days: Iterable[SessionDay]) -> Counter[int]:
    """Minutes per unit on these days; reads the prefetched agenda."""
    found: Counter[int] = Counter()
    for day in days:
        for item in day.agenda.all():
            if item.unit_id:
                found[item.unit_id] += item.minutes
    return found


def agenda_days(session: Session) -> tuple[AgendaDay, ...]:
    """The days with their points; reads what `AGENDA` has prefetched."""
    seen: set[int] = set()
    return tuple(agenda_day(day, seen) for day in session.days.all())


def agenda_day(day: SessionDay, seen: set[int]) -> AgendaDay:
    """One day; `seen` are the units that have begun before, and grows."""
    items = list(day.agenda.all())
    moments = starts(minute_of(day.starts_at), (item.minutes for item in items))
    rows = []
    for item, begin, end in zip(items, moments, moments[1:], strict=False):
        rows.append(AgendaRow(item, label_of(item, seen), clock(begin), clock(end)))
        if item.unit_id:
            seen.add(item.unit_id)
    return AgendaDay(day=day, rows=tuple(rows), end=moments[-1])


def label_of(item: AgendaItem, seen: set[int]) -> str:
    return f"{item} (Fortsetzung)" if item.unit_id in seen else str(item)


def with_agenda(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions with everything that `session_agenda` reads; five queries however many there are."""
    return sessions.select_related("cohort", "module").prefetch_related("days", AGENDA, "module__units")


def session_agenda(session: Session) -> SessionAgenda:
    """Of a session that `with_agenda` has fetched."""
    return SessionAgenda(session=session, days=agenda_days(session), units=tuple(session.module.units.all()))


def course_print(session: Session) -> str:
    """Stands for exactly this course, so that a page that showed another one is noticed. One query."""
    items = AgendaItem.objects.filter(day__session=session).order_by("pk")
    rows = items.values_list("pk", "day", "position", "kind", "unit", "title", "minutes")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def read_agenda(session: Session) -> SessionAgenda:
    """The agenda of this session, read anew."""
    return session_agenda(with_agenda(Session.objects.filter(pk=session.pk)).get())
