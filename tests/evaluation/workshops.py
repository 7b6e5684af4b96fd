"""Workshops for tests."""

from django.utils import timezone

from evaluation.models import GuidingQuestion, QuestionPurpose, Workshop


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
