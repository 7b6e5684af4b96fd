"""What was said in a counted survey, counted by the database."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, QuerySet

from evaluation.models import CHOICE_KINDS, Answer, Question, QuestionKind, Survey
from evaluation.queries.counted import answers_of
from evaluation.tallies import TallyRow

# From so many responses on, what never changes is kept: a hundred thousand answers take a quarter of a second.
MANY = 500
KEPT_SECONDS = 24 * 60 * 60


class Counts(NamedTuple):
    """What was said how often, and how many people of a role chose at least one option of a question."""

    rows: list[TallyRow]
    chose: list[tuple[int, str, int]]


def counts_of(survey: Survey, questions: Sequence[Question], *, people: int) -> Counts:
    """One query, one more where something was chosen. `people` is how many have answered the survey."""
    if people < MANY:
        return counted(answers_of(survey), questions)
    texts = [question for question in questions if question.kind == QuestionKind.TEXT]
    kept = kept_counts(survey, questions, texts)
    return kept._replace(rows=kept.rows + tally_rows(answers_of(survey).filter(question__in=texts)))


def kept_counts(survey: Survey, questions: Sequence[Question], texts: Sequence[Question]) -> Counts:
    """All but the free texts, which are released one by one: nothing else changes once it was counted."""
    key = key_of(survey)
    kept: Counts | None = cache.get(key)
    if kept is None:
        kept = counted(answers_of(survey).exclude(question__in=texts), questions)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def key_of(survey: Survey) -> str:
    """What a version of the product with other fields has kept is not found."""
    version = version_of((*Counts._fields, *TallyRow._fields))
    return f"counts-{version}-" + (f"pool-{survey.pool_id}" if survey.pool_id else f"survey-{survey.pk}")


def version_of(fields: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(fields).encode()).hexdigest()[:8]


def counted(answers: QuerySet[Answer], questions: Sequence[Question]) -> Counts:
    has_choice = any(question.kind in CHOICE_KINDS for question in questions)
    return Counts(tally_rows(answers), people_who_chose(answers) if has_choice else [])


def tally_rows(answers: QuerySet[Answer]) -> list[TallyRow]:
    said = ("option", "topic", "competence", "number", "skill", "is_abstention", "text_state")
    rows = answers.order_by().values_list("question", "response__role", *said)
    return [TallyRow(*row) for row in rows.annotate(count=Count("pk"))]


def people_who_chose(answers: QuerySet[Answer]) -> list[tuple[int, str, int]]:
    chosen = answers.filter(option__isnull=False).order_by()
    return list(chosen.values_list("question", "response__role").annotate(count=Count("response", distinct=True)))
