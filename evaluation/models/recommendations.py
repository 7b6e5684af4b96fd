"""The register of recommendations, and what became of each."""

from django.db import models
from django.db.models import Q

from curriculum.models import Edition, SessionAudience
from evaluation.models.workshops import Card, Round, Workshop
from netzkoord.models import User


class RecommendationState(models.TextChoices):
    OPEN = "OPEN", "offen"
    ACCEPTED = "ACCEPTED", "angenommen"
    DONE = "DONE", "umgesetzt"
    DECLINED = "DECLINED", "abgelehnt"


class Feature(models.TextChoices):
    """The three features of delivery that the workshop of 2017 asked for."""

    PRACTICE_REPORTS = "PRACTICE_REPORTS", "Erlebnisberichte"
    ATTITUDE = "ATTITUDE", "Haltung"
    TANDEMS = "TANDEMS", "Tandems"


class Recommendation(models.Model):
    """A recommendation for the next edition (Empfehlung): where it comes from, what it is about, what became of it.

    About a module by the key that it keeps through the editions, about a feature of delivery, or about the whole.
    """

    workshop = models.ForeignKey(
        Workshop,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name="Workshop",
    )
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="recommendations", verbose_name="Runde"
    )
    card = models.ForeignKey(
        Card,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="recommendations",
        verbose_name="Karte",
    )
    # Where no workshop is the source: an open answer of a survey, a letter, a talk.
    source = models.CharField("Quelle", max_length=200, blank=True)
    text = models.TextField("Empfehlung")
    audience = models.CharField(
        "Betrifft das Angebot für", max_length=12, choices=SessionAudience, default=SessionAudience.BOTH
    )
    module_key = models.UUIDField("Modul", null=True, blank=True)
    feature = models.CharField("Merkmal", max_length=16, choices=Feature, blank=True)
    # The edition that is to fulfil it once it is accepted.
    edition = models.ForeignKey(
        Edition,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owed_recommendations",
        verbose_name="Geschuldet von",
    )
    state = models.CharField("Stand", max_length=8, choices=RecommendationState, default=RecommendationState.OPEN)
    reason = models.TextField("Begründung", blank=True)
    decided_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="entschieden von",
    )
    decided_on = models.DateField("entschieden am", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "Empfehlung"
        verbose_name_plural = "Empfehlungen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="recommendation_decision_has_reason",
                condition=Q(state=RecommendationState.OPEN) | ~Q(reason=""),
                violation_error_message="Zu einer Entscheidung gehört eine Begründung.",
            ),
            models.CheckConstraint(
                name="recommendation_round_needs_workshop",
                condition=Q(round__isnull=True) | Q(workshop__isnull=False),
                violation_error_message="Eine Runde gehört zu einem Workshop; wählen Sie diesen mit.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
