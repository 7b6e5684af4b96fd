"""Attendance and certificates of the demo's past cohort."""

import datetime

from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.models import User
from participants.actions.certificates import issue_certificates
from participants.actions.designs import save_design
from participants.imprint import Imprint, Signatory
from participants.models import Attendance, Presence, Registration
from participants.queries.attendance import DayRecord, attendance_of, sessions_with_days

IMPRINT = Imprint(
    issuer="Institut für Netzwerkarbeit (erfunden)",
    place="Hannover",
    signatories=(
        Signatory("Dr. Frauke Petersen", "Leitung der Fortbildung"),
        Signatory("Jonas Albrecht", "Vorstand"),
    ),
)
ISSUED_AFTER = datetime.timedelta(days=6)

PRESENT, ABSENT, EXCUSED = Presence.PRESENT, Presence.ABSENT, Presence.EXCUSED
# Person (by name within the role, the demo's accounts left out) → day (by date) → morning and afternoon, where the
# person was not there all day.
EXCEPTIONS = {
    Audience.MANAGER: {2: {1: (EXCUSED, EXCUSED)}, 5: {0: (PRESENT, ABSENT)}},
    Audience.COORDINATOR: {
        1: {2: (PRESENT, EXCUSED)},
        4: {2: (EXCUSED, EXCUSED), 3: (EXCUSED, EXCUSED)},
        7: {5: (ABSENT, ABSENT)},
    },
}
NOTE = "per Mail abgemeldet: Sitzung des Rates"


def fill_attendance(cohort: Cohort) -> None:
    """Everyone was there, but for a few: one manager and one coordinator miss the rule of 80 %."""
    entries = []
    for audience, exceptions in EXCEPTIONS.items():
        records = [record for record in attendance_of(cohort) if record.registration.role == audience]
        others = [record.registration.pk for record in records if not is_account(record.registration)]
        missed = {others[index]: days for index, days in exceptions.items()}
        for record in records:
            for number, day in enumerate(record.days):
                presences = missed.get(record.registration.pk, {}).get(number, (PRESENT, PRESENT))
                entries += day_entries(record.registration.pk, day, presences)
    Attendance.objects.bulk_create(entries)


def is_account(registration: Registration) -> bool:
    """One of the accounts that the demo names: they have something to show."""
    return registration.email.endswith("@netzkoord.example")


def day_entries(registration: int, record: DayRecord, presences: tuple[Presence, Presence]) -> list[Attendance]:
    """Taken when the half was over by whoever teaches; reads the prefetched trainers."""
    return [
        Attendance(
            registration_id=registration,
            day=record.day,
            half=half.span.half,
            presence=presence,
            note=NOTE if presence is EXCUSED else "",
            changed_at=timezone.make_aware(datetime.datetime.combine(record.day.date, half.span.ends_at)),
            changed_by=next(iter(record.session.trainers.all()), None),
        )
        for half, presence in zip(record.halves, presences, strict=False)
    ]


def fill_certificates(cohort: Cohort, *, by: User) -> None:
    """Certificates for everyone who fulfils the rule; the papers are rendered by the worker."""
    last_day = max(day.date for session in sessions_with_days(cohort) for day in session.days.all())
    issued_at = timezone.make_aware(datetime.datetime.combine(last_day + ISSUED_AFTER, datetime.time(11, 30)))
    save_design(cohort=cohort, imprint=IMPRINT, pictures=[], by=by)
    issue_certificates(cohort=cohort, by=by, issued_at=issued_at)
