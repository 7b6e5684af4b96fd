"""Certificates: what was true when they were issued.

The database keeps them: triggers refuse to change or delete what has been issued, by whatever way
(decision 24). What may still happen is that a certificate is replaced or revoked, each once.
"""

import datetime
import hashlib
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib.seals import Seal
from netzkoord.models import User
from participants.models.registrations import Registration, Tandem

NAME_LENGTH = 200


class CertificateKind(models.TextChoices):
    """Two for a person; the third is for the municipality of a complete tandem, and names nobody."""

    ATTENDANCE = "ATTENDANCE", "Teilnahmebescheinigung"
    QUALIFICATION = "QUALIFICATION", "Zertifikat"
    MUNICIPALITY = "MUNICIPALITY", "Urkunde für die Kommune"


class CertificateState(models.TextChoices):
    """What a certificate is worth today; derived."""

    VALID = "VALID", "gültig"
    REPLACED = "REPLACED", "ersetzt"
    REVOKED = "REVOKED", "widerrufen"


class CertificateCounter(models.Model):
    """The last ordinal used in a year (Zähler der Bescheinigungsnummern); locked while one is drawn.

    The database refuses to turn it back.
    """

    year = models.PositiveSmallIntegerField("Jahr", primary_key=True)
    last_ordinal = models.PositiveIntegerField("zuletzt vergeben", default=0)

    class Meta:
        verbose_name = "Zähler der Bescheinigungsnummern"
        verbose_name_plural = "Zähler der Bescheinigungsnummern"

    def __str__(self) -> str:
        return f"{self.year}: {self.last_ordinal}"


class Issuance(models.Model):
    """One press of the button (Ausstellung): certificates that were issued together and whose papers are made."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="issuances", verbose_name="Durchgang")
    issued_at = models.DateTimeField("ausgestellt am", default=timezone.now, editable=False)
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="ausgestellt durch"
    )

    class Meta:
        verbose_name = "Ausstellung"
        verbose_name_plural = "Ausstellungen"
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return f"Ausstellung vom {timezone.localtime(self.issued_at):%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("participants:issuance_detail", args=[self.pk])


CODE = "^[0-9a-f]{32}$"
VALID = Q(revoked_at__isnull=True, replaced_at__isnull=True)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid(self) -> Self:
        """Neither replaced nor revoked."""
        return self.filter(VALID)

    def with_paper_state(self) -> Self:
        """Adds `is_rendered`, whether the paper is made; for lists."""
        return self.annotate(is_rendered=Exists(CertificatePaper.objects.filter(certificate=OuterRef("pk"))))

    def with_fingerprint(self) -> Self:
        """Adds the paper without its PDF, and `paper_bytes`, how long that is."""
        return self.select_related("paper").defer("paper__pdf").annotate(paper_bytes=Length("paper__pdf"))

    def waiting_for_paper(self) -> Self:
        """Those whose paper is still to be made, in the order of their numbers; what has ended needs none."""
        return self.valid().filter(paper=None).order_by("year", "ordinal")

    def visible_to(self, user: User) -> Self:
        """Organisers see every certificate, a person the own valid ones and those of the own tandems."""
        if user.has_perm("participants.view_certificate"):
            return self
        own = Registration.objects.confirmed().filter(person=user)
        tandems = Tandem.objects.filter(Q(registrations__in=own) | Q(shared_half__in=own))
        return self.valid().filter(Q(person=user) | Q(tandem__in=tandems))


class Certificate(models.Model):
    """A certificate (Bescheinigung): number, code and a frozen snapshot of what it says.

    It is a person's, or that of a tandem for its municipality. `content` is the snapshot that page and paper are
    made from (see `participants.certificates`); `code` carries 128 random bits and opens the public page. The paper
    itself is a `CertificatePaper`.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="certificates", verbose_name="Durchgang")
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name="Person"
    )
    registration = models.ForeignKey(
        Registration, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name="Anmeldung"
    )
    tandem = models.ForeignKey(
        Tandem, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name="Tandem"
    )
    issuance = models.ForeignKey(Issuance, models.PROTECT, related_name="certificates", verbose_name="Ausstellung")
    kind = models.CharField("Art", max_length=16, choices=CertificateKind)
    year = models.PositiveSmallIntegerField("Jahr")
    ordinal = models.PositiveIntegerField("laufende Nummer")
    code = models.CharField("Prüfcode", max_length=32, unique=True)
    content = models.JSONField("Inhalt")
    issued_at = models.DateTimeField("ausgestellt am", default=timezone.now)
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name="ausgestellt durch"
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name="ersetzt die Bescheinigung",
    )
    replaced_at = models.DateTimeField("ersetzt am", null=True, blank=True, editable=False)
    replacement_reason = models.TextField("Grund der Ersetzung", blank=True)
    revoked_at = models.DateTimeField("widerrufen am", null=True, blank=True, editable=False)
    revocation_reason = models.TextField("Grund des Widerrufs", blank=True)

    # Set by with_paper_state()
    is_rendered: bool
    # Set by with_fingerprint(); None until the paper is made
    paper_bytes: int | None

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "Bescheinigung"
        verbose_name_plural = "Bescheinigungen"
        ordering = ["-year", "-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["year", "ordinal"], name="certificate_number_unique"),
            models.CheckConstraint(
                name="certificate_kind_known",
                condition=Q(kind__in=CertificateKind.values),
                violation_error_message="Diese Art von Bescheinigung gibt es nicht.",
            ),
            models.CheckConstraint(
                name="certificate_ordinal_from_one",
                condition=Q(ordinal__gte=1),
                violation_error_message="Die Nummern eines Jahres beginnen bei 1.",
            ),
            models.CheckConstraint(
                name="certificate_code_of_128_bits",
                condition=Q(code__regex=CODE),
                violation_error_message="Der Prüfcode besteht aus 32 Ziffern und Buchstaben von a bis f.",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "cohort"],
                condition=VALID,
                name="certificate_unique_per_person_kind_and_cohort",
                violation_error_message="Diese Person hat die Bescheinigung schon.",
            ),
            models.UniqueConstraint(
                fields=["tandem"],
                condition=VALID,
                name="certificate_unique_per_tandem",
                violation_error_message="Die Kommune hat die Urkunde für dieses Tandem schon.",
            ),
            models.CheckConstraint(
                name="certificate_of_person_or_tandem",
                condition=Q(
                    kind=CertificateKind.MUNICIPALITY,
                    tandem__isnull=False,
                    person__isnull=True,
                    registration__isnull=True,
                )
                | Q(
                    ~Q(kind=CertificateKind.MUNICIPALITY),
                    tandem__isnull=True,
                    person__isnull=False,
                    registration__isnull=False,
                ),
                violation_error_message="Die Urkunde gehört zu einem Tandem, alles andere zu einer Person.",
            ),
            models.CheckConstraint(
                name="certificate_replaced_or_revoked",
                condition=Q(replaced_at__isnull=True) | Q(revoked_at__isnull=True),
                violation_error_message="Die Bescheinigung gilt schon nicht mehr.",
            ),
            models.CheckConstraint(
                name="certificate_revoked_with_reason",
                condition=Q(revoked_at__isnull=True, revocation_reason="")
                | Q(revoked_at__isnull=False) & ~Q(revocation_reason=""),
                violation_error_message="Bitte nennen Sie den Grund des Widerrufs.",
            ),
            models.CheckConstraint(
                name="certificate_replaced_with_reason",
                condition=Q(replaced_at__isnull=True, replacement_reason="")
                | Q(replaced_at__isnull=False) & ~Q(replacement_reason=""),
                violation_error_message="Bitte nennen Sie den Grund der Ersetzung.",
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

    @property
    def is_personal(self) -> bool:
        return self.kind != CertificateKind.MUNICIPALITY

    @property
    def issued_on(self) -> datetime.date:
        return timezone.localdate(self.issued_at)

    @property
    def holder(self) -> str:
        """Whose it is, as its paper says: a person, or the municipality; whatever they are called today."""
        name: str = self.content["name"]
        return name

    @property
    def claim_key(self) -> str:
        """What it was issued for, as `participants.queries.certificates` names its claims."""
        return f"{self.registration_id or self.tandem_id}-{self.kind}"

    @property
    def trouble_sentence(self) -> str:
        """Why the paper could not be made; empty when it is made or waits. Lists fetch `trouble`."""
        trouble = getattr(self, "trouble", None)
        return trouble.sentence if trouble else ""

    @property
    def state(self) -> CertificateState:
        if self.revoked_at:
            return CertificateState.REVOKED
        return CertificateState.REPLACED if self.replaced_at else CertificateState.VALID

    @property
    def is_valid(self) -> bool:
        return self.state is CertificateState.VALID

    @property
    def ended_at(self) -> datetime.datetime | None:
        """Since when it is worth nothing any more."""
        return self.revoked_at or self.replaced_at

    @property
    def end_reason(self) -> str:
        """Why; told to organisers, and to its person in an information under Art. 15."""
        return self.revocation_reason or self.replacement_reason


class CertificatePaper(models.Model):
    """The paper of a certificate (Dokument): its PDF as it was made once, and the SHA-256 of these bytes."""

    certificate = models.OneToOneField(
        Certificate, models.PROTECT, primary_key=True, related_name="paper", verbose_name="Bescheinigung"
    )
    pdf = models.BinaryField("PDF")
    sha256 = models.CharField("SHA-256", max_length=64)
    sealed_by = models.CharField("gesiegelt von", max_length=NAME_LENGTH, blank=True)
    seal_certified_by = models.CharField("Siegel bestätigt von", max_length=NAME_LENGTH, blank=True)
    made_at = models.DateTimeField("erstellt am", default=timezone.now)

    class Meta:
        verbose_name = "Dokument einer Bescheinigung"
        verbose_name_plural = "Dokumente der Bescheinigungen"

    def __str__(self) -> str:
        return f"Dokument zu {self.certificate}"

    @classmethod
    def of(cls, certificate: Certificate, pdf: bytes, *, seal: Seal | None) -> Self:
        """The paper of these bytes, which carry this seal; not yet stored."""
        return cls(
            certificate=certificate,
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
            sealed_by=seal.holder[:NAME_LENGTH] if seal else "",
            seal_certified_by=seal.authority[:NAME_LENGTH] if seal else "",
        )

    @property
    def is_self_certified(self) -> bool:
        """Whether nobody but the holder vouches for the seal."""
        return self.sealed_by == self.seal_certified_by


class PaperTrouble(models.Model):
    """Why the paper of a certificate could not be made (Störung); gone as soon as it is."""

    certificate = models.OneToOneField(
        Certificate, models.CASCADE, primary_key=True, related_name="trouble", verbose_name="Bescheinigung"
    )
    sentence = models.TextField("was nicht ging")
    occurred_at = models.DateTimeField("zuletzt versucht am", default=timezone.now)

    class Meta:
        verbose_name = "Störung beim Erstellen einer Bescheinigung"
        verbose_name_plural = "Störungen beim Erstellen der Bescheinigungen"

    def __str__(self) -> str:
        return f"{self.certificate}: {self.sentence}"
