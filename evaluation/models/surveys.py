"""Surveys, and who was asked – never what was said."""

import secrets
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.models.promises import Promised
from evaluation.models.questionnaires import Purpose, Question, QuestionKind, Questionnaire
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
    POOLED = "POOLED", "zu wenige Antworten, mit anderen zusammengelegt"
    DESTROYED = "DESTROYED", "zu wenige Antworten, ungeöffnet vernichtet"


ONE_PER_COHORT = [Purpose.NEEDS, Purpose.START, Purpose.END, Purpose.TRANSFER]


# Letters and digits that nobody confuses when they are read from a wall.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6


def random_key() -> str:
    """64 random bits as text: stands for an invitation wherever its number would tell an order."""
    return secrets.token_hex(8)


def random_code() -> str:
    """About 30 random bits in letters for the wall: names a survey, gives no access to anything."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class SurveyQuerySet(models.QuerySet["Survey"]):
    def needs(self) -> Self:
        return self.filter(purpose=Purpose.NEEDS)

    def feedback(self) -> Self:
        return self.filter(purpose=Purpose.FEEDBACK)

    def anonymous(self) -> Self:
        return self.exclude(purpose=Purpose.NEEDS)

    def of_trainer(self, user: User) -> Self:
        return self.filter(purpose=Purpose.FEEDBACK, session__trainers=user)

    def open(self) -> Self:
        now = timezone.now()
        return self.filter(opens_at__lte=now, closes_at__gt=now)

    def closed(self) -> Self:
        return self.filter(closes_at__lte=timezone.now())

    def due_for_counting(self) -> Self:
        return self.closed().anonymous().filter(outcome=Outcome.PENDING)

    def with_counts(self) -> Self:
        """Adds the number of invitations (`invited`), of answers (`answered`) and of those on paper (`on_paper`).

        Who answers on paper needs no invitation, so there can be more answers than invitations.
        """
        same = Survey.objects.filter(pk=OuterRef("pk")).order_by()
        sheets = same.annotate(sheets=Count("paper_sheets")).values("sheets")
        return self.annotate(
            invited=Count("invitations"),
            on_paper=Subquery(sheets),
            answered=Count("invitations__participation") + F("on_paper"),
        )

    def with_has_answers(self) -> Self:
        """Adds `has_answers`: whether anybody has answered, or a sheet of paper was typed in."""
        by_link = Participation.objects.filter(invitation__survey=OuterRef("pk"))
        on_paper = Survey.objects.filter(pk=OuterRef("pk"), paper_sheets__isnull=False)
        return self.annotate(has_answers=Exists(by_link) | Exists(on_paper))

    def with_asks_needs(self) -> Self:
        """Adds `asks_needs`: whether the questionnaire lets people judge the needs of their cohort."""
        own = Question.objects.filter(section__questionnaire=OuterRef("questionnaire"), kind=QuestionKind.COVERAGE)
        return self.annotate(asks_needs=Exists(own))

    def visible_to(self, user: User) -> Self:
        """Organisers and readers see every survey, trainers the feedback on their own sessions."""
        if user.has_perm("evaluation.view_all_surveys"):
            return self
        return self.of_trainer(user)


class SurveyRule(models.Model):
    """When a cohort asks by itself (Regel für Erhebungen), one for each purpose.

    What the days count from is said by the purpose: the first session (NEEDS, START: the survey closes or opens so
    many days before it), the end of each session (FEEDBACK), of the last one (END), or months after it (TRANSFER);
    `evaluation.timetable` calculates it.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="survey_rules", verbose_name="Durchgang")
    purpose = models.CharField("Zweck", max_length=10, choices=Purpose, editable=False)
    is_active = models.BooleanField("von selbst starten", default=True)
    # Any version; the newest released one of the same questionnaire is asked.
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="survey_rules", verbose_name="Fragebogen"
    )
    lead_days = models.PositiveSmallIntegerField("Tage davor", default=0)
    months_after = models.PositiveSmallIntegerField("Monate danach", default=0)
    open_days = models.PositiveSmallIntegerField("offen für so viele Tage", default=14)
    first_reminder_days = models.PositiveSmallIntegerField(
        "erste Erinnerung so viele Tage nach der Einladung", null=True, blank=True
    )
    second_reminder_days = models.PositiveSmallIntegerField(
        "zweite Erinnerung so viele Tage nach der Einladung", null=True, blank=True
    )

    class Meta:
        verbose_name = "Regel für Erhebungen"
        verbose_name_plural = "Regeln für Erhebungen"
        ordering = ["cohort", "purpose"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "purpose"], name="survey_rule_unique"),
            models.CheckConstraint(
                name="survey_rule_open_days_range",
                condition=Q(open_days__range=(1, 120)),
                violation_error_message="Eine Erhebung ist 1 bis 120 Tage offen.",
                violation_error_code="open_days",
            ),
            models.CheckConstraint(
                name="survey_rule_months_range",
                condition=Q(months_after__range=(0, 24)),
                violation_error_message="Die Transfererhebung folgt höchstens 24 Monate nach dem letzten Termin.",
                violation_error_code="months_after",
            ),
            models.CheckConstraint(
                name="survey_rule_lead_days_range",
                condition=Q(lead_days__range=(0, 120)),
                violation_error_message="Höchstens 120 Tage davor.",
                violation_error_code="lead_days",
            ),
            models.CheckConstraint(
                name="survey_rule_reminders_in_order",
                condition=Q(second_reminder_days__isnull=True)
                | Q(first_reminder_days__isnull=False, second_reminder_days__gt=F("first_reminder_days")),
                violation_error_message="Die zweite Erinnerung folgt auf die erste.",
                violation_error_code="second_reminder_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.cohort}"


class SurveyPoolQuerySet(models.QuerySet["SurveyPool"]):
    def visible_to(self, user: User) -> Self:
        """Organisers and readers see every pool, trainers those in which every survey is on a session of theirs."""
        if user.has_perm("evaluation.view_all_surveys"):
            return self
        of_others = Survey.objects.filter(pool=OuterRef("pk")).exclude(pk__in=Survey.objects.of_trainer(user))
        own = self.filter(surveys__in=Survey.objects.of_trainer(user)).distinct()
        return own.exclude(Exists(of_others))


class SurveyPool(Promised):
    """Surveys with too few answers each, counted together (zusammengelegte Erhebungen); made once, at the end.

    Of one cohort and one questionnaire; what a single one of them said is known to nobody.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="survey_pools", verbose_name="Durchgang")
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="survey_pools", verbose_name="Fragebogen"
    )
    counted_on = models.DateField("ausgezählt am", default=timezone.localdate, editable=False)
    # How many have answered any of them by link, each counted once; it names nobody.
    people = models.PositiveIntegerField("verschiedene Personen", editable=False)

    objects = SurveyPoolQuerySet.as_manager()

    class Meta:
        verbose_name = "Zusammengelegte Erhebungen"
        verbose_name_plural = "Zusammengelegte Erhebungen"
        ordering = ["pk"]
        constraints = [
            *Promised.Meta.constraints,
            models.UniqueConstraint(
                fields=["cohort", "questionnaire"], name="survey_pool_unique_per_questionnaire"
            ),
            models.CheckConstraint(
                name="survey_pool_of_enough_people", condition=Q(people__gte=F("minimum_answers"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire}: {self.cohort}, zusammengelegt"


class Survey(Promised):
    """One asking of a questionnaire (Erhebung): of a cohort, or after one of its sessions.

    Every survey has a key pair. Drafts are encrypted under the private half, ballots of an anonymous survey sealed
    with the public one; the private half is itself wrapped with the operator's secret and is deleted when the
    ballots have been counted (`evaluation.ballots`). What a survey is for, and with it whether it is anonymous,
    whom it asks and what it promises never change, nor what it asks once somebody has answered: triggers hold it.
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
    # Whether its instants follow the rule of the cohort; not any more once a person has set them.
    follows_rule = models.BooleanField("folgt der Regel", default=False, editable=False)
    # On the last slide: opens the page on which those who attended get their link.
    room_code = models.CharField("Raumcode", max_length=8, unique=True, default=random_code, editable=False)
    public_key = models.BinaryField("öffentlicher Schlüssel", null=True, editable=False)
    wrapped_private_key = models.BinaryField("verpackter privater Schlüssel", null=True, editable=False)
    outcome = models.CharField(
        "Auszählung", max_length=10, choices=Outcome, default=Outcome.PENDING, editable=False
    )
    counted_on = models.DateField("ausgezählt am", null=True, blank=True, editable=False)
    pool = models.ForeignKey(
        SurveyPool,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="surveys",
        verbose_name="zusammengelegt in",
        editable=False,
    )
    must_forget = models.BooleanField("Spuren noch zu tilgen", default=False, editable=False)
    # From then on, at the end of a course, it lets everybody judge the same needs, or none.
    needs_fixed_on = models.DateField("Bedarfe festgelegt am", null=True, blank=True, editable=False)

    # Set by with_counts()
    invited: int
    answered: int
    on_paper: int
    # Set by with_has_answers()
    has_answers: bool
    # Set by with_asks_needs()
    asks_needs: bool

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
            *Promised.Meta.constraints,
            models.CheckConstraint(
                name="survey_closes_after_opening",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message="Die Erhebung schließt, bevor sie öffnet.",
                violation_error_code="closes_at",
            ),
            models.CheckConstraint(
                name="survey_feedback_has_session",
                condition=Q(purpose__in=ONE_PER_COHORT, session__isnull=True)
                | Q(purpose=Purpose.FEEDBACK, session__isnull=False),
                violation_error_message="Eine Rückmeldung gehört zu einem Termin, andere Erhebungen nicht.",
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(purpose=Purpose.FEEDBACK),
                name="survey_feedback_unique_per_session",
                violation_error_message="Zu diesem Termin gibt es schon eine Erhebung.",
            ),
            models.UniqueConstraint(
                fields=["cohort", "purpose"],
                condition=Q(purpose__in=ONE_PER_COHORT),
                name="survey_unique_per_cohort",
                violation_error_message="Diese Erhebung hat der Durchgang schon.",
            ),
            models.CheckConstraint(
                name="survey_keys_end_with_its_ballots",
                condition=Q(outcome__in=[Outcome.PENDING, Outcome.WITHHELD])
                | Q(public_key__isnull=True, wrapped_private_key__isnull=True),
            ),
            models.CheckConstraint(
                name="survey_pooled_has_pool",
                condition=Q(outcome=Outcome.POOLED, pool__isnull=False)
                | (~Q(outcome=Outcome.POOLED) & Q(pool__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.session or self.cohort}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:survey_detail", args=[self.pk])

    @property
    def about(self) -> str:
        """What people were asked about: the session, or else the purpose."""
        return str(self.session or self.get_purpose_display())

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
        return not Purpose(self.purpose).is_personal

    @property
    def may_return_to_rule(self) -> bool:
        """Whether it was set by hand and can be taken back, unless somebody has answered."""
        return not self.follows_rule and self.state is not SurveyState.CLOSED

    @property
    def has_room_code(self) -> bool:
        """Whether the code leads to it: until it has closed; the wall may show it before it opens."""
        return self.is_anonymous and self.state is not SurveyState.CLOSED

    @property
    def takes_ballots(self) -> bool:
        """Whether an anonymous answer can still be handed in: open, and nobody has begun to count."""
        return self.is_open and self.outcome == Outcome.PENDING and self.public_key is not None


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
    reminders = models.PositiveSmallIntegerField("Erinnerungen", default=0, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        constraints = [
            models.UniqueConstraint(fields=["survey", "registration"], name="invitation_unique"),
            models.CheckConstraint(name="invitation_at_most_two_reminders", condition=Q(reminders__lte=2)),
        ]

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


class SurveyComment(models.Model):
    """What the trainers say to the result (Kommentar zum Ergebnis); returned to those who were asked."""

    survey = models.OneToOneField(Survey, models.CASCADE, related_name="comment", verbose_name="Erhebung")
    text = models.TextField("Kommentar", max_length=4000)
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="survey_comments", verbose_name="von", editable=False
    )
    written_at = models.DateTimeField("geschrieben am", default=timezone.now, editable=False)
    returned_at = models.DateTimeField("an die Teilnehmenden gegeben am", null=True, blank=True, editable=False)
    shows_texts = models.BooleanField("freigegebene Texte auch den Teilnehmenden zeigen", default=False)

    class Meta:
        verbose_name = "Kommentar zum Ergebnis"
        verbose_name_plural = "Kommentare zum Ergebnis"

    def __str__(self) -> str:
        return f"Kommentar zu: {self.survey}"
