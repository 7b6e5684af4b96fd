"""Offers of places: the one of a tandem, those of a cohort, and what the job and the dashboard have to know."""

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib.sentences import listed
from participants.models import Offer, OfferAnswer, Registration, Selection, Tandem
from participants.queries.places import free_places
from participants.waiting import DAY


def first_day(cohort: Cohort) -> datetime.date | None:
    """The first day of all sessions that are not cancelled; one query."""
    found = cohort.sessions.not_cancelled().aggregate(first_on=Min("days__date"))
    first_on: datetime.date | None = found["first_on"]
    return first_on


def open_offer(tandem: Tandem) -> Offer | None:
    """One query."""
    return Offer.objects.open().filter(tandem=tandem).first()


def last_offer(tandem_key: int) -> Offer | None:
    """With all that a page or a mail about it reads; two queries."""
    offers = Offer.objects.filter(tandem=tandem_key).select_related("tandem__cohort", "tandem__municipality")
    return offers.select_related("answered_by").prefetch_related("tandem__registrations").first()


def open_together(offer: Offer) -> list[Offer]:
    """The open offers that one answer is for, with all that pages and mails read; two queries."""
    offers = Offer.objects.open().together_with(offer).select_related("tandem__cohort", "tandem__municipality")
    return list(offers.prefetch_related("tandem__registrations").order_by("pk"))


def towns(offers: Iterable[Offer]) -> str:
    """„Moers und Kleve“"""
    return listed(list(dict.fromkeys(offer.tandem.municipality.name for offer in offers)))


def is_overtaken(offer: Offer) -> bool:
    """Whether the organiser has decided otherwise since it was answered."""
    answered_so = Selection.ACCEPTED if offer.answer == OfferAnswer.ACCEPTED else Selection.WAITING
    return bool(offer.answer) and offer.tandem.selection != answered_so


def why_closed(offer: Offer) -> str:
    """Why an offer cannot be answered any more; empty while it can."""
    if offer.tandem.cohort.cancelled_at:
        return "Der Durchgang ist abgesagt. Es ist nichts mehr zu beantworten."
    if is_overtaken(offer):
        decided = offer.tandem.get_selection_display()
        return f"Nach diesem Angebot hat die Organisation neu entschieden. Der Stand ist jetzt: {decided}."
    if offer.answer == OfferAnswer.ACCEPTED:
        return "Der Platz ist schon angenommen. Wenn Sie nicht kommen können, ziehen Sie Ihre Anmeldung zurück."
    if offer.answer == OfferAnswer.DECLINED:
        return "Das Angebot ist schon abgelehnt. Sie stehen weiter auf der Warteliste."
    if offer.answer == OfferAnswer.REVOKED:
        return "Die Organisation hat das Angebot zurückgenommen. Sie stehen weiter auf der Warteliste."
    if offer.answer == OfferAnswer.EXPIRED or offer.expires_at <= timezone.now():
        return "Das Angebot ist abgelaufen, der Platz geht an die Nächsten. Sie stehen weiter auf der Warteliste."
    return ""


def why_too_small(offers: Sequence[Offer]) -> str:
    """Why places that were offered together are too few by now; empty while they, and what is free, are enough.

    Somebody may have been confirmed since, when nothing more was free. Who goes and who waits is theirs to say.
    """
    offered = sum(offer.places for offer in offers)
    needed = sum(offer.tandem.people for offer in offers)
    if needed <= offered or needed - offered <= free_places(offers[0].tandem.cohort):
        return ""
    places = "ist ein Platz" if offered == 1 else f"sind {offered} Plätze"
    return (
        f"Angeboten {places}, Sie brauchen inzwischen {needed}, und mehr ist nicht frei. Wer verzichtet, zieht "
        "zuerst die eigene Anmeldung zurück. Wollen Sie lieber gemeinsam warten, lehnen Sie das Angebot ab."
    )


def offers_of(cohort: Cohort) -> list[Offer]:
    """Every offer of the cohort, open ones first, the latest on top; three queries."""
    offers = Offer.objects.filter(tandem__cohort=cohort).select_related(
        "tandem__municipality", "tandem__cohort", "made_by", "answered_by", "joint_with__tandem__municipality"
    )
    rows = offers.prefetch_related("tandem__registrations").order_by(
        F("answered_at").desc(nulls_first=True), "-made_at", "-pk"
    )
    return list(rows)


def held_tandems(cohort: Cohort) -> list[Tandem]:
    """Accepted tandems in which a place is kept for a substitute, the earliest end first; two queries."""
    held = cohort.tandems.filter(selection=Selection.ACCEPTED, place_held_until__isnull=False)
    return list(held.select_related("municipality").prefetch_related("registrations").order_by("place_held_until"))


def cohorts_with_work() -> QuerySet[Cohort]:
    """Those in which the waiting list may have to do something now; one query.

    Who may do nothing in truth – somebody is still undecided, nobody fits – is found out under the lock.
    """
    now, today = timezone.now(), timezone.localdate()
    open_offers = Offer.objects.open()
    moves_up = Q(
        moves_up_automatically=True,
        registration_closes_on__lt=today,
        places_taken__lt=F("places"),
        pk__in=never_asked().values("cohort"),
    )
    expired = Q(pk__in=open_offers.filter(expires_at__lte=now).values("tandem__cohort"))
    unreminded = Q(
        pk__in=open_offers.filter(reminded_at__isnull=True, expires_at__lte=now + DAY).values("tandem__cohort")
    )
    lapsed = Q(pk__in=Tandem.objects.filter(place_held_until__lte=now).values("cohort"))
    return Cohort.objects.filter(expired | unreminded | lapsed | moves_up, cancelled_at__isnull=True)


def never_asked() -> QuerySet[Tandem]:
    """Waiting tandems to which there was no offer yet, or none for all who are in it by now."""
    halves = Registration.objects.confirmed().filter(tandem=OuterRef("pk")).order_by().values("tandem")
    waiting = Tandem.objects.filter(selection=Selection.WAITING)
    counted = waiting.annotate(halves=Subquery(halves.annotate(count=Count("pk")).values("count")))
    asked = Offer.objects.filter(tandem=OuterRef("pk"), places__gte=OuterRef("halves"))
    return counted.filter(~Exists(asked), halves__gte=1)


def free_and_waiting(cohort_keys: Iterable[int]) -> dict[int, int]:
    """For the dashboard: free places by cohort where somebody waits and is not being asked; two queries.

    Only cohorts whose registration is closed and which have not begun: before, places are free for all.
    """
    today = timezone.localdate()
    waits = Tandem.objects.filter(
        cohort__in=cohort_keys,
        selection=Selection.WAITING,
        registrations__in=Registration.objects.confirmed(),
    ).exclude(pk__in=Offer.objects.open().values("tandem"))
    cohorts = (
        Cohort.objects.with_dates()
        .filter(pk__in=set(waits.values_list("cohort", flat=True)), registration_closes_on__lt=today)
        .filter(Q(first_on__isnull=True) | Q(first_on__gt=today), cancelled_at__isnull=True)
        .filter(places_taken__lt=F("places"))
    )
    return {cohort.pk: cohort.places - cohort.places_taken for cohort in cohorts}


def offers_ending_by(cohort_keys: Iterable[int], *, day: datetime.date) -> dict[int, int]:
    """For the dashboard: how many open offers of each cohort end on or before this day; one query."""
    end = timezone.make_aware(datetime.datetime.combine(day, datetime.time.max))
    offers = Offer.objects.open().filter(tandem__cohort__in=cohort_keys, expires_at__lte=end)
    counts: dict[int, int] = {}
    for key in offers.values_list("tandem__cohort", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return counts
