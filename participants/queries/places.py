"""How many places of a cohort are taken, and by what."""

from django.db.models import Sum
from django.utils import timezone

from curriculum.models import Cohort
from participants.models import Offer, Registration, Selection, Tandem


def places_taken(cohort: Cohort) -> int:
    """People who have a place, places offered and not answered, places kept for substitutes; three queries."""
    return accepted_people(cohort) + offered_places(cohort) + held_places(cohort)


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
