"""Attendance and certificates of the demo's past cohort."""

import datetime

from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.models import User
from participants.actions.certificates import issue_certificates
from participants.models import Attendance, Presence, Registration
from participants.queries.attendance import DayRecord, attendance_of, sessions_with_days

ISSUED_AFTER = datetime.timedelta(days=6)

# Person (by name within the role, the demo's accounts left out) → day (by date) → what is not "there all day".
EXCEPTIONS = {
    Audience.MANAGER: {2: {1: Presence.EXCUSED}, 5: {0: Presence.HALF}},
    Audience.COORDINATOR: {
        1: {2: Presence.HALF},
        4: {2: Presence.EXCUSED, 3: Presence.EXCUSED},
        7: {5: Presence.ABSENT},
    },
}


def fill_attendance(cohort: Cohort) -> None:
    """Everyone was there, but for a few: one manager and one coordinator miss the rule of 80 %."""
    entries = []
    for audience, exceptions in EXCEPTIONS.items():
        records = [record for record in attendance_of(cohort) if record.registration.role == audience]
        others = [record.registration.pk for record in records if not is_account(record.registration)]
        missed = {others[index]: days for index, days in exceptions.items()}
        for record in records:
            for number, day in enumerate(record.days):
                presence = missed.get(record.registration.pk, {}).get(number, Presence.FULL)
                entries.append(entry(record.registration.pk, day, presence))
    Attendance.objects.bulk_create(entries)


def is_account(registration: Registration) -> bool:
    """One of the accounts that the demo names: they have something to show."""
    return registration.email.endswith("@netzkoord.example")


def entry(registration: int, record: DayRecord, presence: Presence) -> Attendance:
    return Attendance(registration_id=registration, day=record.day, presence=presence)


def fill_certificates(cohort: Cohort, *, by: User) -> None:
    """Certificates for everyone who fulfils the rule; the papers are rendered by the worker."""
    last_day = max(day.date for session in sessions_with_days(cohort) for day in session.days.all())
    issued_at = timezone.make_aware(datetime.datetime.combine(last_day + ISSUED_AFTER, datetime.time(11, 30)))
    issue_certificates(cohort=cohort, by=by, issued_at=issued_at)
