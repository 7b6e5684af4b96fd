"""Workshops for tests."""

from django.utils import timezone

from evaluation.actions.walls import open_column
from evaluation.models import Card, GuidingQuestion, QuestionPurpose, Workshop


def guiding_question(*, people=8, **fields):
    """The question for needs of a new workshop with one round."""
    workshop = Workshop.objects.create(title="Netzwerke", held_on=timezone.localdate(), place="Langenfeld")
    workshop.rounds.create(position=1, people_present=people)
    fields = {"purpose": QuestionPurpose.NEED, "text": "Was brauchen Sie?", "position": 1} | fields
    return GuidingQuestion.objects.create(workshop=workshop, **fields)


def ask(question, in_round=None):
    """Open this question in this round, or in the first."""
    question.workshop.asked = question
    question.workshop.asked_in = in_round or question.workshop.rounds.first()
    question.workshop.save()
    return question


def open_columns(question, *titles, by):
    for title in titles:
        open_column(question=question, title=title, by=by)


def filled_wall(*, columns, each, by):
    """A wall of so many columns with so many cards in each: „Wer klärt 4 Spalte 6?“."""
    question = guiding_question()
    open_columns(question, *(f"Spalte {number}" for number in range(columns)), by=by)
    in_round = question.workshop.rounds.get()
    Card.objects.bulk_create(
        Card(guiding_question=question, round=in_round, text=f"Wer klärt {number} {column.title}?", cluster=column)
        for column in question.clusters.all()
        for number in range(each)
    )
    return question
