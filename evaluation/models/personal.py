"""Answers that belong to a person, in surveys that say so in their first sentence."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from curriculum.models import Topic
from evaluation.models.questionnaires import Question
from evaluation.models.surveys import Invitation


class PersonalAnswer(models.Model):
    """One answer of a named person (namentliche Antwort); also the draft while the form is being filled in.

    A step that was saved leaves a row for each of its questions, empty ones too: so the form knows where to go on.
    A rating of topics has one row per topic: `number` is its importance, `skill` the person's own skill,
    each from 1 (low) to 4 (high). Any other number stands on the question's scale, at most 1 to 6.
    """

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="personal_answers", verbose_name="Einladung"
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="personal_answers", verbose_name="Frage")
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="personal_answers", verbose_name="Thema"
    )
    number = models.PositiveSmallIntegerField("Zahl", null=True, blank=True)
    skill = models.PositiveSmallIntegerField("eigenes Können", null=True, blank=True)
    text = models.TextField("Text", blank=True)
    saved_at = models.DateTimeField("gespeichert am", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Namentliche Antwort"
        verbose_name_plural = "Namentliche Antworten"
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "question"],
                condition=models.Q(topic__isnull=True),
                name="personal_answer_unique",
            ),
            models.UniqueConstraint(
                fields=["invitation", "question", "topic"], name="personal_answer_topic_unique"
            ),
            models.CheckConstraint(
                name="personal_answer_number_on_scale",
                condition=Q(number__isnull=True)
                | Q(topic__isnull=True, number__range=(1, 6))
                | Q(topic__isnull=False, number__range=(1, 4)),
                violation_error_message="Wichtig ist ein Thema von 1 bis 4; andere Zahlen gehen von 1 bis 6.",
            ),
            models.CheckConstraint(
                name="personal_answer_skill_on_scale",
                condition=Q(skill__isnull=True) | Q(topic__isnull=False, skill__range=(1, 4)),
                violation_error_message="Das eigene Können geht von 1 bis 4 und gehört zu einem Thema.",
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.number)
