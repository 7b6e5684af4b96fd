"""What organisers keep beside a registration: notes, and duplicates that were put together."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from netzkoord.models import User
from participants.models.registrations import Registration, Tandem


class Note(models.Model):
    """A note of an organiser about a tandem or one of its people (Notiz); organisers read it.

    Whoever asks for their data reads what is about them, and what is about the tandem as a whole.
    """

    tandem = models.ForeignKey(Tandem, models.CASCADE, related_name="notes", verbose_name="Tandem")
    about = models.ForeignKey(
        Registration, models.CASCADE, null=True, blank=True, related_name="notes", verbose_name="Über"
    )
    text = models.TextField("Notiz", max_length=2000)
    written_at = models.DateTimeField("geschrieben am", default=timezone.now, editable=False)
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="von"
    )

    class Meta:
        verbose_name = "Notiz"
        verbose_name_plural = "Notizen"
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Merge(models.Model):
    """Two registrations of one person put together (Zusammenführung), and what is needed to undo it.

    `before` holds the values of the kept one that the merging has changed, `carried` what has gone over to it.
    """

    kept = models.ForeignKey(Registration, models.CASCADE, related_name="+", verbose_name="bleibt")
    merged = models.ForeignKey(Registration, models.CASCADE, related_name="+", verbose_name="geht darin auf")
    before = models.JSONField("vorherige Angaben", default=dict)
    carried = models.JSONField("übernommen", default=dict)
    merged_at = models.DateTimeField("zusammengeführt am", default=timezone.now)
    merged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="durch")
    undone_at = models.DateTimeField("rückgängig gemacht am", null=True, blank=True)

    class Meta:
        verbose_name = "Zusammenführung"
        verbose_name_plural = "Zusammenführungen"
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at__isnull=True), name="merge_once"),
            models.CheckConstraint(
                name="merge_two_registrations",
                condition=~Q(kept=F("merged")),
                violation_error_message="Eine Anmeldung lässt sich nicht mit sich selbst zusammenführen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} in {self.kept}"


class NotDuplicate(models.Model):
    """Two registrations that look alike and are two people (keine Dublette); the pair is not shown again."""

    first = models.ForeignKey(Registration, models.CASCADE, related_name="+", verbose_name="die eine")
    second = models.ForeignKey(Registration, models.CASCADE, related_name="+", verbose_name="die andere")
    stored_at = models.DateTimeField("festgehalten am", default=timezone.now)
    stored_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name="durch")

    class Meta:
        verbose_name = "Keine Dublette"
        verbose_name_plural = "Keine Dubletten"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_duplicate_unique"),
            models.CheckConstraint(
                name="not_duplicate_ordered",
                condition=Q(first__lt=F("second")),
                violation_error_message="Ein Paar sind zwei Anmeldungen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} und {self.second}"
