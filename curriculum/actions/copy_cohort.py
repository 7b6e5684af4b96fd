"""„Neuer Durchgang wie dieser“: an earlier cohort once more, whole weeks later."""

import datetime
from collections.abc import Container
from dataclasses import dataclass

from django.db import transaction

from curriculum.actions.selection_rule import store_rule
from curriculum.models import AgendaItem, AgendaKind, Cohort, Edition, Module, Session, SessionDay, Unit
from curriculum.models.schedule import LATEST
from curriculum.queries.selection_rules import rule_of
from netzkoord import roles
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


@dataclass(frozen=True)
class CopiedCohort:
    """The new cohort, how many sessions it has, and what could not come along."""

    cohort: Cohort
    sessions: int
    missing_modules: tuple[Module, ...]
    missing_trainers: tuple[User, ...]


@dataclass(frozen=True)
class Twins:
    """Modules and units of the new cohort's edition by those of the old one, found by their keys."""

    modules: dict[int, int]
    units: dict[int, int]


@transaction.atomic
def copy_cohort(*, source: Cohort, cohort: Cohort, weeks: int, by: User) -> CopiedCohort:
    """Store `cohort`, unannounced, with the rules of `source` and its sessions moved by so many weeks.

    Cancelled sessions are left out.
    """
    cohort.make_up_until = moved_time_limit(source, cohort, weeks=datetime.timedelta(weeks=weeks))
    cohort.save(force_insert=True)
    store_rule(cohort, rule_of(source))
    sessions = list(
        Session.objects.filter(cohort=source, cancelled_at__isnull=True)
        .select_related("module")
        .prefetch_related("days__agenda__unit", "trainers")
        .order_by("pk")
    )
    twins = twins_of(source.edition, cohort.edition)
    able = set(User.objects.filter(groups__name=roles.TRAINER, is_active=True).values_list("pk", flat=True))
    kept = [session for session in sessions if session.module_id in twins.modules]
    for session in kept:
        copy_session(session, cohort, twins, weeks=datetime.timedelta(weeks=weeks), able=able)
    audit.record(AuditAction.COHORT_CREATED, target=cohort, by=by, copied_from=source.pk, weeks=weeks)
    trainers = dict.fromkeys(trainer for session in sessions for trainer in session.trainers.all())
    return CopiedCohort(
        cohort=cohort,
        sessions=len(kept),
        missing_modules=tuple(session.module for session in sessions if session.module_id not in twins.modules),
        missing_trainers=tuple(trainer for trainer in trainers if trainer.pk not in able),
    )


def moved_time_limit(source: Cohort, cohort: Cohort, *, weeks: datetime.timedelta) -> datetime.date | None:
    """As long after the sessions as before; none where that would be nonsense, as without sessions."""
    if source.make_up_until is None:
        return None
    until = source.make_up_until + weeks
    return until if cohort.registration_closes_on < until <= LATEST else None


def twins_of(old: Edition, new: Edition) -> Twins:
    if old.pk == new.pk:
        units = Unit.objects.filter(module__edition=old).values_list("pk", flat=True)
        modules = old.modules.values_list("pk", flat=True)
        return Twins({pk: pk for pk in modules}, {pk: pk for pk in units})
    new_modules = {key: pk for pk, key in new.modules.values_list("pk", "key")}
    new_units = {
        (module, key): pk
        for pk, module, key in Unit.objects.filter(module__edition=new).values_list("pk", "module__key", "key")
    }
    old_units = Unit.objects.filter(module__edition=old).values_list("pk", "module__key", "key")
    return Twins(
        modules={pk: new_modules[key] for pk, key in old.modules.values_list("pk", "key") if key in new_modules},
        units={pk: new_units[module, key] for pk, module, key in old_units if (module, key) in new_units},
    )


def copy_session(
    session: Session, cohort: Cohort, twins: Twins, *, weeks: datetime.timedelta, able: Container[int]
) -> None:
    new = Session.objects.create(
        cohort=cohort,
        module_id=twins.modules[session.module_id],
        audience=session.audience,
        venue_id=session.venue_id,
        online_url=session.online_url,
    )
    new.trainers.set(trainer for trainer in session.trainers.all() if trainer.pk in able)
    for day in session.days.all():
        copy_day(day, new, twins, weeks=weeks)


def copy_day(day: SessionDay, session: Session, twins: Twins, *, weeks: datetime.timedelta) -> None:
    """Hours are local, so the change to summer time moves nothing."""
    new = SessionDay.objects.create(
        session=session,
        date=day.date + weeks,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        break_minutes=day.break_minutes,
    )
    AgendaItem.objects.bulk_create(agenda_item(item, new, twins) for item in day.agenda.all())


def agenda_item(item: AgendaItem, day: SessionDay, twins: Twins) -> AgendaItem:
    """The same point; a unit that the edition no longer has becomes a point with its title."""
    unit = twins.units.get(item.unit_id) if item.unit_id else None
    is_lost = item.unit_id is not None and unit is None
    return AgendaItem(
        day=day,
        position=item.position,
        kind=AgendaKind.OTHER if is_lost else item.kind,
        unit_id=unit,
        title=str(item) if is_lost else item.title,
        minutes=item.minutes,
    )
