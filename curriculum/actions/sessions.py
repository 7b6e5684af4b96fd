"""Changes to sessions and their days; each leaves one line in the audit log."""

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F

from curriculum.actions.in_use import delete_unused
from curriculum.actions.materials import remove_files
from curriculum.mails import send_released
from curriculum.models import Cohort, Module, Session, SessionAudience, SessionDay, Venue
from curriculum.models.schedule import LATEST
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


class KnownToPeople(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """People have this session in their calendars: it can be cancelled, not deleted."""


@transaction.atomic
def schedule_session(
    *,
    cohort: Cohort,
    module: Module,
    audience: SessionAudience,
    venue: Venue | None,
    trainers: Iterable[User],
    days: Sequence[SessionDay],
    by: User,
    online_url: str = "",
) -> Session:
    """Store a session with its days, which come unsaved and without a session."""
    session = Session.objects.create(
        cohort=cohort, module=module, audience=audience, venue=venue, online_url=online_url
    )
    session.trainers.set(trainers)
    for day in days:
        day.session = session
    SessionDay.objects.bulk_create(days)
    audit.record(AuditAction.SESSION_CREATED, target=session, by=by, cohort=cohort.pk, dates=iso(days))
    return session


@transaction.atomic
def change_session(
    *,
    session: Session,
    trainers: Iterable[User],
    days: Sequence[SessionDay],
    removed: Sequence[SessionDay],
    by: User,
) -> Session:
    """Store a changed session; `days` are those that are new or changed.

    Raises `InUse` when attendance was taken on a day that is to be removed.
    """
    before = dates_and_place(session)
    session.save()
    set_trainers(session, trainers)
    delete_unused(SessionDay.objects.filter(pk__in=[day.pk for day in removed]))
    save_days(session, days)
    if dates_and_place(session) != before:
        Session.objects.filter(pk=session.pk).update(sequence=F("sequence") + 1)
    audit.record(AuditAction.SESSION_CHANGED, target=session, by=by, dates=iso(days), removed=iso(removed))
    return session


def set_trainers(session: Session, trainers: Iterable[User]) -> None:
    """Those who are to come no more are told so, if they were asked or the dates are public."""
    known = {user.pk for user in trainers}
    released = [trainer for trainer in session.trainers.all() if trainer.pk not in known]
    asked = set(session.confirmations.values_list("trainer", flat=True))
    session.trainers.set(known)
    for trainer in released:
        if trainer.is_active and (session.is_known_to_people or trainer.pk in asked):
            send_released(session, trainer)


def dates_and_place(session: Session) -> tuple[object, ...]:
    """What trainers confirm and calendars show, as it is stored. Two queries."""
    place = Session.objects.values_list("venue", "online_url").get(pk=session.pk)
    days = SessionDay.objects.filter(session=session).order_by("date")
    return (*place, *days.values_list("date", "starts_at", "ends_at", "break_minutes"))


def save_days(session: Session, days: Sequence[SessionDay]) -> None:
    """Days may swap their dates: all changed ones step aside first, since a date is unique in its session."""
    for offset, day in enumerate(days):
        if day.pk:
            aside = LATEST - datetime.timedelta(days=offset)
            SessionDay.objects.filter(pk=day.pk).update(date=aside)
    for day in days:
        day.session = session
        day.save()


@transaction.atomic
def delete_session(*, session: Session, by: User) -> None:
    """Delete a session that nobody knows of, with its days and its material.

    Raises `KnownToPeople`, or `InUse` when something refers to it.
    """
    locked = Session.objects.select_related("cohort").select_for_update(of=("self", "cohort")).get(pk=session.pk)
    if locked.is_known_to_people:
        raise KnownToPeople(f"Session {locked.pk} is public or was invited to")
    audit.record(AuditAction.SESSION_DELETED, target=locked, by=by, cohort=locked.cohort_id)
    files = list(locked.materials.values_list("file", flat=True))
    delete_unused(locked)
    transaction.on_commit(lambda: remove_files(files))


def iso(days: Iterable[SessionDay]) -> list[str]:
    return [day.date.isoformat() for day in days]
