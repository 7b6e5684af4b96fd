"""Who was there for how long; whether that is enough, `participants.entitlement` says."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Cohort, Session, SessionDay
from netzkoord.lib.sentences import listed
from netzkoord.templatetags.german import long_date
from participants.halves import COURSE, HalfDay, halves_of
from participants.models import Attendance, Presence, Registration
from participants.models.registrations import RegistrationQuerySet
from participants.queries.search import sorted_by_name

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
    def is_over(self) -> bool:
        return all(record.is_over for record in self.days)

    @property
    def open_days(self) -> list[datetime.date]:
        """Days that are over and not entered as a whole."""
        return [record.day.date for record in self.days if record.is_over and record.is_open]

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
    return attendance_of_people(cohort.registrations.accepted(), cohorts=[cohort])[cohort.pk]


def attendance_of_people(
    people: RegistrationQuerySet, *, cohorts: Sequence[Cohort]
) -> dict[int, list[AttendanceRecord]]:
    """That of these people, who belong to these cohorts; nothing is read of anybody else. Five queries.

    One more where a session was cancelled.
    """
    entered: dict[Key, Presence] = {
        (entry.registration_id, entry.day_id, entry.half): Presence(entry.presence)
        for entry in Attendance.objects.filter(registration__in=people)
    }
    counting = [(session, day, halves_of(day)) for session, day in days_that_count(cohorts)]
    records: dict[int, list[AttendanceRecord]] = {cohort.pk: [] for cohort in cohorts}
    for person in sorted_by_name(people.select_related("tandem__municipality", "person")):
        days = [
            day_record(person, session, day, halves, entered)
            for session, day, halves in counting
            if session.cohort_id == person.cohort_id and person.role in session.audiences
        ]
        records[person.cohort_id].append(AttendanceRecord(person, days))
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


def days_that_count(cohorts: Sequence[Cohort]) -> list[tuple[Session, SessionDay]]:
    """The days of all sessions by date of the session; of cancelled ones those that were held."""
    cancelled_cohorts = {cohort.pk for cohort in cohorts if cohort.cancelled_at}
    days = [(session, day) for session in sessions_with_days(*cohorts) for day in session.days.all()]
    cancelled = {day.pk for session, day in days if session.cancelled_at or session.cohort_id in cancelled_cohorts}
    not_held = cancelled - held_among(cancelled)
    return [(session, day) for session, day in days if day.pk not in not_held]


def held_among(days: set[int]) -> set[int]:
    """On which somebody's attendance was taken. One query, none for no day."""
    return set(Attendance.objects.filter(day__in=days).values_list("day", flat=True).distinct())


def sessions_with_days(*cohorts: Cohort) -> Iterable[Session]:
    sessions = Session.objects.filter(cohort__in=cohorts).with_dates().select_related("module", "venue")
    return sessions.prefetch_related("days", COURSE)


def ends_at(day: SessionDay) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day.date, day.ends_at))
