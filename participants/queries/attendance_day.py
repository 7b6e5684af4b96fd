"""The page on which the attendance of one day is entered: who, each half, who changed it last."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Session, SessionDay
from netzkoord.templatetags.german import german_datetime, german_time, ue
from participants.halves import COURSE_OF_DAY, HalfDay, halves_of
from participants.models import Attendance, Half, Presence, Registration
from participants.queries.attendance import Key
from participants.queries.search import matches, sorted_by_name


@dataclass(frozen=True)
class PersonHalf:
    """One person in one half of the day."""

    person: Registration
    span: HalfDay
    entry: Attendance | None

    @property
    def name(self) -> str:
        """Ends the names of its fields."""
        return f"{self.person.pk}-{self.span.half}"

    @property
    def presence(self) -> str:
        return self.entry.presence if self.entry else ""

    @property
    def note(self) -> str:
        return self.entry.note if self.entry else ""

    @property
    def last(self) -> str:
        return last_change(self.entry)


@dataclass(frozen=True)
class PersonRow:
    """One person on the page, with the minutes of the whole session."""

    person: Registration
    halves: list[PersonHalf]
    attended_minutes: int
    planned_minutes: int

    @property
    def ue(self) -> str:
        return f"{ue(self.attended_minutes)} von {ue(self.planned_minutes)}"


@dataclass(frozen=True)
class DayPage:
    """Everything that is shown of one day; `everybody` are all people of the session, `rows` those searched for."""

    day: SessionDay
    halves: tuple[HalfDay, ...]
    rows: list[PersonRow]
    everybody: list[Registration]
    entered: Mapping[Key, Attendance]

    def open_count(self, half: Half) -> int:
        return sum((person.pk, self.day.pk, half) not in self.entered for person in self.everybody)

    @property
    def open_counts(self) -> list[tuple[HalfDay, int]]:
        return [(span, self.open_count(span.half)) for span in self.halves]

    @property
    def own_entries(self) -> dict[tuple[int, str], Attendance]:
        """Entries of this day, by person and half."""
        return {(person, half): row for (person, day, half), row in self.entered.items() if day == self.day.pk}

    @property
    def attended_minutes(self) -> int:
        return sum(row.attended_minutes for row in self.rows)

    @property
    def planned_minutes(self) -> int:
        return sum(row.planned_minutes for row in self.rows)


def last_change(entry: Attendance | None) -> str:
    """„Dr. Sommer, 9:12 Uhr“, with the date when it was not today; empty where nobody is known."""
    if entry is None or not (entry.changed_by or entry.is_self_reported):
        return ""
    moment = timezone.localtime(entry.changed_at)
    is_today = moment.date() == timezone.localdate()
    when = f"{german_time(moment.time())}\u00a0Uhr" if is_today else german_datetime(moment)
    return f"{'selbst eingetragen' if entry.is_self_reported else entry.changed_by}, {when}"


def session_days(session: Session) -> list[SessionDay]:
    """The days of a session with their course; two queries."""
    return list(session.days.prefetch_related(COURSE_OF_DAY))


def people_of(session: Session) -> list[Registration]:
    """Who is meant to be there, by name; one query."""
    people = Registration.objects.of_session(session).select_related("tandem__municipality")
    return sorted_by_name(people)


def day_page(session: Session, days: Sequence[SessionDay], day: SessionDay, *, search: str = "") -> DayPage:
    """The page of `day`, one of the `days` of the session; two queries."""
    rows = Attendance.objects.filter(day__session=session).select_related("changed_by")
    entered = {(row.registration_id, row.day_id, row.half): row for row in rows}
    everybody = people_of(session)
    spans = {each.pk: halves_of(each) for each in days}
    return DayPage(
        day=day,
        halves=spans[day.pk],
        rows=[
            person_row(person, spans.values(), day, entered)
            for person in everybody
            if matches(search, person.full_name, person.tandem.municipality.name, person.organisation)
        ],
        everybody=everybody,
        entered=entered,
    )


def person_row(
    person: Registration,
    days: Iterable[tuple[HalfDay, ...]],
    shown: SessionDay,
    entered: Mapping[Key, Attendance],
) -> PersonRow:
    halves = [
        PersonHalf(person, span, entered.get((person.pk, span.day.pk, span.half))) for day in days for span in day
    ]
    return PersonRow(
        person=person,
        halves=[half for half in halves if half.span.day.pk == shown.pk],
        attended_minutes=sum(half.span.minutes for half in halves if half.presence == Presence.PRESENT),
        planned_minutes=sum(half.span.minutes for half in halves),
    )


def day_to_show(days: Sequence[SessionDay], wanted: str, *, until: datetime.date) -> SessionDay | None:
    """The day asked for by its number, else the latest that has come; None while all lie ahead."""
    held = [day for day in days if day.date <= until]
    named = [day for day in held if str(day.pk) == wanted]
    return next(iter(named or held[-1:]), None)
