"""What belongs to a session that is to be held: its course, its people's word, reports, material, calendars."""

import secrets
import uuid

from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from curriculum.models.concept import LONGEST_UNIT, Unit
from curriculum.models.schedule import Session, SessionDay
from netzkoord.models import User


class AgendaKind(models.TextChoices):
    UNIT = "UNIT", "Baustein"
    BREAK = "BREAK", "Pause"
    REPORT = "REPORT", "Erlebnisbericht"
    OTHER = "OTHER", "Sonstiges"


class AgendaItem(models.Model):
    """One point of the course of a day (Ablaufplan); its clock time follows from what stands before it."""

    day = models.ForeignKey(SessionDay, models.CASCADE, related_name="agenda", verbose_name="Tag")
    position = models.PositiveSmallIntegerField("Stelle")
    kind = models.CharField("Art", max_length=6, choices=AgendaKind, default=AgendaKind.UNIT)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="agenda_items", null=True, blank=True, verbose_name="Baustein"
    )
    title = models.CharField("Bezeichnung", max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(
        "Minuten",
        validators=[
            MinValueValidator(1, f"Ein Punkt dauert zwischen 1 und {LONGEST_UNIT} Minuten."),
            MaxValueValidator(LONGEST_UNIT, f"Ein Punkt dauert zwischen 1 und {LONGEST_UNIT} Minuten."),
        ],
    )

    class Meta:
        verbose_name = "Punkt des Ablaufs"
        verbose_name_plural = "Ablaufplan"
        ordering = ["day__date", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="agenda_item_minutes_range",
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_UNIT),
                violation_error_message=f"Ein Punkt dauert zwischen 1 und {LONGEST_UNIT} Minuten.",
            ),
            models.CheckConstraint(
                name="agenda_item_is_unit_or_named",
                condition=Q(kind=AgendaKind.UNIT, unit__isnull=False)
                | ~Q(kind=AgendaKind.UNIT) & Q(unit__isnull=True) & ~Q(title=""),
                violation_error_message="Ein Punkt ist ein Baustein des Moduls oder hat eine eigene Bezeichnung.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.unit)

    @property
    def is_break(self) -> bool:
        return self.kind == AgendaKind.BREAK


class TrainerAnswer(models.TextChoices):
    OPEN = "", "noch offen"
    YES = "YES", "zugesagt"
    NO = "NO", "abgesagt"


class TrainerConfirmationQuerySet(models.QuerySet["TrainerConfirmation"]):
    def refused(self) -> "TrainerConfirmationQuerySet":
        """Trainers who teach the session and cannot come on its dates as they are now."""
        return self.filter(answer=TrainerAnswer.NO, sequence=F("session__sequence"), session__trainers=F("trainer"))


class TrainerConfirmation(models.Model):
    """A trainer's word on the date of a session (Terminzusage), given through a link.

    It holds for the dates as they were asked for: after a move `sequence` differs from the session's, and the
    trainer is asked again.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="confirmations", verbose_name="Termin")
    trainer = models.ForeignKey(User, models.CASCADE, related_name="date_confirmations", verbose_name="Trainer/in")
    sequence = models.PositiveIntegerField("Stand der Termine")
    asked_at = models.DateTimeField("gefragt am", default=timezone.now)
    answer = models.CharField("Antwort", max_length=3, choices=TrainerAnswer, blank=True, default="")
    answered_at = models.DateTimeField("geantwortet am", null=True, blank=True)
    remark = models.CharField("Bemerkung", max_length=500, blank=True)

    objects = TrainerConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = "Terminzusage"
        verbose_name_plural = "Terminzusagen"
        ordering = ["trainer__family_name", "trainer__given_names", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "trainer"], name="trainer_confirmation_unique"),
            models.CheckConstraint(
                name="trainer_confirmation_answered_has_time",
                condition=Q(answer="", answered_at__isnull=True) | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainer}: {self.get_answer_display()}"

    @property
    def is_outdated(self) -> bool:
        """The session was moved after this trainer was asked; reads the session."""
        return self.sequence != self.session.sequence


class PracticeReportQuerySet(models.QuerySet["PracticeReport"]):
    def released(self) -> "PracticeReportQuerySet":
        """What its author has released; nobody else reads the text of any other."""
        return self.filter(released_at__isnull=False)


class PracticeReport(models.Model):
    """A practitioner's report (Erlebnisbericht): by whom, from where, in which session.

    Until its author has released it, nobody else reads its text: pages show `text` of released ones only.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="practice_reports", verbose_name="Termin")
    practitioner = models.CharField("Praktiker/in", max_length=200)
    email = models.EmailField("E-Mail-Adresse", max_length=254, blank=True)
    municipality = models.CharField("Kommune", max_length=160)
    title = models.CharField("Titel", max_length=200)
    text = models.TextField("Bericht", blank=True, max_length=6000)
    # Part of the author's link: a new key makes older links worthless.
    link_key = models.UUIDField("Schlüssel des Links", default=uuid.uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField("Link gesendet am", null=True, blank=True, editable=False)
    released_at = models.DateTimeField("freigegeben am", null=True, blank=True, editable=False)

    objects = PracticeReportQuerySet.as_manager()

    class Meta:
        verbose_name = "Erlebnisbericht"
        verbose_name_plural = "Erlebnisberichte"
        ordering = ["session", "pk"]
        constraints = [
            models.CheckConstraint(
                name="practice_report_released_has_text",
                condition=Q(released_at__isnull=True) | ~Q(text=""),
                violation_error_message="Ein Bericht ohne Text kann nicht freigegeben werden.",
            ),
            models.UniqueConstraint(
                fields=["session", "email"],
                condition=~Q(email=""),
                name="practice_report_unique_in_session",
                violation_error_message="Für diese Adresse ist in diesem Termin schon ein Bericht geplant.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("curriculum:practice_report_detail", args=[self.pk])

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


def private_storage() -> Storage:
    """Files that are served by a view only, to those who may have them."""
    return storages["private"]


def random_name(material: "SessionMaterial", filename: str) -> str:
    """Nothing of what a person typed reaches the file system."""
    return f"material/{secrets.token_hex(16)}"


class SessionMaterialQuerySet(models.QuerySet["SessionMaterial"]):
    def released(self) -> "SessionMaterialQuerySet":
        return self.filter(released_at__isnull=False)

    def visible_to(self, user: User) -> "SessionMaterialQuerySet":
        """Material of the sessions that the staff may see.

        Participants reach what is released through `participants`, which knows their cohort.
        """
        if not user.has_perm("curriculum.view_sessionmaterial"):
            return self.none()
        return self.filter(session__in=Session.objects.visible_to(user))


class SessionMaterial(models.Model):
    """A file for the people of a session (Material); they see it once it is released."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="materials", verbose_name="Termin")
    title = models.CharField("Titel", max_length=200)
    file = models.FileField("Datei", storage=private_storage, upload_to=random_name)
    original_name = models.CharField("Dateiname", max_length=255, editable=False)
    content_type = models.CharField("Dateityp", max_length=100, editable=False)
    size_bytes = models.PositiveIntegerField("Größe in Byte", editable=False)
    uploaded_by = models.ForeignKey(
        User, models.SET_NULL, related_name="+", null=True, editable=False, verbose_name="hochgeladen von"
    )
    uploaded_at = models.DateTimeField("hochgeladen am", default=timezone.now, editable=False)
    released_at = models.DateTimeField("freigegeben am", null=True, blank=True, editable=False)

    objects = SessionMaterialQuerySet.as_manager()

    class Meta:
        verbose_name = "Material"
        verbose_name_plural = "Material"
        ordering = ["session", "title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class RemovedDay(models.Model):
    """A day that a session no longer has (Entfallener Tag), after people may have stored it in their calendars.

    Their event is cancelled under the same name: a day that is merely missing stays where it was imported.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="removed_days", verbose_name="Termin")
    date = models.DateField("Tag")
    starts_at = models.TimeField("Beginn")
    ends_at = models.TimeField("Ende")
    uid = models.UUIDField("Kennung im Kalender", unique=True, editable=False)

    class Meta:
        verbose_name = "Entfallener Tag"
        verbose_name_plural = "Entfallene Tage"
        ordering = ["date", "pk"]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}"

    @classmethod
    def of(cls, day: SessionDay) -> "RemovedDay":
        """What is to be remembered of a day, unsaved."""
        return cls(
            session_id=day.session_id, date=day.date, starts_at=day.starts_at, ends_at=day.ends_at, uid=day.uid
        )


def new_feed_key() -> str:
    """256 bits; who has it reads the dates of one person."""
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """The private address under which a calendar reads the dates of one person (Kalender-Abo); can be revoked."""

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed", verbose_name="Person")
    key = models.CharField("Schlüssel", max_length=64, unique=True, default=new_feed_key, editable=False)
    created_at = models.DateTimeField("angelegt am", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Kalender-Abo"
        verbose_name_plural = "Kalender-Abos"

    def __str__(self) -> str:
        return f"Kalender-Abo von {self.user}"
