"""Questionnaires: what is asked, of whom, in which order and on which scale."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Max, Q
from django.urls import reverse

from curriculum.models import Audience
from netzkoord.models import User


class Purpose(models.TextChoices):
    """What a survey is for; decides whether it is personal or anonymous, and what it belongs to."""

    NEEDS = "NEEDS", "Bedarfserhebung"
    START = "START", "Selbsteinschätzung zu Beginn"
    FEEDBACK = "FEEDBACK", "Rückmeldung zum Termin"
    END = "END", "Abschlusserhebung"
    TRANSFER = "TRANSFER", "Transfererhebung"

    @property
    def is_personal(self) -> bool:
        return self is Purpose.NEEDS


# Surveys in which people rate themselves again and again, in their order.
MOMENTS = (Purpose.START, Purpose.END, Purpose.TRANSFER)


class QuestionKind(models.TextChoices):
    AGREEMENT = "AGREEMENT", "Zustimmung 1–6"
    AGREEMENT_FIVE = "AGREEMENT_FIVE", "Zustimmung 1–5"
    GRADE = "GRADE", "Schulnote 1–6"
    TEN = "TEN", "Skala 0–10"
    TARGET = "TARGET", "Zielscheibe 1–4"
    MIDDLE = "MIDDLE", "Mitte ist ideal 1–5"
    SINGLE = "SINGLE", "Auswahl: eine Antwort"
    MULTIPLE = "MULTIPLE", "Auswahl: mehrere Antworten"
    TOPICS = "TOPICS", "Themen der Fassung: Wichtigkeit und eigenes Können"
    COMPETENCES = "COMPETENCES", "Kompetenzen des Profils: Selbsteinschätzung 0–4"
    COVERAGE = "COVERAGE", "Bedarfe des Durchgangs: ganz, teilweise oder nicht gedeckt"
    CODE = "CODE", "Persönlicher Code zum Verbinden von vorher und nachher"
    TEXT = "TEXT", "Freier Text"


SCALE_KINDS = (
    QuestionKind.AGREEMENT,
    QuestionKind.AGREEMENT_FIVE,
    QuestionKind.GRADE,
    QuestionKind.TEN,
    QuestionKind.TARGET,
    QuestionKind.MIDDLE,
)
CHOICE_KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
# In these several things are rated one by one.
RATED_KINDS = (QuestionKind.TOPICS, QuestionKind.COMPETENCES, QuestionKind.COVERAGE)
# What is said to these serves the count and is never stored with the rest of an answer.
UNKEPT_KINDS = (QuestionKind.CODE, QuestionKind.COVERAGE)
# In these one may say „kann ich nicht beurteilen“.
ABSTENTION_KINDS = (*SCALE_KINDS, *CHOICE_KINDS, QuestionKind.COMPETENCES, QuestionKind.COVERAGE)
# These may be marked as „muss beantwortet werden“: of what is rated one by one, each may be left out.
REQUIRABLE_KINDS = tuple(kind for kind in QuestionKind if kind not in RATED_KINDS)
# On the answers to these, later questions may depend.
CONDITION_KINDS = (*SCALE_KINDS, *CHOICE_KINDS)
# The words at the lowest and at the highest value, where nobody has chosen others.
DEFAULT_ENDS = {
    QuestionKind.AGREEMENT: ("trifft nicht zu", "trifft voll zu"),
    QuestionKind.AGREEMENT_FIVE: ("trifft nicht zu", "trifft voll zu"),
    QuestionKind.GRADE: ("sehr gut", "ungenügend"),
    QuestionKind.TEN: ("gar nicht", "auf jeden Fall"),
    QuestionKind.TARGET: ("nicht zufrieden", "sehr zufrieden"),
    QuestionKind.MIDDLE: ("zu wenig", "zu viel"),
}


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def visible_to(self, user: User) -> Self:
        """Drafts are hidden from those who cannot write them."""
        return self if user.has_perm("evaluation.change_questionnaire") else self.released()

    def drafts(self) -> Self:
        return self.filter(released_at__isnull=True)

    def released(self) -> Self:
        return self.filter(released_at__isnull=False)

    def latest_released(self) -> Self:
        """The newest released version of each questionnaire."""
        newest = self.released().order_by().values("key").annotate(newest=Max("version"))
        return self.released().filter(
            version=models.Subquery(newest.filter(key=models.OuterRef("key")).values("newest"))
        )


class Questionnaire(models.Model):
    """A set of questions in sections (Fragebogen).

    A released version is never edited, and triggers hold it so: a new version is made from it, whose questions keep
    their `key`, by which trends survive. All versions of one questionnaire share the questionnaire's `key`.
    """

    key = models.UUIDField("Schlüssel", default=uuid.uuid4, editable=False)
    purpose = models.CharField("Zweck", max_length=10, choices=Purpose)
    title = models.CharField("Titel", max_length=200)
    version = models.PositiveSmallIntegerField("Version", default=1, editable=False)
    intro = models.TextField("Einleitung", blank=True)
    is_proposal = models.BooleanField("Vorschlag, noch nicht erprobt", default=False)
    released_at = models.DateTimeField("freigegeben am", null=True, blank=True, editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = "Fragebogen"
        verbose_name_plural = "Fragebögen"
        ordering = ["purpose", "title", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="questionnaire_version_unique"),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(released_at__isnull=True),
                name="questionnaire_one_draft",
                violation_error_message="Von diesem Fragebogen gibt es schon einen Entwurf.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluation:questionnaire_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.released_at is None

    def asks(self, kind: QuestionKind) -> bool:
        return Question.objects.filter(section__questionnaire=self, kind=kind).exists()

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
    """One question (Frage) with its scale and the words at both ends.

    It may be asked only of one audience, and only after a certain answer to an earlier question. Its bands say from
    which distance to the ideal value (in points of the scale) a mean is called good or poor.
    """

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions", verbose_name="Abschnitt")
    # The question that this one continues in other versions has the same.
    key = models.UUIDField("Schlüssel", default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField("Stelle")
    kind = models.CharField("Art", max_length=14, choices=QuestionKind)
    text = models.CharField("Frage", max_length=300)
    hint = models.CharField("Hinweis", max_length=300, blank=True)
    low_label = models.CharField("Wort am unteren Ende", max_length=60, blank=True)
    high_label = models.CharField("Wort am oberen Ende", max_length=60, blank=True)
    is_required = models.BooleanField("muss beantwortet werden", default=False)
    can_abstain = models.BooleanField("„kann ich nicht beurteilen“ anbieten", default=False)
    audience = models.CharField("Nur an", max_length=12, choices=Audience, blank=True)
    condition_question = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="conditional_questions",
        verbose_name="Nur nach einer Antwort auf",
    )
    # Numbers on the scale of the condition's question, or positions of its options.
    condition_values = models.JSONField("und zwar einer von", default=list, blank=True)
    good_within = models.DecimalField(
        "gut bis zu einem Abstand vom Ideal von", max_digits=3, decimal_places=1, null=True, blank=True
    )
    poor_beyond = models.DecimalField(
        "kritisch ab einem Abstand vom Ideal über", max_digits=3, decimal_places=1, null=True, blank=True
    )

    class Meta:
        verbose_name = "Frage"
        verbose_name_plural = "Fragen"
        ordering = ["section__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["section", "position"], name="question_position_unique"),
            models.UniqueConstraint(fields=["section", "key"], name="question_key_unique"),
            models.CheckConstraint(
                name="question_bands_apart",
                condition=Q(good_within__isnull=True, poor_beyond__isnull=True)
                | Q(
                    good_within__isnull=False,
                    poor_beyond__isnull=False,
                    good_within__gte=0,
                    poor_beyond__gte=F("good_within"),
                ),
                violation_error_message=(
                    "„Kritisch“ beginnt frühestens dort, wo „gut“ endet. Bitte geben Sie beides oder keines an."
                ),
                violation_error_code="poor_beyond",
            ),
            models.CheckConstraint(
                name="question_condition_has_values",
                condition=Q(condition_question__isnull=True, condition_values=[])
                | (Q(condition_question__isnull=False) & ~Q(condition_values=[])),
                violation_error_message=(
                    "Zu einer Bedingung gehören eine frühere Frage und mindestens eine Antwort darauf."
                ),
            ),
            models.CheckConstraint(
                name="question_scale_or_choice_abstains",
                condition=Q(can_abstain=False)
                | ~Q(kind__in=[QuestionKind.TEXT, QuestionKind.CODE, QuestionKind.TOPICS]),
                violation_error_message=(
                    "„Kann ich nicht beurteilen“ gibt es nur bei Skalen, Auswahlen, Kompetenzen und Bedarfen."
                ),
                violation_error_code="can_abstain",
            ),
            models.CheckConstraint(
                name="question_rated_is_voluntary",
                condition=Q(is_required=False) | Q(kind__in=REQUIRABLE_KINDS),
                violation_error_message=(
                    "Bei dieser Art muss nichts beantwortet werden: Jedes Thema, jede Kompetenz und jeder Bedarf "
                    "darf frei bleiben. Bitte nehmen Sie das Häkchen weg."
                ),
                violation_error_code="is_required",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def whom(self) -> str:
        """„nur Führungskräfte“, as a reader must know beside n; empty where all are asked."""
        audience = f"nur {self.get_audience_display()}" if self.audience else ""
        condition = "nur nach einer bestimmten früheren Antwort" if self.condition_question_id else ""
        return ", ".join(part for part in (audience, condition) if part)


class Option(models.Model):
    """One of the answers that a question offers (Antwortmöglichkeit)."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options", verbose_name="Frage")
    key = models.UUIDField("Schlüssel", default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField("Stelle")
    label = models.CharField("Antwort", max_length=200)

    class Meta:
        verbose_name = "Antwortmöglichkeit"
        verbose_name_plural = "Antwortmöglichkeiten"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "position"], name="option_position_unique"),
            models.UniqueConstraint(
                fields=["question", "label"],
                name="option_label_unique",
                violation_error_message="Diese Antwort steht schon da.",
            ),
        ]

    def __str__(self) -> str:
        return self.label
