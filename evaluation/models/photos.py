"""Photos of a paper wall."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluation.models.workshops import Round, Workshop

LONGEST_ALT = 500


class WallPhoto(models.Model):
    """A photo of a paper wall (Foto), drawn anew; it lies in its row, goes with it and comes back with it.

    `digest` is that of the stored points, so that the same photo hangs once.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="photos", verbose_name="Workshop")
    round = models.ForeignKey(
        Round, models.SET_NULL, null=True, blank=True, related_name="photos", verbose_name="Runde"
    )
    position = models.PositiveSmallIntegerField("Stelle", editable=False)
    alt = models.CharField("Was ist zu sehen?", max_length=LONGEST_ALT)
    jpeg = models.BinaryField("JPEG")
    width = models.PositiveSmallIntegerField("Breite", editable=False)
    height = models.PositiveSmallIntegerField("Höhe", editable=False)
    digest = models.CharField("Prüfsumme", max_length=64, editable=False)

    class Meta:
        verbose_name = "Foto der Wand"
        verbose_name_plural = "Fotos der Wand"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "digest"],
                name="wall_photo_once",
                violation_error_message="Dieses Foto ist schon da.",
            ),
            models.CheckConstraint(
                name="wall_photo_has_alt",
                condition=~Q(alt=""),
                violation_error_message="Zu jedem Foto gehört ein Satz, der sagt, was zu sehen ist.",
            ),
        ]

    def __str__(self) -> str:
        return self.alt

    def get_absolute_url(self) -> str:
        return reverse("evaluation:wall_photo", args=[self.pk])

    @property
    def is_wide(self) -> bool:
        return self.width > self.height
