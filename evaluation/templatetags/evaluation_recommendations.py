"""What an edition owes, for pages of apps that know no recommendation."""

from django import template

from curriculum.models import Edition
from evaluation.models import Recommendation, RecommendationState
from netzkoord.lib.sentences import counted
from netzkoord.models import User

register = template.Library()


@register.simple_tag
def owed_by(edition: Edition, user: User) -> str:
    """How many accepted recommendations the edition is to fulfil, and how many no change of it fulfils yet.

    A sentence without its full stop; empty when it owes nothing. Two queries.
    """
    accepted = Recommendation.objects.visible_to(user).standing().filter(state=RecommendationState.ACCEPTED)
    owed = accepted.filter(edition=edition)
    if not (number := owed.count()):
        return ""
    promised = counted(number, "angenommene Empfehlung ist", "angenommene Empfehlungen sind")
    unfulfilled = owed.exclude(causes__edition=edition).count()
    if not unfulfilled:
        return f"{promised} dieser Fassung zugesagt; eingelöst durch ihre Änderungen"
    return f"{promised} dieser Fassung zugesagt; noch von keiner Änderung eingelöst: {unfulfilled}"
