"""Who was there."""

from django.db import models

from curriculum.models import SessionDay
from participants.models.registrations import Registration


class Presence(models.TextChoices):
    FULL = "FULL", "ganztägig da"
    HALF = "HALF", "halbtägig da"
    EXCUSED = "EXCUSED", "entschuldigt"
    ABSENT = "ABSENT", "gefehlt"

    @property
    def share(self) -> float:
        """Share of the day's minutes that counts as attended."""
        return {Presence.FULL: 1.0, Presence.HALF: 0.5}.get(self, 0.0)


class Attendance(models.Model):
    """Presence of one person on one day (Anwesenheit); no row means not entered yet."""

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="attendances", verbose_name="Anmeldung"
    )
    day = models.ForeignKey(SessionDay, models.PROTECT, related_name="attendances", verbose_name="Termintag")
    presence = models.CharField("Anwesenheit", max_length=8, choices=Presence)

    class Meta:
        verbose_name = "Anwesenheit"
        verbose_name_plural = "Anwesenheiten"
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "day"],
                name="attendance_unique",
                violation_error_message="Für diesen Tag ist die Anwesenheit schon eingetragen.",
            )
        ]

    def __str__(self) -> str:
        return self.get_presence_display()
