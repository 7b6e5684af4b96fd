"""Who was there, half a day at a time; and checking in by oneself."""

import datetime
import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from curriculum.models import SessionDay
from netzkoord.models import User
from participants.models.registrations import Registration


class Half(models.TextChoices):
    """A half of a day; where the day is parted, `participants.halves` says."""

    MORNING = "MORNING", "Vormittag"
    AFTERNOON = "AFTERNOON", "Nachmittag"


class Presence(models.TextChoices):
    PRESENT = "PRESENT", "da"
    ABSENT = "ABSENT", "gefehlt"
    EXCUSED = "EXCUSED", "entschuldigt"


LONGEST_NOTE = 200


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def present(self) -> Self:
        return self.filter(presence=Presence.PRESENT)


class Attendance(models.Model):
    """Presence of one person in one half of a day (Anwesenheit); no row means not entered yet.

    The note on an excuse is for organisers and trainers only: it may tell of health or family.
    """

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="attendances", verbose_name="Anmeldung"
    )
    day = models.ForeignKey(SessionDay, models.PROTECT, related_name="attendances", verbose_name="Termintag")
    half = models.CharField("Tageshälfte", max_length=9, choices=Half)
    presence = models.CharField("Anwesenheit", max_length=8, choices=Presence)
    note = models.CharField("Vermerk", max_length=LONGEST_NOTE, blank=True)
    is_self_reported = models.BooleanField("selbst eingetragen", default=False)
    changed_at = models.DateTimeField("zuletzt geändert am", default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="zuletzt geändert von"
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "Anwesenheit"
        verbose_name_plural = "Anwesenheiten"
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "day", "half"],
                name="attendance_unique",
                violation_error_message="Für diese Tageshälfte ist die Anwesenheit schon eingetragen.",
            ),
            models.CheckConstraint(
                name="attendance_half_known",
                condition=Q(half__in=Half.values),
                violation_error_message="Die Tageshälfte ist Vormittag oder Nachmittag.",
            ),
            models.CheckConstraint(
                name="attendance_note_of_absence",
                condition=Q(note="") | ~Q(presence=Presence.PRESENT),
                violation_error_message="Einen Vermerk gibt es nur, wenn jemand gefehlt hat oder entschuldigt ist.",
            ),
            models.CheckConstraint(
                name="attendance_self_reported_present",
                condition=Q(is_self_reported=False) | Q(presence=Presence.PRESENT),
                violation_error_message="Selbst eintragen kann man sich nur als anwesend.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_presence_display()


def new_nonce() -> str:
    return secrets.token_hex(16)


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def running(self) -> Self:
        """Those that have been opened and neither ended nor passed."""
        return self.filter(ended_at__isnull=True, expires_at__gt=timezone.now())


class CheckIn(models.Model):
    """Participants may enter themselves for half a day (Selbsteintrag), with a code that is shown in the room.

    The code is stored nowhere: it follows from the nonce, the time and the secret of this installation
    (`participants.check_in`), and changes every two minutes.
    """

    day = models.ForeignKey(SessionDay, models.CASCADE, related_name="check_ins", verbose_name="Termintag")
    half = models.CharField("Tageshälfte", max_length=9, choices=Half)
    nonce = models.CharField("Zufallswert", max_length=32, default=new_nonce, editable=False)
    opened_at = models.DateTimeField("geöffnet am", default=timezone.now, editable=False)
    opened_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="geöffnet von"
    )
    expires_at = models.DateTimeField("läuft ab am")
    ended_at = models.DateTimeField("beendet am", null=True, blank=True, editable=False)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = "Selbsteintrag"
        verbose_name_plural = "Selbsteinträge"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "half"],
                condition=Q(ended_at__isnull=True),
                name="check_in_one_open",
                violation_error_message="Für diese Tageshälfte ist der Selbsteintrag schon geöffnet.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_half_display()}, {self.day}"

    def is_running(self, *, at: datetime.datetime) -> bool:
        return self.ended_at is None and at < self.expires_at
