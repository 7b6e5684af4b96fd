"""What was decided about tandems, as it is stored; whom it concerns and who is told, the callers know."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants.models import Selection, StatusChange, Tandem

AUDIT_ACTIONS = {
    Selection.ACCEPTED: AuditAction.TANDEM_ACCEPTED,
    Selection.WAITING: AuditAction.TANDEM_WAITLISTED,
    Selection.DECLINED: AuditAction.TANDEM_DECLINED,
}


@dataclass(frozen=True)
class Decision:
    """What is decided about one tandem, and why."""

    tandem: Tandem
    selection: Selection
    reason: str = ""


def store_decisions(decisions: Sequence[Decision], *, by: User | None) -> None:
    """In the tandems, their course and the log; the number of queries does not depend on how many they are."""
    changes, events = [], []
    keys: dict[Selection, list[int]] = defaultdict(list)
    for decision in decisions:
        tandem, selection = decision.tandem, decision.selection
        before, tandem.selection = tandem.selection, selection
        keys[selection].append(tandem.pk)
        changes.append(
            StatusChange(
                tandem=tandem,
                from_selection=before,
                to_selection=selection,
                changed_by=by,
                reason=decision.reason,
            )
        )
        events.append(audit.event(AUDIT_ACTIONS[selection], target=tandem, by=by, before=before))
    for selection, own in keys.items():
        Tandem.objects.filter(pk__in=own).update(selection=selection)
    StatusChange.objects.bulk_create(changes)
    audit.record_all(events)
