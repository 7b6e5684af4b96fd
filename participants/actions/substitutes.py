"""Somebody leaves an accepted tandem: the place is kept for a while, somebody else takes it, or it is released.

Who comes instead joins through the tandem's own partner link: same role, same municipality.
"""

from django.db import transaction
from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.lib import audit
from netzkoord.lib.frequency import is_first
from netzkoord.models import AuditAction, User
from participants import mails_waiting
from participants.actions.locking import RegistrationPostponed, RegistrationRefused, lock
from participants.actions.partners import ENOUGH_TODAY, refuse_too_many, tandem_with_halves
from participants.actions.places import leave_place, recount
from participants.actions.registrations import may_write_to
from participants.actions.waiting import release
from participants.models import Registration, Selection, Tandem
from participants.queries.offers import first_day
from participants.queries.places import free_places
from participants.waiting import held_until


@transaction.atomic
def name_substitute(*, registration: Registration, email: str) -> bool:
    """Who has left names who comes instead; False when the same mail went out a moment ago.

    Raises `RegistrationRefused` when the place is not kept any more, or the address is one of the two people's.
    """
    lock(registration.cohort)
    tandem = tandem_with_halves(registration.tandem_id)
    left = Registration.objects.get(pk=registration.pk)
    if not left.withdrawn_at or not tandem.is_place_held or tandem.missing_role != left.role:
        raise RegistrationRefused(
            "Der Platz wird nicht mehr freigehalten. Bitte wenden Sie sich an die Organisation."
        )
    return invite_substitute(tandem, instead_of=left, email=email, by=left.person)


@transaction.atomic
def replace_half(*, registration: Registration, email: str, by: User) -> bool:
    """The organiser's way, also in a cohort that has begun: the half leaves, its place is kept for this address.

    False when exactly this was done a moment ago. Raises `RegistrationRefused` when there is no place to keep.
    """
    cohort = lock(registration.cohort)
    half = Registration.objects.get(pk=registration.pk)
    tandem = tandem_with_halves(half.tandem_id)
    refuse_unreplaceable(tandem, half)
    if half.withdrawn_at is None:
        dismiss(tandem, half, by=by)
    keep_place(cohort, tandem)
    recount(cohort)
    return invite_substitute(tandem_with_halves(tandem.pk), instead_of=half, email=email, by=by)


def refuse_unreplaceable(tandem: Tandem, half: Registration) -> None:
    if tandem.cohort.cancelled_at:
        raise RegistrationRefused("Der Durchgang ist abgesagt.")
    if tandem.selection != Selection.ACCEPTED:
        raise RegistrationRefused("Ersetzt wird nur, wer einen Platz hat.")
    others = [other for other in tandem.confirmed_registrations() if other.pk != half.pk]
    if not others:
        raise RegistrationRefused(
            "Im Tandem bleibt niemand übrig. Statt jemanden zu ersetzen, nehmen Sie bitte eine andere Anmeldung an."
        )
    if half.withdrawn_at and tandem.missing_role != half.role:
        raise RegistrationRefused("Diese Rolle ist im Tandem schon wieder besetzt.")


def dismiss(tandem: Tandem, half: Registration, *, by: User) -> None:
    """The half leaves by the organiser's hand; both people read it."""
    stays = next(other for other in tandem.confirmed_registrations() if other.pk != half.pk)
    half.withdrawn_at = timezone.now()
    half.save(update_fields=["withdrawn_at"])
    half.tandem = tandem
    leave_place(half)
    audit.record(AuditAction.REGISTRATION_WITHDRAWN, target=half, by=by)
    tandem.refresh_from_db(fields=["place_held_until"])
    mails_waiting.send_replaced(half)
    stays.tandem, stays.cohort = tandem, tandem.cohort
    mails_waiting.send_partner_left(stays, partner=half)


def keep_place(cohort: Cohort, tandem: Tandem) -> None:
    """Keep the place anew where it was released meanwhile, if one is free."""
    tandem.refresh_from_db(fields=["place_held_until"])
    if tandem.is_place_held:
        return
    if not free_places(cohort):
        raise RegistrationRefused("Der Platz ist inzwischen vergeben. Es ist kein anderer frei.")
    until = held_until(timezone.now(), first_on=first_day(cohort))
    Tandem.objects.filter(pk=tandem.pk).update(place_held_until=until)


def invite_substitute(tandem: Tandem, *, instead_of: Registration, email: str, by: User | None) -> bool:
    refuse_own_address(tandem, instead_of, email)
    if not is_first(f"substitute-{tandem.pk}-{email}"):
        return False
    refuse_too_many(tandem)
    if not may_write_to(email):
        raise RegistrationPostponed(ENOUGH_TODAY)
    tandem.partner_email, tandem.partner_invited_at = email, timezone.now()
    tandem.partner_reminded_count, tandem.substitute_for = 0, instead_of
    tandem.save(update_fields=["partner_email", "partner_invited_at", "partner_reminded_count", "substitute_for"])
    audit.record(AuditAction.PARTNER_NAMED, target=tandem, by=by)
    mails_waiting.send_substitute(tandem, role=Audience(instead_of.role).person)
    return True


def refuse_own_address(tandem: Tandem, instead_of: Registration, email: str) -> None:
    if email == instead_of.email:
        raise RegistrationRefused("Das ist die Adresse der Person, die ersetzt wird. Bitte nennen Sie eine andere.")
    if email in {half.email for half in tandem.confirmed_registrations()}:
        raise RegistrationRefused("Diese Person ist schon im Tandem. Bitte nennen Sie eine andere Adresse.")


@transaction.atomic
def release_place(*, tandem: Tandem, by: User | None) -> bool:
    """Give the kept place free at once; False when it is not kept any more."""
    cohort = lock(tandem.cohort)
    current = Tandem.objects.get(pk=tandem.pk)
    if current.place_held_until is None:
        return False
    release(current, by=by)
    recount(cohort)
    return True
