"""Recording who was there."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q

from curriculum.models import Session
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants.models import Attendance


@transaction.atomic
def record_attendance(*, session: Session, changes: Mapping[tuple[int, int], str], by: User) -> int:
    """Write presences by (registration, day); an empty one takes the entry back. Returns how many."""
    if not changes:
        return 0
    kept = [
        Attendance(registration_id=registration, day_id=day, presence=presence)
        for (registration, day), presence in changes.items()
        if presence
    ]
    Attendance.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["registration", "day"], update_fields=["presence"]
    )
    taken_back = Q(pk__in=[])
    for (registration, day), presence in changes.items():
        if not presence:
            taken_back |= Q(registration=registration, day=day)
    Attendance.objects.filter(taken_back).delete()
    audit.record(AuditAction.ATTENDANCE_RECORDED, target=session, by=by, entries=len(changes))
    return len(changes)
