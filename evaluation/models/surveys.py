"""Surveys, and who was asked – never what was said."""

import secrets
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.models.questionnaires import Purpose, Questionnaire
from netzkoord.models import User
from participants.models import Registration


class SurveyState(models.TextChoices):
    """Derived from the survey's instants."""

    SCHEDULED = "SCHEDULED", "geplant"
    OPEN = "OPEN", "offen"
    CLOSED = "CLOSED", "geschlossen"


class Outcome(models.TextChoices):
    """What became of the ballots of an anonymous survey."""

    PENDING = "PENDING", "noch nicht ausgezählt"
    COUNTED = "COUNTED", "ausgezählt"
    WITHHELD = "WITHHELD", "zu wenige Antworten, versiegelt"
    DESTROYED = "DESTROYED", "zu wenige Antworten, ungeöffnet vernichtet"


class SurveyQuerySet(models.QuerySet["Survey"]):
    def needs(self) -> Self:
        return self.filter(purpose=Purpose.NEEDS)

    def feedback(self) -> Self:
        return self.filter(purpose=Purpose.FEEDBACK)

    def open(self) -> Self:
        now = timezone.now()
        return self.filter(opens_at__lte=now, closes_at__gt=now)

    def closed(self) -> Self:
        return self.filter(closes_at__lte=timezone.now())

    def due_for_counting(self) -> Self:
        return self.closed().filter(purpose=Purpose.FEEDBACK, outcome=Outcome.PENDING)

    def with_counts(self) -> Self:
        """Adds `invited` and `answered`, the number of invitations and of those that were answered."""
        return self.annotate(invited=Count("invitations"), answered=Count("invitations__participation"))

    def visible_to(self, user: User) -> Self:
        """Organisers and readers see every survey, trainers the feedback on their own sessions."""
        if user.has_perm("evaluation.view_all_surveys"):
            return self
        return self.filter(purpose=Purpose.FEEDBACK, session__trainers=user)


class Survey(models.Model):
    """One asking of a questionnaire (Erhebung): in a cohort before it starts, or after one of its sessions.

    An anonymous survey has a key pair: ballots are sealed with the public half; the private half is itself
    wrapped with the operator's secret and is deleted when the ballots have been counted (`evaluation.ballots`).
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="surveys", verbose_name="Durchgang")
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="surveys", verbose_name="Termin"
    )
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="surveys", verbose_name="Fragebogen"
    )
    purpose = models.CharField("Zweck", max_length=10, choices=Purpose, editable=False)
    opens_at = models.DateTimeField("öffnet")
    closes_at = models.DateTimeField("schließt")
    public_key = models.BinaryField("öffentlicher Schlüssel", null=True, editable=False)
    wrapped_private_key = models.BinaryField("verpackter privater Schlüssel", null=True, editable=False)
    outcome = models.CharField(
        "Auszählung", max_length=10, choices=Outcome, default=Outcome.PENDING, editable=False
    )
    must_forget = models.BooleanField("Spuren noch zu tilgen", default=False, editable=False)

    # Set by with_counts()
    invited: int
    answered: int

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = "Erhebung"
        verbose_name_plural = "Erhebungen"
        ordering = ["opens_at", "pk"]
        permissions = [
            ("view_all_surveys", "Darf alle Erhebungen sehen"),
            ("view_personal_answers", "Darf namentliche Bedarfe sehen"),
            ("view_report", "Darf Evaluationsberichte sehen"),
        ]
        constraints = [
            models.CheckConstraint(
                name="survey_closes_after_opening",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message="Die Erhebung schließt, bevor sie öffnet.",
            ),
            models.CheckConstraint(
                name="survey_feedback_has_session",
                condition=Q(purpose=Purpose.NEEDS, session__isnull=True)
                | Q(purpose=Purpose.FEEDBACK, session__isnull=False),
                violation_error_message="Eine Rückmeldung gehört zu einem Termin, eine Bedarfserhebung nicht.",
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(purpose=Purpose.FEEDBACK),
                name="survey_feedback_unique_per_session",
                violation_error_message="Zu diesem Termin gibt es schon eine Erhebung.",
            ),
            models.UniqueConstraint(
                fields=["cohort"],
                condition=Q(purpose=Purpose.NEEDS),
                name="survey_needs_unique_per_cohort",
                violation_error_message="Der Durchgang hat schon eine Bedarfserhebung.",
            ),
            models.CheckConstraint(
                name="survey_keys_end_with_its_ballots",
                condition=Q(outcome__in=[Outcome.PENDING, Outcome.WITHHELD])
                | Q(public_key__isnull=True, wrapped_private_key__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.session or self.cohort}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:survey_detail", args=[self.pk])

    @property
    def state(self) -> SurveyState:
        now = timezone.now()
        if now < self.opens_at:
            return SurveyState.SCHEDULED
        return SurveyState.OPEN if now < self.closes_at else SurveyState.CLOSED

    @property
    def is_open(self) -> bool:
        return self.state is SurveyState.OPEN

    @property
    def is_anonymous(self) -> bool:
        return self.purpose != Purpose.NEEDS

    @property
    def takes_ballots(self) -> bool:
        """Whether an anonymous answer can still be handed in: open, and nobody has begun to count."""
        return self.is_open and self.outcome == Outcome.PENDING and self.public_key is not None


def random_key() -> str:
    """64 random bits as text: stands for an invitation wherever its number would tell an order."""
    return secrets.token_hex(8)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def answerable_by(self, user: User | AnonymousUser, *, key: str | None, token: str) -> Self:
        """The one whose `key` a personal link has named; without one, the user's own that `token` names."""
        if key is not None:
            return self.filter(link_key=key)
        return self.filter(link_key=token, registration__person=user) if user.is_authenticated else self.none()


class Invitation(models.Model):
    """One person asked in one survey (Einladung)."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations", verbose_name="Erhebung")
    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="invitations", verbose_name="Anmeldung"
    )
    link_key = models.CharField("Schlüssel des Links", max_length=16, unique=True, default=random_key)
    mailed_on = models.DateField("Einladung gesendet am", null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        constraints = [models.UniqueConstraint(fields=["survey", "registration"], name="invitation_unique")]

    def __str__(self) -> str:
        return f"{self.registration} – {self.survey}"

    @property
    def is_answered(self) -> bool:
        return hasattr(self, "participation")


class Participation(models.Model):
    """That an invitation was answered (Teilnahme) – nothing else: no time, no order, no reference to a ballot.

    The invitation is the primary key, so the insert fails the second time and the row's place in the
    table tells nothing about when it came.
    """

    invitation = models.OneToOneField(
        Invitation, models.CASCADE, primary_key=True, related_name="participation", verbose_name="Einladung"
    )

    class Meta:
        verbose_name = "Teilnahme"
        verbose_name_plural = "Teilnahmen"

    def __str__(self) -> str:
        return f"{self.invitation} beantwortet"
