"""What the answers to a questionnaire could tell about who gave them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from curriculum.models import Competence
from evaluation.models import Option, Question, QuestionKind
from evaluation.unlinking import Told, Translation


def told_by(questionnaire_id: int, edition_id: int) -> Told:
    """Which of its questions, and which competences of an edition, only one role is asked. Two queries."""
    questions = Question.objects.filter(section__questionnaire=questionnaire_id)
    return told_of(questions.order_by("section__position", "position"), edition_id)


def told_of(questions: Iterable[Question], edition_id: int) -> Told:
    """The same of questions in the order of the page. One query where competences are asked about."""
    roles: dict[int, str] = {}
    kinds: dict[int, str] = {}
    for question in questions:
        kinds[question.pk] = question.kind
        # A question that follows from one to a single role is asked of that role only.
        if role := question.audience or roles.get(question.condition_question_id or 0, ""):
            roles[question.pk] = role
    asks_competences = QuestionKind.COMPETENCES in kinds.values()
    return Told(roles, competences_of_one_role(edition_id) if asks_competences else {}, kinds)


def competences_of_one_role(edition_id: int) -> dict[int, str]:
    """Competences that stand in the profile of one audience only, and of which. One query."""
    audiences: dict[int, set[str]] = defaultdict(set)
    profiles = Competence.objects.filter(area__edition=edition_id, profiles__isnull=False)
    for pk, audience in profiles.values_list("pk", "profiles__track__audience"):
        audiences[pk].add(audience)
    return {pk: next(iter(roles)) for pk, roles in audiences.items() if len(roles) == 1}


def translation_of(questionnaires: Collection[int], newest: int) -> Translation:
    """From the questions and options of several versions to those of the newest one. Two queries."""
    questions = Question.objects.filter(section__questionnaire__in=questionnaires)
    options = Option.objects.filter(question__section__questionnaire__in=questionnaires)
    version = "section__questionnaire"
    return Translation(
        shared(questions.values_list(version, "pk", "key", "kind", "audience"), newest),
        shared(options.values_list(f"question__{version}", "pk", "question__key", "key"), newest),
    )


def shared(rows: Iterable[tuple[Any, ...]], newest: int) -> dict[int, int]:
    """Primary key in any version → in the newest, of what all have; from (version, primary key, identity …)."""
    by_version: dict[int, dict[tuple[Any, ...], int]] = defaultdict(dict)
    for version, pk, *identity in rows:
        by_version[version][tuple(identity)] = pk
    everywhere = set.intersection(*(set(version) for version in by_version.values())) if by_version else set()
    target = by_version[newest]
    return {
        pk: target[same] for version in by_version.values() for same, pk in version.items() if same in everywhere
    }
