"""The waiting list at work: places are offered, kept for their answer, accepted, declined, offered to the next.

Every action here first locks the cohort's row, as those of `registrations` do.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails_waiting
from participants.actions.decisions import Decision
from participants.actions.locking import lock
from participants.actions.places import close_offer, grow_offer, recount
from participants.actions.selection import change_selections
from participants.models import Offer, OfferAnswer, Registration, Selection, Tandem
from participants.queries.offers import (
    cohorts_with_work,
    is_overtaken,
    last_offer,
    open_together,
    why_closed,
    why_too_small,
)
from participants.queries.waiting import Unit, WaitingList, waiting_list
from participants.waiting import remind_at

logger = logging.getLogger(__name__)


class OfferRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """An offer that cannot be made or answered any more; the German sentence says why and what to do."""


def keep_waiting_lists() -> int:
    """The job: end what has expired, release what was kept too long, remind, offer what is free.

    Called again and again, and by two workers at once, it does each thing once. Returns how many offers it made.
    """
    return sum(kept(cohort) for cohort in cohorts_with_work())


def kept(cohort: Cohort) -> int:
    """A cohort with more people than places, as a hand at the database can make it, holds up no other."""
    try:
        return keep_waiting_list(cohort)
    except IntegrityError:
        logger.exception("The waiting list of cohort %s cannot be kept.", cohort.pk)
        return 0


@transaction.atomic
def keep_waiting_list(cohort: Cohort) -> int:
    cohort = lock(cohort)
    expire_offers(cohort)
    release_lapsed_places(cohort)
    grow_offers(cohort)
    recount(cohort)
    remind(cohort)
    return len(move_up(cohort))


def open_bundles(cohort: Cohort) -> list[list[Offer]]:
    """Open offers with all that mails read, those together that are answered as one."""
    offers = Offer.objects.open().filter(tandem__cohort=cohort).order_by("made_at", "pk")
    related = offers.select_related("tandem__cohort", "tandem__municipality")
    bundles: dict[int, list[Offer]] = defaultdict(list)
    for offer in related.prefetch_related("tandem__registrations"):
        bundles[offer.lead_key].append(offer)
    return list(bundles.values())


def expire_offers(cohort: Cohort) -> None:
    """The tandems go back to their place in the list; the offer moves on to the next."""
    now = timezone.now()
    for offers in open_bundles(cohort):
        if offers[0].expires_at <= now:
            end_offers(offers, OfferAnswer.EXPIRED, "offer_expired", by=None)


def end_offers(offers: Iterable[Offer], answer: OfferAnswer, name: str, *, by: User | None) -> None:
    """Nobody has said yes or no; `name` is the template of the mail."""
    for offer in offers:
        close_offer(offer, answer, by=by)
        mails_waiting.send_offer_ended(offer, name)


def release_lapsed_places(cohort: Cohort) -> None:
    """Places that were kept for substitutes are free again when nobody came."""
    for tandem in cohort.tandems.filter(place_held_until__lte=timezone.now()):
        release(tandem, by=None)


def release(tandem: Tandem, *, by: User | None) -> None:
    # An invitation to a place that is gone leads nowhere, and nobody is reminded of it.
    Tandem.objects.filter(pk=tandem.pk).end_invitation(place_held_until=None)
    audit.record(AuditAction.PLACE_RELEASED, target=tandem, by=by)


def grow_offers(cohort: Cohort) -> None:
    """Who was confirmed after an offer was made is next for what has become free since."""
    for tandem in cohort.tandems.filter(offers__in=Offer.objects.open()).select_related("cohort"):
        grow_offer(tandem)


def remind(cohort: Cohort) -> None:
    now = timezone.now()
    for offers in open_bundles(cohort):
        lead = offers[0]
        if lead.reminded_at is None and remind_at(lead.made_at, lead.expires_at) <= now < lead.expires_at:
            Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(reminded_at=now)
            mails_waiting.send_offer(offers, "offer_reminder")


def move_up(cohort: Cohort) -> list[Offer]:
    """Offer the free places to those whose turn it is, if the cohort lets them move up by themselves."""
    waiting = waiting_list(cohort)
    if waiting.hindrance:
        return []
    return make_offers(waiting, waiting.next_up, by=None)


@transaction.atomic
def offer_free_places(*, cohort: Cohort, by: User) -> list[Offer]:
    """The organiser's button: the free places to those whose turn it is. A second press finds them offered."""
    waiting = waiting_list(lock(cohort))
    for unit in waiting.next_up:
        refuse_offer(waiting, unit)
    return make_offers(waiting, waiting.next_up, by=by)


@transaction.atomic
def offer_to(*, tandem: Tandem, reason: str, by: User) -> list[Offer]:
    """Offer places to this tandem, and to those that share a half with it. A second time changes nothing.

    The reason is needed where it is not its turn. Raises `OfferRefused` when it does not wait any more, not enough
    is free, or no time is left.
    """
    waiting = waiting_list(lock(tandem.cohort))
    unit = waiting.find(tandem.pk)
    if unit and unit.row.has_offer:
        return []
    unit = refuse_offer(waiting, unit)
    if not reason and not waiting.is_turn_of(unit):
        raise OfferRefused(
            "Andere stehen davor. Bitte nennen Sie den Grund, warum Sie nicht der Reihe nach anbieten."
        )
    return make_offers(waiting, [unit], by=by, reason=reason)


def refuse_offer(waiting: WaitingList, unit: Unit | None) -> Unit:
    """The unit, if something can be offered to it."""
    refusal = waiting.refusal(unit) if unit else "Diese Anmeldung steht nicht mehr auf der Warteliste."
    if unit is None or refusal:
        raise OfferRefused(f"{refusal} Es ist nichts angeboten.")
    return unit


def make_offers(waiting: WaitingList, units: Iterable[Unit], *, by: User | None, reason: str = "") -> list[Offer]:
    """Store them and mail everybody who is asked; the places are taken from now on."""
    bundles = [waiting.new_offers(unit) for unit in units]
    for offers in bundles:
        for offer in offers:
            offer.made_by, offer.reason = by, reason
            offer.joint_with = offers[0] if offer is not offers[0] else None
            offer.save(force_insert=True)
            audit.record(AuditAction.OFFER_MADE, target=offer, by=by, tandem=offer.tandem_id, places=offer.places)
        mails_waiting.send_offer(offers, "offer")
    recount(waiting.cohort)
    return [offer for offers in bundles for offer in offers]


@transaction.atomic
def revoke_offer(*, offer: Offer, by: User) -> bool:
    """Take an open offer back, with those that are one with it; False when it was answered meanwhile."""
    cohort = lock(offer.tandem.cohort)
    offers = open_together(offer)
    if offer.pk not in {current.pk for current in offers}:
        return False
    end_offers(offers, OfferAnswer.REVOKED, "offer_revoked", by=by)
    recount(cohort)
    return True


def withdraw_offers(*, cohort: Cohort, by: User) -> None:
    """End all that are open in a cohort that is cancelled; the mail about that is for these people, too.

    Called under the cohort's lock.
    """
    for offer in Offer.objects.open().filter(tandem__cohort=cohort):
        close_offer(offer, OfferAnswer.REVOKED, by=by)
    recount(cohort)


@transaction.atomic
def accept_offer(*, registration: Registration) -> Offer:
    """One half says yes for all who were asked together; they have their places now. A second time changes nothing.

    Raises `OfferRefused` when there is no offer any more, or the places are too few by now.
    """
    cohort = lock(registration.cohort)
    offer = answerable(registration, OfferAnswer.ACCEPTED)
    if offer.answer:
        return offer
    offers, person = open_together(offer), registration.person
    if refusal := why_too_small(offers):
        raise OfferRefused(refusal)
    for each in offers:
        close_offer(each, OfferAnswer.ACCEPTED, by=person, answered_by=registration)
    reason = "Angebotenen Platz angenommen"
    change_selections([Decision(each.tandem, Selection.ACCEPTED, reason) for each in offers], by=person)
    recount(cohort)
    return offer


@transaction.atomic
def decline_offer(*, registration: Registration) -> Offer:
    """One half says no for all who were asked together; they go on waiting and are not asked again by themselves.

    Raises `OfferRefused` when there is no offer any more. A second time changes nothing.
    """
    cohort = lock(registration.cohort)
    offer = answerable(registration, OfferAnswer.DECLINED)
    if offer.answer:
        return offer
    offers = open_together(offer)
    for each in offers:
        close_offer(each, OfferAnswer.DECLINED, by=registration.person, answered_by=registration)
    mails_waiting.send_offer_declined(offers, by=registration)
    recount(cohort)
    return offer


def answerable(registration: Registration, answer: OfferAnswer) -> Offer:
    """The tandem's last offer, if it can still be answered so or was already."""
    offer = last_offer(registration.tandem_id)
    if offer is None:
        raise OfferRefused("Für Ihr Tandem liegt kein Angebot vor.")
    if registration.pk not in {half.pk for half in offer.tandem.confirmed_registrations()}:
        raise OfferRefused("Ihre Anmeldung gilt nicht mehr; deshalb können Sie hier nicht antworten.")
    is_repeated = offer.answer == answer and not is_overtaken(offer)
    if not is_repeated and (refusal := why_closed(offer)):
        raise OfferRefused(refusal)
    return offer
