"""Workshops, their rounds and their guiding questions."""

from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from evaluation.actions.walls import lock, turn
from evaluation.models import GuidingQuestion, QuestionPurpose, Round, Workshop
from netzkoord.lib.ordering import next_position
from netzkoord.lib.sorting import Sorting

Part = TypeVar("Part", Round, GuidingQuestion)
# The three questions of 2017; each workshop may ask others.
FIRST_QUESTIONS = [
    (
        QuestionPurpose.NEED,
        "Welche Themen interessieren Sie? Welchen Fortbildungs-Bedarf nehmen Sie wahr?",
    ),
    (
        QuestionPurpose.COVERAGE,
        "Wird der Bedarf, den Sie zu Beginn genannt haben, durch das Angebot gedeckt?",
    ),
    (
        QuestionPurpose.RECOMMENDATION,
        "Welche Empfehlungen geben Sie für die weitere Ausgestaltung der Angebote?",
    ),
]
IN_USE_ROUND = "Zu dieser Runde hängen schon Karten; sie bleibt."
POINTS_IN_ROUND = "In dieser Runde wurden Punkte gesetzt; sie bleibt."
IN_USE_QUESTION = "Unter dieser Leitfrage hängen schon Karten oder Spalten; sie bleibt."


class InUse(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Something that is not deleted; the message is one German sentence."""


def add_workshop(*, workshop: Workshop) -> Workshop:
    """Store a new workshop with three guiding questions as a proposal; sent twice (same key), it is stored once."""
    try:
        with transaction.atomic():
            workshop.save(force_insert=True)
            GuidingQuestion.objects.bulk_create(
                GuidingQuestion(workshop=workshop, position=position, purpose=purpose, text=text)
                for position, (purpose, text) in enumerate(FIRST_QUESTIONS, start=1)
            )
    except IntegrityError:
        return Workshop.objects.get(key=workshop.key)
    return workshop


def add_round(*, in_round: Round) -> Round:
    return added(in_round, in_round.workshop.rounds.all())


def add_guiding_question(*, question: GuidingQuestion) -> GuidingQuestion:
    return added(question, question.workshop.guiding_questions.all())


@transaction.atomic
def added(part: Part, siblings: QuerySet[Part]) -> Part:
    """Stored behind its siblings; sent twice (same key), it is stored once."""
    lock(part.workshop_id)
    if twin := siblings.filter(key=part.key).first():
        return twin
    part.position = next_position(siblings)
    part.save(force_insert=True)
    turn(part.workshop_id)
    return part


@transaction.atomic
def change_round(*, in_round: Round) -> None:
    lock(in_round.workshop_id)
    in_round.save(update_fields=["people_present"])
    turn(in_round.workshop_id)


@transaction.atomic
def delete_round(*, in_round: Round) -> None:
    """Raises `InUse` when a card was written or points were set in it."""
    lock(in_round.workshop_id)
    if in_round.cards.exists() or in_round.recommendations.exists():
        raise InUse(IN_USE_ROUND)
    if in_round.polls.exists():
        raise InUse(POINTS_IN_ROUND)
    Workshop.objects.filter(asked_in=in_round).update(asked=None, asked_in=None)
    in_round.delete()
    turn(in_round.workshop_id)


@transaction.atomic
def change_guiding_question(*, question: GuidingQuestion) -> None:
    lock(question.workshop_id)
    question.save(update_fields=["purpose", "text", "cards_each"])
    turn(question.workshop_id)


@transaction.atomic
def sort_guiding_questions(*, workshop: Workshop, sorting: Sorting) -> None:
    lock(workshop.pk)
    sorting.apply(workshop.guiding_questions.all())
    turn(workshop.pk)


@transaction.atomic
def delete_guiding_question(*, question: GuidingQuestion) -> None:
    """Raises `InUse` when something hangs under it."""
    lock(question.workshop_id)
    if question.cards.exists() or question.clusters.exists():
        raise InUse(IN_USE_QUESTION)
    Workshop.objects.filter(asked=question).update(asked=None, asked_in=None)
    question.delete()
    turn(question.workshop_id)
