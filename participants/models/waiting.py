"""Places that become free: who is offered one, and who is invited first next time."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.models import User
from participants.models.registrations import Registration, Tandem


class OfferAnswer(models.TextChoices):
    """What has become of an offer."""

    ACCEPTED = "ACCEPTED", "angenommen"
    DECLINED = "DECLINED", "abgelehnt"
    EXPIRED = "EXPIRED", "abgelaufen"
    REVOKED = "REVOKED", "zurückgenommen"


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> Self:
        """Not answered; the places of these are taken until they are."""
        return self.filter(answered_at__isnull=True)

    def together_with(self, offer: "Offer") -> Self:
        """This offer and those that are one with it."""
        return self.filter(Q(pk=offer.lead_key) | Q(joint_with=offer.lead_key))


class Offer(models.Model):
    """Places offered to a tandem of the waiting list until a moment (Angebot); they are kept for it until then.

    Tandems that share a half are asked as one: the offer to the first leads, the others are joint with it, and one
    answer counts for all (docs/decisions/0015).
    """

    tandem = models.ForeignKey(Tandem, models.CASCADE, related_name="offers", verbose_name="Tandem")
    joint_with = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="joint", verbose_name="gemeinsam mit"
    )
    places = models.PositiveSmallIntegerField("Plätze")
    made_at = models.DateTimeField("angeboten am", default=timezone.now)
    # Nobody for an offer that the waiting list has made by itself.
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="angeboten durch"
    )
    reason = models.CharField("Grund, außer der Reihe anzubieten", max_length=500, blank=True)
    expires_at = models.DateTimeField("gilt bis")
    reminded_at = models.DateTimeField("erinnert am", null=True, blank=True)
    answered_at = models.DateTimeField("beantwortet am", null=True, blank=True)
    answer = models.CharField("Antwort", max_length=8, choices=OfferAnswer, blank=True)
    answered_by = models.ForeignKey(
        Registration, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="beantwortet von"
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = "Angebot"
        verbose_name_plural = "Angebote"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tandem"],
                condition=Q(answered_at__isnull=True),
                name="offer_one_open",
                violation_error_message="Diesem Tandem ist schon ein Platz angeboten.",
            ),
            models.CheckConstraint(
                name="offer_answer_is_whole",
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                violation_error_message="Eine Antwort hat einen Zeitpunkt.",
            ),
            models.CheckConstraint(
                name="offer_not_joint_with_itself",
                condition=Q(joint_with__isnull=True) | ~Q(joint_with=F("id")),
                violation_error_message="Ein Angebot gilt nicht gemeinsam mit sich selbst.",
            ),
            models.CheckConstraint(
                name="offer_expires_later",
                condition=Q(expires_at__gt=F("made_at")),
                violation_error_message="Ein Angebot gilt über den Augenblick hinaus, in dem es gemacht wird.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_answer_display() or "offen"

    @property
    def lead_key(self) -> int:
        """The key of the offer that leads those which are answered as one."""
        return self.joint_with_id or self.pk


class PoolInvitation(models.Model):
    """Somebody who got no place, invited before all others to a later cohort (Einladung aus dem Pool)."""

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="pool_invitations", verbose_name="frühere Anmeldung"
    )
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="pool_invitations", verbose_name="Durchgang")
    sent_at = models.DateTimeField("eingeladen am", default=timezone.now)

    class Meta:
        verbose_name = "Einladung aus dem Pool"
        verbose_name_plural = "Einladungen aus dem Pool"
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "cohort"],
                name="pool_invitation_unique",
                violation_error_message="Diese Person ist schon eingeladen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} zu {self.cohort}"
