"""What the frame holds about a person: the account, how they sign in, links, mails, and the lines of the log."""

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Q, QuerySet
from post_office.models import Email

from curriculum.models import CalendarFeed
from curriculum.queries import practice_reports, trainers
from evaluation import tokens as of_surveys
from evaluation.models import Invitation
from netzkoord.disclosure.belonging import Belonging
from netzkoord.disclosure.shapes import YOU, Column, Section, Shown, Table
from netzkoord.lib.mail_keys import readable_text
from netzkoord.lib.mail_states import state_of, with_state
from netzkoord.models import AuditAction, AuditEvent, PersonalLink, SendingAttempt, User
from participants import tokens
from participants.models import Approval, Certificate, Consent, Registration, Tandem

ANOTHER_PERSON = "eine andere Person"
BY_ITSELF = "die Plattform von selbst"

PURPOSES: Mapping[str, str] = {
    tokens.CONFIRM: "Anmeldung bestätigen",
    tokens.STATUS: "Seite der eigenen Anmeldung",
    tokens.PARTNER: "Einladung als zweite Person",
    tokens.POOL: "Einladung vor allen anderen",
    tokens.APPROVAL: "Bitte um Zustimmung",
    tokens.ADDRESS: "neue Adresse bestätigen",
    of_surveys.PURPOSE: "Erhebung",
    practice_reports.PURPOSE: "Erlebnisbericht schreiben",
    trainers.PURPOSE: "Terminzusage",
}

ACCOUNT = Shown(
    User,
    "account",
    "Ihr Konto",
    (
        "email",
        "salutation",
        "title",
        "given_names",
        "family_name",
        "is_active",
        "joined_at",
        "last_login",
        "has_password",
        "is_superuser",
        "roles",
        "permissions",
    ),
    left_out={
        "id": "ist eine laufende Nummer",
        "password": "ist nur als Prüfwert gespeichert, aus dem das Passwort nicht hervorgeht",
        "groups": "stehen als Rollen da",
        "user_permissions": "stehen als einzelne Rechte da",
    },
    labels={"last_login": "Zuletzt angemeldet", "is_superuser": "Darf alles", "is_active": "Aktiv"},
    added={
        "has_password": ("Passwort gesetzt", lambda user, _: user.has_usable_password()),
        "roles": ("Rollen", lambda user, _: ", ".join(str(group) for group in user.groups.all())),
        "permissions": (
            "Einzelne Rechte",
            lambda user, _: ", ".join(right.name for right in user.user_permissions.all()),
        ),
    },
    as_facts=True,
)
ADDRESS = Shown(
    EmailAddress,
    "addresses",
    "Adressen, die bestätigt wurden",
    ("email", "verified", "primary"),
    labels={"email": "E-Mail-Adresse", "verified": "Bestätigt", "primary": "Hauptadresse"},
    left_out={"id": "ist eine laufende Nummer", "user": "sind Sie"},
)
AUTHENTICATOR = Shown(
    Authenticator,
    "second_steps",
    "Zweiter Schritt beim Anmelden (App, Passkey, Ersatzcodes)",
    ("type", "created_at", "last_used_at"),
    labels={"type": "Art", "created_at": "Eingerichtet am", "last_used_at": "Zuletzt benutzt"},
    left_out={
        "id": "ist eine laufende Nummer",
        "user": "sind Sie",
        "data": "enthält das Geheimnis, mit dem man sich anmeldet",
    },
)
LINK = Shown(
    PersonalLink,
    "links",
    "Persönliche Links, die an Sie gingen",
    ("purpose", "email", "created_at", "expires_at", "revoked_at"),
    left_out={
        "id": "ist eine laufende Nummer",
        "token_hash": "ist ein Prüfwert, aus dem der Link nicht hervorgeht",
        "target_id": "ist die Nummer dessen, was der Link öffnet",
    },
    read={"purpose": lambda link, _: PURPOSES.get(link.purpose, link.purpose)},
)
TECHNICAL = "ist eine Angabe für den Mailserver"
MAIL = Shown(
    Email,
    "mails",
    "Mails an Sie",
    ("created", "to", "subject", "status", "message"),
    labels={"created": "Geschrieben", "to": "An", "subject": "Betreff", "status": "Stand", "message": "Text"},
    left_out={
        "id": "ist eine laufende Nummer",
        "html_message": "sagt dasselbe wie der Text",
        "context": "ist der Code, der in der Mail steht, solange sie wartet",
        **dict.fromkeys(
            (
                "from_email",
                "cc",
                "bcc",
                "recipient_delivery_status",
                "priority",
                "last_updated",
                "scheduled_time",
                "expires_at",
                "message_id",
                "number_of_retries",
                "headers",
                "template",
                "backend_alias",
            ),
            TECHNICAL,
        ),
    },
    read={
        "to": lambda mail, _: ", ".join(mail.to),
        "status": lambda mail, _: state_of(mail).label,
        "message": lambda mail, _: readable_text(mail).strip(),
    },
    note="Persönliche Links und Codes stehen nicht darin: Sie werden nach dem Senden aus dem gespeicherten Text "
    "entfernt.",
    as_facts=True,
)
ATTEMPT = Shown(
    SendingAttempt,
    "sending_attempts",
    "Wie diese Mails gesendet wurden",
    ("started_at", "recipient", "outcome", "reply"),
    left_out={
        "id": "ist eine laufende Nummer",
        "email": "ist eine der Mails",
        "worker": TECHNICAL,
        "handed_over_at": TECHNICAL,
        "ended_at": TECHNICAL,
    },
)
SHOWN = (ACCOUNT, ADDRESS, AUTHENTICATOR, LINK, MAIL, ATTEMPT)


def account(own: Belonging) -> Section:
    person = own.person
    steps = Authenticator.objects.filter(user=person).order_by("created_at", "pk")
    links = PersonalLink.objects.filter(by_address("email", own)).order_by("-created_at", "-pk")
    return Section(
        "account",
        "Konto und Anmelden",
        "von Ihnen oder von der Organisation, die das Konto angelegt hat",
        [
            ACCOUNT.table([person], person),
            ADDRESS.table(EmailAddress.objects.filter(user=person).order_by("pk"), person),
            AUTHENTICATOR.table(steps, person),
            LINK.table(links, person),
        ],
    )


def mails(own: Belonging) -> Section:
    """The newest first; last of all sections, since they are the longest."""
    found = with_state(Email.objects.filter(by_address("to", own))).order_by("-created", "-pk")
    attempts = SendingAttempt.objects.filter(by_address("recipient", own)).order_by("-started_at", "-pk")
    return Section(
        "mails",
        "Mails",
        "von der Plattform und der Organisation geschrieben",
        [ATTEMPT.table(attempts, own.person), MAIL.table(found, own.person)],
    )


def by_address(field: str, own: Belonging) -> Q:
    found = Q()
    for address in sorted(own.addresses):
        found |= Q(**{f"{field}__iexact": address})
    return found


# The log names numbers only; what an action says about others (`details`) is not told.
AUDIT_COLUMNS = (
    Column("occurred_at", "Zeitpunkt"),
    Column("action", "Vorgang"),
    Column("by", "Durch"),
    Column("about", "Gegenstand"),
)


def log(own: Belonging) -> Section:
    """Lines in which the person acted, or which are about what is theirs; the newest first."""
    lines = log_lines(own).order_by("-occurred_at", "-pk")
    found = lines.values_list("occurred_at", "action", "by_id", "target_type", "target_id")
    rows = [
        (at, action_label(action), actor(by, own.person), kind_of(target_type))
        for at, action, by, target_type, target_id in found
        if by == own.person.pk or is_of_own_time(own, target_type, target_id, at)
    ]
    return Section(
        "log",
        "Protokoll",
        "von der Plattform, wenn etwas entschieden wird",
        [Table("log", "Zeilen des Protokolls, in denen Sie vorkommen", AUDIT_COLUMNS, rows)],
    )


def log_lines(own: Belonging) -> "QuerySet[AuditEvent]":
    halves = own.registrations
    about = Q(by_id=own.person.pk)
    for model, keys in (
        (User, [own.person.pk]),
        (Registration, [half.pk for half in halves]),
        (Tandem, [tandem.pk for tandem in own.tandems]),
        (Certificate, Certificate.objects.filter(person=own.person).values_list("pk", flat=True)),
        (Consent, Consent.objects.filter(registration__in=halves).values_list("pk", flat=True)),
        (Approval, Approval.objects.filter(registration__in=halves).values_list("pk", flat=True)),
        (Invitation, Invitation.objects.filter(registration__in=halves).values_list("pk", flat=True)),
        (CalendarFeed, CalendarFeed.objects.filter(user=own.person).values_list("pk", flat=True)),
    ):
        about |= Q(target_type=model._meta.label_lower, target_id__in=as_text(keys))
    return AuditEvent.objects.filter(about)


def as_text(keys: Iterable[Any]) -> list[str]:
    return [str(key) for key in keys]


def is_of_own_time(own: Belonging, target_type: str, target_id: str, at: Any) -> bool:
    """Whether a line is not about a tandem before the person came or after they left."""
    return target_type != Tandem._meta.label_lower or own.was_there(int(target_id), at)


def actor(by: int | None, person: User) -> str:
    return YOU if by == person.pk else ANOTHER_PERSON if by else BY_ITSELF


def action_label(action: str) -> str:
    return AuditAction(action).label if action in AuditAction.values else action


def kind_of(target_type: str) -> str:
    """„Anmeldung“; the name of the table where the model is gone."""
    try:
        return str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return target_type
