"""The register of recommendations: entering one, correcting it while it is open, deciding on it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum.models import Edition
from evaluation.actions.walls import turn
from evaluation.models import Recommendation, RecommendationDecision, RecommendationState
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User

# What may be corrected while it is open; a decision that somebody else makes meanwhile is not written over.
CORRECTED = ["text", "source", "round", "cohort", "audience", "module_key", "feature"]


class NotDecidable(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A decision that does not follow on what is; the message is one German sentence."""


def add_recommendation(*, recommendation: Recommendation, by: User) -> Recommendation:
    """Enter it in the register; of a card, or sent twice under one key, it is entered once."""
    try:
        with transaction.atomic():
            recommendation.save(force_insert=True)
            if recommendation.card:
                turn(recommendation.card.guiding_question.workshop_id)
            audit.record(AuditAction.RECOMMENDATION_ADDED, target=recommendation, by=by)
    except IntegrityError:
        same = {"card": recommendation.card} if recommendation.card else {"key": recommendation.key}
        return Recommendation.objects.get(**same)
    return recommendation


@transaction.atomic
def change_recommendation(*, recommendation: Recommendation, by: User) -> None:
    recommendation.save(update_fields=CORRECTED)
    audit.record(AuditAction.RECOMMENDATION_CHANGED, target=recommendation, by=by)


@transaction.atomic
def decide_recommendation(
    *,
    recommendation: Recommendation,
    state: RecommendationState,
    reason: str,
    edition: Edition | None,
    after: int | None = None,
    by: User,
) -> None:
    """Decide, or decide anew; the decisions before stay on record. Sent twice, it is decided once.

    `edition` is to fulfil it, where it is accepted; `after` is the last decision that the person had read. Raises
    `NotDecidable` when the state does not follow, or when somebody else has decided meanwhile.
    """
    locked = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    owed_by = edition if state == RecommendationState.ACCEPTED else locked.edition
    if (locked.state, locked.reason, locked.edition) == (state, reason, owed_by):
        return
    is_unread = after is not None and locked.decisions.filter(pk__gt=after).exists()
    if is_unread or state not in locked.following:
        raise NotDecidable(
            f"Die Empfehlung ist inzwischen {locked.get_state_display()}. Lesen Sie die Begründung, "
            "und entscheiden Sie dann, ob noch etwas zu tun ist."
        )
    locked.state, locked.reason, locked.edition = state, reason, owed_by
    locked.decided_by, locked.decided_on = by, timezone.localdate()
    locked.save(update_fields=["state", "reason", "edition", "decided_by", "decided_on"])
    RecommendationDecision.objects.create(
        recommendation=locked, state=state, reason=reason, edition=owed_by, decided_by=by
    )
    audit.record(AuditAction.RECOMMENDATION_DECIDED, target=locked, by=by, state=state.value)
