"""What people have agreed to, and what their superiors have."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participants.models.registrations import Registration

# So long somebody stays in the pool; the text of the consent says so.
POOL_LASTS = datetime.timedelta(days=730)


class ConsentPurpose(models.TextChoices):
    """What a person may agree to, each apart from the others."""

    CONTACT_LIST = "CONTACT_LIST", "Teilnehmendenliste"
    POOL = "POOL", "Einladung zu späteren Durchgängen"
    PHOTO = "PHOTO", "Fotos"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def valid(self) -> Self:
        """Given and not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def for_pool(self) -> Self:
        """Valid ones to be asked again, as long as their text promises."""
        since = timezone.now() - POOL_LASTS
        return self.valid().filter(purpose=ConsentPurpose.POOL, given_at__gt=since)


class Consent(models.Model):
    """One person's consent to one purpose (Einwilligung): the text as it was read, when given, when withdrawn.

    A withdrawn one stays as proof; consenting anew is a new row.
    """

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="consents", verbose_name="Anmeldung"
    )
    purpose = models.CharField("Zweck", max_length=12, choices=ConsentPurpose)
    version = models.PositiveSmallIntegerField("Fassung des Textes")
    text = models.TextField("Text", max_length=2000)
    given_at = models.DateTimeField("erteilt am", default=timezone.now)
    withdrawn_at = models.DateTimeField("widerrufen am", null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "Einwilligung"
        verbose_name_plural = "Einwilligungen"
        ordering = ["registration", "purpose", "-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_unique",
                violation_error_message="Diese Einwilligung ist schon erteilt.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()


class Approval(models.Model):
    """Whether a superior lets somebody take part (Zustimmung): asked by mail, answered with name and function."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="approval", verbose_name="Anmeldung"
    )
    email = models.EmailField("E-Mail-Adresse der vorgesetzten Person", max_length=254)
    name = models.CharField("Name", max_length=200, blank=True)
    position = models.CharField("Funktion", max_length=200, blank=True)
    asked_at = models.DateTimeField("gefragt am", null=True, blank=True)
    decided_at = models.DateTimeField("beantwortet am", null=True, blank=True)
    is_granted = models.BooleanField("stimmt zu", null=True, blank=True)

    class Meta:
        verbose_name = "Zustimmung"
        verbose_name_plural = "Zustimmungen"
        constraints = [
            models.CheckConstraint(
                name="approval_answer_is_whole",
                condition=Q(decided_at__isnull=True, is_granted__isnull=True)
                | (Q(decided_at__isnull=False, is_granted__isnull=False) & ~Q(name="") & ~Q(position="")),
                violation_error_message="Eine Antwort nennt Name und Funktion.",
            ),
        ]

    def __str__(self) -> str:
        return {True: "stimmt zu", False: "lehnt ab"}.get(bool(self.is_granted), "") if self.decided_at else "offen"
