"""The plan of a cohort: a line for each module, what is entered there, and what speaks against it."""

import datetime
import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from django.db.models import Count, Prefetch
from django.utils import timezone

from curriculum.models import Audience, Cohort, Module, Session, SessionAudience, SessionDay, Venue
from curriculum.planning import (
    DAY,
    MAX_WEEKS,
    USUAL_HOURS,
    USUAL_WEEKS,
    WEEK,
    WORKING_DAYS,
    Hours,
    days_from,
    monday_of,
)
from curriculum.queries.editions import minutes_by_module
from netzkoord.lib import free_days
from netzkoord.lib.sentences import listed
from netzkoord.lib.states import State
from netzkoord.models import User
from netzkoord.templatetags.german import NBSP, german_date, german_time, ue

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True)
class Entry:
    """What one line of the plan says; without a first day the module has no session yet."""

    audience: SessionAudience
    first_on: datetime.date | None = None
    day_count: int = 1
    hours: Hours = USUAL_HOURS
    venue: Venue | None = None
    online_url: str = ""
    trainers: tuple[User, ...] = ()
    fallback_state: str = ""

    @property
    def state(self) -> str:
        """The Land whose holidays count: that of the venue, else that of the plan."""
        return (self.venue.state if self.venue else "") or self.fallback_state

    @property
    def dates(self) -> tuple[datetime.date, ...]:
        return days_from(self.first_on, self.day_count, self.state) if self.first_on else ()

    @property
    def minutes(self) -> int:
        return self.hours.net_minutes * len(self.dates)

    @property
    def fingerprint(self) -> str:
        """The same text for the same content; undated lines are all alike, since nothing of them is stored."""
        if not self.first_on:
            return "-"
        trainers = ",".join(str(pk) for pk in sorted(trainer.pk for trainer in self.trainers))
        venue = self.venue.pk if self.venue else ""
        hours = self.hours.fingerprint
        parts = (self.audience, self.first_on, self.day_count, hours, venue, self.online_url, trainers)
        return "|".join(str(part) for part in parts)

    @property
    def text(self) -> str:
        """In one line, for somebody who is to compare it with another entry."""
        if not self.first_on:
            return "noch ohne Termin"
        days = f"{self.day_count}{NBSP}{'Tag' if self.day_count == 1 else 'Tage'}"
        hours = f"{german_time(self.hours.starts_at)}–{german_time(self.hours.ends_at)}{NBSP}Uhr"
        trainers = ", ".join(trainer.get_full_name() for trainer in self.trainers) or "noch niemand"
        return f"{german_date(self.first_on)}, {days}, {hours}, {self.place}, Training: {trainers}"

    @property
    def place(self) -> str:
        return Session(venue=self.venue, online_url=self.online_url).place

    @property
    def is_place_open(self) -> bool:
        return self.venue is None and not self.online_url


@dataclass(frozen=True)
class PlanLine:
    """A module and the session of this cohort that holds it, if there is one already.

    `key` is the same before and after the session is stored, so that a double click finds what the first made.
    """

    key: str
    module: Module
    audiences: tuple[Audience, ...]
    planned_minutes: int
    session: Session | None
    entry: Entry
    days: tuple[SessionDay, ...] = ()
    days_with_agenda: tuple[int, ...] = ()
    is_split: bool = False

    @property
    def name(self) -> str:
        """„K1“; with the audience where the module has a line for each."""
        return self.module.code + self.part

    @property
    def title(self) -> str:
        return f"{self.module}{self.part}"

    @property
    def part(self) -> str:
        return f" ({self.entry.audience.label})" if self.is_split else ""

    @property
    def is_plain(self) -> bool:
        """A first day, a number of days and the same hours each day say all; else the session has its own page."""
        hours = {(day.starts_at, day.ends_at, day.break_minutes) for day in self.days}
        return len(hours) <= 1 and tuple(day.date for day in self.days) == self.entry.dates


def plan_lines(cohort: Cohort, *, state: str = "") -> list[PlanLine]:
    """A line for each session that is not cancelled, and one for each module still to be dated.

    `state` is the Land for lines whose venue names none, if somebody has chosen one. Six queries, however many
    modules.
    """
    modules = list(Module.objects.filter(edition=cohort.edition_id).prefetch_related("tracks"))
    minutes = minutes_by_module(modules)
    sessions = stored_sessions(cohort)
    state = state or fallback_state(sessions)
    by_module: dict[int, list[Session]] = defaultdict(list)
    for session in sessions:
        by_module[session.module_id].append(session)
    return [
        line
        for module in modules
        for line in lines_of(module, minutes.get(module.pk, 0), by_module[module.pk], state)
    ]


def stored_sessions(cohort: Cohort) -> list[Session]:
    days = SessionDay.objects.annotate(agenda_count=Count("agenda")).order_by("date")
    return list(
        Session.objects.filter(cohort=cohort, cancelled_at__isnull=True)
        .select_related("venue")
        .prefetch_related(Prefetch("days", days), "trainers")
        .order_by("pk")
    )


def fallback_state(sessions: Iterable[Session]) -> str:
    """The Land of the first venue that names one, for lines whose place names none."""
    return next((session.venue.state for session in sessions if session.venue and session.venue.state), "")


def lines_of(module: Module, minutes: int, sessions: Sequence[Session], state: str) -> list[PlanLine]:
    audiences = module.audiences
    lines = [stored_line(module, minutes, number, session, state) for number, session in enumerate(sessions)]
    missing = set(audiences) - {audience for session in sessions for audience in session.audiences}
    if missing or not sessions:
        entry = Entry(SessionAudience.of(missing or audiences), fallback_state=state)
        lines.append(PlanLine(f"m{module.pk}-{len(sessions)}", module, audiences, minutes, None, entry))
    return [replace(line, is_split=True) for line in lines] if len(lines) > 1 else lines


def stored_line(module: Module, minutes: int, number: int, session: Session, state: str) -> PlanLine:
    days = tuple(session.days.all())
    first = days[0] if days else None
    entry = Entry(
        audience=SessionAudience(session.audience),
        first_on=first.date if first else None,
        day_count=len(days) or 1,
        hours=Hours(first.starts_at, first.ends_at, first.break_minutes) if first else USUAL_HOURS,
        venue=session.venue,
        online_url=session.online_url,
        trainers=tuple(session.trainers.all()),
        fallback_state=state,
    )
    return PlanLine(
        key=f"m{module.pk}-{number}",
        module=module,
        audiences=module.audiences,
        planned_minutes=minutes,
        session=session,
        entry=entry,
        days=days,
        days_with_agenda=tuple(index for index, day in enumerate(days) if getattr(day, "agenda_count", 0)),
    )


# What a proposal starts from


@dataclass(frozen=True)
class PlanTerms:
    """When the proposed sessions begin, and what they have in common."""

    first_on: datetime.date | None
    weeks_between: int = USUAL_WEEKS
    state: str = ""
    hours: Hours = USUAL_HOURS
    venue: Venue | None = None
    trainers: tuple[User, ...] = ()


def usual_terms(lines: Iterable[PlanLine], *, state: str = "") -> PlanTerms:
    """What most lines with a date have in common, from their first day on."""
    dated = [line.entry for line in lines if line.entry.first_on]
    beginnings = sorted(entry.first_on for entry in dated if entry.first_on)
    distances = [weeks_apart(*pair) for pair in itertools.pairwise(beginnings)]
    return PlanTerms(
        first_on=beginnings[0] if beginnings else None,
        weeks_between=commonest([weeks for weeks in distances if 1 <= weeks <= MAX_WEEKS], USUAL_WEEKS),
        state=state,
        hours=commonest([entry.hours for entry in dated], USUAL_HOURS),
        venue=commonest([entry.venue for entry in dated], None),
        trainers=commonest([entry.trainers for entry in dated], ()),
    )


def weeks_apart(one: datetime.date, other: datetime.date) -> int:
    return (monday_of(other) - monday_of(one)) // WEEK


def commonest(values: Sequence[Value], otherwise: Value) -> Value:
    return Counter(values).most_common(1)[0][0] if values else otherwise


def first_day_sentence(wished: datetime.date, entry: Entry) -> str:
    """Why the first proposed session begins later than it was wished; empty where it does not."""
    if entry.first_on in (wished, None):
        return ""
    days = days_from(wished, entry.day_count, entry.state)
    obstacles = [sentence for day in days if (sentence := obstacle(day, entry.state))]
    if obstacles:
        reason = obstacles[0]
    elif entry.day_count > WORKING_DAYS and wished.weekday():
        reason = "Ein Termin von mehr als einer Woche beginnt an einem Montag"
    else:
        reason = "An diesen Tagen ist schon ein anderer Termin"
    return f"{reason}, deshalb beginnt der Vorschlag am {german_date(entry.first_on)}."


def obstacle(date: datetime.date, state: str) -> str:
    """Why nothing is proposed for this day, as half a sentence; empty for a working day."""
    if name := free_days.public_holiday(date, state) or free_days.between_the_years(date):
        return f"{german_date(date)} {'liegt' if name.startswith('zwischen') else 'ist'} {name}"
    return f"{german_date(date)} liegt am Wochenende" if free_days.weekend_day(date) else ""


# What speaks against it


@dataclass(frozen=True)
class Hint:
    """One sentence beside a line: „due“ where something should be changed, „info“ where it should be known."""

    kind: str
    text: str


@dataclass(frozen=True)
class Facts:
    """What follows from a line: its days in words, its time, and the hints."""

    dates: tuple[datetime.date, ...]
    planned_minutes: int
    scheduled_minutes: int
    hints: tuple[Hint, ...]

    @property
    def days_text(self) -> str:
        """„Mo, 1. März 2027 bis Di, 2. März 2027“"""
        ends = dict.fromkeys((self.dates[0], self.dates[-1])) if self.dates else ()
        return " bis ".join(german_date(date) for date in ends)

    @cached_property
    def deviation(self) -> str:
        """How the time differs from what the units need; empty when it fits, or without a date."""
        minutes = self.scheduled_minutes - self.planned_minutes
        if not self.dates or not minutes:
            return ""
        how_much = f"{ue(abs(minutes))} ({abs(minutes)}{NBSP}Minuten)"
        return f"{how_much} mehr als geplant" if minutes > 0 else f"{how_much} zu wenig"

    @property
    def all_hints(self) -> tuple[Hint, ...]:
        """Those on the days, after that on how long they last."""
        return (Hint("due", self.deviation), *self.hints) if self.deviation else self.hints

    @property
    def is_due(self) -> bool:
        """Something speaks against one of the days; how long they last is another matter."""
        return any(hint.kind == "due" for hint in self.hints)


def plan_facts(cohort: Cohort, entries: Mapping[str, Entry], lines: Sequence[PlanLine]) -> dict[str, Facts]:
    """What follows from these entries, by the key of the line; three queries."""
    dates = {line.key: dates_of(line, entries) for line in lines}
    needs = needs_by_date(cohort, entries, lines, dates)
    return {
        line.key: Facts(
            dates=dates[line.key],
            planned_minutes=line.planned_minutes,
            scheduled_minutes=minutes_of(line, entries),
            hints=(
                *calendar_hints(dates[line.key], entry_of(line, entries).state),
                *closing_hints(cohort, dates[line.key]),
                *order_hints(line, lines[:place], dates),
                *conflict_hints(line, entry_of(line, entries), dates[line.key], needs),
            ),
        )
        for place, line in enumerate(lines)
    }


def entry_of(line: PlanLine, entries: Mapping[str, Entry]) -> Entry:
    return entries.get(line.key, line.entry)


def dates_of(line: PlanLine, entries: Mapping[str, Entry]) -> tuple[datetime.date, ...]:
    return entry_of(line, entries).dates if line.is_plain else tuple(day.date for day in line.days)


def minutes_of(line: PlanLine, entries: Mapping[str, Entry]) -> int:
    return entry_of(line, entries).minutes if line.is_plain else sum(day.net_minutes for day in line.days)


def calendar_hints(dates: Sequence[datetime.date], state: str) -> list[Hint]:
    """Weekends, holidays, school holidays and the past."""
    where = f"in {State(state).label}" if state else "in ganz Deutschland"
    hints = []
    if weekend := [date for date in dates if free_days.weekend_day(date)]:
        verb = "liegt" if len(weekend) == 1 else "liegen"
        hints.append(Hint("due", f"{in_words(weekend)} {verb} am Wochenende."))
    for date in dates:
        if name := free_days.public_holiday(date, state):
            hints.append(Hint("due", f"{german_date(date)} ist {where} ein Feiertag: {name}."))
        elif name := free_days.between_the_years(date):
            hints.append(Hint("due", f"{german_date(date)}: {name}."))
    if dates and dates[0] < timezone.localdate():
        hints.append(Hint("due", "Der erste Tag liegt in der Vergangenheit."))
    return hints + school_hints(dates, state, where)


def closing_hints(cohort: Cohort, dates: Iterable[datetime.date]) -> list[Hint]:
    """People could still register when the course has begun."""
    if min(dates, default=datetime.date.max) > cohort.registration_closes_on:
        return []
    closes_on = german_date(cohort.registration_closes_on)
    return [
        Hint(
            "due",
            f"Der Termin liegt nicht nach dem Anmeldeschluss, {closes_on}. Bitte ändern Sie einen der beiden.",
        )
    ]


def school_hints(dates: Sequence[datetime.date], state: str, where: str) -> list[Hint]:
    names = dict.fromkeys(name for date in dates if (name := free_days.school_holiday(date, state)))
    hints = [Hint("info", f"Dann ist {where} schulfrei: {name}.") for name in names]
    if free_days.unknown_school_holidays(dates, state):
        until = german_date(free_days.school_holidays_known_until(state))
        hints.append(Hint("info", f"Schulferien sind {where} erst bis {until} bekannt, hier also nicht geprüft."))
    return hints


def order_hints(
    line: PlanLine, above: Iterable[PlanLine], dates: Mapping[str, Sequence[datetime.date]]
) -> list[Hint]:
    """A module that begins before one that stands above it for the same people."""
    own = dates[line.key]
    overtaken = [
        other.name
        for other in above
        if own and dates[other.key] and own[0] < dates[other.key][0] and {*line.audiences} & {*other.audiences}
    ]
    return [Hint("info", f"Beginnt vor {', '.join(dict.fromkeys(overtaken))}.")] if overtaken else []


@dataclass(frozen=True)
class Need:
    """Whom and what a session needs on its days: one of this plan, which has a key, or one of another cohort.

    `audiences` are those of this cohort; people of another one can be in two places.
    """

    key: str
    name: str
    trainers: frozenset[int]
    venue: int | None
    audiences: frozenset[Audience] = frozenset()


def needs_by_date(
    cohort: Cohort,
    entries: Mapping[str, Entry],
    lines: Sequence[PlanLine],
    dates: Mapping[str, Sequence[datetime.date]],
) -> dict[datetime.date, list[Need]]:
    """What is held on the days of this plan, here and in other cohorts; three queries."""
    needs: dict[datetime.date, list[Need]] = defaultdict(list)
    for line in lines:
        need = planned_need(line, entry_of(line, entries))
        for date in dates[line.key]:
            needs[date].append(need)
    for date, need in needs_elsewhere(cohort, list(needs)):
        needs[date].append(need)
    return needs


def needs_elsewhere(cohort: Cohort, dates: Collection[datetime.date]) -> list[tuple[datetime.date, Need]]:
    """What other cohorts hold on these days; three queries."""
    elsewhere = Session.objects.not_cancelled().exclude(cohort=cohort)
    days = SessionDay.objects.filter(date__in=dates, session__in=elsewhere).values_list("date", "session")
    sessions = elsewhere.select_related("cohort", "module").in_bulk({key for _, key in days})
    trainers: dict[int, set[int]] = defaultdict(set)
    for key, trainer in Session.trainers.through.objects.filter(session__in=sessions).values_list(
        "session", "user"
    ):
        trainers[key].add(trainer)
    return [(date, stored_need(sessions[key], trainers[key])) for date, key in days]


def planned_need(line: PlanLine, entry: Entry) -> Need:
    return Need(
        key=line.key,
        name=f"„{line.title}“",
        trainers=frozenset(trainer.pk for trainer in entry.trainers),
        venue=entry.venue.pk if entry.venue else None,
        audiences=frozenset(entry.audience.audiences),
    )


def stored_need(session: Session, trainers: Iterable[int]) -> Need:
    return Need("", f"„{session}“ ({session.cohort})", trainers=frozenset(trainers), venue=session.venue_id)


def conflict_hints(
    line: PlanLine,
    entry: Entry,
    dates: Iterable[datetime.date],
    needs: Mapping[datetime.date, Sequence[Need]],
) -> list[Hint]:
    """People and the venue, where another session needs them on the same day."""
    days: dict[str, dict[datetime.date, None]] = defaultdict(dict)
    for date in dates:
        for other in needs[date]:
            for sentence in shared(entry, other) if other.key != line.key else ():
                days[sentence][date] = None
    return [Hint("due", f"{in_words(list(several))}: {sentence}") for sentence, several in days.items()]


def shared(entry: Entry, other: Need) -> list[str]:
    """What both need, a sentence for each."""
    busy = [trainer.get_full_name() for trainer in entry.trainers if trainer.pk in other.trainers]
    if entry.venue is not None and entry.venue.pk == other.venue:
        busy.append(str(entry.venue))
    people = other.audiences.intersection(entry.audience.audiences)
    together = [f"Für dieselben Personen ist auch {other.name}."] if people else []
    return together + [f"{subject} ist auch bei {other.name}." for subject in busy]


def in_words(dates: Sequence[datetime.date]) -> str:
    """„A und B“, „A bis C“, „A bis C und E“: from three days in a row on only the first and the last."""
    runs: list[list[datetime.date]] = []
    for date in sorted(dates):
        if runs and runs[-1][-1] + DAY == date:
            runs[-1].append(date)
        else:
            runs.append([date])
    return listed([part for run in runs for part in run_in_words([german_date(date) for date in run])])


def run_in_words(run: list[str]) -> list[str]:
    return run if len(run) < 3 else [f"{run[0]} bis {run[-1]}"]
