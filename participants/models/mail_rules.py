"""Rules for mails around a session: what goes out, how long before or after, and to whom it has gone."""

from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort, Session
from netzkoord.models import User
from participants.models.registrations import Registration

LONGEST_OFFSET = 365
OWN_TEXT_LENGTH = 10_000


class RuleKind(models.TextChoices):
    """What a rule sends; the words of the first two are mail texts."""

    REMINDER = "REMINDER", "Erinnerung an den Termin"
    THANKS = "THANKS", "Dank und Unterlagen"
    OWN = "OWN", "Eigener Text"


class Anchor(models.TextChoices):
    """From which day of a session the days are counted."""

    BEFORE = "BEFORE", "vor dem ersten Tag"
    AFTER = "AFTER", "nach dem letzten Tag"


SAME_DAY = {Anchor.BEFORE: "am ersten Tag", Anchor.AFTER: "am letzten Tag"}


class MailRuleQuerySet(models.QuerySet["MailRule"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class MailRule(models.Model):
    """When a mail about a session goes out (Regel für Mails): in one cohort, or without a cohort in all.

    The moment is never stored: it follows from the dates of the session, and moves with them.
    """

    cohort = models.ForeignKey(
        Cohort,
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="mail_rules",
        verbose_name="Durchgang",
    )
    kind = models.CharField("Mail", max_length=8, choices=RuleKind, default=RuleKind.REMINDER)
    days = models.PositiveSmallIntegerField(
        "Tage",
        default=7,
        validators=[MaxValueValidator(LONGEST_OFFSET, "Es sind höchstens 365 Tage.")],
    )
    anchor = models.CharField("gezählt", max_length=6, choices=Anchor, default=Anchor.BEFORE)
    hour = models.PositiveSmallIntegerField("Uhrzeit", default=9)
    addition = models.TextField("Zusatz der Organisation", max_length=2000, blank=True)
    subject = models.CharField("Betreff", max_length=150, blank=True)
    body = models.TextField("Text", max_length=OWN_TEXT_LENGTH, blank=True)
    is_active = models.BooleanField("Die Regel gilt", default=True)
    suspended_in = models.ManyToManyField(
        Cohort, related_name="suspended_mail_rules", blank=True, editable=False, verbose_name="ausgesetzt in"
    )
    changed_at = models.DateTimeField("geändert am", default=timezone.now, editable=False)

    objects = MailRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "Regel für Mails"
        verbose_name_plural = "Regeln für Mails"
        ordering = [F("cohort").asc(nulls_first=True), "-anchor", "-days", "pk"]
        constraints = [
            models.CheckConstraint(
                name="mail_rule_hour_of_day",
                condition=Q(hour__lte=23),
                violation_error_message="Die Uhrzeit liegt zwischen 0 und 23 Uhr.",
            ),
            models.CheckConstraint(
                name="mail_rule_days_in_range",
                condition=Q(days__lte=LONGEST_OFFSET),
                violation_error_message="Es sind höchstens 365 Tage.",
            ),
            models.CheckConstraint(
                name="mail_rule_reminds_before_thanks_after",
                condition=Q(kind=RuleKind.OWN)
                | Q(kind=RuleKind.REMINDER, anchor=Anchor.BEFORE)
                | Q(kind=RuleKind.THANKS, anchor=Anchor.AFTER),
                violation_error_message="An einen Termin wird vorher erinnert, gedankt wird danach. "
                "Bitte wählen Sie passend.",
            ),
            models.CheckConstraint(
                name="mail_rule_own_text_is_there",
                condition=~Q(kind=RuleKind.OWN) | (~Q(subject="") & ~Q(body="")),
                violation_error_message="Ein eigener Text braucht Betreff und Text.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.timing}"

    def get_absolute_url(self) -> str:
        return reverse("participants:mail_rule_edit", args=[self.pk])

    @property
    def title(self) -> str:
        return self.subject if self.kind == RuleKind.OWN else self.get_kind_display()

    @property
    def offset(self) -> str:
        """„7 Tage vor dem ersten Tag“"""
        if not self.days:
            return SAME_DAY[Anchor(self.anchor)]
        count = "1\u00a0Tag" if self.days == 1 else f"{self.days}\u00a0Tage"
        return f"{count} {self.get_anchor_display()}"

    @property
    def timing(self) -> str:
        """„7 Tage vor dem ersten Tag, 9 Uhr“"""
        return f"{self.offset}, {self.hour}\u00a0Uhr"


class MailDelivery(models.Model):
    """A mail of a rule that was put into the outbox for one person (Versand); nothing goes twice.

    `about_on` is the day of the session that the mail counted from: after a move there is a new one.
    """

    rule = models.ForeignKey(MailRule, models.CASCADE, related_name="deliveries", verbose_name="Regel")
    session = models.ForeignKey(Session, models.CASCADE, related_name="mail_deliveries", verbose_name="Termin")
    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="mail_deliveries", verbose_name="Anmeldung"
    )
    about_on = models.DateField("Tag des Termins")
    sent_at = models.DateTimeField("geschrieben am", default=timezone.now)

    class Meta:
        verbose_name = "Versand nach Regel"
        verbose_name_plural = "Versand nach Regeln"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "session", "registration", "about_on"],
                name="mail_delivery_once",
                violation_error_message="Diese Mail ist schon geschrieben.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.session_id} {self.registration_id} {self.about_on}"


class SessionInvitation(models.Model):
    """The invitation to a session that one person got (Einladung zum Termin); who gets a place later has none."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="session_invitations", verbose_name="Termin")
    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="session_invitations", verbose_name="Anmeldung"
    )
    sent_at = models.DateTimeField("zuerst geschrieben am", default=timezone.now)
    is_late = models.BooleanField("nachträglich", default=False)

    class Meta:
        verbose_name = "Einladung zum Termin"
        verbose_name_plural = "Einladungen zu Terminen"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "registration"],
                name="session_invitation_once",
                violation_error_message="Diese Person ist zu diesem Termin schon eingeladen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.registration_id}"


class MailSkip(models.Model):
    """A mail of a rule that is left out for one session (ausgelassene Mail), until the session is moved."""

    rule = models.ForeignKey(MailRule, models.CASCADE, related_name="skips", verbose_name="Regel")
    session = models.ForeignKey(Session, models.CASCADE, related_name="mail_skips", verbose_name="Termin")
    about_on = models.DateField("Tag des Termins")
    skipped_at = models.DateTimeField("ausgelassen am", default=timezone.now)
    skipped_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name="ausgelassen von"
    )

    class Meta:
        verbose_name = "Ausgelassene Mail"
        verbose_name_plural = "Ausgelassene Mails"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "session", "about_on"],
                name="mail_skip_once",
                violation_error_message="Diese Mail ist schon ausgelassen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.session_id} {self.about_on}"
