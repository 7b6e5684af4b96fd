"""The waiting list of a cohort: who stands where, what is free, and why somebody still waits."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib.sentences import counted
from netzkoord.templatetags.german import german_date, german_datetime
from participants.models import Offer, OfferAnswer, Selection, StatusChange, Tandem
from participants.queries.offers import first_day, held_tandems, offers_of
from participants.queries.places import free_places
from participants.queries.selection import Ranking, ranking_of
from participants.selection import Candidate, Group
from participants.waiting import (
    SHORTEST_BY_HAND,
    SHORTEST_BY_ITSELF,
    Waiting,
    ahead,
    deadline,
    in_turn,
    is_next,
    next_up,
)

TOO_LATE = "Bis zum ersten Termin bleibt keine Zeit mehr für ein Angebot."

BY_PHONE = "Wenn das Tandem am Telefon zusagt, nehmen Sie es in der Liste der Anmeldungen an."


@dataclass(frozen=True)
class Unit:
    """What moves up as one: a waiting tandem, or those that share a half by exception."""

    row: Waiting
    tandems: tuple[Tandem, ...]


@dataclass(frozen=True)
class WaitingList:
    """Who waits for a place in one cohort, in their turn, and what is free for them.

    `undecided` counts tandems that are still to be decided, `accepted` those that have a place.
    """

    cohort: Cohort
    units: list[Unit]
    free: int
    first_on: datetime.date | None
    undecided: int
    accepted: int

    @cached_property
    def rows(self) -> list[Waiting]:
        return [unit.row for unit in self.units]

    @cached_property
    def next_up(self) -> list[Tandem]:
        """To whom the free places are offered now, if anything may be offered at all."""
        chosen = {row.key for row in next_up(self.rows, free=self.free)}
        return [tandem for unit in self.units if unit.row.key in chosen for tandem in unit.tandems]

    def find(self, tandem_key: int) -> Unit | None:
        """The unit of this tandem, if it waits."""
        return next((unit for unit in self.units if tandem_key in {own.pk for own in unit.tandems}), None)

    def is_turn_of(self, unit: Unit) -> bool:
        return is_next(unit.row, self.rows, free=self.free)

    @cached_property
    def positions(self) -> dict[int, int]:
        return {row.key: position for position, row in enumerate(self.rows, start=1)}

    @cached_property
    def ahead(self) -> dict[int, int]:
        return ahead(self.rows)

    @cached_property
    def hindrance(self) -> str:
        """Why nobody moves up by itself; empty when the free places may be offered now."""
        cohort = self.cohort
        if cohort.cancelled_at:
            return "Der Durchgang ist abgesagt."
        if timezone.localdate() <= cohort.registration_closes_on:
            return f"Die Anmeldung läuft noch bis {german_date(cohort.registration_closes_on)}."
        if not self.accepted:
            return "Über die Plätze ist noch nicht entschieden."
        if self.undecided:
            return f"Über {counted(self.undecided, 'Anmeldung', 'Anmeldungen')} ist noch nicht entschieden."
        if not self.may_answer_in_time:
            return TOO_LATE
        return "" if cohort.moves_up_automatically else "Freie Plätze bietet die Organisation selbst an."

    @property
    def may_answer_in_time(self) -> bool:
        return self.deadline(SHORTEST_BY_ITSELF) is not None

    def deadline(self, shortest: datetime.timedelta = SHORTEST_BY_HAND) -> datetime.datetime | None:
        """Until when an offer made now is good; None when no time is left to answer."""
        return deadline(timezone.now(), days=self.cohort.offer_days, first_on=self.first_on, shortest=shortest)

    def refusal(self, unit: Unit) -> str:
        """Why nothing can be offered here, whoever asks; empty when it can."""
        if self.cohort.cancelled_at:
            return "Der Durchgang ist abgesagt."
        if not self.free:
            return "Es ist kein Platz mehr frei."
        if self.free < unit.row.places:
            return f"{are_free(self.free)}; gebraucht werden {unit.row.places}."
        if self.deadline() is None:
            return f"{TOO_LATE} {BY_PHONE}"
        return ""

    def new_offer(self, tandem: Tandem) -> Offer:
        """An offer made now, not stored."""
        now = timezone.now()
        expires_at = self.deadline() or now
        return Offer(tandem=tandem, places=tandem.people, made_at=now, expires_at=expires_at)


@dataclass(frozen=True)
class Standing:
    """Where one tandem stands on the waiting list."""

    tandem: Tandem
    position: int
    since: datetime.datetime
    needs: int
    is_complete: bool
    before: int
    free: int
    hindrance: str
    offer: Offer | None
    earlier: Offer | None


@dataclass(frozen=True)
class WaitingNote:
    """„Warum noch nicht?“ for a person: since when, and the reasons as sentences."""

    since: datetime.datetime
    sentences: tuple[str, ...]
    has_offer: bool
    was_asked: bool


def waiting_list(cohort: Cohort) -> WaitingList:
    """The number of queries does not depend on how many wait."""
    ranking = ranking_of(cohort)
    tandems = ranking.in_order
    prefetch_related_objects([own for own in tandems if own.selection == Selection.WAITING], *ON_THE_LIST)
    candidates = [ranked.candidate for ranked in ranking.rows]
    units = {unit.row.key: unit for one in candidates if (unit := unit_of(ranking, one))}
    return WaitingList(
        cohort=cohort,
        units=[units[row.key] for row in in_turn(unit.row for unit in units.values())],
        free=free_places(cohort),
        first_on=first_day(cohort),
        undecided=sum(own.selection == Selection.OPEN and own.people > 0 for own in tandems),
        accepted=sum(own.selection == Selection.ACCEPTED for own in tandems),
    )


ON_THE_LIST = (
    Prefetch("offers", Offer.objects.select_related("made_by", "answered_by")),
    Prefetch("status_changes", StatusChange.objects.filter(to_selection=Selection.WAITING)),
)


def unit_of(ranking: Ranking, candidate: Candidate) -> Unit | None:
    """The waiting tandems of a candidate; None while one of those bound to them is still to be decided."""
    members = ranking.tandems_of(candidate)
    tandems = tuple(own for own in members if own.selection == Selection.WAITING and own.people)
    if not tandems or any(own.selection == Selection.OPEN for own in members):
        return None
    row = Waiting(
        key=candidate.key,
        places=sum(own.people for own in tandems),
        is_complete=candidate.group is Group.COMPLETE,
        was_asked=any(offer.answer for own in tandems for offer in own.offers.all()),
        has_offer=candidate.is_offered,
    )
    return Unit(row, tandems)


def standings(waiting: WaitingList) -> list[Standing]:
    """One for each tandem that waits, in their turn; no query."""
    return [standing_of(waiting, unit, tandem) for unit in waiting.units for tandem in unit.tandems]


def standing_of(waiting: WaitingList, unit: Unit, tandem: Tandem) -> Standing:
    offers, changes = list(tandem.offers.all()), list(tandem.status_changes.all())
    return Standing(
        tandem=tandem,
        position=waiting.positions[unit.row.key],
        since=changes[0].changed_at if changes else tandem.created_at,
        needs=unit.row.places,
        is_complete=unit.row.is_complete,
        before=waiting.ahead[unit.row.key],
        free=waiting.free,
        hindrance=waiting.hindrance,
        offer=open_offer_of(tandem),
        earlier=next((offer for offer in offers if offer.answer), None),
    )


def waiting_note(tandem: Tandem) -> WaitingNote | None:
    """What a waiting person reads; None for a tandem that does not wait."""
    if tandem.selection != Selection.WAITING:
        return None
    waiting = waiting_list(tandem.cohort)
    unit = waiting.find(tandem.pk)
    if unit is None:
        return None
    found = next(own for own in unit.tandems if own.pk == tandem.pk)
    standing = standing_of(waiting, unit, found)
    return WaitingNote(
        standing.since,
        reasons_for_person(standing),
        has_offer=standing.offer is not None,
        was_asked=standing.earlier is not None,
    )


def reasons_for_person(standing: Standing) -> tuple[str, ...]:
    """„Warum noch nicht?“ as the waiting person reads it."""
    if standing.offer:
        return (f"Für Ihr Tandem ist bis {german_datetime(standing.offer.expires_at)} {kept(standing.offer)}.",)
    who = "Ihr Tandem braucht" if standing.is_complete else "Sie brauchen"
    before = "Sie stehen an erster Stelle." if not standing.before else f"Vor Ihnen {stand(standing.before)}."
    found = reasons(standing, who=who, before=before)
    return (*found, standing.hindrance) if standing.hindrance else found


def reasons_for_organiser(standing: Standing) -> tuple[str, ...]:
    """The same as organisers read it; what holds everybody up stands above the list."""
    if standing.offer:
        return (f"Angeboten bis {german_datetime(standing.offer.expires_at)}.",)
    who = "das Tandem braucht" if standing.is_complete else "die Person braucht"
    before = "An erster Stelle." if not standing.before else f"Davor {stand(standing.before)}."
    return reasons(standing, who=who, before=before)


def reasons(standing: Standing, *, who: str, before: str) -> tuple[str, ...]:
    parts = [what_is_free(standing, who), before]
    if standing.before and not standing.is_complete:
        parts.append("Vollständige Tandems rücken zuerst nach.")
    if standing.earlier:
        parts.append(what_became(standing.earlier))
    return tuple(parts)


def what_is_free(standing: Standing, who: str) -> str:
    if not standing.free:
        return "Es ist kein Platz frei."
    if standing.free < standing.needs:
        return f"{are_free(standing.free)}; {who} {'zwei' if standing.needs == 2 else standing.needs}."
    return f"{are_free(standing.free)}."


def are_free(count: int) -> str:
    return "Es ist ein Platz frei" if count == 1 else f"Es sind {count} Plätze frei"


def what_became(offer: Offer) -> str:
    """Of an earlier offer, and that there is no second one by itself."""
    words = {
        OfferAnswer.EXPIRED: "ist abgelaufen",
        OfferAnswer.DECLINED: "wurde abgelehnt",
        OfferAnswer.REVOKED: "wurde zurückgenommen",
        OfferAnswer.ACCEPTED: "wurde angenommen",
    }
    fate = words[OfferAnswer(offer.answer)]
    return f"Das Angebot vom {german_date(offer.made_at)} {fate}; von selbst folgt kein zweites."


def kept(offer: Offer) -> str:
    return "ein Platz reserviert" if offer.places == 1 else "Platz für beide reserviert"


def stand(count: int) -> str:
    return "steht eine andere Anmeldung" if count == 1 else f"stehen {count} andere Anmeldungen"


def open_offer_of(tandem: Tandem) -> Offer | None:
    """The open one of the prefetched offers."""
    return next((offer for offer in tandem.offers.all() if not offer.answer), None)


@dataclass(frozen=True)
class WaitingRow:
    """One line of the organiser's page."""

    standing: Standing
    reasons: tuple[str, ...]
    is_offerable: bool


@dataclass(frozen=True)
class WaitingPage:
    """The organiser's page of the waiting list."""

    waiting: WaitingList
    rows: list[WaitingRow]
    next_up: list[Tandem]
    offers: list[Offer]
    held: list[Tandem]

    @property
    def open_offers(self) -> list[Offer]:
        return [offer for offer in self.offers if not offer.answer]

    @property
    def closed_offers(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.answer]

    @property
    def taken(self) -> int:
        """Places that people have, offered and kept ones apart."""
        return self.waiting.cohort.places_taken - self.offered - len(self.held)

    @property
    def offered(self) -> int:
        return sum(offer.places for offer in self.open_offers)


def waiting_page(cohort: Cohort) -> WaitingPage:
    """The number of queries does not depend on who waits or was asked."""
    waiting = waiting_list(cohort)
    offerable = {unit.row.key for unit in waiting.units if not unit.row.has_offer and not waiting.refusal(unit)}
    return WaitingPage(
        waiting=waiting,
        rows=[
            WaitingRow(standing, reasons_for_organiser(standing), is_offerable=unit.row.key in offerable)
            for unit in waiting.units
            for standing in [standing_of(waiting, unit, tandem) for tandem in unit.tandems]
        ],
        next_up=waiting.next_up if waiting.deadline() and not cohort.cancelled_at else [],
        offers=offers_of(cohort),
        held=held_tandems(cohort),
    )
