"""Changes to sessions and their days; each leaves one line in the audit log."""

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import ProtectedError

from curriculum.actions.materials import remove_files
from curriculum.models import Cohort, Module, Session, SessionAudience, SessionDay, Venue
from curriculum.models.schedule import LATEST
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


class InUse(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Attendance or feedback refers to what was to be deleted."""


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
    session.save()
    session.trainers.set(trainers)
    try:
        SessionDay.objects.filter(pk__in=[day.pk for day in removed]).delete()
    except ProtectedError as error:
        raise InUse(f"Session {session.pk} has attendance on a removed day") from error
    save_days(session, days)
    audit.record(AuditAction.SESSION_CHANGED, target=session, by=by, dates=iso(days), removed=iso(removed))
    return session


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
    """Delete a session with its days and its material.

    Raises `InUse` when attendance was taken or feedback asked for.
    """
    audit.record(AuditAction.SESSION_DELETED, target=session, by=by, cohort=session.cohort_id)
    files = list(session.materials.values_list("file", flat=True))
    try:
        session.delete()
    except ProtectedError as error:
        raise InUse(f"Session {session.pk} has attendance or a survey") from error
    transaction.on_commit(lambda: remove_files(files))


def iso(days: Iterable[SessionDay]) -> list[str]:
    return [day.date.isoformat() for day in days]
