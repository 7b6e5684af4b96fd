"""Recording what people have achieved and made up for their certificates; each leaves one line in the audit log."""

import datetime
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants.actions.locking import lock
from participants.models import Achievement, AchievementKind, MadeUpTime, Registration


@transaction.atomic
def record_achievement(*, achievement: Achievement, fields: Iterable[str], by: User) -> Achievement:
    """Store a new achievement, or a corrected one; `fields` names what changed. Nothing changed, nothing written.

    A certificate that rests on it keeps what it says.
    """
    names = sorted(fields)
    if names:
        is_new = achievement.pk is None
        achievement.recorded_at, achievement.recorded_by = timezone.now(), by
        achievement.save()
        action = AuditAction.ACHIEVEMENT_RECORDED if is_new else AuditAction.ACHIEVEMENT_CHANGED
        record(action, achievement.registration, by=by, kind=achievement.kind, fields=names)
    return achievement


@transaction.atomic
def record_for_many(
    *, cohort: Cohort, keys: Collection[int], kind: AchievementKind, completed_on: datetime.date, by: User
) -> int:
    """Record it for these registrations of the cohort; returns for how many.

    Who has it already keeps it as it is.
    """
    lock(cohort)
    people = Registration.objects.accepted().filter(cohort=cohort, pk__in=keys).exclude(achievements__kind=kind)
    new = [
        Achievement(registration=person, kind=kind, completed_on=completed_on, recorded_by=by) for person in people
    ]
    Achievement.objects.bulk_create(new)
    audit.record_all(
        audit.event(AuditAction.ACHIEVEMENT_RECORDED, target=row.registration, by=by, kind=kind) for row in new
    )
    return len(new)


@transaction.atomic
def remove_achievement(*, registration: Registration, kind: AchievementKind, by: User) -> bool:
    """False when there was none; the line in the log says what it had been."""
    lock(registration.cohort)
    achievement = registration.achievements.filter(kind=kind).first()
    if achievement is None:
        return False
    achievement.delete()
    completed_on = achievement.completed_on.isoformat()
    record(AuditAction.ACHIEVEMENT_REMOVED, registration, by=by, kind=kind, completed_on=completed_on)
    return True


@transaction.atomic
def record_made_up(*, made_up: MadeUpTime, fields: Iterable[str], by: User) -> MadeUpTime:
    """The same for time that was made up; the form has seen to it that it is not too much."""
    names = sorted(fields)
    if names:
        made_up.recorded_at, made_up.recorded_by = timezone.now(), by
        made_up.save()
        record(AuditAction.MADE_UP_RECORDED, made_up.registration, by=by, minutes=made_up.minutes)
    return made_up


@transaction.atomic
def remove_made_up(*, made_up: MadeUpTime, by: User) -> None:
    """One that is gone already leaves no second line."""
    stored = MadeUpTime.objects.select_for_update().filter(pk=made_up.pk).first()
    if stored is None:
        return
    stored.delete()
    record(AuditAction.MADE_UP_REMOVED, made_up.registration, by=by, minutes=stored.minutes)


def record(action: AuditAction, registration: Registration, *, by: User, **details: object) -> None:
    audit.record(action, target=registration, by=by, **details)
