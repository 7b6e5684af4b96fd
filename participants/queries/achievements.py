"""What people have achieved and made up, and what follows from it for their certificates."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Cohort
from participants.entitlement import Done, Entitlement, Facts, Rule, entitlement
from participants.models import Achievement, AchievementKind, MadeUpTime, Registration, RegistrationState
from participants.models.registrations import RegistrationQuerySet
from participants.queries.attendance import AttendanceRecord, attendance_of, attendance_of_people


@dataclass(frozen=True)
class Achieved:
    """What is recorded for one person; the times by date."""

    project: Achievement | None = None
    colloquium: Achievement | None = None
    made_up_times: tuple[MadeUpTime, ...] = ()

    def of(self, kind: str) -> Achievement | None:
        return self.project if kind == AchievementKind.PROJECT else self.colloquium

    @property
    def made_up_minutes(self) -> int:
        return sum(time.minutes for time in self.made_up_times)


NOTHING = Achieved()


def achieved_by(people: RegistrationQuerySet) -> dict[int, Achieved]:
    """By registration, whoever of these people has something recorded; two queries."""
    achievements: dict[int, dict[str, Achievement]] = defaultdict(dict)
    for row in Achievement.objects.filter(registration__in=people):
        achievements[row.registration_id][row.kind] = row
    times: dict[int, list[MadeUpTime]] = defaultdict(list)
    for time in MadeUpTime.objects.filter(registration__in=people):
        times[time.registration_id].append(time)
    return {
        key: Achieved(
            project=achievements[key].get(AchievementKind.PROJECT),
            colloquium=achievements[key].get(AchievementKind.COLLOQUIUM),
            made_up_times=tuple(times[key]),
        )
        for key in achievements.keys() | times.keys()
    }


@dataclass(frozen=True)
class AchievementRow:
    """One person of a cohort with what is recorded, as the organiser's list shows it."""

    record: AttendanceRecord
    achieved: Achieved
    kinds: tuple[AchievementKind, ...]

    @property
    def registration(self) -> Registration:
        return self.record.registration

    @property
    def still_missed_minutes(self) -> int:
        """Missed and not made up yet."""
        return max(0, self.record.missed_minutes - self.achieved.made_up_minutes)

    @property
    def cells(self) -> list[tuple[AchievementKind, Achievement | None]]:
        return [(kind, self.achieved.of(kind)) for kind in self.kinds]

    def has(self, kind: str) -> bool:
        return self.achieved.of(kind) is not None


def achievement_rows(cohort: Cohort) -> list[AchievementRow]:
    """Everyone accepted, by name; eight queries for any number of people."""
    achieved, kinds = achieved_by(cohort.registrations.accepted()), kinds_needed(cohort)
    return [
        AchievementRow(record, achieved.get(record.registration.pk, NOTHING), kinds)
        for record in attendance_of(cohort)
    ]


def row_of(registration: Registration) -> AchievementRow:
    """The row of one person; in as many queries."""
    cohort, people = registration.cohort, Registration.objects.filter(pk=registration.pk)
    (record,) = attendance_of_people(people, cohorts=[cohort])[cohort.pk]
    achieved = achieved_by(people).get(registration.pk, NOTHING)
    return AchievementRow(record, achieved, kinds_needed(cohort))


def kinds_needed(cohort: Cohort) -> tuple[AchievementKind, ...]:
    """What the rule of the cohort asks for beside attendance."""
    if not cohort.grants_certificate:
        return ()
    needed = {AchievementKind.PROJECT: cohort.needs_project, AchievementKind.COLLOQUIUM: cohort.needs_colloquium}
    return tuple(kind for kind, is_needed in needed.items() if is_needed)


@dataclass(frozen=True)
class CountingDays:
    """On which days something can be achieved; None where nothing is planned."""

    first_on: datetime.date | None
    last_on: datetime.date | None


def counting_days(cohort: Cohort) -> CountingDays:
    """From the first session to the end of the time limit, without one to the last session."""
    dated = Cohort.objects.with_dates().get(pk=cohort.pk)
    return CountingDays(dated.first_on, max(filter(None, [dated.make_up_until, dated.last_on]), default=None))


def entitlement_of(record: AttendanceRecord, achieved: Achieved, *, cohort: Cohort) -> Entitlement:
    return entitlement(facts_of(record, achieved, cohort=cohort))


def facts_of(record: AttendanceRecord, achieved: Achieved, *, cohort: Cohort) -> Facts:
    return Facts(
        rule=rule_of(cohort),
        planned_minutes=record.planned_minutes,
        attended_minutes=record.attended_minutes,
        made_up_minutes=achieved.made_up_minutes,
        project=done(achieved.project),
        colloquium=done(achieved.colloquium),
        open_days=tuple(record.open_days),
        last_on=max((day.day.date for day in record.days), default=None),
        is_over=record.is_over,
        today=timezone.localdate(),
    )


def rule_of(cohort: Cohort) -> Rule:
    return Rule(
        attendance_percent=cohort.attendance_threshold_percent,
        certificate_percent=cohort.certificate_threshold_percent,
        grants_certificate=cohort.grants_certificate,
        needs_project=cohort.needs_project,
        needs_colloquium=cohort.needs_colloquium,
        make_up_until=cohort.make_up_until,
    )


def done(achievement: Achievement | None) -> Done | None:
    return Done(achievement.completed_on, achievement.title) if achievement else None


def own_entitlements(people: Sequence[Registration]) -> dict[int, Entitlement]:
    """What these may expect, by registration: whoever is accepted for a cohort that is not cancelled.

    Seven queries, none for nobody, and nothing is read of the others in a cohort. Reads the cohort of each.
    """
    taking_part = [
        half for half in people if half.state is RegistrationState.ACCEPTED and not half.cohort.cancelled_at
    ]
    if not taking_part:
        return {}
    own = Registration.objects.filter(pk__in=[half.pk for half in taking_part])
    cohorts = {half.cohort_id: half.cohort for half in taking_part}
    achieved = achieved_by(own)
    return {
        record.registration.pk: entitlement_of(
            record, achieved.get(record.registration.pk, NOTHING), cohort=cohorts[key]
        )
        for key, records in attendance_of_people(own, cohorts=list(cohorts.values())).items()
        for record in records
    }
