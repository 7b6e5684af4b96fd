"""The register of recommendations, and what became of each."""

import uuid
from collections.abc import Mapping
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort, Edition, SessionAudience
from evaluation.models.workshops import Card, Round, Workshop
from netzkoord.models import User


class RecommendationState(models.TextChoices):
    OPEN = "OPEN", "offen"
    ACCEPTED = "ACCEPTED", "angenommen"
    DONE = "DONE", "umgesetzt"
    DECLINED = "DECLINED", "abgelehnt"
    # Entered by mistake, or said by another entry, too. Both stay in the register and on record.
    WITHDRAWN = "WITHDRAWN", "zurückgenommen"
    MERGED = "MERGED", "zusammengefasst"


# What may follow on a state. An accepted one may be put off to a later edition, and every decision may be reopened:
# what was decided before stays on record.
FOLLOWING: Mapping[RecommendationState, tuple[RecommendationState, ...]] = {
    RecommendationState.OPEN: (
        RecommendationState.ACCEPTED,
        RecommendationState.DECLINED,
        RecommendationState.WITHDRAWN,
        RecommendationState.MERGED,
    ),
    RecommendationState.ACCEPTED: (
        RecommendationState.DONE,
        RecommendationState.DECLINED,
        RecommendationState.ACCEPTED,
        RecommendationState.OPEN,
    ),
    RecommendationState.DONE: (RecommendationState.OPEN,),
    RecommendationState.DECLINED: (RecommendationState.OPEN,),
    RecommendationState.WITHDRAWN: (RecommendationState.OPEN,),
    RecommendationState.MERGED: (RecommendationState.OPEN,),
}
SET_ASIDE = (RecommendationState.WITHDRAWN, RecommendationState.MERGED)


class Feature(models.TextChoices):
    """The three features of delivery that the workshop of 2017 asked for."""

    PRACTICE_REPORTS = "PRACTICE_REPORTS", "Erlebnisberichte"
    ATTITUDE = "ATTITUDE", "Haltung"
    TANDEMS = "TANDEMS", "Tandems"


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: User) -> Self:
        """All but what was taken back, perhaps because it points to a person: that only who keeps the register."""
        if user.has_perm("evaluation.change_recommendation"):
            return self
        return self.exclude(state=RecommendationState.WITHDRAWN)

    def of_cohort(self, cohort: Cohort) -> Self:
        """What was said in this cohort, on a wall of one of its sessions or elsewhere."""
        return self.filter(Q(cohort=cohort) | Q(workshop__session__cohort=cohort))

    def about(self, cohort: Cohort) -> Self:
        """What was said in this cohort, or in a workshop about the edition that it follows."""
        said = Q(cohort=cohort) | Q(workshop__session__cohort=cohort)
        return self.filter(said | Q(workshop__edition=cohort.edition_id))

    def standing(self) -> Self:
        """What counts by itself: neither taken back nor merged into another one."""
        return self.exclude(state__in=SET_ASIDE)

    def told(self) -> Self:
        """What those who said it read: all but what was entered by mistake."""
        return self.exclude(state=RecommendationState.WITHDRAWN).select_related("merged_into")

    def for_audience(self, audience: str) -> Self:
        return self.filter(audience__in=[audience, SessionAudience.BOTH])


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
    # Whose participants read what became of it; a workshop in a session says that by itself.
    cohort = models.ForeignKey(
        Cohort,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name="Durchgang",
    )
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
        verbose_name="Zugesagt für",
    )
    state = models.CharField("Stand", max_length=9, choices=RecommendationState, default=RecommendationState.OPEN)
    reason = models.TextField("Begründung", blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name="Zusammengefasst mit",
    )
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
    # Chosen by the form, so that one that is sent twice is entered once.
    key = models.UUIDField("Schlüssel", null=True, unique=True, default=uuid.uuid4, editable=False)

    objects = RecommendationQuerySet.as_manager()

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
                name="recommendation_merged_into_another",
                condition=Q(state=RecommendationState.MERGED, merged_into__isnull=False) & ~Q(merged_into=F("pk"))
                | ~Q(state=RecommendationState.MERGED) & Q(merged_into__isnull=True),
                violation_error_message="Zusammengefasst wird eine Empfehlung mit einer anderen.",
            ),
            models.CheckConstraint(
                name="recommendation_round_needs_workshop",
                condition=Q(round__isnull=True) | Q(workshop__isnull=False),
                violation_error_message="Eine Runde gehört zu einem Workshop; wählen Sie diesen mit.",
            ),
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(card__isnull=False),
                name="recommendation_card_unique",
                violation_error_message="Diese Karte steht schon im Register.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("recommendation_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == RecommendationState.OPEN

    @property
    def is_accepted(self) -> bool:
        return self.state == RecommendationState.ACCEPTED

    @property
    def said_in(self) -> Cohort | None:
        """The cohort whose participants read what became of it."""
        session = self.workshop.session if self.workshop else None
        return session.cohort if session else self.cohort

    @property
    def is_withdrawn(self) -> bool:
        return self.state == RecommendationState.WITHDRAWN

    @property
    def may_be_corrected(self) -> bool:
        """While nothing rests on its words: before it is decided, and before it is opened again."""
        return self.is_open or self.is_withdrawn

    @property
    def is_set_aside(self) -> bool:
        return self.state in SET_ASIDE

    @property
    def fate(self) -> "Recommendation":
        """The one that is decided on: itself, or the one it was merged into."""
        return self.merged_into or self

    @property
    def following(self) -> tuple[RecommendationState, ...]:
        """The states that a decision can lead to."""
        return FOLLOWING[RecommendationState(self.state)]

    def draft_behind(self) -> Edition | None:
        """The draft that is to fulfil it; None where a change is published, or where it rests on no edition.

        One query, and one where no change is put down to it.
        """
        changed = list(Edition.objects.filter(change_causes__recommendation=self).order_by("number"))
        behind = changed or ([self.edition] if self.edition else [])
        return behind[0] if behind and all(edition.is_draft for edition in behind) else None

    @property
    def origin(self) -> str:
        """Where it comes from, without a person."""
        if self.workshop:
            return f"{self.workshop}, {self.round}" if self.round else str(self.workshop)
        return self.source


class RecommendationDecision(models.Model):
    """One decision on a recommendation (Entscheidung); what was decided before is never overwritten."""

    recommendation = models.ForeignKey(
        Recommendation, models.CASCADE, related_name="decisions", verbose_name="Empfehlung"
    )
    state = models.CharField("Stand", max_length=9, choices=RecommendationState)
    reason = models.TextField("Begründung")
    merged_into = models.ForeignKey(
        Recommendation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Zusammengefasst mit",
    )
    edition = models.ForeignKey(
        Edition,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Zugesagt für",
    )
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name="entschieden von"
    )
    decided_at = models.DateTimeField("entschieden am", default=timezone.now)

    class Meta:
        verbose_name = "Entscheidung"
        verbose_name_plural = "Entscheidungen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Zu einer Entscheidung gehört eine Begründung.",
            )
        ]

    def __str__(self) -> str:
        return self.get_state_display()
