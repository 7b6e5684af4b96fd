"""The waiting list of a cohort: who stands where, and what is free."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib.sentences import counted
from netzkoord.templatetags.german import german_date
from participants.models import Offer, Selection, StatusChange, Tandem
from participants.queries.offers import first_day
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
    def next_up(self) -> list[Unit]:
        """To whom the free places are offered now, if anything may be offered at all."""
        chosen = {row.key for row in next_up(self.rows, free=self.free)}
        return [unit for unit in self.units if unit.row.key in chosen]

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

    def new_offers(self, unit: Unit) -> list[Offer]:
        """One for each of its tandems, made now, not stored."""
        now = timezone.now()
        until = self.deadline() or now
        return [Offer(tandem=own, places=own.people, made_at=now, expires_at=until) for own in unit.tandems]


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
        was_asked=any(earlier_offer(own) for own in tandems),
        has_offer=candidate.is_offered,
    )
    return Unit(row, tandems)


def open_offer_of(tandem: Tandem) -> Offer | None:
    """The open one of the prefetched offers."""
    return next((offer for offer in tandem.offers.all() if not offer.answer), None)


def earlier_offer(tandem: Tandem) -> Offer | None:
    """The latest of the prefetched offers that has its answer and was for all who are in the tandem by now.

    Who has found a partner since was never asked for two places.
    """
    return next((own for own in tandem.offers.all() if own.answer and own.places >= tandem.people), None)


def are_free(count: int) -> str:
    return "Es ist ein Platz frei" if count == 1 else f"Es sind {count} Plätze frei"
