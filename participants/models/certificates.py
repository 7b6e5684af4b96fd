"""Certificates: what was true when they were issued."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from netzkoord.models import User
from participants.models.registrations import Registration


class CertificateKind(models.TextChoices):
    ATTENDANCE = "ATTENDANCE", "Teilnahmebescheinigung"


class CertificateCounter(models.Model):
    """The last ordinal used in a year (Zähler der Bescheinigungsnummern); locked while one is drawn."""

    year = models.PositiveSmallIntegerField("Jahr", primary_key=True)
    last_ordinal = models.PositiveIntegerField("zuletzt vergeben", default=0)

    class Meta:
        verbose_name = "Zähler der Bescheinigungsnummern"
        verbose_name_plural = "Zähler der Bescheinigungsnummern"

    def __str__(self) -> str:
        return f"{self.year}: {self.last_ordinal}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid(self) -> Self:
        return self.filter(revoked_at__isnull=True)

    def without_paper(self) -> Self:
        """Leaves the PDF in the database and adds `is_rendered`; for lists."""
        return self.defer("pdf").annotate(is_rendered=Q(pdf__isnull=False))

    def visible_to(self, user: User) -> Self:
        """Organisers see every certificate, a person the own valid ones."""
        if user.has_perm("participants.view_certificate"):
            return self
        return self.valid().filter(registration__person=user)


class Certificate(models.Model):
    """A certificate (Bescheinigung): number, code and a frozen snapshot of what it says.

    `content` is the snapshot that page and paper are made from (see `participants.certificates`); `code`
    carries 128 random bits and opens the public page; `pdf` is the paper itself, empty until it is rendered.
    """

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="certificates", verbose_name="Anmeldung"
    )
    kind = models.CharField("Art", max_length=12, choices=CertificateKind)
    year = models.PositiveSmallIntegerField("Jahr")
    ordinal = models.PositiveIntegerField("laufende Nummer")
    code = models.CharField("Prüfcode", max_length=32, unique=True)
    content = models.JSONField("Inhalt")
    issued_at = models.DateTimeField("ausgestellt am", default=timezone.now)
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name="ausgestellt durch"
    )
    revoked_at = models.DateTimeField("widerrufen am", null=True, blank=True)
    revocation_reason = models.TextField("Grund des Widerrufs (nur intern)", blank=True)
    pdf = models.BinaryField("PDF", null=True, blank=True)

    # Set by without_paper()
    is_rendered: bool

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "Bescheinigung"
        verbose_name_plural = "Bescheinigungen"
        ordering = ["-year", "-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["year", "ordinal"], name="certificate_number_unique"),
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=Q(revoked_at__isnull=True),
                name="certificate_unique_per_person_and_kind",
                violation_error_message="Diese Person hat die Bescheinigung schon.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("participants:certificate_download", args=[self.pk])

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise ValidationError("Eine Bescheinigung wird nie gelöscht; sie kann widerrufen werden.")

    @property
    def number(self) -> str:
        """Year and ordinal, such as 2018-00017."""
        return f"{self.year}-{self.ordinal:05d}"
