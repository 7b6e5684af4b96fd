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
DECIDED = ["state", "reason", "edition", "merged_into", "decided_by", "decided_on"]
NOT_DONE_YET = (
    "Umgesetzt ist die Empfehlung erst mit der {number}.\N{NO-BREAK SPACE}Fassung, und die ist noch ein Entwurf: "
    "Veröffentlichen Sie sie zuerst, oder lösen Sie Zusage und Änderungen von der Empfehlung, wenn sie schon auf "
    "anderem Weg umgesetzt ist."
)


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
    `NotDecidable` when the state does not follow, when somebody else has decided meanwhile, or when what is said to
    be done stands in a draft only.
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
    if state == RecommendationState.DONE and (obstacle := obstacle_to_done(locked)):
        raise NotDecidable(obstacle)
    locked.edition, locked.merged_into = owed_by, None
    settle(locked, state, reason, by)


def obstacle_to_done(recommendation: Recommendation) -> str:
    """A sentence; empty where nothing speaks against calling it done."""
    draft = recommendation.draft_behind()
    return NOT_DONE_YET.format(number=draft.number) if draft else ""


@transaction.atomic
def set_aside_recommendation(
    *, recommendation: Recommendation, reason: str, merged_into: Recommendation | None = None, by: User
) -> None:
    """Take back what was entered by mistake, or merge it into the entry that says the same. Sent twice, done once.

    Nothing is deleted: it may be reopened. Raises `NotDecidable` where something speaks against it.
    """
    state = RecommendationState.MERGED if merged_into else RecommendationState.WITHDRAWN
    concerned = [recommendation.pk, *([merged_into.pk] if merged_into else [])]
    rows = {
        row.pk: row for row in Recommendation.objects.select_for_update().filter(pk__in=concerned).order_by("pk")
    }
    locked, other = rows[recommendation.pk], rows[merged_into.pk] if merged_into else None
    if (locked.state, locked.reason, locked.merged_into) == (state, reason, other):
        return
    if obstacle := obstacle_to_setting_aside(locked, other):
        raise NotDecidable(obstacle)
    locked.merged_into = other
    settle(locked, state, reason, by)


def obstacle_to_setting_aside(recommendation: Recommendation, other: Recommendation | None = None) -> str:
    """A sentence; empty where nothing speaks against it, nor against merging it into `other`."""
    if not recommendation.is_open:
        return (
            f"Die Empfehlung ist inzwischen {recommendation.get_state_display()}. "
            "Zurücknehmen lässt sich nur, worüber nicht entschieden ist."
        )
    if recommendation.merged.exists():
        return "Mit dieser Empfehlung sind andere zusammengefasst. Öffnen Sie zuerst jene wieder."
    if recommendation.causes.exists():
        return "Eine Änderung hat diese Empfehlung als Anlass. Entfernen Sie zuerst dort den Anlass."
    if other and other.is_set_aside:
        return f"Die andere Empfehlung ist inzwischen {other.get_state_display()}. Wählen Sie neu."
    return ""


def settle(recommendation: Recommendation, state: RecommendationState, reason: str, by: User) -> None:
    """Write down what is decided, here and in its history."""
    recommendation.state, recommendation.reason = state, reason
    recommendation.decided_by, recommendation.decided_on = by, timezone.localdate()
    recommendation.save(update_fields=DECIDED)
    RecommendationDecision.objects.create(
        recommendation=recommendation,
        state=state,
        reason=reason,
        edition=recommendation.edition,
        merged_into=recommendation.merged_into,
        decided_by=by,
    )
    audit.record(AuditAction.RECOMMENDATION_DECIDED, target=recommendation, by=by, state=state.value)
