"""The foundation that all apps stand on: people, what was decided, and the state of this installation."""

from pathlib import Path
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

DEFAULT_TEXTS = Path(__file__).resolve().parent / "legal"


class Salutation(models.TextChoices):
    MS = "MS", "Frau"
    MR = "MR", "Herr"
    NONE = "", "keine Angabe"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An account; without a password its owner signs in with a code by mail."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person (Person), whether organiser, trainer or participant; the e-mail address is the login."""

    email = models.EmailField("E-Mail-Adresse", max_length=254)
    salutation = models.CharField("Anrede", max_length=2, choices=Salutation, blank=True, default="")
    title = models.CharField("Titel", max_length=60, blank=True)
    given_names = models.CharField("Vorname", max_length=120, blank=True)
    family_name = models.CharField("Familienname", max_length=120)
    is_active = models.BooleanField("aktiv", default=True)
    joined_at = models.DateTimeField("angelegt am", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["given_names", "family_name"]

    class Meta:
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        ordering = ["family_name", "given_names", "pk"]
        permissions = [("disclose_user", "Darf Auskunft über eine Person geben")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Diese E-Mail-Adresse gehört schon zu einer Person.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Title, given names and family name as the person writes them; else the address."""
        return " ".join(part for part in (self.title, self.given_names, self.family_name) if part) or self.email

    def get_short_name(self) -> str:
        return self.given_names or self.family_name


class AuditAction(models.TextChoices):
    """Everything that leaves a line in the audit log."""

    PROGRAMME_RENAMED = "PROGRAMME_RENAMED", "Programm umbenannt"
    EDITION_CREATED = "EDITION_CREATED", "Fassung angelegt"
    EDITION_CHANGED = "EDITION_CHANGED", "Fassung geändert"
    EDITION_IMPORTED = "EDITION_IMPORTED", "Fassung aus einer Tabelle eingelesen"
    EDITION_PUBLISHED = "EDITION_PUBLISHED", "Fassung veröffentlicht"
    EDITION_ARCHIVED = "EDITION_ARCHIVED", "Fassung archiviert"
    EDITION_DELETED = "EDITION_DELETED", "Entwurf gelöscht"
    CHANGE_EXPLAINED = "CHANGE_EXPLAINED", "Anlass einer Änderung festgehalten"
    RECOMMENDATION_ADDED = "RECOMMENDATION_ADDED", "Empfehlung aufgenommen"
    RECOMMENDATION_CHANGED = "RECOMMENDATION_CHANGED", "Empfehlung geändert"
    RECOMMENDATION_DECIDED = "RECOMMENDATION_DECIDED", "Über eine Empfehlung entschieden"
    VENUE_DELETED = "VENUE_DELETED", "Ort gelöscht"
    COHORT_CREATED = "COHORT_CREATED", "Durchgang angelegt"
    COHORT_CHANGED = "COHORT_CHANGED", "Durchgang geändert"
    COHORT_ANNOUNCED = "COHORT_ANNOUNCED", "Durchgang ausgeschrieben"
    COHORT_EDITION_CHANGED = "COHORT_EDITION_CHANGED", "Durchgang auf andere Fassung umgestellt"
    COHORT_CANCELLED = "COHORT_CANCELLED", "Durchgang abgesagt"
    COHORT_DELETED = "COHORT_DELETED", "Durchgang gelöscht"
    SESSION_CREATED = "SESSION_CREATED", "Termin angelegt"
    SESSION_CHANGED = "SESSION_CHANGED", "Termin geändert"
    SESSION_DELETED = "SESSION_DELETED", "Termin gelöscht"
    SESSION_MOVED = "SESSION_MOVED", "Termin verschoben"
    SESSION_CANCELLED = "SESSION_CANCELLED", "Termin abgesagt"
    AGENDA_CHANGED = "AGENDA_CHANGED", "Ablaufplan geändert"
    INVITATIONS_SENT = "INVITATIONS_SENT", "Einladungen versendet"
    DATE_ASKED = "DATE_ASKED", "Um Terminzusage gebeten"
    DATE_ANSWERED = "DATE_ANSWERED", "Terminzusage beantwortet"
    MATERIAL_ADDED = "MATERIAL_ADDED", "Material hochgeladen"
    MATERIAL_RELEASED = "MATERIAL_RELEASED", "Material freigegeben"
    MATERIAL_WITHDRAWN = "MATERIAL_WITHDRAWN", "Freigabe von Material zurückgenommen"
    MATERIAL_DELETED = "MATERIAL_DELETED", "Material gelöscht"
    PRACTICE_REPORT_PLANNED = "PRACTICE_REPORT_PLANNED", "Erlebnisbericht geplant"
    PRACTICE_REPORT_CHANGED = "PRACTICE_REPORT_CHANGED", "Erlebnisbericht geändert"
    PRACTICE_REPORT_RELEASED = "PRACTICE_REPORT_RELEASED", "Erlebnisbericht freigegeben"
    PRACTICE_REPORT_WITHDRAWN = "PRACTICE_REPORT_WITHDRAWN", "Freigabe eines Erlebnisberichts zurückgenommen"
    PRACTICE_REPORT_DELETED = "PRACTICE_REPORT_DELETED", "Erlebnisbericht gelöscht"
    FEED_CREATED = "FEED_CREATED", "Kalender-Abo angelegt"
    FEED_REVOKED = "FEED_REVOKED", "Kalender-Abo widerrufen"
    TANDEM_ACCEPTED = "TANDEM_ACCEPTED", "Anmeldung angenommen"
    TANDEM_WAITLISTED = "TANDEM_WAITLISTED", "Anmeldung auf die Warteliste gesetzt"
    TANDEM_DECLINED = "TANDEM_DECLINED", "Anmeldung abgelehnt"
    REGISTRATION_SUBMITTED = "REGISTRATION_SUBMITTED", "Anmeldung eingegangen"
    REGISTRATION_CONFIRMED = "REGISTRATION_CONFIRMED", "Anmeldung bestätigt"
    REGISTRATION_CHANGED = "REGISTRATION_CHANGED", "Angaben zur Person geändert"
    REGISTRATION_WITHDRAWN = "REGISTRATION_WITHDRAWN", "Anmeldung zurückgezogen"
    REGISTRATIONS_DISCARDED = "REGISTRATIONS_DISCARDED", "Unbestätigte Anmeldungen gelöscht"
    ATTENDANCE_RECORDED = "ATTENDANCE_RECORDED", "Anwesenheit eingetragen"
    ACHIEVEMENT_RECORDED = "ACHIEVEMENT_RECORDED", "Leistung eingetragen"
    ACHIEVEMENT_CHANGED = "ACHIEVEMENT_CHANGED", "Leistung geändert"
    ACHIEVEMENT_REMOVED = "ACHIEVEMENT_REMOVED", "Leistung entfernt"
    MADE_UP_RECORDED = "MADE_UP_RECORDED", "Nachgeholte Zeit eingetragen"
    MADE_UP_REMOVED = "MADE_UP_REMOVED", "Nachgeholte Zeit entfernt"
    QUESTIONNAIRE_CREATED = "QUESTIONNAIRE_CREATED", "Fragebogen angelegt"
    QUESTIONNAIRE_CHANGED = "QUESTIONNAIRE_CHANGED", "Fragebogen geändert"
    QUESTIONNAIRE_RELEASED = "QUESTIONNAIRE_RELEASED", "Fragebogen freigegeben"
    QUESTIONNAIRE_TAKEN_BACK = "QUESTIONNAIRE_TAKEN_BACK", "Freigabe eines Fragebogens zurückgenommen"
    QUESTIONNAIRE_DELETED = "QUESTIONNAIRE_DELETED", "Entwurf eines Fragebogens gelöscht"
    SURVEY_STARTED = "SURVEY_STARTED", "Erhebung gestartet"
    SURVEY_MOVED = "SURVEY_MOVED", "Zeitraum einer Erhebung geändert"
    SURVEY_REMOVED = "SURVEY_REMOVED", "Erhebung entfallen"
    SURVEY_RULE_CHANGED = "SURVEY_RULE_CHANGED", "Regel für Erhebungen geändert"
    SURVEY_CLOSED = "SURVEY_CLOSED", "Erhebung geschlossen"
    SURVEY_COUNTED = "SURVEY_COUNTED", "Erhebung ausgezählt"
    SURVEY_POOLED = "SURVEY_POOLED", "Stimmen mit anderen Erhebungen zusammengelegt"
    SURVEY_DESTROYED = "SURVEY_DESTROYED", "Stimmen ungeöffnet vernichtet"
    MIRROR_RELEASED = "MIRROR_RELEASED", "Angaben im Tandem freigegeben"
    MIRROR_TAKEN_BACK = "MIRROR_TAKEN_BACK", "Freigabe im Tandem zurückgenommen"
    TRANSFER_WRITTEN = "TRANSFER_WRITTEN", "Transfervereinbarung geschrieben"
    TRANSFER_CONFIRMED = "TRANSFER_CONFIRMED", "Transfervereinbarung bestätigt"
    PAPER_ENTERED = "PAPER_ENTERED", "Papierbogen eingegeben"
    PAPER_COMPARED = "PAPER_COMPARED", "Papierbogen zum zweiten Mal eingegeben"
    PAPER_DECIDED = "PAPER_DECIDED", "Zwischen zwei Eingaben eines Papierbogens entschieden"
    PAPER_CAST = "PAPER_CAST", "Papierbögen ohne zweite Eingabe eingelegt"
    PAPER_DELETED = "PAPER_DELETED", "Eingabe eines Papierbogens gelöscht"
    TEXTS_RELEASED = "TEXTS_RELEASED", "Freie Texte freigegeben"
    TEXT_HELD = "TEXT_HELD", "Freier Text zurückgehalten"
    RESULT_COMMENTED = "RESULT_COMMENTED", "Ergebnis kommentiert"
    RESULT_RETURNED = "RESULT_RETURNED", "Ergebnis an die Teilnehmenden gegeben"
    CERTIFICATE_DESIGNED = "CERTIFICATE_DESIGNED", "Bescheinigungen gestaltet"
    CERTIFICATE_ISSUED = "CERTIFICATE_ISSUED", "Bescheinigung ausgestellt"
    CERTIFICATE_REPLACED = "CERTIFICATE_REPLACED", "Bescheinigung ersetzt"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED", "Bescheinigung widerrufen"
    LEGAL_PAGE_CHANGED = "LEGAL_PAGE_CHANGED", "Rechtstext geändert"
    ACCOUNT_INVITED = "ACCOUNT_INVITED", "Konto angelegt"
    ACCOUNT_CHANGED = "ACCOUNT_CHANGED", "Konto geändert"
    DISCLOSURE_MADE = "DISCLOSURE_MADE", "Auskunft über eine Person erstellt"
    MAIL_RESENT = "MAIL_RESENT", "Mail erneut gesendet"
    MAIL_CORRECTED = "MAIL_CORRECTED", "Adresse einer Mail berichtigt"
    MAIL_SETTLED = "MAIL_SETTLED", "Ungewisse Mail als gesendet verbucht"
    MAIL_TEXT_CHANGED = "MAIL_TEXT_CHANGED", "Mailtext geändert"
    MAIL_RULE_CHANGED = "MAIL_RULE_CHANGED", "Regel für Mails geändert"
    MAILING_SENT = "MAILING_SENT", "Mails zu einem Termin von Hand gesendet"
    MAILING_SKIPPED = "MAILING_SKIPPED", "Mails zu einem Termin ausgelassen"
    LINK_RENEWED = "LINK_RENEWED", "Persönlicher Link erneuert"
    LINK_REVOKED = "LINK_REVOKED", "Persönlicher Link widerrufen"
    MUNICIPALITIES_IMPORTED = "MUNICIPALITIES_IMPORTED", "Kommunen eingelesen"
    MUNICIPALITY_MATCHED = "MUNICIPALITY_MATCHED", "Eingetragene Kommune zugeordnet"
    RULE_CHANGED = "RULE_CHANGED", "Auswahlregel geändert"
    LOT_DRAWN = "LOT_DRAWN", "Los gezogen"
    EXCEPTION_GRANTED = "EXCEPTION_GRANTED", "Ausnahme vom Tandem zugelassen"
    EXCEPTION_REVOKED = "EXCEPTION_REVOKED", "Ausnahme vom Tandem zurückgenommen"
    PARTNER_NAMED = "PARTNER_NAMED", "Zweite Person genannt"
    PARTNER_GIVEN_UP = "PARTNER_GIVEN_UP", "Ohne zweite Person weiter"
    PARTNERS_PROPOSED = "PARTNERS_PROPOSED", "Zwei Personen einander vorgeschlagen"
    PARTNERS_JOINED = "PARTNERS_JOINED", "Zwei Personen zum Tandem verbunden"
    ADDRESS_CHANGED = "ADDRESS_CHANGED", "E-Mail-Adresse geändert"
    CONSENT_GIVEN = "CONSENT_GIVEN", "Einwilligung erteilt"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN", "Einwilligung widerrufen"
    APPROVAL_ASKED = "APPROVAL_ASKED", "Um Zustimmung gebeten"
    APPROVAL_ANSWERED = "APPROVAL_ANSWERED", "Zustimmung beantwortet"
    REGISTRATION_REPLACED = "REGISTRATION_REPLACED", "Person durch eine andere ersetzt"
    REGISTRATIONS_MERGED = "REGISTRATIONS_MERGED", "Anmeldungen zusammengeführt"
    MERGE_UNDONE = "MERGE_UNDONE", "Zusammenführung rückgängig gemacht"
    REGISTRATIONS_IMPORTED = "REGISTRATIONS_IMPORTED", "Anmeldungen eingelesen"
    NOTE_WRITTEN = "NOTE_WRITTEN", "Notiz geschrieben"
    OFFER_MADE = "OFFER_MADE", "Platz angeboten"
    OFFER_ACCEPTED = "OFFER_ACCEPTED", "Angebotenen Platz angenommen"
    OFFER_DECLINED = "OFFER_DECLINED", "Angebotenen Platz abgelehnt"
    OFFER_EXPIRED = "OFFER_EXPIRED", "Angebot abgelaufen"
    OFFER_REVOKED = "OFFER_REVOKED", "Angebot zurückgenommen"
    PLACE_RELEASED = "PLACE_RELEASED", "Gehaltenen Platz freigegeben"
    POOL_INVITED = "POOL_INVITED", "Aus dem Pool eingeladen"
    CHECK_IN_OPENED = "CHECK_IN_OPENED", "Selbst-Einchecken geöffnet"
    CHECK_IN_CLOSED = "CHECK_IN_CLOSED", "Selbst-Einchecken geschlossen"


def audit_actions() -> list[tuple[str, str]]:
    """A function, so that a new action needs no migration: the database does not know their names."""
    return AuditAction.choices


class AuditEvent(models.Model):
    """One decision (Protokolleintrag): who did what to which object, and when.

    Without foreign keys, so that a line outlives what it speaks of; without names, so that erasing a
    person leaves nothing here. Written by `netzkoord.lib.audit.record` only.
    """

    occurred_at = models.DateTimeField("Zeitpunkt", default=timezone.now, db_index=True)
    action = models.CharField("Vorgang", max_length=40, choices=audit_actions)
    by_id = models.BigIntegerField("von (Nummer der Person)", null=True, blank=True)
    target_type = models.CharField("Art des Gegenstands", max_length=60)
    target_id = models.CharField("Nummer des Gegenstands", max_length=40)
    details = models.JSONField("Einzelheiten", default=dict, blank=True)

    class Meta:
        verbose_name = "Protokolleintrag"
        verbose_name_plural = "Protokoll"
        ordering = ["-occurred_at", "-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.target_type} {self.target_id}"


class PersonalLinkQuerySet(models.QuerySet["PersonalLink"]):
    def valid(self) -> Self:
        """Neither expired nor revoked."""
        return self.filter(expires_at__gt=timezone.now(), revoked_at__isnull=True)

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


class PersonalLink(models.Model):
    """A link of one person for one purpose (persönlicher Link); what it says is stored as a hash only.

    `target_id` is the key of what the purpose is about; `email` is where the link was sent, and the only address
    to which a new one may go.
    """

    token_hash = models.CharField("Hash", max_length=64, unique=True)
    purpose = models.CharField("Zweck", max_length=40)
    target_id = models.CharField("Nummer des Gegenstands", max_length=40)
    email = models.EmailField("gesendet an", max_length=254)
    created_at = models.DateTimeField("angelegt am", default=timezone.now)
    expires_at = models.DateTimeField("gilt bis")
    revoked_at = models.DateTimeField("widerrufen am", null=True, blank=True)

    objects = PersonalLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "Persönlicher Link"
        verbose_name_plural = "Persönliche Links"
        indexes = [models.Index(fields=["purpose", "target_id"], name="personal_link_target")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.target_id}"

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at


class LegalPageKey(models.TextChoices):
    IMPRINT = "impressum", "Impressum"
    PRIVACY = "datenschutz", "Datenschutz"
    ACCESSIBILITY = "barrierefreiheit", "Erklärung zur Barrierefreiheit"


class LegalPageManager(models.Manager["LegalPage"]):
    def current(self, key: str) -> "LegalPage":
        """The page as organisers wrote it, else the draft that comes with the product (not stored)."""
        stored = self.filter(key=key).first()
        return stored or LegalPage(key=key, text=(DEFAULT_TEXTS / f"{key}.md").read_text(encoding="utf-8"))


class LegalPage(models.Model):
    """A legal page (Rechtstext) whose Markdown organisers edit; without a row a default text stands in."""

    key = models.CharField("Seite", max_length=30, choices=LegalPageKey, primary_key=True)
    text = models.TextField("Text (Markdown)", max_length=60_000)
    changed_at = models.DateTimeField("geändert am", auto_now=True)

    objects = LegalPageManager()

    class Meta:
        verbose_name = "Rechtstext"
        verbose_name_plural = "Rechtstexte"

    def __str__(self) -> str:
        return self.get_key_display()

    def get_absolute_url(self) -> str:
        return reverse("legal_page", args=[self.key])


class Heartbeat(models.Model):
    """Last sign of life (Lebenszeichen) of a background process."""

    process = models.CharField("Prozess", max_length=40, primary_key=True)
    beat_at = models.DateTimeField("zuletzt", default=timezone.now)

    class Meta:
        verbose_name = "Lebenszeichen"
        verbose_name_plural = "Lebenszeichen"

    def __str__(self) -> str:
        return self.process


class SendingOutcome(models.TextChoices):
    """What became of one attempt; RUNNING and UNCERTAIN are not settled and keep the mail from being sent."""

    RUNNING = "RUNNING", "läuft"
    ACCEPTED = "ACCEPTED", "vom Mailserver angenommen"
    DEFERRED = "DEFERRED", "aufgeschoben"
    REFUSED = "REFUSED", "abgelehnt"
    ABANDONED = "ABANDONED", "abgebrochen, nichts gesendet"
    EXPIRED = "EXPIRED", "nicht mehr gesendet"
    UNCERTAIN = "UNCERTAIN", "ungewiss, vielleicht angekommen"
    BOOKED = "BOOKED", "ungewiss, als gesendet verbucht"
    REPEATED = "REPEATED", "ungewiss, noch einmal gesendet"


UNSETTLED = (SendingOutcome.RUNNING, SendingOutcome.UNCERTAIN)


class SendingAttempt(models.Model):
    """One attempt (Sendeversuch) to hand a mail to the mail server; written by `netzkoord.lib.outbox` only.

    Committed before the first word to the server, so that no other worker takes the same mail. `handed_over_at` is
    committed before the dot that ends the message: without it the server cannot have taken the mail.
    """

    email = models.ForeignKey(
        "post_office.Email", on_delete=models.CASCADE, related_name="attempts", verbose_name="Mail"
    )
    recipient = models.CharField("an", max_length=254)
    worker = models.CharField("Prozess", max_length=40, blank=True)
    started_at = models.DateTimeField("begonnen", default=timezone.now)
    handed_over_at = models.DateTimeField("übergeben", null=True, blank=True)
    ended_at = models.DateTimeField("beendet", null=True, blank=True)
    outcome = models.CharField("Ergebnis", max_length=10, choices=SendingOutcome, default=SendingOutcome.RUNNING)
    reply = models.TextField("Antwort des Mailservers", blank=True)

    class Meta:
        verbose_name = "Sendeversuch"
        verbose_name_plural = "Sendeversuche"
        ordering = ["started_at", "pk"]
        indexes = [
            models.Index(
                fields=["outcome"], condition=models.Q(outcome__in=UNSETTLED), name="sending_attempt_unsettled"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(outcome__in=UNSETTLED), name="sending_attempt_one_unsettled"
            ),
            models.CheckConstraint(
                name="sending_attempt_ended_unless_running",
                condition=models.Q(outcome=SendingOutcome.RUNNING, ended_at__isnull=True)
                | (~models.Q(outcome=SendingOutcome.RUNNING) & models.Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.get_outcome_display()}"


class InstallationManager(models.Manager["Installation"]):
    def current(self) -> "Installation":
        """The one row, or the default when none has been written yet."""
        return self.first() or Installation()


class Installation(models.Model):
    """This installation (Installation): one row that says whether its people are invented."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demo = models.BooleanField("Demo mit erfundenen Personen", default=False)

    objects = InstallationManager()

    class Meta:
        verbose_name = "Installation"
        verbose_name_plural = "Installation"
        constraints = [models.CheckConstraint(name="installation_single_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "Demo" if self.is_demo else "Betrieb"


class MailText(models.Model):
    """What organisers made of the text of a mail (Mailtext); without a row the default of the repository is sent.

    `based_on` is the default at that time, so that a later change of it can be pointed out.
    """

    occasion = models.CharField("Anlass", max_length=80, primary_key=True)
    subject = models.CharField("Betreff", max_length=150)
    body = models.TextField("Text", max_length=10_000)
    based_on = models.TextField("Vorlage dabei", editable=False)
    changed_at = models.DateTimeField("geändert am", auto_now=True)
    changed_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="geändert von",
    )

    class Meta:
        verbose_name = "Mailtext"
        verbose_name_plural = "Mailtexte"

    def __str__(self) -> str:
        return self.occasion

    def get_absolute_url(self) -> str:
        return reverse("mail_text_edit", args=[self.pk])
