"""Recording who was there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from curriculum.models import Session
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants.models import Attendance, Presence

OPEN = ""
# Presence and note of one half; the presence is empty where nothing is entered.
State = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """What somebody wants to be stored for one half of a day, and what of it is no news to their page.

    That is what it had shown, and what it has sent since without an answer. An empty presence takes an entry back.
    """

    registration: int
    day: int
    half: str
    presence: str
    note: str = ""
    seen: tuple[State, ...] = ((OPEN, ""),)

    @property
    def wanted(self) -> State:
        return self.presence, self.note


@dataclass(frozen=True)
class Recorded:
    """How many entries were written, and which were not, since somebody else had changed them meanwhile."""

    count: int
    conflicts: list[Attendance]


@transaction.atomic
def record_attendance(*, session: Session, entries: Iterable[Entry], by: User) -> Recorded:
    """Write entries for people and days of this session.

    What another person has changed since the page was made stays as it is and is reported; what is there already
    is left alone, so that an entry may be sent twice.
    """
    lock_session(session)
    stored = {
        key_of(row): row for row in Attendance.objects.filter(day__session=session).select_related("changed_by")
    }
    conflicts: list[Attendance] = []
    count = 0
    for entry in entries:
        row = stored.get((entry.registration, entry.day, entry.half))
        if state_of(row) == entry.wanted and not (row and row.is_self_reported):
            continue
        if state_of(row) not in (*entry.seen, entry.wanted):
            conflicts.append(row or absent(entry))
            continue
        write(entry, row, by=by)
        count += 1
    if count:
        audit.record(AuditAction.ATTENDANCE_RECORDED, target=session, by=by, entries=count)
    return Recorded(count, conflicts)


def lock_session(session: Session) -> None:
    """One after the other: what is compared with the stored rows must not change before it is written."""
    Session.objects.select_for_update(of=("self",)).get(pk=session.pk)


def key_of(row: Attendance) -> tuple[int, int, str]:
    return row.registration_id, row.day_id, row.half


def state_of(row: Attendance | None) -> State:
    return (row.presence, row.note) if row else (OPEN, "")


def absent(entry: Entry) -> Attendance:
    """An unsaved row for an entry that somebody else has taken back."""
    return Attendance(registration_id=entry.registration, day_id=entry.day, half=entry.half, presence=OPEN)


def write(entry: Entry, row: Attendance | None, *, by: User) -> None:
    if not entry.presence:
        if row:
            row.delete()
        return
    note = "" if entry.presence == Presence.PRESENT else entry.note
    Attendance.objects.update_or_create(
        registration_id=entry.registration,
        day_id=entry.day,
        half=entry.half,
        defaults={
            "presence": entry.presence,
            "note": note,
            "is_self_reported": False,
            "changed_at": timezone.now(),
            "changed_by": by,
        },
    )


@transaction.atomic
def check_in(*, registration: int, session: Session, day: int, half: str, by: User) -> Attendance:
    """A person enters their own presence; what staff has entered stays. Returns what holds then."""
    lock_session(session)
    row, is_new = Attendance.objects.get_or_create(
        registration_id=registration,
        day_id=day,
        half=half,
        defaults={"presence": Presence.PRESENT, "is_self_reported": True, "changed_by": by},
    )
    if is_new:
        audit.record(AuditAction.ATTENDANCE_RECORDED, target=session, by=by, entries=1, self_reported=True)
    return row
