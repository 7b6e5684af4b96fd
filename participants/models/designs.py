"""How the certificates of a cohort look, and who signs them (Gestaltung)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.models import User
from participants.models.certificates import Certificate

MOST_SIGNATORIES = 3
LONGEST_INTRO = 300


class Layout(models.TextChoices):
    PORTRAIT = "PORTRAIT", "Hochformat"
    LANDSCAPE = "LANDSCAPE", "Querformat"


class CertificatePicture(models.Model):
    """A logo or signature for certificates (Bild), drawn anew, and found by the SHA-256 of its bytes.

    The database refuses to change one, and to delete one that a certificate names (`CertificatePictureUse`): what
    was issued with it can be printed with it for ever.
    """

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    png = models.BinaryField("PNG")
    width = models.PositiveSmallIntegerField("Breite in Bildpunkten")
    height = models.PositiveSmallIntegerField("Höhe in Bildpunkten")
    added_at = models.DateTimeField("hinzugefügt am", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Bild auf Bescheinigungen"
        verbose_name_plural = "Bilder auf Bescheinigungen"

    def __str__(self) -> str:
        return f"Bild {self.sha256[:12]}"


class CertificatePictureUse(models.Model):
    """That a certificate names a picture; written when it is issued, never changed or deleted."""

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="picture_uses", verbose_name="Bescheinigung"
    )
    picture = models.ForeignKey(CertificatePicture, models.PROTECT, related_name="uses", verbose_name="Bild")

    class Meta:
        verbose_name = "Bild einer Bescheinigung"
        verbose_name_plural = "Bilder der Bescheinigungen"
        constraints = [
            models.UniqueConstraint(fields=["certificate", "picture"], name="certificate_picture_use_unique")
        ]

    def __str__(self) -> str:
        return f"{self.certificate}: {self.picture}"


class CertificateDesign(models.Model):
    """What every certificate of a cohort says beside its content (Gestaltung); proposed to the next cohort."""

    cohort = models.OneToOneField(
        Cohort, models.CASCADE, related_name="certificate_design", verbose_name="Durchgang"
    )
    layout = models.CharField("Format", max_length=10, choices=Layout, default=Layout.PORTRAIT)
    issuer = models.CharField("Veranstalter", max_length=160)
    place = models.CharField("Ort der Ausstellung", max_length=80)
    intro = models.TextField("Einleitung", max_length=LONGEST_INTRO, blank=True)
    logo = models.ForeignKey(
        CertificatePicture, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Logo"
    )
    logo_alternative = models.CharField("Was das Logo zeigt", max_length=160, blank=True)
    changed_at = models.DateTimeField("geändert am", default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="geändert von"
    )

    class Meta:
        verbose_name = "Gestaltung der Bescheinigungen"
        verbose_name_plural = "Gestaltungen der Bescheinigungen"
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="certificate_design_layout_known",
                condition=Q(layout__in=Layout.values),
                violation_error_message="Bescheinigungen gibt es im Hochformat und im Querformat.",
            ),
            models.CheckConstraint(
                name="certificate_design_logo_has_alternative",
                condition=Q(logo__isnull=True) | ~Q(logo_alternative=""),
                violation_error_message="Bitte sagen Sie, was das Logo zeigt: Wer es nicht sieht, hört es.",
                violation_error_code="logo_alternative",
            ),
        ]

    def __str__(self) -> str:
        return f"Gestaltung: {self.cohort}"


class DesignSignatory(models.Model):
    """Who signs the certificates of a cohort (Unterschrift), from left to right."""

    design = models.ForeignKey(
        CertificateDesign, models.CASCADE, related_name="signatories", verbose_name="Gestaltung"
    )
    position = models.PositiveSmallIntegerField("Stelle")
    name = models.CharField("Wer unterschreibt", max_length=120)
    function = models.CharField("Funktion", max_length=120)
    signature = models.ForeignKey(
        CertificatePicture,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Unterschrift als Bild",
    )

    class Meta:
        verbose_name = "Unterschrift"
        verbose_name_plural = "Unterschriften"
        ordering = ["design", "position"]
        constraints = [
            models.UniqueConstraint(fields=["design", "position"], name="design_signatory_position_unique"),
            models.CheckConstraint(
                name="design_signatory_position_in_range",
                condition=Q(position__gte=1, position__lte=MOST_SIGNATORIES),
                violation_error_message=f"Es unterschreiben höchstens {MOST_SIGNATORIES} Personen.",
            ),
            models.CheckConstraint(
                name="design_signatory_complete",
                condition=~Q(name="") & ~Q(function=""),
                violation_error_message="Zu jeder Unterschrift gehören Name und Funktion.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.function}"
