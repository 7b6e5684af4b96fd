"""Who was there for how long, and whether that is enough."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Cohort, Session, SessionDay
from netzkoord.lib.sentences import listed
from netzkoord.templatetags.german import NBSP, decimal_comma, long_date, ue
from participants.halves import COURSE, HalfDay, halves_of
from participants.models import Attendance, Presence, Registration
from participants.queries.search import sorted_by_name

MINUTES_PER_UE = 45
Key = tuple[int, int, str]
"""Number of the registration and of the day, and which half."""


@dataclass(frozen=True)
class HalfRecord:
    """One half of a day that a person was meant to be there; no presence means that none has been entered yet."""

    span: HalfDay
    presence: Presence | None

    @property
    def attended_minutes(self) -> int:
        return self.span.minutes if self.presence is Presence.PRESENT else 0


@dataclass(frozen=True)
class DayRecord:
    """One day that a person was meant to be there, in its halves."""

    session: Session
    day: SessionDay
    halves: tuple[HalfRecord, ...]

    @property
    def attended_minutes(self) -> int:
        return sum(half.attended_minutes for half in self.halves)

    @property
    def is_open(self) -> bool:
        """For at least one half nothing has been entered."""
        return any(half.presence is None for half in self.halves)

    @property
    def is_half(self) -> bool:
        """There for some of the day, but not for all of it."""
        return len({half.presence is Presence.PRESENT for half in self.halves}) > 1

    @property
    def is_over(self) -> bool:
        return ends_at(self.day) <= timezone.now()

    def missed_in_words(self, presence: Presence) -> str:
        """The date if the person missed something of the day in this way; with the half if only that."""
        missed = [half for half in self.halves if half.presence is presence]
        if not missed:
            return ""
        part = f" ({missed[0].span.half.label})" if len(missed) < len(self.halves) else ""
        return long_date(self.day.date) + part


@dataclass(frozen=True)
class AttendanceRecord:
    """The attendance of one person over all sessions that are for this person."""

    registration: Registration
    days: list[DayRecord]
    threshold_percent: int

    @property
    def planned_minutes(self) -> int:
        return sum(record.day.net_minutes for record in self.days)

    @property
    def attended_minutes(self) -> int:
        return sum(record.attended_minutes for record in self.days)

    @property
    def missed_minutes(self) -> int:
        """What is entered as not attended, and can be made up."""
        halves = (half for record in self.days for half in record.halves)
        return sum(half.span.minutes for half in halves if half.presence in MISSED_WORDS)

    @property
    def planned_ue(self) -> float:
        return self.planned_minutes / MINUTES_PER_UE

    @property
    def attended_ue(self) -> float:
        return self.attended_minutes / MINUTES_PER_UE

    @property
    def percent(self) -> int:
        """Rounded down, so that 79.9 never reads as the 80 that are needed."""
        return int(self.attended_minutes * 100 // self.planned_minutes) if self.planned_minutes else 0

    @property
    def is_over(self) -> bool:
        return all(record.is_over for record in self.days)

    @property
    def open_days(self) -> list[datetime.date]:
        """Days that are over and not entered as a whole."""
        return [record.day.date for record in self.days if record.is_over and record.is_open]

    @property
    def is_enough(self) -> bool:
        """Attended at least the share that the cohort demands, whatever may still come."""
        return 0 < self.planned_minutes * self.threshold_percent <= self.attended_minutes * 100

    @property
    def fulfils(self) -> bool:
        """All days are over and entered, and the share is reached."""
        return self.is_over and not self.open_days and self.is_enough

    @property
    def reason(self) -> str:
        """Why the rule is not fulfilled, in words; empty when it is."""
        if self.fulfils:
            return ""
        if not self.planned_minutes:
            return "Für dieses Angebot sind keine Termine geplant."
        if self.open_days:
            return f"Anwesenheit für {dates_in_words(self.open_days)} fehlt noch."
        if not self.is_over:
            last_on = max(record.day.date for record in self.days)
            return f"Die Termine gehen noch bis {long_date(last_on)}."
        share = f"{decimal_comma(self.attended_ue)} von {ue(self.planned_minutes)}, {self.percent}{NBSP}%"
        return f"{share} – nötig sind {self.threshold_percent}{NBSP}%; {self.missed}."

    @property
    def missed(self) -> str:
        """What was not attended, in words: „gefehlt: 10. Oktober 2017 (Nachmittag)“."""
        parts = []
        for presence, word in MISSED_WORDS.items():
            dates = [words for record in self.days if (words := record.missed_in_words(presence))]
            if dates:
                parts.append(f"{word}: {listed(dates)}")
        return "; ".join(parts)


MISSED_WORDS = {Presence.ABSENT: "gefehlt", Presence.EXCUSED: "entschuldigt"}


def attendance_of(cohort: Cohort) -> list[AttendanceRecord]:
    """Everyone accepted with the days of the own track, by name; six queries for any number of people.

    Of a session that was cancelled only those days count on which somebody's attendance was taken: they were held.
    """
    return attendance_of_all([cohort])[cohort.pk]


def attendance_of_all(cohorts: Sequence[Cohort]) -> dict[int, list[AttendanceRecord]]:
    """The same for several cohorts, in as many queries."""
    keys = {cohort.pk: cohort for cohort in cohorts}
    people = (
        Registration.objects.accepted().filter(cohort__in=keys).select_related("tandem__municipality", "person")
    )
    entered: dict[Key, Presence] = {
        (entry.registration_id, entry.day_id, entry.half): Presence(entry.presence)
        for entry in Attendance.objects.filter(registration__cohort__in=keys)
    }
    counting = [
        (session, day, halves_of(day))
        for session, day in days_that_count(cohorts, held={day for _, day, _ in entered})
    ]
    records: dict[int, list[AttendanceRecord]] = {key: [] for key in keys}
    for person in sorted_by_name(people):
        days = [
            day_record(person, session, day, halves, entered)
            for session, day, halves in counting
            if session.cohort_id == person.cohort_id and person.role in session.audiences
        ]
        threshold = keys[person.cohort_id].attendance_threshold_percent
        records[person.cohort_id].append(AttendanceRecord(person, days, threshold_percent=threshold))
    return records


def day_record(
    person: Registration,
    session: Session,
    day: SessionDay,
    halves: Iterable[HalfDay],
    entered: Mapping[Key, Presence],
) -> DayRecord:
    records = (HalfRecord(span, entered.get((person.pk, day.pk, span.half))) for span in halves)
    return DayRecord(session, day, tuple(records))


def days_that_count(cohorts: Sequence[Cohort], *, held: set[int]) -> list[tuple[Session, SessionDay]]:
    """The days of all sessions by date of the session; of cancelled ones those in `held` (keys of days)."""
    cancelled = {cohort.pk for cohort in cohorts if cohort.cancelled_at}
    return [
        (session, day)
        for session in sessions_with_days(*cohorts)
        for day in session.days.all()
        if day.pk in held or not (session.cancelled_at or session.cohort_id in cancelled)
    ]


def sessions_with_days(*cohorts: Cohort) -> Iterable[Session]:
    sessions = Session.objects.filter(cohort__in=cohorts).with_dates().select_related("module", "venue")
    return sessions.prefetch_related("days", COURSE)


def ends_at(day: SessionDay) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day.date, day.ends_at))


def dates_in_words(dates: Iterable[datetime.date]) -> str:
    """„7. Dezember 2017 und 8. Dezember 2017“"""
    return listed([long_date(date) for date in dates])
