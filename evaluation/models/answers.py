"""What was said in anonymous surveys: no person, no time, no order.

Nothing in this module may ever refer to an invitation, a registration or a user; `tests` hold it so.
"""

import uuid

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from curriculum.models import Audience, Competence, Topic
from evaluation.models.questionnaires import Option, Question
from evaluation.models.surveys import Survey, SurveyPool


class Envelope(models.Model):
    """A sealed ballot (versiegelte Stimme) of an open survey; deleted when the ballots are counted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="envelopes", verbose_name="Erhebung")
    sealed = models.BinaryField("versiegelte Antworten")

    class Meta:
        verbose_name = "Versiegelte Stimme"
        verbose_name_plural = "Versiegelte Stimmen"

    def __str__(self) -> str:
        return str(self.id)


class Draft(models.Model):
    """A half-filled form (Entwurf), encrypted and padded; deleted when it is sent and when the survey closes.

    The key of the row and the key of its content follow from the survey's private key and the invitation: nobody
    can tell from the table whose a draft is (`evaluation.drafts`).
    """

    id = models.CharField("Kennung", max_length=32, primary_key=True, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="drafts", verbose_name="Erhebung")
    sealed = models.BinaryField("verschlüsselte Antworten")

    class Meta:
        verbose_name = "Entwurf"
        verbose_name_plural = "Entwürfe"

    def __str__(self) -> str:
        return self.id


class Response(models.Model):
    """The answers that belong together (Rückmeldung), under a random key, written in shuffled order.

    It belongs to its survey, or to the pool of several surveys that had too few answers each. `role` is the only
    thing known about who wrote it; empty for paper, and for all of a survey in which a role would name somebody
    (`evaluation.unlinking`). `fingerprint` (SHA-256, hexadecimal) is of the receipt and the answers together,
    `receipt_print` of the receipt alone, by which its holder finds the row; on paper of a receipt that nobody has.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, null=True, related_name="responses", verbose_name="Erhebung")
    pool = models.ForeignKey(
        SurveyPool, models.PROTECT, null=True, related_name="responses", verbose_name="zusammengelegte Erhebungen"
    )
    role = models.CharField("Rolle", max_length=12, choices=Audience, blank=True)
    fingerprint = models.CharField("Fingerabdruck", max_length=64, blank=True)
    # Empty where the ballots were counted before it was kept.
    receipt_print = models.CharField("Abdruck des Belegs", max_length=64, blank=True, db_index=True)

    class Meta:
        verbose_name = "Rückmeldung"
        verbose_name_plural = "Rückmeldungen"
        constraints = [
            models.CheckConstraint(
                name="response_of_survey_or_pool",
                condition=Q(survey__isnull=False, pool__isnull=True) | Q(survey__isnull=True, pool__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SealedCodes(models.Model):
    """The hashed codes of the beginning (versiegelte Codes) while a later survey is awaited (`evaluation.codes`).

    Those of a later survey are never stored: they are compared when it is counted.
    """

    survey = models.OneToOneField(
        Survey, models.CASCADE, primary_key=True, related_name="sealed_codes", verbose_name="Erhebung"
    )
    sealed = models.BinaryField("versiegelte Codes")

    class Meta:
        verbose_name = "Versiegelte Codes"
        verbose_name_plural = "Versiegelte Codes"

    def __str__(self) -> str:
        return str(self.survey)


class ResponsePair(models.Model):
    """Two responses of the same person (verbundene Rückmeldungen), under a random key.

    Only so many are kept as leave nobody to be told by having no partner (`evaluation.pairing`). `role` is empty
    where it would tell fewer than k people apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    before = models.ForeignKey(Response, models.CASCADE, related_name="pairs_after", verbose_name="zu Beginn")
    after = models.OneToOneField(Response, models.CASCADE, related_name="pair_before", verbose_name="später")
    role = models.CharField("Rolle", max_length=12, choices=Audience, blank=True)

    class Meta:
        verbose_name = "Verbundene Rückmeldungen"
        verbose_name_plural = "Verbundene Rückmeldungen"
        constraints = [
            models.CheckConstraint(name="response_pair_is_of_two", condition=~Q(before=F("after"))),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AnswerValue(models.Model):
    """What was said to one question, in one of five ways.

    A number on the question's scale · a text · a chosen option, one row each · a rated topic (`number` its
    importance, `skill` the own skill, both 1–4) or competence (`number`, 0–4) · „kann ich nicht beurteilen“.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="%(class)ss", verbose_name="Frage")
    option = models.ForeignKey(
        Option, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name="Auswahl"
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name="Thema"
    )
    competence = models.ForeignKey(
        Competence, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name="Kompetenz"
    )
    number = models.PositiveSmallIntegerField("Zahl", null=True, blank=True)
    skill = models.PositiveSmallIntegerField("eigenes Können", null=True, blank=True)
    text = models.TextField("Text", blank=True)
    is_abstention = models.BooleanField("kann ich nicht beurteilen", default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text or ("kann ich nicht beurteilen" if self.is_abstention else str(self.option or self.number))


NOTHING = Q(option__isnull=True, topic__isnull=True, competence__isnull=True)
NO_NUMBER = Q(number__isnull=True, skill__isnull=True)
# A check that comes to NULL counts as fulfilled: every number must be said to be there.
NUMBER_UP_TO_TEN = Q(number__isnull=False, number__range=(0, 10))
SAID = (
    (NO_NUMBER & Q(is_abstention=True, text="", option__isnull=True, topic__isnull=True))
    | (NOTHING & NO_NUMBER & Q(is_abstention=False) & ~Q(text=""))
    | (NOTHING & Q(is_abstention=False, text="", skill__isnull=True) & NUMBER_UP_TO_TEN)
    | (
        NO_NUMBER
        & Q(is_abstention=False, text="", option__isnull=False, topic__isnull=True, competence__isnull=True)
    )
    | (
        Q(is_abstention=False, text="", option__isnull=True, topic__isnull=False, competence__isnull=True)
        & (Q(number__isnull=False) | Q(skill__isnull=False))
        & (Q(number__isnull=True) | Q(number__range=(1, 4)))
        & (Q(skill__isnull=True) | Q(skill__range=(1, 4)))
    )
    | (
        Q(is_abstention=False, text="", option__isnull=True, topic__isnull=True, competence__isnull=False)
        & Q(number__isnull=False, number__range=(0, 4), skill__isnull=True)
    )
)
ONE_WAY = "Eine Antwort ist eine Zahl auf der Skala, ein Text, eine Auswahl, eine Bewertung oder eine Enthaltung."
ITEM = [Coalesce(F(column), Value(0)) for column in ("option", "topic", "competence")]


class TextState(models.TextChoices):
    """Whether others may read a free text."""

    PENDING = "PENDING", "noch nicht angesehen"
    RELEASED = "RELEASED", "freigegeben"
    HELD = "HELD", "zurückgehalten"


class Answer(AnswerValue):
    """One answer (Antwort) of an anonymous response.

    A free text is read by others once it was released; `redactions` are the ranges of characters, as pairs of
    start and end, that are blackened for them. The text itself is never rewritten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", verbose_name="Rückmeldung")
    text_state = models.CharField(
        "Freigabe", max_length=8, choices=TextState, default=TextState.PENDING, editable=False
    )
    redactions = models.JSONField("geschwärzte Stellen", default=list, blank=True, editable=False)

    class Meta:
        verbose_name = "Antwort"
        verbose_name_plural = "Antworten"
        constraints = [
            models.UniqueConstraint("response", "question", *ITEM, name="answer_unique"),
            models.CheckConstraint(name="answer_said_one_way", condition=SAID, violation_error_message=ONE_WAY),
        ]
