"""The schedule: one run of an edition, its dated blocks and where they take place."""

import datetime
import uuid
from collections.abc import Iterable
from email.utils import parseaddr
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Max, Min, Q
from django.urls import reverse
from django.utils import timezone

from curriculum.models.concept import MINUTES_PER_UE, Audience, Edition, Module
from netzkoord.lib.states import State
from netzkoord.models import User

# What a date of this programme can be; anything else is a slip of the finger.
EARLIEST = datetime.date(2000, 1, 1)
LATEST = datetime.date(2099, 12, 31)


HELD = Q(sessions__cancelled_at__isnull=True)
FIRST_DAY = Min("sessions__days__date", filter=HELD)
LAST_DAY = Max("sessions__days__date", filter=HELD)


def validate_plausible(date: datetime.date) -> None:
    if not EARLIEST <= date <= LATEST:
        raise ValidationError("Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099.")


class Venue(models.Model):
    """A place where sessions are held (Ort)."""

    name = models.CharField("Name", max_length=200)
    street = models.CharField("Straße und Hausnummer", max_length=200, blank=True)
    postal_code = models.CharField("Postleitzahl", max_length=5, blank=True)
    city = models.CharField("Stadt", max_length=120)
    state = models.CharField("Land", max_length=2, choices=State, blank=True)
    directions = models.TextField("Anreise und Zugang", blank=True)

    class Meta:
        verbose_name = "Ort"
        verbose_name_plural = "Orte"
        ordering = ["city", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "city"],
                name="venue_unique",
                violation_error_message="Diesen Ort gibt es schon.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class CohortState(models.TextChoices):
    """Where a cohort stands; derived from its dates and from what was decided."""

    PLANNED = "PLANNED", "geplant"
    REGISTRATION_OPEN = "REGISTRATION_OPEN", "Anmeldung offen"
    REGISTRATION_CLOSED = "REGISTRATION_CLOSED", "Anmeldung geschlossen"
    RUNNING = "RUNNING", "läuft"
    FINISHED = "FINISHED", "abgeschlossen"
    CANCELLED = "CANCELLED", "abgesagt"


class CohortQuerySet(models.QuerySet["Cohort"]):
    def with_dates(self) -> Self:
        """Adds `first_on` and `last_on`, the first and last day of all sessions that are not cancelled."""
        return self.annotate(first_on=FIRST_DAY, last_on=LAST_DAY)

    def running(self) -> Self:
        """With dates; neither cancelled nor over, the one that starts first on top."""
        dated = self.with_dates()
        is_not_over = Q(last_on__isnull=True) | Q(last_on__gte=timezone.localdate())
        return dated.filter(is_not_over, cancelled_at__isnull=True).order_by("first_on", "pk")

    def finished(self) -> Self:
        """With dates; over and not cancelled, the latest on top."""
        dated = self.with_dates()
        return dated.filter(last_on__lt=timezone.localdate(), cancelled_at__isnull=True).order_by("-last_on", "-pk")

    def announced(self) -> Self:
        """What the public may read: announced, not cancelled."""
        return self.filter(announced_at__isnull=False, cancelled_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Organisers and readers see every cohort, trainers those in which they teach."""
        if user.has_perm("curriculum.view_all_cohorts"):
            return self
        return self.filter(pk__in=Session.objects.filter(trainers=user).values("cohort"))


class Cohort(models.Model):
    """One run (Durchgang) of an edition, with its dates and its people."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="cohorts", verbose_name="Fassung")
    title = models.CharField("Titel", max_length=200)
    places = models.PositiveSmallIntegerField(
        "Plätze (Personen)",
        default=22,
        validators=[
            MinValueValidator(2, "Ein Durchgang hat mindestens zwei Plätze, also ein Tandem."),
            MaxValueValidator(999, "Ein Durchgang hat höchstens 999 Plätze."),
        ],
    )
    registration_opens_on = models.DateField(
        "Anmeldung für alle ab", null=True, blank=True, validators=[validate_plausible]
    )
    registration_closes_on = models.DateField("Anmeldeschluss", validators=[validate_plausible])
    moves_up_automatically = models.BooleanField("Die Warteliste rückt von selbst nach", default=True)
    offer_days = models.PositiveSmallIntegerField(
        "Tage Bedenkzeit für einen frei gewordenen Platz",
        default=5,
        validators=[
            MinValueValidator(1, "Die Bedenkzeit liegt zwischen 1 und 30 Tagen."),
            MaxValueValidator(30, "Die Bedenkzeit liegt zwischen 1 und 30 Tagen."),
        ],
    )
    asks_approval = models.BooleanField("Vorgesetzte um Zustimmung bitten", default=False)
    # Counted by `participants.actions.places.recount`, so that the database can refuse one too many.
    places_taken = models.PositiveSmallIntegerField("vergebene Plätze", default=0, editable=False)
    # From here to `make_up_until`: who gets which certificate. Once the cohort is announced a trigger keeps all of
    # it (migration 0024); only `make_up_until` may still be set later.
    attendance_threshold_percent = models.PositiveSmallIntegerField(
        "Nötige Anwesenheit in Prozent",
        default=80,
        validators=[
            MinValueValidator(1, "Die nötige Anwesenheit liegt zwischen 1 und 100 Prozent."),
            MaxValueValidator(100, "Die nötige Anwesenheit liegt zwischen 1 und 100 Prozent."),
        ],
    )
    grants_certificate = models.BooleanField("Es gibt ein Zertifikat", default=True)
    certificate_threshold_percent = models.PositiveSmallIntegerField(
        "Nötige Anwesenheit für das Zertifikat in Prozent",
        default=80,
        validators=[
            MinValueValidator(1, "Die nötige Anwesenheit für das Zertifikat liegt zwischen 1 und 100 Prozent."),
            MaxValueValidator(100, "Die nötige Anwesenheit für das Zertifikat liegt zwischen 1 und 100 Prozent."),
        ],
    )
    needs_project = models.BooleanField("Das Zertifikat verlangt ein Praxisprojekt", default=True)
    needs_colloquium = models.BooleanField("Das Zertifikat verlangt ein Kolloquium", default=True)
    make_up_until = models.DateField(
        "Fehlendes kann nachgeholt werden bis", null=True, blank=True, validators=[validate_plausible]
    )
    contact_email = models.EmailField("E-Mail-Adresse für Rückfragen", blank=True)
    announced_at = models.DateTimeField("ausgeschrieben am", null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField("abgesagt am", null=True, blank=True, editable=False)
    cancellation_reason = models.TextField("Grund der Absage", blank=True, editable=False)

    # Set by with_dates()
    first_on: datetime.date | None
    last_on: datetime.date | None

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = "Durchgang"
        verbose_name_plural = "Durchgänge"
        ordering = ["-registration_closes_on", "-pk"]
        permissions = [("view_all_cohorts", "Darf alle Durchgänge sehen")]
        constraints = [
            models.UniqueConstraint(
                fields=["title"],
                name="cohort_title_unique",
                violation_error_message="Einen Durchgang mit diesem Titel gibt es schon.",
            ),
            models.CheckConstraint(
                name="cohort_registration_closes_on_plausible",
                condition=Q(registration_closes_on__gte=EARLIEST, registration_closes_on__lte=LATEST),
                violation_error_message="Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099.",
            ),
            models.CheckConstraint(
                name="cohort_places_positive",
                condition=Q(places__gte=2),
                violation_error_message="Ein Durchgang hat mindestens zwei Plätze, also ein Tandem.",
            ),
            models.CheckConstraint(
                name="cohort_not_overbooked",
                condition=Q(places_taken__lte=F("places")),
                violation_error_message="So viele Plätze sind schon vergeben oder angeboten. "
                "Bitte lassen Sie mindestens diese Zahl stehen.",
            ),
            models.CheckConstraint(
                name="cohort_registration_opens_before_it_closes",
                condition=Q(registration_opens_on__isnull=True)
                | Q(registration_opens_on__lte=F("registration_closes_on"), registration_opens_on__gte=EARLIEST),
                violation_error_message="Die Anmeldung beginnt nach ihrem Schluss. Bitte prüfen Sie beide Tage.",
            ),
            models.CheckConstraint(
                name="cohort_offer_days_in_range",
                condition=Q(offer_days__gte=1, offer_days__lte=30),
                violation_error_message="Die Bedenkzeit liegt zwischen 1 und 30 Tagen.",
            ),
            models.CheckConstraint(
                name="cohort_threshold_is_percentage",
                condition=Q(attendance_threshold_percent__gte=1, attendance_threshold_percent__lte=100),
                violation_error_message="Die nötige Anwesenheit liegt zwischen 1 und 100 Prozent.",
            ),
            models.CheckConstraint(
                name="cohort_certificate_threshold_is_percentage",
                condition=Q(certificate_threshold_percent__gte=1, certificate_threshold_percent__lte=100),
                violation_error_message="Die nötige Anwesenheit für das Zertifikat "
                "liegt zwischen 1 und 100 Prozent.",
            ),
            models.CheckConstraint(
                name="cohort_make_up_after_registration",
                condition=Q(make_up_until__isnull=True)
                | Q(make_up_until__gt=F("registration_closes_on"), make_up_until__lte=LATEST),
                violation_error_message="Nachgeholt werden kann erst nach dem Anmeldeschluss. "
                "Bitte prüfen Sie beide Tage.",
                violation_error_code="make_up_until",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cohort_detail", args=[self.pk])

    @property
    def contact(self) -> str:
        """Where people ask about this cohort."""
        return self.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

    @property
    def is_registration_open(self) -> bool:
        """Whether anybody may register today."""
        return self.is_registration_open_to_invited and self.has_registration_begun

    @property
    def is_registration_open_to_invited(self) -> bool:
        """Whether those may register who were invited before all others."""
        return (
            self.announced_at is not None
            and self.cancelled_at is None
            and timezone.localdate() <= self.registration_closes_on
        )

    @property
    def has_registration_begun(self) -> bool:
        return self.registration_opens_on is None or self.registration_opens_on <= timezone.localdate()

    @property
    def is_over(self) -> bool:
        """Whether the last session has been; of a cohort `with_dates`."""
        return self.last_on is not None and self.last_on < timezone.localdate()

    def state(self, *, first_on: datetime.date | None, last_on: datetime.date | None) -> CohortState:
        """Where this cohort stands today, given the first and last day of its sessions."""
        today = timezone.localdate()
        if self.cancelled_at:
            return CohortState.CANCELLED
        if last_on and today > last_on:
            return CohortState.FINISHED
        if first_on and today >= first_on:
            return CohortState.RUNNING
        if not self.announced_at:
            return CohortState.PLANNED
        return CohortState.REGISTRATION_OPEN if self.is_registration_open else CohortState.REGISTRATION_CLOSED


class SessionAudience(models.TextChoices):
    """For whom a session is held."""

    MANAGER = "MANAGER", "Führungskräfte"
    COORDINATOR = "COORDINATOR", "Koordinierungskräfte"
    BOTH = "BOTH", "Führungs- und Koordinierungskräfte"

    @property
    def audiences(self) -> tuple[Audience, ...]:
        return tuple(Audience) if self is SessionAudience.BOTH else (Audience(self.value),)

    @classmethod
    def of(cls, audiences: Iterable[Audience]) -> "SessionAudience":
        """The choice for these audiences; both when none is named."""
        found = set(audiences)
        return cls(found.pop().value) if len(found) == 1 else cls.BOTH


class SessionQuerySet(models.QuerySet["Session"]):
    def not_cancelled(self) -> Self:
        """Without what was cancelled, alone or with its whole cohort."""
        return self.filter(cancelled_at__isnull=True, cohort__cancelled_at__isnull=True)

    def with_dates(self) -> Self:
        """Adds `first_on` and `last_on` and orders by them."""
        return self.annotate(first_on=Min("days__date"), last_on=Max("days__date")).order_by("first_on", "pk")

    def for_audience(self, audience: str) -> Self:
        """Sessions that this audience is to attend."""
        return self.filter(audience__in=[audience, SessionAudience.BOTH])

    def visible_to(self, user: User) -> Self:
        """Organisers see every session, trainers their own."""
        if user.has_perm("curriculum.view_all_sessions"):
            return self
        return self.filter(trainers=user)


class Session(models.Model):
    """One dated block of a cohort (Termin): a module, held on one or more days.

    Where it is held may be open until the cohort is announced.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sessions", verbose_name="Durchgang")
    module = models.ForeignKey(Module, models.PROTECT, related_name="sessions", verbose_name="Modul")
    audience = models.CharField("Für", max_length=12, choices=SessionAudience, default=SessionAudience.BOTH)
    venue = models.ForeignKey(
        Venue, models.PROTECT, related_name="sessions", null=True, blank=True, verbose_name="Ort"
    )
    online_url = models.URLField("Adresse der Online-Sitzung", max_length=500, blank=True)
    trainers = models.ManyToManyField(
        User, related_name="sessions", blank=True, verbose_name="Trainerinnen und Trainer"
    )
    cancelled_at = models.DateTimeField("abgesagt am", null=True, blank=True, editable=False)
    cancellation_reason = models.TextField("Grund der Absage", blank=True, editable=False)
    invited_at = models.DateTimeField("eingeladen am", null=True, blank=True, editable=False)
    # For calendars (RFC 5545): counts what was changed after somebody may have stored the date.
    sequence = models.PositiveIntegerField("Stand im Kalender", default=0, editable=False)

    # Set by with_dates()
    first_on: datetime.date | None
    last_on: datetime.date | None

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "Termin"
        verbose_name_plural = "Termine"
        ordering = ["cohort", "pk"]
        permissions = [("view_all_sessions", "Darf alle Termine sehen")]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "module", "audience"],
                condition=Q(cancelled_at__isnull=True),
                name="session_module_unique",
                violation_error_message="Zu diesem Modul hat der Durchgang schon einen Termin.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.module)

    def get_absolute_url(self) -> str:
        return reverse("curriculum:session_detail", args=[self.pk])

    @property
    def audiences(self) -> tuple[Audience, ...]:
        return SessionAudience(self.audience).audiences

    @property
    def is_known_to_people(self) -> bool:
        """The cohort is announced, or somebody was invited: from now on the session is moved or cancelled."""
        return self.cohort.announced_at is not None or self.invited_at is not None

    @property
    def place(self) -> str:
        """Where it is held, in one line: the venue, or „online“; until the cohort is announced it may be open."""
        return str(self.venue) if self.venue else self.place_without_venue

    @property
    def city(self) -> str:
        return self.venue.city if self.venue else self.place_without_venue

    @property
    def place_without_venue(self) -> str:
        return "online" if self.online_url else "Ort noch offen"


class SessionDay(models.Model):
    """One day of a session (Termintag) with its hours in local time; attendance is taken per day."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="days", verbose_name="Termin")
    date = models.DateField("Tag", validators=[validate_plausible])
    starts_at = models.TimeField("Beginn")
    ends_at = models.TimeField("Ende")
    break_minutes = models.PositiveSmallIntegerField("Pausen in Minuten", default=90)
    # The UID in calendars: stays when the day is moved.
    uid = models.UUIDField("Kennung im Kalender", default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = "Termintag"
        verbose_name_plural = "Termintage"
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "date"],
                name="session_day_date_unique",
                violation_error_message="Diesen Tag hat der Termin schon.",
            ),
            models.UniqueConstraint(fields=["uid"], name="session_day_uid_unique"),
            models.CheckConstraint(
                name="session_day_date_plausible",
                condition=Q(date__gte=EARLIEST, date__lte=LATEST),
                violation_error_message="Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099.",
            ),
            models.CheckConstraint(
                name="session_day_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}"

    @property
    def net_minutes(self) -> int:
        """Working time in minutes: from start to end, breaks excluded."""
        start = datetime.datetime.combine(self.date, self.starts_at)
        end = datetime.datetime.combine(self.date, self.ends_at)
        return max(0, int((end - start).total_seconds()) // 60 - self.break_minutes)

    @property
    def ue(self) -> float:
        """Unterrichtseinheiten (45 minutes) of this day."""
        return self.net_minutes / MINUTES_PER_UE
