"""The waiting list at work: places are offered, kept for their answer, accepted, declined, offered to the next.

Every action here first locks the cohort's row, as those of `registrations` do.
"""

import logging
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails_waiting
from participants.actions.locking import lock
from participants.actions.places import close_offer, confirmed_people, recount
from participants.actions.selection import Decision, change_selections
from participants.models import Offer, OfferAnswer, Registration, Selection, Tandem
from participants.queries.offers import cohorts_with_work, last_offer, why_closed
from participants.queries.places import free_places
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
    recount(cohort)
    remind(cohort)
    return len(move_up(cohort))


def offers_for_update(cohort: Cohort) -> list[Offer]:
    """Open offers with all that mails read."""
    offers = Offer.objects.open().filter(tandem__cohort=cohort).order_by("made_at", "pk")
    related = offers.select_related("tandem__cohort", "tandem__municipality")
    return list(related.prefetch_related("tandem__registrations"))


def expire_offers(cohort: Cohort) -> None:
    """The tandem goes back to its place in the list; the offer moves on to the next."""
    now = timezone.now()
    for offer in offers_for_update(cohort):
        if offer.expires_at <= now:
            close_offer(offer, OfferAnswer.EXPIRED, by=None)
            mails_waiting.send_offer_ended(offer, "offer_expired")


def release_lapsed_places(cohort: Cohort) -> None:
    """Places that were kept for substitutes are free again when nobody came."""
    for tandem in cohort.tandems.filter(place_held_until__lte=timezone.now()):
        release(tandem, by=None)


def release(tandem: Tandem, *, by: User | None) -> None:
    # An invitation to a place that is gone leads nowhere, and nobody is reminded of it.
    Tandem.objects.filter(pk=tandem.pk).end_invitation(place_held_until=None)
    audit.record(AuditAction.PLACE_RELEASED, target=tandem, by=by)


def remind(cohort: Cohort) -> None:
    now = timezone.now()
    for offer in offers_for_update(cohort):
        if offer.reminded_at is None and remind_at(offer.made_at, offer.expires_at) <= now < offer.expires_at:
            offer.reminded_at = now
            offer.save(update_fields=["reminded_at"])
            mails_waiting.send_offer(offer, "offer_reminder")


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
    for tandem in waiting.next_up:
        refuse_offer(waiting, waiting.find(tandem.pk))
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
    return make_offers(waiting, unit.tandems, by=by, reason=reason)


def refuse_offer(waiting: WaitingList, unit: Unit | None) -> Unit:
    """The unit, if something can be offered to it."""
    refusal = waiting.refusal(unit) if unit else "Diese Anmeldung steht nicht mehr auf der Warteliste."
    if unit is None or refusal:
        raise OfferRefused(f"{refusal} Es ist nichts angeboten.")
    return unit


def make_offers(
    waiting: WaitingList, tandems: Sequence[Tandem], *, by: User | None, reason: str = ""
) -> list[Offer]:
    """Store them and mail both halves; the places are taken from now on."""
    offers = [waiting.new_offer(tandem) for tandem in tandems]
    for offer in offers:
        offer.made_by, offer.reason = by, reason
        offer.save(force_insert=True)
        audit.record(AuditAction.OFFER_MADE, target=offer, by=by, tandem=offer.tandem_id, places=offer.places)
        mails_waiting.send_offer(offer, "offer")
    recount(waiting.cohort)
    return offers


@transaction.atomic
def revoke_offer(*, offer: Offer, by: User) -> bool:
    """Take an open offer back; False when it was answered meanwhile: then it stays as it is."""
    cohort = lock(offer.tandem.cohort)
    current = next((own for own in offers_for_update(cohort) if own.pk == offer.pk), None)
    if current is None:
        return False
    close_offer(current, OfferAnswer.REVOKED, by=by)
    mails_waiting.send_offer_ended(current, "offer_revoked")
    recount(cohort)
    return True


@transaction.atomic
def accept_offer(*, registration: Registration) -> Offer:
    """One half says yes for the whole tandem, which has its places now. A second time changes nothing.

    Raises `OfferRefused` when there is no offer any more.
    """
    cohort = lock(registration.cohort)
    offer = answerable(registration, OfferAnswer.ACCEPTED)
    if offer.answer:
        return offer
    refuse_too_small(offer)
    close_offer(offer, OfferAnswer.ACCEPTED, by=registration.person, answered_by=registration)
    decision = Decision(offer.tandem, Selection.ACCEPTED, "Angebotenen Platz angenommen")
    change_selections([decision], by=registration.person)
    recount(cohort)
    return offer


@transaction.atomic
def decline_offer(*, registration: Registration) -> Offer:
    """One half says no for the whole tandem; it goes on waiting and is not asked again by itself.

    Raises `OfferRefused` when there is no offer any more. A second time changes nothing.
    """
    cohort = lock(registration.cohort)
    offer = answerable(registration, OfferAnswer.DECLINED)
    if offer.answer:
        return offer
    close_offer(offer, OfferAnswer.DECLINED, by=registration.person, answered_by=registration)
    mails_waiting.send_offer_declined(offer, by=registration)
    recount(cohort)
    return offer


def answerable(registration: Registration, answer: OfferAnswer) -> Offer:
    """The tandem's last offer, if it can still be answered so or was already."""
    offer = last_offer(registration.tandem_id)
    if offer is None:
        raise OfferRefused("Für Ihr Tandem liegt kein Angebot vor.")
    if registration.pk not in {half.pk for half in offer.tandem.confirmed_registrations()}:
        raise OfferRefused("Ihre Anmeldung gilt nicht mehr; deshalb können Sie hier nicht antworten.")
    if offer.answer != answer and (refusal := why_closed(offer)):
        raise OfferRefused(refusal)
    return offer


def refuse_too_small(offer: Offer) -> None:
    """The tandem may have grown since; an offer grows with it, but never beyond what is free."""
    missing = confirmed_people(offer.tandem) - offer.places
    if missing > free_places(offer.tandem.cohort):
        raise OfferRefused("Ihr Tandem braucht inzwischen mehr Plätze, als frei sind. Bitte schreiben Sie uns.")
