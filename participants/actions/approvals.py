"""Whether a superior lets somebody take part: asked by mail, answered with name and function."""

from django.db import transaction
from django.utils import timezone

from netzkoord.lib import audit
from netzkoord.models import AuditAction
from participants import mails_tandem as mails
from participants.models import Approval, Registration


def ask_approval(half: Registration) -> None:
    """Mail the link to the superior, once the registration is confirmed; nobody is asked twice."""
    approval = Approval.objects.filter(registration=half, asked_at__isnull=True).first()
    if approval is None:
        return
    approval.asked_at = timezone.now()
    approval.save(update_fields=["asked_at"])
    mails.send_approval_question(half, approval)
    audit.record(AuditAction.APPROVAL_ASKED, target=half, by=half.person)


@transaction.atomic
def answer_approval(*, approval: Approval, is_granted: bool, name: str, position: str) -> Approval:
    """Store what the superior says, and tell the person; the same twice does nothing, another takes its place."""
    found = Approval.objects.select_for_update().get(pk=approval.pk)
    if (found.is_granted, found.name, found.position) == (is_granted, name, position):
        return found
    found.is_granted, found.name, found.position = is_granted, name, position
    found.decided_at = timezone.now()
    found.save(update_fields=["is_granted", "name", "position", "decided_at"])
    half = Registration.objects.select_related("cohort", "tandem__municipality").get(pk=found.registration_id)
    mails.send_approval_answer(half, found)
    audit.record(AuditAction.APPROVAL_ANSWERED, target=half, by=None, is_granted=is_granted)
    return found
