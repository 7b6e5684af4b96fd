"""The second half of a tandem: invited by the first, filled in by the person itself."""

from dataclasses import asdict

from django.db import transaction

from curriculum.models import Audience
from participants.actions.limits import is_first, is_within
from participants.actions.registrations import (
    Particulars,
    RegistrationRefused,
    confirm_half,
    create_half,
    discard,
    fresh,
    invite,
    lock,
    may_mail,
    refuse_left_out,
    repeats,
    store_half,
    tell_registered,
)
from participants.models import Registration, Selection, Tandem

INVITATIONS_PER_DAY = 5


def role_to_join(tandem: Tandem) -> Audience:
    """The role beside the inviter's. Raises `RegistrationRefused` when nobody can join this tandem now."""
    refuse_left_out(tandem)
    inviter = tandem.inviter
    if inviter is None:
        raise RegistrationRefused("Dieses Tandem nimmt nicht mehr an der Anmeldung teil.")
    if len(tandem.confirmed_registrations()) == 2:
        raise RegistrationRefused(
            "Dieses Tandem ist schon vollständig: Die zweite Person hat sich inzwischen angemeldet."
        )
    if not tandem.cohort.is_registration_open_to_invited and tandem.selection != Selection.ACCEPTED:
        raise RegistrationRefused("Die Anmeldefrist ist abgelaufen.")
    return Audience(inviter.role).other


@transaction.atomic
def complete_tandem(*, tandem: Tandem, particulars: Particulars) -> bool:
    """Store the partner's half; True when it is confirmed at once, because the invited address was kept.

    Another address first has to confirm itself, like any registration. An unconfirmed half of an earlier
    attempt gives way. An address that has had enough mails today gets none, and nothing is stored. Raises
    `RegistrationRefused` when nobody can join the tandem, or somebody else has completed it.
    """
    lock(tandem.cohort)
    tandem = tandem_with_halves(tandem.pk)
    is_invited = particulars.email == tandem.partner_email
    if is_invited and is_partner(tandem, particulars):
        return True
    role = role_to_join(tandem)
    if is_invited:
        discard_unconfirmed_half(tandem)
        confirm_half(fresh(store_half(tandem, role=role, particulars=particulars)))
        return True
    if is_new(tandem, particulars, role=role) and may_mail(tandem.cohort, particulars.email):
        discard_unconfirmed_half(tandem)
        create_half(tandem, role=role, particulars=particulars)
    return False


def is_new(tandem: Tandem, particulars: Particulars, *, role: str) -> bool:
    """Whether address and particulars are unknown; who is known already is told by mail."""
    cohort = tandem.cohort
    if tell_registered(cohort, particulars.email):
        return False
    return not repeats(cohort, particulars, tandem=tandem, role=role)


def tandem_with_halves(pk: int) -> Tandem:
    return Tandem.objects.select_related("cohort", "municipality").prefetch_related("registrations").get(pk=pk)


def is_partner(tandem: Tandem, particulars: Particulars) -> bool:
    """Whether exactly this was sent before and completed the tandem: a double click."""
    halves = [half for half in tandem.confirmed_registrations() if half != tandem.inviter]
    sent = asdict(particulars)
    return any(all(getattr(half, name) == value for name, value in sent.items()) for half in halves)


def discard_unconfirmed_half(tandem: Tandem) -> None:
    discard(Registration.objects.filter(tandem=tandem, confirmed_at__isnull=True))


@transaction.atomic
def invite_partner(*, registration: Registration, partner_email: str) -> bool:
    """Name the partner's address, or the same one again, and mail the personal link.

    False when the same mail went out a moment ago: a double click sends one. Raises `RegistrationRefused`
    when nobody can join the tandem, or when too many people have been invited today.
    """
    lock(registration.cohort)
    half = fresh(registration)
    role_to_join(half.tandem)
    if not is_first(f"invitation-{half.tandem_id}-{partner_email}"):
        return False
    refuse_too_many(half.tandem)
    half.tandem.partner_email = partner_email
    half.tandem.save(update_fields=["partner_email"])
    invite(half)
    return True


def refuse_too_many(tandem: Tandem) -> None:
    """Nobody uses a registration to write to the whole town."""
    if not is_within(INVITATIONS_PER_DAY, f"invitations-{tandem.pk}"):
        raise RegistrationRefused(
            "Für heute sind genug Einladungen gesendet. Bitte versuchen Sie es morgen wieder."
        )
