"""Releasing free texts to others, or holding them back; the log never carries a text."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from evaluation.models import Answer, Survey, TextState
from evaluation.queries.sittings import names_of
from evaluation.queries.texts import readable_texts
from evaluation.redactions import proposed, ranges_of
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


@transaction.atomic
def release_text(*, survey: Survey, answer: Answer, blackened: Collection[int], by: User) -> None:
    """Let others read a text without the words of these numbers. Once more, with others blackened, is possible."""
    answer.redactions = ranges_of(answer.text, blackened)
    answer.text_state = TextState.RELEASED
    answer.save(update_fields=["redactions", "text_state"])
    audit.record(AuditAction.TEXTS_RELEASED, target=survey, by=by, texts=1, blackened=len(answer.redactions))


@transaction.atomic
def hold_text(*, survey: Survey, answer: Answer, by: User) -> None:
    """Nobody but the organisers reads the text (any more)."""
    answer.redactions = []
    answer.text_state = TextState.HELD
    answer.save(update_fields=["redactions", "text_state"])
    audit.record(AuditAction.TEXT_HELD, target=survey, by=by)


@transaction.atomic
def release_texts(*, survey: Survey, answers: Collection[UUID], by: User) -> int:
    """Release those of these texts that nobody has looked at, with what is proposed blackened; how many.

    What another organiser has decided in the meantime stays so.
    """
    names = names_of(survey.cohort)
    texts = list(
        readable_texts(survey).filter(pk__in=answers, text_state=TextState.PENDING).select_for_update(of=("self",))
    )
    for answer in texts:
        answer.redactions = ranges_of(answer.text, proposed(answer.text, names))
        answer.text_state = TextState.RELEASED
    Answer.objects.bulk_update(texts, ["redactions", "text_state"])
    if texts:
        blackened = sum(len(answer.redactions) for answer in texts)
        audit.record(AuditAction.TEXTS_RELEASED, target=survey, by=by, texts=len(texts), blackened=blackened)
    return len(texts)
