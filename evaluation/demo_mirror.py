"""The tandem mirror of the demo: the two who can sign in have released their needs to each other, and talked."""

from curriculum.models import Cohort
from evaluation.actions.mirror import release
from netzkoord.models import User
from participants.models import Registration, Tandem


def fill_mirror(cohort: Cohort, people: list[User]) -> None:
    """Both halves of the tandem of these people release to each other; another manager has begun and waits."""
    for half in Registration.objects.accepted().filter(cohort=cohort, person__in=people):
        release(half=half)
    tandems = Tandem.objects.filter(registrations__in=Registration.objects.accepted().filter(cohort=cohort))
    waiting = tandems.exclude(registrations__person__in=people).distinct().earliest("pk")
    release(half=waiting.registrations.earliest("pk"))
