"""One line in the audit log for one decision."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from netzkoord.models import AuditAction, AuditEvent, User


def record(action: AuditAction, *, target: Model, by: User | None, **details: Any) -> AuditEvent:
    """Write that `by` did `action` to `target`; `details` are plain values and name no person."""
    line = event(action, target=target, by=by, **details)
    line.save()
    return line


def record_all(events: Iterable[AuditEvent]) -> None:
    """Write the lines of many decisions at once, each made by `event`."""
    AuditEvent.objects.bulk_create(events)


def event(action: AuditAction, *, target: Model, by: User | None, **details: Any) -> AuditEvent:
    """The line of one decision among many, not yet written; as for `record`."""
    return AuditEvent(
        action=action,
        by_id=by.pk if by else None,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        details=details,
    )
