"""Where a person was, what they achieved, and what certifies it."""

from netzkoord.disclosure.belonging import Belonging
from netzkoord.disclosure.common import COHORT, OF_THE_REGISTRATION
from netzkoord.disclosure.shapes import Section, Shown
from netzkoord.disclosure.snapshot import content_in_words
from participants.models import Achievement, Attendance, Certificate, MadeUpTime, MailDelivery, SessionInvitation

ATTENDANCE = Shown(
    Attendance,
    "attendance",
    "Anwesenheit",
    ("session", "day", "half", "presence", "note", "is_self_reported", "changed_at", "changed_by"),
    left_out={"id": "ist eine laufende Nummer", "registration": OF_THE_REGISTRATION},
    read={"day": lambda row, _: row.day.date},
    added={"session": ("Termin", lambda row, _: str(row.day.session))},
)
ACHIEVEMENT = Shown(
    Achievement,
    "achievements",
    "Leistungen für das Zertifikat",
    ("cohort", "kind", "title", "completed_on", "units", "recorded_at", "recorded_by"),
    left_out={"id": "ist eine laufende Nummer", "registration": OF_THE_REGISTRATION},
    added=COHORT,
)
MADE_UP_TIME = Shown(
    MadeUpTime,
    "made_up_time",
    "Nachgeholte Zeit",
    ("cohort", "minutes", "made_up_on", "how", "recorded_at", "recorded_by"),
    left_out={"id": "ist eine laufende Nummer", "registration": OF_THE_REGISTRATION},
    added=COHORT,
)
CERTIFICATE = Shown(
    Certificate,
    "certificates",
    "Bescheinigungen",
    (
        "number",
        "cohort",
        "kind",
        "code",
        "issued_at",
        "issued_by",
        "replaces",
        "replaced_at",
        "replacement_reason",
        "revoked_at",
        "revocation_reason",
        "content",
    ),
    left_out={
        "id": "ist eine laufende Nummer",
        "person": "sind Sie",
        "registration": OF_THE_REGISTRATION,
        "tandem": "steht nur bei der Urkunde für die Kommune, und die nennt keine Person",
        "issuance": "ist der Vorgang, in dem mehrere ausgestellt wurden",
        "year": "steht in der Nummer",
        "ordinal": "steht in der Nummer",
    },
    labels={"replacement_reason": "Grund der Ersetzung", "revocation_reason": "Grund des Widerrufs"},
    read={"content": content_in_words},
    added={"number": ("Nummer", lambda row, _: row.number)},
    as_facts=True,
)
INVITED_TO_SESSION = Shown(
    SessionInvitation,
    "session_invitations",
    "Einladungen zu Terminen",
    ("session", "sent_at", "is_late"),
    left_out={"id": "ist eine laufende Nummer", "registration": OF_THE_REGISTRATION},
)
RULE_MAIL = Shown(
    MailDelivery,
    "rule_mails",
    "Mails zu Terminen nach einer Regel",
    ("rule", "session", "about_on", "sent_at"),
    left_out={"id": "ist eine laufende Nummer", "registration": OF_THE_REGISTRATION},
)
SHOWN = (INVITED_TO_SESSION, RULE_MAIL, ATTENDANCE, ACHIEVEMENT, MADE_UP_TIME, CERTIFICATE)


def section(own: Belonging) -> Section:
    person, halves = own.person, own.registrations
    attended = Attendance.objects.filter(registration__in=halves).select_related("day__session__module")
    achieved = Achievement.objects.filter(registration__in=halves).select_related("registration__cohort")
    made_up = MadeUpTime.objects.filter(registration__in=halves).select_related("registration__cohort")
    certificates = Certificate.objects.filter(person=person).select_related("cohort", "replaces")
    invited = SessionInvitation.objects.filter(registration__in=halves).select_related("session__module")
    mails = MailDelivery.objects.filter(registration__in=halves).select_related("session__module", "rule")
    return Section(
        "attendance",
        "Teilnahme und Bescheinigungen",
        "von Organisation und Training; was Sie selbst eingetragen haben, ist gekennzeichnet",
        [
            INVITED_TO_SESSION.table(invited.order_by("-sent_at", "-pk"), person),
            RULE_MAIL.table(mails.order_by("-sent_at", "-pk"), person),
            ATTENDANCE.table(attended.order_by("-day__date", "half", "pk"), person),
            ACHIEVEMENT.table(achieved, person),
            MADE_UP_TIME.table(made_up, person),
            CERTIFICATE.table(certificates, person),
        ],
    )
