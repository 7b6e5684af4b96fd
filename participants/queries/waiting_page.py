"""The organiser's page of the waiting list."""

from dataclasses import dataclass

from curriculum.models import Cohort
from participants.models import Offer, Tandem
from participants.queries.offers import held_tandems, offers_of
from participants.queries.waiting import Unit, WaitingList, waiting_list
from participants.queries.waiting_reasons import Standing, reasons_for_organiser, standing_of


@dataclass(frozen=True)
class WaitingRow:
    """One line of the organiser's page."""

    standing: Standing
    joint_with: list[Tandem]
    reasons: tuple[str, ...]
    is_offerable: bool


@dataclass(frozen=True)
class WaitingPage:
    """The organiser's page of the waiting list."""

    waiting: WaitingList
    rows: list[WaitingRow]
    next_up: list[Unit]
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
            WaitingRow(
                standing,
                joint_with=[other for other in unit.tandems if other != standing.tandem],
                reasons=reasons_for_organiser(standing),
                is_offerable=unit.row.key in offerable,
            )
            for unit in waiting.units
            for standing in [standing_of(waiting, unit, tandem) for tandem in unit.tandems]
        ],
        next_up=waiting.next_up if waiting.deadline() and not cohort.cancelled_at else [],
        offers=offers_of(cohort),
        held=held_tandems(cohort),
    )
