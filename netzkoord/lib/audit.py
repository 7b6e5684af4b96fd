"""One line in the audit log for one decision."""

from typing import Any

from django.db.models import Model

from netzkoord.models import AuditAction, AuditEvent, User


def record(action: AuditAction, *, target: Model, by: User | None, **details: Any) -> AuditEvent:
    """Write that `by` did `action` to `target`; `details` are plain values and name no person."""
    return AuditEvent.objects.create(
        action=action,
        by_id=by.pk if by else None,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        details=details,
    )
