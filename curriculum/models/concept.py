"""The concept: a programme, its editions, and what one edition offers to whom."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from netzkoord.models import User

MINUTES_PER_UE = 45


class Audience(models.TextChoices):
    """Whom an offer is for; also the role of a person in a tandem."""

    MANAGER = "MANAGER", "Führungskräfte"
    COORDINATOR = "COORDINATOR", "Koordinierungskräfte"

    @property
    def person(self) -> str:
        """The German word for one person of this audience."""
        return "Führungskraft" if self is Audience.MANAGER else "Koordinierungskraft"

    @property
    def other(self) -> "Audience":
        """The role of the other person in a tandem."""
        return Audience.COORDINATOR if self is Audience.MANAGER else Audience.MANAGER

    @classmethod
    def person_choices(cls) -> list[tuple[str, str]]:
        return [(audience.value, audience.person) for audience in cls]


class EditionStatus(models.TextChoices):
    DRAFT = "DRAFT", "Entwurf"
    PUBLISHED = "PUBLISHED", "veröffentlicht"
    ARCHIVED = "ARCHIVED", "archiviert"


class Programme(models.Model):
    """The training concept (Programm) across all its editions."""

    title = models.CharField("Titel", max_length=200, unique=True)
    abstract = models.TextField("Kurzbeschreibung")

    class Meta:
        verbose_name = "Programm"
        verbose_name_plural = "Programme"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> Self:
        return self.filter(status=EditionStatus.PUBLISHED)

    def visible_to(self, user: User) -> Self:
        """Who may read the curriculum reads every edition; participants read the one of their cohort.

        Participants reach it through `participants`, which knows their cohort.
        """
        return self if user.has_perm("curriculum.view_edition") else self.none()


class Edition(models.Model):
    """One published state (Fassung) of a programme; a published one is never edited."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="editions", verbose_name="Programm")
    number = models.PositiveSmallIntegerField("Nummer der Fassung")
    status = models.CharField("Stand", max_length=10, choices=EditionStatus, default=EditionStatus.DRAFT)
    published_on = models.DateField("veröffentlicht am", null=True, blank=True)
    note = models.TextField("Hinweis zur Fassung", blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung"
        verbose_name_plural = "Fassungen"
        ordering = ["programme__title", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="edition_number_unique",
                violation_error_message="Diese Nummer hat schon eine andere Fassung des Programms.",
            ),
            models.CheckConstraint(
                name="edition_published_has_date",
                condition=Q(status=EditionStatus.DRAFT) | Q(published_on__isnull=False),
                violation_error_message="Zu einer veröffentlichten Fassung gehört das Datum der Veröffentlichung.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.title}, {self.number}. Fassung"

    def get_absolute_url(self) -> str:
        return reverse("curriculum:edition_detail", args=[self.pk])


class Aim(models.Model):
    """One ability that the programme gives its participants (Ziel des Programms)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="aims", verbose_name="Fassung")
    position = models.PositiveSmallIntegerField("Stelle")
    text = models.TextField("Ziel")

    class Meta:
        verbose_name = "Ziel"
        verbose_name_plural = "Ziele"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "position"], name="aim_position_unique")]

    def __str__(self) -> str:
        return self.text


class Track(models.Model):
    """What an edition offers to one audience (Angebot)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tracks", verbose_name="Fassung")
    audience = models.CharField("Zielgruppe", max_length=12, choices=Audience)
    title = models.CharField("Titel", max_length=200)
    summary = models.TextField("Beschreibung", blank=True)

    class Meta:
        verbose_name = "Angebot"
        verbose_name_plural = "Angebote"
        ordering = ["edition", "-audience"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "audience"],
                name="track_audience_unique",
                violation_error_message="Für diese Zielgruppe hat die Fassung schon ein Angebot.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Topic(models.Model):
    """A subject that units treat and needs name (Thema)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="topics", verbose_name="Fassung")
    position = models.PositiveSmallIntegerField("Stelle")
    name = models.CharField("Thema", max_length=120)

    class Meta:
        verbose_name = "Thema"
        verbose_name_plural = "Themen"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"],
                name="topic_name_unique",
                violation_error_message="Dieses Thema hat die Fassung schon.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Method(models.Model):
    """A way of working in a unit (Methode), such as Netzwerkkarussell or Erlebnisbericht."""

    name = models.CharField("Methode", max_length=120, unique=True)
    description = models.TextField("Beschreibung", blank=True)

    class Meta:
        verbose_name = "Methode"
        verbose_name_plural = "Methoden"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Module(models.Model):
    """A self-contained part of the curriculum (Modul), offered in one track or in both."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="modules", verbose_name="Fassung")
    tracks = models.ManyToManyField(Track, related_name="modules", verbose_name="Angebote")
    position = models.PositiveSmallIntegerField("Stelle")
    code = models.CharField("Kürzel", max_length=8)
    title = models.CharField("Titel", max_length=200)
    summary = models.TextField("Beschreibung", blank=True)

    class Meta:
        verbose_name = "Modul"
        verbose_name_plural = "Module"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="module_code_unique",
                violation_error_message="Dieses Kürzel hat schon ein anderes Modul der Fassung.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Unit(models.Model):
    """A piece of a module (Baustein) of so many minutes, breaks excluded."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="units", verbose_name="Modul")
    position = models.PositiveSmallIntegerField("Stelle")
    title = models.CharField("Titel", max_length=200)
    minutes = models.PositiveSmallIntegerField("Dauer in Minuten")
    topics = models.ManyToManyField(Topic, related_name="units", blank=True, verbose_name="Themen")
    methods = models.ManyToManyField(Method, related_name="units", blank=True, verbose_name="Methoden")
    has_practice_report = models.BooleanField("mit Erlebnisbericht", default=False)
    is_about_attitude = models.BooleanField("arbeitet an der Haltung", default=False)

    class Meta:
        verbose_name = "Baustein"
        verbose_name_plural = "Bausteine"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["module", "position"], name="unit_position_unique"),
            models.CheckConstraint(
                name="unit_minutes_positive",
                condition=Q(minutes__gt=0),
                violation_error_message="Ein Baustein dauert mindestens eine Minute.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LearningGoal(models.Model):
    """What a person can do after a module (Lernziel)."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="learning_goals", verbose_name="Modul")
    position = models.PositiveSmallIntegerField("Stelle")
    text = models.TextField("Lernziel")

    class Meta:
        verbose_name = "Lernziel"
        verbose_name_plural = "Lernziele"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["module", "position"], name="learning_goal_position_unique")]

    def __str__(self) -> str:
        return self.text
