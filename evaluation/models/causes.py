"""Why a part of the curriculum changed from one edition to the next."""

from django.db import models
from django.utils import timezone

from curriculum.models import Edition
from evaluation.models.recommendations import Recommendation


class ChangeCause(models.Model):
    """A recommendation that led to a change (Anlass): which part, and in which edition it was changed.

    A remark about the edition, not a part of it: it may be noted after the edition was published.
    """

    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="causes", verbose_name="Empfehlung"
    )
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="change_causes", verbose_name="Fassung")
    # The key that the part keeps through all editions; the one of a removed part stands in older editions only.
    part_key = models.UUIDField("Schlüssel des Teils", editable=False)
    noted_at = models.DateTimeField("eingetragen am", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Anlass"
        verbose_name_plural = "Anlässe"
        ordering = ["recommendation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "edition", "part_key"],
                name="change_cause_unique",
                violation_error_message="Diese Empfehlung steht schon als Anlass da.",
            )
        ]

    def __str__(self) -> str:
        return str(self.recommendation)
