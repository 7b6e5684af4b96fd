"""The second half of a tandem: invited by the first, filled in by the person itself."""

from dataclasses import asdict

from django.core.cache import cache
from django.db import transaction

from curriculum.models import Audience
from netzkoord.lib import audit
from netzkoord.models import AuditAction
from participants.actions.registrations import (
    Particulars,
    RegistrationRefused,
    confirm_half,
    create_half,
    fresh,
    invite,
    is_first,
    lock,
    repeats,
    tell_registered,
)
from participants.models import Registration, Selection, Tandem

INVITATIONS_PER_DAY = 5
DAY_SECONDS = 24 * 60 * 60


def missing_role(tandem: Tandem) -> Audience:
    """The role beside the inviter's. Raises `RegistrationRefused` when nobody can join this tandem now."""
    inviter = tandem.inviter
    if inviter is None or tandem.selection == Selection.DECLINED or tandem.cohort.cancelled_at:
        raise RegistrationRefused("Dieses Tandem nimmt nicht mehr an der Anmeldung teil.")
    if len(tandem.confirmed_registrations()) == 2:
        raise RegistrationRefused(
            "Dieses Tandem ist schon vollständig: Die zweite Person hat sich inzwischen angemeldet."
        )
    if not tandem.cohort.is_registration_open and tandem.selection != Selection.ACCEPTED:
        raise RegistrationRefused("Die Anmeldefrist ist abgelaufen.")
    return Audience.COORDINATOR if inviter.role == Audience.MANAGER else Audience.MANAGER


@transaction.atomic
def complete_tandem(*, tandem: Tandem, particulars: Particulars) -> bool:
    """Store the partner's half; True when it is confirmed at once, because the invited address was kept.

    Another address first has to confirm itself, like any registration. An unconfirmed half of an earlier
    attempt gives way. Raises `RegistrationRefused` when somebody else has completed the tandem.
    """
    lock(tandem.cohort)
    tandem = tandem_with_halves(tandem.pk)
    is_invited = particulars.email == tandem.partner_email
    if is_invited and is_partner(tandem, particulars):
        return True
    role = missing_role(tandem)
    if is_invited:
        discard_unconfirmed_half(tandem)
        half = Registration.objects.create(cohort=tandem.cohort, tandem=tandem, role=role, **asdict(particulars))
        audit.record(AuditAction.REGISTRATION_SUBMITTED, target=half, by=None)
        confirm_half(fresh(half))
        return True
    if not tell_registered(tandem.cohort, particulars.email) and not repeats(
        tandem.cohort, particulars, tandem=tandem, role=role
    ):
        discard_unconfirmed_half(tandem)
        create_half(tandem, role=role, particulars=particulars)
    return False


def tandem_with_halves(pk: int) -> Tandem:
    return Tandem.objects.select_related("cohort", "municipality").prefetch_related("registrations").get(pk=pk)


def is_partner(tandem: Tandem, particulars: Particulars) -> bool:
    """Whether exactly this was sent before and completed the tandem: a double click."""
    halves = [half for half in tandem.confirmed_registrations() if half != tandem.inviter]
    sent = asdict(particulars)
    return any(all(getattr(half, name) == value for name, value in sent.items()) for half in halves)


def discard_unconfirmed_half(tandem: Tandem) -> None:
    tandem.registrations.filter(confirmed_at__isnull=True).delete()


@transaction.atomic
def invite_partner(*, registration: Registration, partner_email: str) -> bool:
    """Name the partner's address, or the same one again, and mail the personal link.

    False when the same mail went out a moment ago: a double click sends one. Raises `RegistrationRefused`
    when nobody can join the tandem, or when too many people have been invited today.
    """
    lock(registration.cohort)
    half = fresh(registration)
    missing_role(half.tandem)
    if not is_first(f"invitation-{half.tandem_id}-{partner_email}"):
        return False
    refuse_too_many(half.tandem)
    half.tandem.partner_email = partner_email
    half.tandem.save(update_fields=["partner_email"])
    invite(half)
    return True


def refuse_too_many(tandem: Tandem) -> None:
    """Nobody uses a registration to write to the whole town."""
    key = f"invitations-{tandem.pk}"
    sent = cache.get(key, 0)
    if sent >= INVITATIONS_PER_DAY:
        raise RegistrationRefused(
            "Für heute sind genug Einladungen gesendet. Bitte versuchen Sie es morgen wieder."
        )
    cache.set(key, sent + 1, DAY_SECONDS)
