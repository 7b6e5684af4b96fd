"""The plan of a cohort is stored as a whole, with one line in the audit log."""

from collections.abc import Sequence

from django.db import transaction

from curriculum.actions.sessions import save_days
from curriculum.models import Cohort, Session, SessionDay
from curriculum.queries.planning import Entry, PlanLine
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User

Changes = Sequence[tuple[PlanLine, Entry]]


@transaction.atomic
def save_plan(*, cohort: Cohort, changes: Changes, by: User) -> list[Session]:
    """Store new and changed sessions; the days of a session keep what hangs on them.

    Nothing changed, nothing written.
    """
    free_audiences([line.session for line, _ in changes if line.session])
    kept = [change(line.session, entry, line) for line, entry in changes if line.session]
    created = [create(cohort, entry, line) for line, entry in changes if not line.session]
    if changes:
        audit.record(
            AuditAction.COHORT_CHANGED,
            target=cohort,
            by=by,
            fields=["sessions"],
            created=[session.pk for session in created],
            changed=[session.pk for session in kept],
        )
    return created + kept


def free_audiences(sessions: Sequence[Session]) -> None:
    """Two sessions of a module may swap their audiences, which are unique: all step aside first."""
    for session in sessions:
        Session.objects.filter(pk=session.pk).update(audience=f"~{session.pk}")


def create(cohort: Cohort, entry: Entry, line: PlanLine) -> Session:
    session = Session.objects.create(
        cohort=cohort,
        module=line.module,
        audience=entry.audience,
        venue=entry.venue,
        online_url=entry.online_url,
    )
    session.trainers.set(entry.trainers)
    SessionDay.objects.bulk_create(new_days(session, entry))
    return session


def new_days(session: Session, entry: Entry) -> list[SessionDay]:
    hours = entry.hours
    return [
        SessionDay(
            session=session,
            date=date,
            starts_at=hours.starts_at,
            ends_at=hours.ends_at,
            break_minutes=hours.break_minutes,
        )
        for date in entry.dates
    ]


def change(session: Session, entry: Entry, line: PlanLine) -> Session:
    """The first day stays the first: its identity in calendars and its course move along."""
    if has_moved(entry, line.entry):
        session.sequence += 1
    session.audience, session.venue, session.online_url = entry.audience, entry.venue, entry.online_url
    session.save(update_fields=["audience", "venue", "online_url", "sequence"])
    session.trainers.set(entry.trainers)
    wanted = new_days(session, entry)
    SessionDay.objects.filter(pk__in=[day.pk for day in line.days[len(wanted) :]]).delete()
    for day, new in zip(line.days, wanted, strict=False):
        day.date, day.starts_at, day.ends_at = new.date, new.starts_at, new.ends_at
        day.break_minutes = new.break_minutes
    save_days(session, [*line.days[: len(wanted)], *wanted[len(line.days) :]])
    return session


def has_moved(new: Entry, old: Entry) -> bool:
    """What a calendar shows is different now."""
    return (new.dates, new.hours, new.venue, new.online_url) != (old.dates, old.hours, old.venue, old.online_url)
