"""The reasoned exception: a neighbour's half completes a second tandem."""

from django.db import transaction
from django.utils import timezone

from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants.actions.locking import RegistrationRefused, lock
from participants.models import Offer, Registration, Selection, Tandem
from participants.queries.exceptions import shareable_halves

GONE = "Diese Person lässt sich nicht mehr mitnutzen: Sie ist ausgeschieden, abgelehnt oder noch nicht bestätigt."


@transaction.atomic
def grant_exception(*, tandem: Tandem, shared_half: Registration, reason: str, by: User) -> Tandem:
    """Let the half of another tandem count here as well; a second time changes nothing.

    Raises `RegistrationRefused` when this tandem does not need it any more or the half cannot be shared.
    """
    lock(tandem.cohort)
    tandem = Tandem.objects.with_people().select_related("cohort").get(pk=tandem.pk)
    refuse_needless(tandem)
    if not shareable_halves(tandem).filter(pk=shared_half.pk).exists():
        raise RegistrationRefused(GONE)
    if (tandem.shared_half_id, tandem.exception_reason) == (shared_half.pk, reason):
        return tandem
    refuse_while_offered(tandem.pk, shared_half.tandem_id)
    set_exception(tandem, shared_half, reason, by=by)
    audit.record(AuditAction.EXCEPTION_GRANTED, target=tandem, by=by, shared_half=shared_half.pk)
    return tandem


def refuse_needless(tandem: Tandem) -> None:
    if tandem.selection == Selection.DECLINED:
        raise RegistrationRefused("Dieses Tandem ist abgelehnt. Eine Ausnahme hat hier keinen Zweck.")
    if tandem.people != 1 or tandem.missing_role is None:
        raise RegistrationRefused(
            "Eine Ausnahme braucht genau eine bestätigte Person im Tandem; die andere Rolle muss frei sein."
        )


def refuse_while_offered(*tandems: int) -> None:
    """An offer holds for those who were asked together; their number does not change while it is open."""
    if Offer.objects.open().filter(tandem__in=tandems).exists():
        raise RegistrationRefused(
            "Hier ist gerade ein Platz angeboten. Bitte warten Sie die Antwort ab oder nehmen Sie ihn zurück."
        )


def set_exception(tandem: Tandem, shared_half: Registration | None, reason: str, *, by: User | None) -> None:
    tandem.shared_half, tandem.exception_reason = shared_half, reason
    tandem.exception_by, tandem.exception_at = by, timezone.now() if shared_half else None
    tandem.save(update_fields=["shared_half", "exception_reason", "exception_by", "exception_at"])


@transaction.atomic
def revoke_exception(*, tandem: Tandem, by: User) -> None:
    """From now on the tandem lacks its second half again; a second time changes nothing."""
    lock(tandem.cohort)
    tandem = Tandem.objects.get(pk=tandem.pk)
    if tandem.shared_half_id is None:
        return
    shared = tandem.shared_half_id
    refuse_while_offered(tandem.pk, Registration.objects.get(pk=shared).tandem_id)
    set_exception(tandem, None, "", by=None)
    audit.record(AuditAction.EXCEPTION_REVOKED, target=tandem, by=by, shared_half=shared)
