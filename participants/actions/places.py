"""Who has a place and who keeps one; the count of them, which the database compares with how many there are.

Everything here is called under the cohort's lock, by actions that end with `recount`.
"""

from collections.abc import Iterable

from django.db.models.functions import Least
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails_waiting
from participants.actions.decisions import Decision, store_decisions
from participants.models import Offer, OfferAnswer, Registration, Selection, Tandem
from participants.queries.offers import first_day, open_offer
from participants.queries.places import free_places, places_taken
from participants.waiting import held_until


def recount(cohort: Cohort) -> int:
    """Store how many places are taken now; every action that changes it ends with this, under the cohort's lock.

    Raises `IntegrityError` when there are more than the cohort has: nothing of the action is stored then.
    """
    cohort.places_taken = places_taken(cohort)
    Cohort.objects.filter(pk=cohort.pk).update(places_taken=cohort.places_taken)
    return cohort.places_taken


def has_room_for_half(tandem: Tandem) -> bool:
    """Whether one more half of this tandem finds a place, where it would need one.

    A tandem with a place takes one for each confirmed half; the others only wait, and so does who is alone in it:
    the places of those who have left went to the next.
    """
    if tandem.selection != Selection.ACCEPTED or not confirmed_people(tandem):
        return True
    return tandem.is_place_held or free_places(tandem.cohort) > 0


def take_place(half: Registration) -> None:
    """After a half was confirmed, or has come: it takes the kept place and stands in for whom it replaces.

    An open offer grows with it. Where all others have left an accepted tandem, it waits like anybody else.
    """
    tandem = half.tandem
    Tandem.objects.filter(pk=tandem.pk).keep_no_place()
    grow_offer(tandem)
    if tandem.selection == Selection.ACCEPTED and confirmed_people(tandem) == 1:
        reason = "Wer den Platz hatte, ist nicht mehr dabei"
        store_decisions([Decision(tandem, Selection.WAITING, reason)], by=None)
        mails_waiting.send_left_alone(half)
    elif tandem.selection == Selection.ACCEPTED:
        replace_predecessor(half)


def grow_offer(tandem: Tandem) -> None:
    """An open offer comes to hold a place for each confirmed half, as far as places are free."""
    offer = open_offer(tandem)
    if offer is not None and (missing := confirmed_people(tandem) - offer.places) > 0:
        offer.places += min(missing, free_places(tandem.cohort))
        offer.save(update_fields=["places"])


def replace_predecessor(half: Registration) -> None:
    """Who has left this role of an accepted tandem last is replaced by the new half."""
    left = Registration.objects.filter(
        tandem=half.tandem_id,
        role=half.role,
        confirmed_at__isnull=False,
        withdrawn_at__isnull=False,
        replaced_by__isnull=True,
        merged_into__isnull=True,
    )
    predecessor = left.order_by("-withdrawn_at", "-pk").first()
    if predecessor is None:
        return
    predecessor.replaced_by = half
    predecessor.save(update_fields=["replaced_by"])
    audit.record(AuditAction.REGISTRATION_REPLACED, target=predecessor, by=half.person, substitute=half.pk)


def leave_place(half: Registration) -> None:
    """After a half was withdrawn: its place is kept for a substitute, or the tandem leaves as one.

    An open offer shrinks to who is left, and is declined when nobody is.
    """
    tandem = half.tandem
    people = confirmed_people(tandem)
    is_kept = tandem.selection == Selection.ACCEPTED and half.confirmed_at is not None and people > 0
    current = Tandem.objects.filter(pk=tandem.pk)
    if is_kept:
        current.update(place_held_until=held_until(timezone.now(), first_on=first_day(tandem.cohort)))
    else:
        current.keep_no_place()
    if people:
        Offer.objects.open().filter(tandem=tandem).update(places=Least("places", people))
    else:
        close_offer(open_offer(tandem), OfferAnswer.DECLINED, by=half.person)


def join_places(half: Registration, *, left: Tandem) -> None:
    """After a half has come from the tandem `left`: an offer there ends, and no place is kept there any more."""
    close_offer(open_offer(left), OfferAnswer.REVOKED, by=None)
    Tandem.objects.filter(pk=left.pk).keep_no_place()
    take_place(half)


def confirmed_people(tandem: Tandem) -> int:
    return Registration.objects.confirmed().filter(tandem=tandem).count()


def settle_offers(tandems: Iterable[Tandem], *, by: User | None) -> None:
    """After they were decided: an open offer has its answer; where there is no place, none is kept or promised."""
    accepted = {tandem.pk: tandem.selection == Selection.ACCEPTED for tandem in tandems}
    for offer in Offer.objects.open().filter(tandem__in=accepted):
        answer = OfferAnswer.ACCEPTED if accepted[offer.tandem_id] else OfferAnswer.REVOKED
        close_offer(offer, answer, by=by)
    without_place = Tandem.objects.filter(pk__in=[key for key, has_place in accepted.items() if not has_place])
    without_place.filter(substitute_for__isnull=False).end_invitation()
    without_place.keep_no_place()


OFFER_ACTIONS = {
    OfferAnswer.ACCEPTED: AuditAction.OFFER_ACCEPTED,
    OfferAnswer.DECLINED: AuditAction.OFFER_DECLINED,
    OfferAnswer.EXPIRED: AuditAction.OFFER_EXPIRED,
    OfferAnswer.REVOKED: AuditAction.OFFER_REVOKED,
}


def close_offer(
    offer: Offer | None, answer: OfferAnswer, *, by: User | None, answered_by: Registration | None = None
) -> None:
    """Write what has become of an open offer, if there is one."""
    if offer is None:
        return
    offer.answer, offer.answered_at, offer.answered_by = answer, timezone.now(), answered_by
    offer.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record(OFFER_ACTIONS[answer], target=offer, by=by, tandem=offer.tandem_id)
