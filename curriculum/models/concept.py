"""The concept: a programme, its editions, and what one edition offers to whom.

Everything here but the programme belongs to one edition. Once that is published, triggers of the database
refuse every change to it and to its parts (migration 0016).
"""

import uuid
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from netzkoord.models import User

MINUTES_PER_UE = 45
LONGEST_UNIT = 600
# Characters of a text in an edition: some three pages.
LONGEST_TEXT = 5000


validate_code = RegexValidator(
    r"\A[\w.-]+\Z", "Ein Kürzel besteht aus Buchstaben, Ziffern, Punkt und Bindestrich, ohne Leerzeichen."
)


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
    """The training concept (Programm) across all its editions; what it says stands in each of them."""

    title = models.CharField(
        "Name",
        max_length=200,
        unique=True,
        error_messages={"unique": "Ein Programm mit diesem Namen gibt es schon."},
    )

    class Meta:
        verbose_name = "Programm"
        verbose_name_plural = "Programme"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class EditionQuerySet(models.QuerySet["Edition"]):
    def drafts(self) -> Self:
        return self.filter(status=EditionStatus.DRAFT)

    def published(self) -> Self:
        return self.filter(status=EditionStatus.PUBLISHED)

    def replacing(self, edition: "Edition") -> Self:
        """Those that were copied from this edition or are meant to take its place."""
        return self.filter(replaces=edition)

    def visible_to(self, user: User) -> Self:
        """Who may read the curriculum reads what is published or archived; drafts are for who may write them.

        Participants reach the edition of their cohort through `participants`, which knows their cohort.
        """
        if user.has_perm("curriculum.change_edition"):
            return self
        return self.exclude(status=EditionStatus.DRAFT) if user.has_perm("curriculum.view_edition") else self.none()

    def writable_by(self, user: User) -> Self:
        """Drafts, for who may write them; what is published is not changed by anyone."""
        return self.drafts() if user.has_perm("curriculum.change_edition") else self.none()


class Edition(models.Model):
    """One published state (Fassung) of a programme; a published one is never edited."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="editions", verbose_name="Programm")
    number = models.PositiveSmallIntegerField("Nummer der Fassung")
    title = models.CharField("Titel", max_length=200)
    abstract = models.TextField("Kurzbeschreibung", blank=True)
    status = models.CharField("Stand", max_length=10, choices=EditionStatus, default=EditionStatus.DRAFT)
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="replaced_by",
        null=True,
        blank=True,
        verbose_name="Ersetzt",
    )
    published_on = models.DateField("veröffentlicht am", null=True, blank=True)
    archived_on = models.DateField("archiviert am", null=True, blank=True)
    note = models.TextField("Hinweis zur Fassung", blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung"
        verbose_name_plural = "Fassungen"
        ordering = ["programme__title", "-number"]
        permissions = [("publish_edition", "Darf Fassungen veröffentlichen und archivieren")]
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
            models.CheckConstraint(
                name="edition_archived_has_date",
                condition=Q(status=EditionStatus.ARCHIVED, archived_on__isnull=False)
                | ~Q(status=EditionStatus.ARCHIVED) & Q(archived_on__isnull=True),
                violation_error_message="Zu einer archivierten Fassung gehört das Datum der Archivierung.",
            ),
            models.CheckConstraint(
                name="edition_replaces_another",
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")),
                violation_error_message="Eine Fassung kann sich nicht selbst ersetzen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}. Fassung"

    def get_absolute_url(self) -> str:
        return reverse("curriculum:edition_detail", args=[self.pk])

    def clean(self) -> None:
        """An edition replaces an older one of the same programme, so that no circle can arise."""
        older = self.replaces
        if older and (older.programme_id != self.programme_id or older.number >= self.number):
            raise ValidationError(
                {"replaces": f"„{older}“ ist keine ältere Fassung dieses Programms. Bitte eine ältere wählen."}
            )

    @property
    def is_draft(self) -> bool:
        return self.status == EditionStatus.DRAFT


class EditionPart(models.Model):
    """A piece of an edition; `key` stays the same when the edition is copied, so that two can be compared."""

    key = models.UUIDField("Schlüssel", default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Aim(EditionPart):
    """One ability that the programme gives its participants (Ziel des Programms)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="aims", verbose_name="Fassung")
    position = models.PositiveSmallIntegerField("Stelle")
    text = models.TextField("Ziel")

    class Meta:
        verbose_name = "Ziel"
        verbose_name_plural = "Ziele"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="aim_position_unique"),
            models.UniqueConstraint(fields=["edition", "key"], name="aim_key_unique"),
        ]

    def __str__(self) -> str:
        return self.text


class Track(EditionPart):
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
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="track_key_unique"),
        ]

    def __str__(self) -> str:
        return self.title


class Topic(EditionPart):
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
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="topic_key_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Method(EditionPart):
    """A way of working in a unit (Methode), such as Netzwerkkarussell or Erlebnisbericht."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="methods", verbose_name="Fassung")
    name = models.CharField("Methode", max_length=120)
    description = models.TextField("Beschreibung", blank=True)
    material = models.TextField("Material", blank=True)

    class Meta:
        verbose_name = "Methode"
        verbose_name_plural = "Methoden"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"],
                name="method_name_unique",
                violation_error_message="Diese Methode hat die Fassung schon.",
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="method_key_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class GlossaryTerm(EditionPart):
    """An explained word (Glossarbegriff), above all the kinds of networks; a kind may stand below another."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="glossary", verbose_name="Fassung")
    position = models.PositiveSmallIntegerField("Stelle")
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        related_name="children",
        null=True,
        blank=True,
        verbose_name="Gehört zu",
    )
    term = models.CharField("Begriff", max_length=120)
    definition = models.TextField("Erklärung")
    examples = models.TextField("Beispiele", blank=True)

    class Meta:
        verbose_name = "Glossarbegriff"
        verbose_name_plural = "Glossar"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "term"],
                name="glossary_term_unique",
                violation_error_message="Diesen Begriff erklärt das Glossar schon.",
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="glossary_key_unique"),
            models.CheckConstraint(
                name="glossary_parent_is_another",
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                violation_error_message="Ein Begriff kann nicht zu sich selbst gehören.",
            ),
        ]

    def __str__(self) -> str:
        return self.term

    def clean(self) -> None:
        """Two levels are enough: a kind and what falls under it. That also excludes circles."""
        if self.parent and (self.parent.parent_id or (self.pk and self.children.exists())):
            raise ValidationError(
                {"parent": "Das Glossar hat zwei Stufen. Bitte einen Oberbegriff wählen, der selbst keinen hat."}
            )


class Module(EditionPart):
    """A self-contained part of the curriculum (Modul), offered in one track or in both."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="modules", verbose_name="Fassung")
    tracks = models.ManyToManyField(Track, related_name="modules", verbose_name="Angebote")
    position = models.PositiveSmallIntegerField("Stelle")
    code = models.CharField("Kürzel", max_length=8, validators=[validate_code])
    title = models.CharField("Titel", max_length=200)
    summary = models.TextField("Beschreibung", blank=True)
    requires_practice_report = models.BooleanField("verlangt einen Erlebnisbericht", default=False)
    requires_attitude_unit = models.BooleanField("verlangt einen Baustein zur Haltung", default=False)

    class Meta:
        verbose_name = "Modul"
        verbose_name_plural = "Module"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="module_code_unique",
                violation_error_message="Dieses Kürzel hat schon ein anderes Modul der Fassung.",
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="module_key_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("curriculum:module_detail", args=[self.pk])

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """Whose offers contain the module; reads the prefetched tracks."""
        return tuple(Audience(track.audience) for track in self.tracks.all())


class LearningGoal(EditionPart):
    """What a person can do after a module (Lernziel), tied to a competence and to the level it is needed on."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="learning_goals", verbose_name="Modul")
    position = models.PositiveSmallIntegerField("Stelle")
    text = models.TextField("Lernziel")
    competence = models.ForeignKey(
        "curriculum.Competence",
        models.SET_NULL,
        related_name="learning_goals",
        null=True,
        blank=True,
        verbose_name="Kompetenz",
    )
    responsibility_level = models.ForeignKey(
        "curriculum.ResponsibilityLevel",
        models.SET_NULL,
        related_name="learning_goals",
        null=True,
        blank=True,
        verbose_name="Verantwortungsebene",
    )

    class Meta:
        verbose_name = "Lernziel"
        verbose_name_plural = "Lernziele"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["module", "position"], name="learning_goal_position_unique"),
            models.UniqueConstraint(fields=["module", "key"], name="learning_goal_key_unique"),
        ]

    def __str__(self) -> str:
        return self.text


class Unit(EditionPart):
    """A piece of a module (Baustein) of so many minutes, breaks excluded."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="units", verbose_name="Modul")
    position = models.PositiveSmallIntegerField("Stelle")
    title = models.CharField("Titel", max_length=200)
    summary = models.TextField("Inhalt", blank=True)
    minutes = models.PositiveSmallIntegerField("Dauer in Minuten")
    material = models.TextField("Material", blank=True)
    topics = models.ManyToManyField(Topic, related_name="units", blank=True, verbose_name="Themen")
    methods = models.ManyToManyField(Method, related_name="units", blank=True, verbose_name="Methoden")
    learning_goals = models.ManyToManyField(
        LearningGoal, related_name="units", blank=True, verbose_name="Lernziele"
    )
    glossary_terms = models.ManyToManyField(
        GlossaryTerm, related_name="units", blank=True, verbose_name="Glossarbegriffe"
    )
    has_practice_report = models.BooleanField("mit Erlebnisbericht", default=False)
    is_about_attitude = models.BooleanField("arbeitet an der Haltung", default=False)

    class Meta:
        verbose_name = "Baustein"
        verbose_name_plural = "Bausteine"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["module", "position"], name="unit_position_unique"),
            models.UniqueConstraint(fields=["module", "key"], name="unit_key_unique"),
            models.CheckConstraint(
                name="unit_minutes_range",
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_UNIT),
                violation_error_message=f"Ein Baustein dauert zwischen 1 und {LONGEST_UNIT} Minuten.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
