"""The second half of a tandem: invited by the first, filled in by the person itself."""

import datetime
from dataclasses import asdict

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from curriculum.models import Audience
from netzkoord.lib import audit
from netzkoord.lib.frequency import is_first, is_within
from netzkoord.models import AuditAction
from participants import mails_tandem, mails_waiting
from participants.actions.consents import Wishes
from participants.actions.joining import join_mutual
from participants.actions.locking import RegistrationPostponed, RegistrationRefused, fresh, lock
from participants.actions.places import recount
from participants.actions.registrations import (
    NO_WISHES,
    Particulars,
    confirm_half,
    create_half,
    discard,
    forget_invitation,
    invite,
    may_mail,
    may_write_to,
    refuse_left_out,
    repeats,
    store_half,
    tell_registered,
)
from participants.actions.waiting import release
from participants.models import Registration, Selection, Tandem, TandemForm

INVITATIONS_PER_DAY = 5
ENOUGH_TODAY = "Für heute sind genug Einladungen gesendet. Bitte versuchen Sie es morgen wieder."
# So long after the invitation come the first and the second reminder, and then the word to the inviter.
REMINDED_AFTER = (datetime.timedelta(days=4), datetime.timedelta(days=9), datetime.timedelta(days=14))


def role_to_join(tandem: Tandem) -> Audience:
    """The role beside the inviter's. Raises `RegistrationRefused` when nobody can join this tandem now."""
    refuse_left_out(tandem)
    inviter = tandem.inviter
    if inviter is None:
        raise RegistrationRefused("Dieses Tandem nimmt nicht mehr an der Anmeldung teil.")
    if len(tandem.confirmed_registrations()) == 2:
        raise RegistrationRefused(
            "Dieses Tandem ist schon vollständig: Die zweite Person hat sich angemeldet. Sind Sie das selbst? Dann "
            "führt der Link in der Mail „Ihr Tandem ist vollständig“ zu Ihrer Seite."
        )
    if not tandem.cohort.is_registration_open_to_invited and tandem.selection != Selection.ACCEPTED:
        raise RegistrationRefused("Die Anmeldefrist ist abgelaufen.")
    return Audience(inviter.role).other


@transaction.atomic
def complete_tandem(*, tandem: Tandem, particulars: Particulars, wishes: Wishes = NO_WISHES) -> bool:
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
        confirm_half(fresh(store_half(tandem, role=role, particulars=particulars, wishes=wishes)))
        return True
    if is_new(tandem, particulars, role=role) and may_mail(tandem.cohort, particulars.email):
        discard_unconfirmed_half(tandem)
        create_half(tandem, role=role, particulars=particulars, wishes=wishes)
    return False


def is_new(tandem: Tandem, particulars: Particulars, *, role: str) -> bool:
    """Whether address and particulars are unknown; who is known already is told by mail."""
    cohort = tandem.cohort
    if tell_registered(cohort, particulars.email):
        return False
    return not repeats(cohort, particulars, Q(tandem=tandem, role=role))


def tandem_with_halves(pk: int) -> Tandem:
    related = Tandem.objects.select_related("cohort", "municipality", "substitute_for")
    return related.prefetch_related("registrations").get(pk=pk)


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
    when nobody can join the tandem, or when too many people have been invited today, or this one too often.
    """
    lock(registration.cohort)
    half = fresh(registration)
    role_to_join(half.tandem)
    if not is_first(f"invitation-{half.tandem_id}-{partner_email}"):
        return False
    refuse_too_many(half.tandem)
    half.tandem.partner_email, half.tandem.form = partner_email, TandemForm.TANDEM
    half.tandem.substitute_for = None
    half.tandem.save(update_fields=["partner_email", "form", "substitute_for"])
    if not invite(half):
        raise RegistrationPostponed(ENOUGH_TODAY)
    audit.record(AuditAction.PARTNER_NAMED, target=half.tandem, by=half.person)
    join_mutual(half)
    return True


@transaction.atomic
def give_up_partner(*, registration: Registration, form: str) -> None:
    """Go on alone, or look for somebody else; the invitation ends. A second time changes nothing.

    Who goes on alone needs no place kept for a second person: it is free again. Raises `RegistrationRefused` when
    the second person has come meanwhile.
    """
    cohort = lock(registration.cohort)
    half = fresh(registration)
    tandem = half.tandem
    refuse_complete(tandem)
    gives_place_back = form == TandemForm.ALONE and tandem.place_held_until is not None
    if tandem.form == form and not tandem.partner_email and not gives_place_back:
        return
    forget_invitation(half)
    discard_unconfirmed_half(tandem)
    Tandem.objects.filter(pk=tandem.pk).update(form=form)
    audit.record(AuditAction.PARTNER_GIVEN_UP, target=tandem, by=half.person, form=form)
    if gives_place_back:
        release(tandem, by=half.person)
        recount(cohort)


def refuse_complete(tandem: Tandem) -> None:
    """Nobody is given up who has confirmed."""
    if len(tandem.confirmed_registrations()) == 2:
        raise RegistrationRefused("Ihr Tandem ist inzwischen vollständig.")


@transaction.atomic
def decline_invitation(*, tandem: Tandem) -> None:
    """The invited person does not want to: what was typed is deleted; who has named that person is told, once."""
    lock(tandem.cohort)
    tandem = tandem_with_halves(tandem.pk)
    inviter = tandem.inviter
    if not tandem.partner_email or inviter is None:
        return
    forget_invitation(inviter)
    discard_unconfirmed_half(tandem)
    if tandem.substitute_for:
        mails_waiting.send_substitute_declined(tandem)
    else:
        mails_tandem.send_partner_declined(fresh(inviter))


def remind_partners() -> int:
    """Remind invited people who have not answered, and tell the inviter in the end; for the worker, idempotent."""
    latest = timezone.now() - REMINDED_AFTER[0]
    waiting = Tandem.objects.exclude(partner_email="").filter(
        partner_invited_at__lt=latest, partner_reminded_count__lt=len(REMINDED_AFTER)
    )
    return sum(remind_partner(tandem) for tandem in waiting.select_related("cohort").order_by("pk"))


@transaction.atomic
def remind_partner(tandem: Tandem) -> bool:
    """The reminder that is due, and no more than one at a time; False when none is, or none may be sent today."""
    lock(tandem.cohort)
    tandem = tandem_with_halves(tandem.pk)
    count, invited_at, inviter = tandem.partner_reminded_count, tandem.partner_invited_at, tandem.inviter
    if invited_at is None or count == len(REMINDED_AFTER) or timezone.now() - invited_at < REMINDED_AFTER[count]:
        return False
    is_last = count + 1 == len(REMINDED_AFTER)
    if not is_last and not may_write_to(tandem.partner_email):
        return False
    Tandem.objects.filter(pk=tandem.pk).update(partner_reminded_count=count + 1)
    try:
        role = role_to_join(tandem)
    except RegistrationRefused:
        return False
    assert inviter is not None  # noqa: S101 -- otherwise nobody can join
    if is_last:
        mails_tandem.send_partner_silent(fresh(inviter))
    elif tandem.substitute_for:
        mails_waiting.send_substitute(tandem, role=role.person)
    else:
        mails_tandem.send_partner_reminder(tandem, inviter=inviter, role=role.person)
    return True


def refuse_too_many(tandem: Tandem) -> None:
    """Nobody uses a registration to write to the whole town."""
    if not is_within(INVITATIONS_PER_DAY, f"invitations-{tandem.pk}"):
        raise RegistrationPostponed(ENOUGH_TODAY)
