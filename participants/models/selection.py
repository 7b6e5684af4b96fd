"""What is being prepared at the selection desk, before anything is decided."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.models import User
from participants.models.registrations import Selection, Tandem


class Rest(models.TextChoices):
    """What becomes of those for whom not even the waiting list has room."""

    OPEN = "OPEN", "bleiben offen"
    DECLINED = "DECLINED", "bekommen eine Absage"


class SelectionDraft(models.Model):
    """Where the line is drawn for a cohort (Entwurf der Auswahl): up to which rank, and what follows below it."""

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="selection_draft", verbose_name="Durchgang")
    line = models.PositiveSmallIntegerField(
        "Annehmen bis Rang",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(0, "Der Rang ist eine Zahl von 0 an."),
            MaxValueValidator(9999, "Ein Rang hat höchstens vier Ziffern."),
        ],
    )
    waiting_count = models.PositiveSmallIntegerField(
        "So viele auf die Warteliste",
        default=10,
        validators=[MaxValueValidator(9999, "Die Warteliste hat höchstens 9999 Plätze.")],
    )
    rest = models.CharField("Alle weiteren", max_length=8, choices=Rest, default=Rest.OPEN)
    changed_at = models.DateTimeField("geändert am", default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="geändert durch"
    )

    class Meta:
        verbose_name = "Entwurf der Auswahl"
        verbose_name_plural = "Entwürfe der Auswahl"

    def __str__(self) -> str:
        return f"Auswahl: {self.cohort}"


class SelectionOverride(models.Model):
    """A decision apart from the line, prepared with its reason (Abweichung)."""

    tandem = models.OneToOneField(Tandem, models.CASCADE, related_name="override", verbose_name="Tandem")
    selection = models.CharField("Entscheidung", max_length=8, choices=Selection)
    reason = models.CharField("Grund", max_length=500)
    stored_at = models.DateTimeField("festgehalten am", default=timezone.now, editable=False)
    stored_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="durch"
    )

    class Meta:
        verbose_name = "Abweichung"
        verbose_name_plural = "Abweichungen"
        constraints = [
            models.CheckConstraint(
                name="selection_override_decides",
                condition=Q(selection__in=[Selection.ACCEPTED, Selection.WAITING, Selection.DECLINED]),
                violation_error_message="Bitte wählen Sie, wie Sie entscheiden.",
            ),
            models.CheckConstraint(
                name="selection_override_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Eine Abweichung braucht einen Grund.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_selection_display()}: {self.reason}"
