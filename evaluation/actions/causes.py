"""Noting which recommendation led to a change of the curriculum; each decision leaves one line in the audit log."""

import uuid
from collections.abc import Iterable

from django.db import transaction

from curriculum.models import Edition
from evaluation.models import ChangeCause, Recommendation
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User

IS_ASIDE = (
    "Die Empfehlung ist inzwischen {state}. Öffnen Sie sie wieder, oder ordnen Sie die Änderung einer anderen zu."
)


class NotACause(Exception):  # noqa: N818 -- says what is wrong, like Django's DoesNotExist
    """A recommendation to which no change is put down; the message is one German sentence."""


@transaction.atomic
def note_cause(*, recommendation: Recommendation, edition: Edition, part_key: uuid.UUID, by: User) -> ChangeCause:
    """Say that the recommendation led to the change of this part; said twice, it is noted once.

    Raises `NotACause` when it was set aside; who sets it aside at the same moment waits, and finds the cause.
    """
    locked = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if locked.is_set_aside:
        raise NotACause(IS_ASIDE.format(state=locked.get_state_display()))
    cause, is_new = ChangeCause.objects.get_or_create(recommendation=locked, edition=edition, part_key=part_key)
    if is_new:
        record(cause, is_noted=True, by=by)
    return cause


@transaction.atomic
def note_causes(
    *, recommendation: Recommendation, edition: Edition, part_keys: Iterable[uuid.UUID], by: User
) -> None:
    """Say that the recommendation led to the changes of these parts: of all or of none. Raises `NotACause`."""
    for part_key in part_keys:
        note_cause(recommendation=recommendation, edition=edition, part_key=part_key, by=by)


@transaction.atomic
def remove_cause(*, cause: ChangeCause, by: User) -> None:
    """Take the remark back; the recommendation and the change stay."""
    record(cause, is_noted=False, by=by)
    cause.delete()


def record(cause: ChangeCause, *, is_noted: bool, by: User) -> None:
    audit.record(
        AuditAction.CHANGE_EXPLAINED,
        target=cause.edition,
        by=by,
        recommendation=cause.recommendation_id,
        part=str(cause.part_key),
        is_noted=is_noted,
    )
