"""What a certificate asks for beside attendance: project and colloquium, and time that was made up."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from curriculum.models.schedule import EARLIEST, LATEST, validate_plausible
from netzkoord.models import User
from netzkoord.templatetags.german import MINUTES_PER_UE
from participants.models.registrations import Registration

MOST_UNITS = 200
LONGEST_TITLE = 200
MOST_MADE_UP = 400
MOST_MADE_UP_MINUTES = MOST_MADE_UP * MINUTES_PER_UE
NOT_PLAUSIBLE = "Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099."


class AchievementKind(models.TextChoices):
    PROJECT = "PROJECT", "Praxisprojekt"
    COLLOQUIUM = "COLLOQUIUM", "Kolloquium"

    @property
    def slug(self) -> str:
        """As it stands in addresses."""
        return str(self.label).lower()


class Achievement(models.Model):
    """What one person has achieved for the Zertifikat (Leistung).

    A certificate that rests on it keeps what it said, so that this row may still be corrected. The units of a
    project are told beside those of the course and count towards no share.
    """

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="achievements", verbose_name="Anmeldung"
    )
    kind = models.CharField("Leistung", max_length=10, choices=AchievementKind)
    title = models.CharField("Titel des Praxisprojekts", max_length=LONGEST_TITLE, blank=True)
    completed_on = models.DateField("abgeschlossen am", validators=[validate_plausible])
    units = models.PositiveSmallIntegerField("Umfang des Praxisprojekts in UE", null=True, blank=True)
    recorded_at = models.DateTimeField("eingetragen am", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="eingetragen von"
    )

    class Meta:
        verbose_name = "Leistung"
        verbose_name_plural = "Leistungen"
        ordering = ["registration", "-kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "kind"],
                name="achievement_unique",
                violation_error_message="Diese Leistung ist bei der Person schon eingetragen.",
            ),
            models.CheckConstraint(
                name="achievement_kind_known",
                condition=Q(kind__in=AchievementKind.values),
                violation_error_message="Eine Leistung ist ein Praxisprojekt oder ein Kolloquium.",
            ),
            models.CheckConstraint(
                name="achievement_project_alone_has_title_and_units",
                condition=Q(kind=AchievementKind.PROJECT) | Q(title="", units__isnull=True),
                violation_error_message="Titel und Umfang hat nur ein Praxisprojekt.",
            ),
            models.CheckConstraint(
                name="achievement_units_in_range",
                condition=Q(units__isnull=True) | Q(units__gte=1, units__lte=MOST_UNITS),
                violation_error_message=f"Ein Praxisprojekt hat zwischen 1 und {MOST_UNITS} UE.",
                violation_error_code="units",
            ),
            models.CheckConstraint(
                name="achievement_completed_on_plausible",
                condition=Q(completed_on__gte=EARLIEST, completed_on__lte=LATEST),
                violation_error_message=NOT_PLAUSIBLE,
                violation_error_code="completed_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} „{self.title}“" if self.title else self.get_kind_display()


class MadeUpTime(models.Model):
    """Time of the course that one person has made up (nachgeholte Zeit), in net minutes."""

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="made_up_times", verbose_name="Anmeldung"
    )
    minutes = models.PositiveSmallIntegerField("Minuten")
    made_up_on = models.DateField("nachgeholt am", validators=[validate_plausible])
    how = models.CharField("Wie nachgeholt", max_length=200)
    recorded_at = models.DateTimeField("eingetragen am", default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="eingetragen von"
    )

    class Meta:
        verbose_name = "Nachgeholte Zeit"
        verbose_name_plural = "Nachgeholte Zeiten"
        ordering = ["made_up_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "made_up_on", "how"],
                name="made_up_time_unique",
                violation_error_message="Diese nachgeholte Zeit ist schon eingetragen.",
            ),
            models.CheckConstraint(
                name="made_up_time_in_range",
                condition=Q(minutes__gte=1, minutes__lte=MOST_MADE_UP_MINUTES),
                violation_error_message=f"Nachgeholt sind mindestens eine Minute und höchstens {MOST_MADE_UP} UE.",
                violation_error_code="minutes",
            ),
            models.CheckConstraint(
                name="made_up_time_made_up_on_plausible",
                condition=Q(made_up_on__gte=EARLIEST, made_up_on__lte=LATEST),
                violation_error_message=NOT_PLAUSIBLE,
                violation_error_code="made_up_on",
            ),
            models.CheckConstraint(
                name="made_up_time_says_how",
                condition=~Q(how=""),
                violation_error_message="Bitte sagen Sie, wie die Zeit nachgeholt wurde.",
                violation_error_code="how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} Minuten, {self.how}"
