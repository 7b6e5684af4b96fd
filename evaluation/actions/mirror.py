"""Releasing the own needs and ratings to the partner in the tandem, and taking that back."""

from django.db import transaction

from evaluation.models import MirrorRelease
from evaluation.queries.mirror import partner_of
from netzkoord.lib import audit
from netzkoord.models import AuditAction
from participants.models import Registration


class NoPartnerError(Exception):
    """There is nobody to whom this person could release anything."""


@transaction.atomic
def release(*, half: Registration) -> None:
    """Show the partner of today the own answers; what was released to another one ends. Raises NoPartnerError."""
    held = Registration.objects.select_for_update().get(pk=half.pk)
    partner = partner_of(held)
    if partner is None:
        raise NoPartnerError
    existing = MirrorRelease.objects.filter(registration=held)
    if existing.filter(partner=partner).exists():
        return
    existing.delete()
    released = MirrorRelease.objects.create(registration=held, partner=partner)
    audit.record(AuditAction.MIRROR_RELEASED, target=released, by=held.person)


@transaction.atomic
def take_back(*, half: Registration) -> None:
    """Show nobody anything any more; nothing happens where nothing was released."""
    released = MirrorRelease.objects.select_for_update().filter(registration=half).first()
    if released:
        audit.record(AuditAction.MIRROR_TAKEN_BACK, target=released, by=half.person)
        released.delete()
