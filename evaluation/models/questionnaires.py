"""Questionnaires: what is asked, in which order and on which scale."""

from django.db import models


class Purpose(models.TextChoices):
    """What a survey is for; decides whether it is personal or anonymous."""

    NEEDS = "NEEDS", "Bedarfserhebung"
    FEEDBACK = "FEEDBACK", "Rückmeldung zum Termin"


class QuestionKind(models.TextChoices):
    AGREEMENT = "AGREEMENT", "Zustimmung 1–6"
    GRADE = "GRADE", "Schulnote 1–6"
    MIDDLE = "MIDDLE", "Mitte ist ideal 1–5"
    TOPICS = "TOPICS", "Themen der Fassung: Wichtigkeit und eigenes Können"
    TEXT = "TEXT", "Freier Text"


class Questionnaire(models.Model):
    """A set of questions in sections (Fragebogen)."""

    purpose = models.CharField("Zweck", max_length=10, choices=Purpose)
    title = models.CharField("Titel", max_length=200)
    version = models.PositiveSmallIntegerField("Version", default=1)
    intro = models.TextField("Einleitung", blank=True)
    is_proposal = models.BooleanField("Vorschlag, noch nicht erprobt", default=False)

    class Meta:
        verbose_name = "Fragebogen"
        verbose_name_plural = "Fragebögen"
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="questionnaire_version_unique")]

    def __str__(self) -> str:
        return self.title

    def questions(self) -> list["Question"]:
        """All questions in the order of the page."""
        return list(Question.objects.filter(section__questionnaire=self).select_related("section"))


class Section(models.Model):
    """A step of a questionnaire (Abschnitt): the questions that are shown together."""

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="sections", verbose_name="Fragebogen"
    )
    position = models.PositiveSmallIntegerField("Stelle")
    title = models.CharField("Überschrift", max_length=200)
    intro = models.TextField("Einleitung", blank=True)

    class Meta:
        verbose_name = "Abschnitt"
        verbose_name_plural = "Abschnitte"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "position"], name="section_position_unique")
        ]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question (Frage) with its scale and the words at both ends."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions", verbose_name="Abschnitt")
    position = models.PositiveSmallIntegerField("Stelle")
    kind = models.CharField("Art", max_length=10, choices=QuestionKind)
    text = models.CharField("Frage", max_length=300)
    hint = models.CharField("Hinweis", max_length=300, blank=True)
    low_label = models.CharField("Wort am unteren Ende", max_length=60, blank=True)
    high_label = models.CharField("Wort am oberen Ende", max_length=60, blank=True)

    class Meta:
        verbose_name = "Frage"
        verbose_name_plural = "Fragen"
        ordering = ["section__position", "position"]
        constraints = [models.UniqueConstraint(fields=["section", "position"], name="question_position_unique")]

    def __str__(self) -> str:
        return self.text
