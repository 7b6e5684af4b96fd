"""What people have achieved and made up, and what follows from it for their certificates."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Cohort
from participants.entitlement import Done, Entitlement, Facts, Rule, entitlement
from participants.models import Achievement, AchievementKind, MadeUpTime
from participants.queries.attendance import AttendanceRecord


@dataclass(frozen=True)
class Achieved:
    """What is recorded for one person; the times by date."""

    project: Achievement | None = None
    colloquium: Achievement | None = None
    made_up_times: tuple[MadeUpTime, ...] = ()

    @property
    def made_up_minutes(self) -> int:
        return sum(time.minutes for time in self.made_up_times)


NOTHING = Achieved()


def achieved_in(cohorts: Sequence[Cohort]) -> dict[int, Achieved]:
    """By registration, whoever has something recorded; two queries."""
    achievements: dict[int, dict[str, Achievement]] = defaultdict(dict)
    for row in Achievement.objects.filter(registration__cohort__in=cohorts):
        achievements[row.registration_id][row.kind] = row
    times: dict[int, list[MadeUpTime]] = defaultdict(list)
    for time in MadeUpTime.objects.filter(registration__cohort__in=cohorts):
        times[time.registration_id].append(time)
    return {
        key: Achieved(
            project=achievements[key].get(AchievementKind.PROJECT),
            colloquium=achievements[key].get(AchievementKind.COLLOQUIUM),
            made_up_times=tuple(times[key]),
        )
        for key in achievements.keys() | times.keys()
    }


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
