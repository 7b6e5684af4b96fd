"""Answers that belong to a person, in surveys that say so in their first sentence."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from curriculum.models import Topic
from evaluation.models.answers import ITEM, ONE_WAY, SAID, AnswerValue
from evaluation.models.surveys import Invitation, Survey
from participants.models import Registration


class PersonalAnswer(AnswerValue):
    """One answer of a named person (namentliche Antwort), written when the form is sent."""

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="personal_answers", verbose_name="Einladung"
    )
    saved_at = models.DateTimeField("gesendet am", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Namentliche Antwort"
        verbose_name_plural = "Namentliche Antworten"
        constraints = [
            models.UniqueConstraint("invitation", "question", *ITEM, name="personal_answer_unique"),
            models.CheckConstraint(
                name="personal_answer_said_one_way", condition=SAID, violation_error_message=ONE_WAY
            ),
        ]


class TopicTotal(models.Model):
    """What all together said about a topic in a needs survey (Summe), written when it has closed; from k people on.

    It stays when somebody's answers are erased later: the difference would be what this person had said.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="topic_totals", verbose_name="Erhebung")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="totals", verbose_name="Thema")
    people = models.PositiveIntegerField("Personen")
    importance = models.PositiveIntegerField("Summe der Wichtigkeit")
    skill = models.PositiveIntegerField("Summe des Könnens")

    class Meta:
        verbose_name = "Summe zu einem Thema"
        verbose_name_plural = "Summen zu Themen"
        constraints = [
            models.UniqueConstraint(fields=["survey", "topic"], name="topic_total_unique"),
            models.CheckConstraint(
                name="topic_total_of_marks_from_one_to_four",
                condition=Q(people__gte=3)
                & Q(importance__gte=F("people"), importance__lte=F("people") * 4)
                & Q(skill__gte=F("people"), skill__lte=F("people") * 4),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.survey}"


class MirrorRelease(models.Model):
    """That one half of a tandem shows the other its own needs and ratings (Freigabe für den Tandem-Spiegel).

    For this partner only: somebody who joins later sees nothing of it. Deleted when it is taken back.
    """

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="mirror_release", verbose_name="Anmeldung"
    )
    partner = models.ForeignKey(
        Registration, models.CASCADE, related_name="mirror_releases_received", verbose_name="Partner/in"
    )
    released_at = models.DateTimeField("freigegeben am", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Freigabe für den Tandem-Spiegel"
        verbose_name_plural = "Freigaben für den Tandem-Spiegel"
        constraints = [
            models.CheckConstraint(
                name="mirror_release_to_somebody_else", condition=~models.Q(registration=models.F("partner"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration} zeigt {self.partner} die eigenen Angaben"
