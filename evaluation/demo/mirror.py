"""The tandem mirror of the demo: one tandem has opened it, in another one only one of the two has released."""

from curriculum.models import Cohort
from evaluation.actions.mirror import release
from evaluation.queries.mirror import partner_of
from netzkoord.models import User
from participants.models import Registration


def fill_mirror(cohort: Cohort, people: list[User]) -> None:
    """The two of these people release to each other; somebody else has released and waits."""
    accepted = Registration.objects.accepted().filter(cohort=cohort).select_related("tandem").order_by("pk")
    for half in accepted.filter(person__in=people):
        release(half=half)
    others = accepted.exclude(tandem__registrations__person__in=people)
    release(half=next(half for half in others if partner_of(half)))
