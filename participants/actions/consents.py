"""What people agree to, and how they take it back; whether their superiors let them take part."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from netzkoord.lib import audit
from netzkoord.models import AuditAction
from participants import consent_texts
from participants.models import Approval, Consent, ConsentPurpose, Registration


@dataclass(frozen=True)
class Wishes:
    """What goes with a registration beside the particulars."""

    superior_email: str = ""
    consents: frozenset[ConsentPurpose] = frozenset()


def store_wishes(half: Registration, wishes: Wishes) -> None:
    """With a new registration; the superior is asked once its address is confirmed."""
    for purpose in sorted(wishes.consents):
        store_consent(half, purpose)
    if wishes.superior_email:
        Approval.objects.create(registration=half, email=wishes.superior_email)


def store_consent(half: Registration, purpose: ConsentPurpose) -> None:
    text = consent_texts.current(purpose)
    Consent.objects.create(registration=half, purpose=purpose, version=text.version, text=text.text)


@transaction.atomic
def give_consent(*, registration: Registration, purpose: ConsentPurpose) -> None:
    """From now on; a second time changes nothing."""
    lock_registration(registration)
    if not registration.consents.valid().filter(purpose=purpose).exists():
        store_consent(registration, purpose)
        audit.record(AuditAction.CONSENT_GIVEN, target=registration, by=registration.person, purpose=purpose)


@transaction.atomic
def withdraw_consent(*, registration: Registration, purpose: ConsentPurpose) -> None:
    """From now on; the row stays as proof. A second time changes nothing."""
    lock_registration(registration)
    if registration.consents.valid().filter(purpose=purpose).update(withdrawn_at=timezone.now()):
        audit.record(AuditAction.CONSENT_WITHDRAWN, target=registration, by=registration.person, purpose=purpose)


def lock_registration(registration: Registration) -> None:
    """Two clicks come one after the other."""
    Registration.objects.select_for_update().get(pk=registration.pk)
