"""What was said in anonymous surveys: no person, no time, no order.

Nothing in this module may ever refer to an invitation, a registration or a user; `tests` hold it so.
"""

import uuid

from django.db import models
from django.db.models import Q

from evaluation.models.questionnaires import Question
from evaluation.models.surveys import Survey


class Envelope(models.Model):
    """A sealed ballot (versiegelte Stimme) of an open survey; deleted when the ballots are counted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="envelopes", verbose_name="Erhebung")
    sealed = models.BinaryField("versiegelte Antworten")

    class Meta:
        verbose_name = "Versiegelte Stimme"
        verbose_name_plural = "Versiegelte Stimmen"

    def __str__(self) -> str:
        return str(self.id)


class Response(models.Model):
    """The answers that belong together (Rückmeldung), under a random key, written in shuffled order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses", verbose_name="Erhebung")

    class Meta:
        verbose_name = "Rückmeldung"
        verbose_name_plural = "Rückmeldungen"

    def __str__(self) -> str:
        return str(self.id)


class Answer(models.Model):
    """One answer (Antwort): a number on the question's scale – the longest go from 1 to 6 –, or a text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", verbose_name="Rückmeldung")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name="Frage")
    number = models.PositiveSmallIntegerField("Zahl", null=True, blank=True)
    text = models.TextField("Text", blank=True)

    class Meta:
        verbose_name = "Antwort"
        verbose_name_plural = "Antworten"
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="answer_unique"),
            models.CheckConstraint(
                name="answer_is_number_or_text",
                condition=Q(number__isnull=False, number__range=(1, 6), text="")
                | (Q(number__isnull=True) & ~Q(text="")),
                violation_error_message="Eine Antwort ist entweder eine Zahl von 1 bis 6 oder ein Text.",
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.number)
