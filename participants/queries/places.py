"""How many places of a cohort are taken, and by what."""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone

from curriculum.models import Cohort
from participants.models import Offer, Registration, Selection, Tandem


@dataclass(frozen=True)
class PlaceCounts:
    """What takes places: people who have one, offers that are not answered, what is kept for substitutes."""

    given: int
    offered: int = 0
    held: int = 0

    @property
    def taken(self) -> int:
        return self.given + self.offered + self.held


def place_counts(cohort: Cohort) -> PlaceCounts:
    """Three queries."""
    return PlaceCounts(accepted_people(cohort), offered_places(cohort), held_places(cohort))


def places_taken(cohort: Cohort) -> int:
    return place_counts(cohort).taken


def free_places(cohort: Cohort) -> int:
    """Places that nobody has, was offered, or keeps; never below zero."""
    return max(0, cohort.places - places_taken(cohort))


def accepted_people(cohort: Cohort) -> int:
    """Confirmed people of accepted tandems."""
    return Registration.objects.accepted().filter(cohort=cohort).count()


def offered_places(cohort: Cohort) -> int:
    offers = Offer.objects.open().filter(tandem__cohort=cohort)
    return offers.aggregate(total=Sum("places"))["total"] or 0


def held_places(cohort: Cohort) -> int:
    """One for each accepted tandem whose left half may still be replaced."""
    held = Tandem.objects.filter(cohort=cohort, selection=Selection.ACCEPTED, place_held_until__gt=timezone.now())
    return held.count()
