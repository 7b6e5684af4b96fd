"""Competence profiles in the Verantwortungskaskade: who needs which competence on which level."""

from django.db import models
from django.db.models import Q

from curriculum.models.concept import Edition, EditionPart, Track

HIGHEST_LEVEL = 4


class Responsibility(models.TextChoices):
    NORMATIVE = "NORMATIVE", "normativ"
    STRATEGIC = "STRATEGIC", "strategisch"
    OPERATIVE = "OPERATIVE", "operativ"


class ResponsibilityLevel(EditionPart):
    """A level of the Verantwortungskaskade (Verantwortungsebene) and what is decided on it."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="responsibility_levels", verbose_name="Fassung"
    )
    position = models.PositiveSmallIntegerField("Stelle")
    kind = models.CharField("Ebene", max_length=10, choices=Responsibility)
    question = models.CharField("Leitfrage", max_length=200)
    responsible = models.TextField("Verantwortlich")
    products = models.TextField("Typische Ergebnisse", blank=True)

    class Meta:
        verbose_name = "Verantwortungsebene"
        verbose_name_plural = "Verantwortungsebenen"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind"],
                name="responsibility_level_kind_unique",
                violation_error_message="Diese Ebene hat die Fassung schon.",
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="responsibility_level_key_unique"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class CompetenceArea(EditionPart):
    """A group of competences (Kompetenzbereich), by default Fach-, Methoden-, Sozial-, Selbstkompetenz."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="competence_areas", verbose_name="Fassung")
    position = models.PositiveSmallIntegerField("Stelle")
    name = models.CharField("Kompetenzbereich", max_length=120)

    class Meta:
        verbose_name = "Kompetenzbereich"
        verbose_name_plural = "Kompetenzbereiche"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"],
                name="competence_area_name_unique",
                violation_error_message="Diesen Kompetenzbereich hat die Fassung schon.",
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="competence_area_key_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Competence(EditionPart):
    """Something a person is able to do (Kompetenz)."""

    area = models.ForeignKey(
        CompetenceArea, models.CASCADE, related_name="competences", verbose_name="Kompetenzbereich"
    )
    position = models.PositiveSmallIntegerField("Stelle")
    name = models.CharField("Kompetenz", max_length=200)
    description = models.TextField("Beschreibung", blank=True)
    behaviour_0 = models.TextField("Verhalten auf Stufe 0", blank=True)
    behaviour_1 = models.TextField("Verhalten auf Stufe 1", blank=True)
    behaviour_2 = models.TextField("Verhalten auf Stufe 2", blank=True)
    behaviour_3 = models.TextField("Verhalten auf Stufe 3", blank=True)
    behaviour_4 = models.TextField("Verhalten auf Stufe 4", blank=True)
    modules = models.ManyToManyField(
        "curriculum.Module", related_name="competences", blank=True, verbose_name="Module"
    )

    class Meta:
        verbose_name = "Kompetenz"
        verbose_name_plural = "Kompetenzen"
        ordering = ["area__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name"],
                name="competence_name_unique",
                violation_error_message="Diese Kompetenz hat der Bereich schon.",
            ),
            models.UniqueConstraint(fields=["area", "key"], name="competence_key_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def behaviours(self) -> tuple[str, ...]:
        """What a person does on level 0, 1, 2, 3 and 4; empty where nothing is written."""
        return (self.behaviour_0, self.behaviour_1, self.behaviour_2, self.behaviour_3, self.behaviour_4)

    @property
    def has_behaviours(self) -> bool:
        return any(self.behaviours)


class CompetenceProfile(models.Model):
    """Level that one audience is to reach in one competence (Kompetenzprofil), from 0 to 4."""

    track = models.ForeignKey(Track, models.CASCADE, related_name="competence_profiles", verbose_name="Angebot")
    competence = models.ForeignKey(Competence, models.CASCADE, related_name="profiles", verbose_name="Kompetenz")
    responsibility_level = models.ForeignKey(
        ResponsibilityLevel, models.CASCADE, related_name="profiles", verbose_name="Verantwortungsebene"
    )
    target_level = models.PositiveSmallIntegerField("Zielstufe")

    class Meta:
        verbose_name = "Kompetenzprofil"
        verbose_name_plural = "Kompetenzprofile"
        ordering = ["track", "competence"]
        constraints = [
            models.UniqueConstraint(
                fields=["track", "competence", "responsibility_level"], name="competence_profile_unique"
            ),
            models.CheckConstraint(
                name="competence_profile_target_level_range",
                condition=Q(target_level__gte=0, target_level__lte=HIGHEST_LEVEL),
                violation_error_message="Die Zielstufe liegt zwischen 0 und 4.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competence}: Stufe {self.target_level}"


class TandemProfile(models.Model):
    """Level that at least one of the two in a tandem is to reach (Zielstufe des Tandems), from 0 to 4."""

    competence = models.ForeignKey(
        Competence, models.CASCADE, related_name="tandem_profiles", verbose_name="Kompetenz"
    )
    responsibility_level = models.ForeignKey(
        ResponsibilityLevel, models.CASCADE, related_name="tandem_profiles", verbose_name="Verantwortungsebene"
    )
    target_level = models.PositiveSmallIntegerField("Zielstufe")

    class Meta:
        verbose_name = "Zielstufe des Tandems"
        verbose_name_plural = "Zielstufen des Tandems"
        ordering = ["competence", "responsibility_level"]
        constraints = [
            models.UniqueConstraint(fields=["competence", "responsibility_level"], name="tandem_profile_unique"),
            models.CheckConstraint(
                name="tandem_profile_target_level_range",
                condition=Q(target_level__gte=0, target_level__lte=HIGHEST_LEVEL),
                violation_error_message="Die Zielstufe liegt zwischen 0 und 4.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competence}: eine der beiden Personen auf Stufe {self.target_level}"
