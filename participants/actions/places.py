"""The count of taken places, which the database compares with how many there are."""

from curriculum.models import Cohort
from participants.queries.places import places_taken


def recount(cohort: Cohort) -> int:
    """Store how many places are taken now; every action that changes it ends with this, under the cohort's lock.

    Raises `IntegrityError` when there are more than the cohort has: nothing of the action is stored then.
    """
    cohort.places_taken = places_taken(cohort)
    Cohort.objects.filter(pk=cohort.pk).update(places_taken=cohort.places_taken)
    return cohort.places_taken
