"""Workshops with their card walls, and the recommendations that came out of them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from curriculum.models import Edition


class Workshop(models.Model):
    """A workshop (Workshop) in which an edition is presented and discussed in one or more rounds."""

    title = models.CharField("Titel", max_length=200)
    event = models.CharField("Veranstaltung", max_length=200, blank=True)
    abstract = models.TextField("Kurzbeschreibung", blank=True)
    held_on = models.DateField("Tag")
    place = models.CharField("Ort", max_length=200)
    edition = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="workshops",
        verbose_name="Vorgestellte Fassung",
    )

    class Meta:
        verbose_name = "Workshop"
        verbose_name_plural = "Workshops"
        ordering = ["-held_on"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluation:workshop_detail", args=[self.pk])


class Round(models.Model):
    """One round (Runde) of a workshop with the number of people present."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="rounds", verbose_name="Workshop")
    position = models.PositiveSmallIntegerField("Nummer")
    people_present = models.PositiveSmallIntegerField("Teilnehmende")

    class Meta:
        verbose_name = "Runde"
        verbose_name_plural = "Runden"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["workshop", "position"], name="round_position_unique")]

    def __str__(self) -> str:
        return f"{self.position}. Runde"


class QuestionPurpose(models.TextChoices):
    NEED = "NEED", "Bedarf"
    COVERAGE = "COVERAGE", "Abdeckung"
    RECOMMENDATION = "RECOMMENDATION", "Empfehlung"


class GuidingQuestion(models.Model):
    """A question that the cards answer (Leitfrage)."""

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="guiding_questions", verbose_name="Workshop"
    )
    position = models.PositiveSmallIntegerField("Stelle")
    purpose = models.CharField("Zweck", max_length=15, choices=QuestionPurpose)
    text = models.TextField("Leitfrage")

    class Meta:
        verbose_name = "Leitfrage"
        verbose_name_plural = "Leitfragen"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "position"], name="guiding_question_position_unique")
        ]

    def __str__(self) -> str:
        return self.text


class Cluster(models.Model):
    """Cards that belong together under a heading (Cluster)."""

    guiding_question = models.ForeignKey(
        GuidingQuestion, models.CASCADE, related_name="clusters", verbose_name="Leitfrage"
    )
    position = models.PositiveSmallIntegerField("Stelle")
    title = models.CharField("Überschrift", max_length=120)

    class Meta:
        verbose_name = "Cluster"
        verbose_name_plural = "Cluster"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["guiding_question", "position"], name="cluster_position_unique")
        ]

    def __str__(self) -> str:
        return self.title


class Card(models.Model):
    """One thought on the wall (Karte), written in one round, without an author."""

    guiding_question = models.ForeignKey(
        GuidingQuestion, models.CASCADE, related_name="cards", verbose_name="Leitfrage"
    )
    round = models.ForeignKey(Round, models.CASCADE, related_name="cards", verbose_name="Runde")
    cluster = models.ForeignKey(
        Cluster, models.SET_NULL, null=True, blank=True, related_name="cards", verbose_name="Cluster"
    )
    text = models.CharField("Text", max_length=200)

    class Meta:
        verbose_name = "Karte"
        verbose_name_plural = "Karten"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class RecommendationState(models.TextChoices):
    OPEN = "OPEN", "offen"
    ACCEPTED = "ACCEPTED", "angenommen"
    DONE = "DONE", "umgesetzt"
    DECLINED = "DECLINED", "abgelehnt"


class Recommendation(models.Model):
    """A recommendation for the next edition (Empfehlung) and what became of it."""

    workshop = models.ForeignKey(
        Workshop,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name="Workshop",
    )
    text = models.TextField("Empfehlung")
    state = models.CharField("Stand", max_length=8, choices=RecommendationState, default=RecommendationState.OPEN)
    reason = models.TextField("Begründung", blank=True)

    class Meta:
        verbose_name = "Empfehlung"
        verbose_name_plural = "Empfehlungen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="recommendation_decision_has_reason",
                condition=Q(state=RecommendationState.OPEN) | ~Q(reason=""),
                violation_error_message="Zu einer Entscheidung gehört eine Begründung.",
            )
        ]

    def __str__(self) -> str:
        return self.text
