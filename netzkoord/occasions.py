"""Mails about moved and cancelled dates and about access, as a table."""

from curriculum.occasions import COHORT, CONTACT, DAYS, LINK, NAME, PLACE, SESSION
from netzkoord.lib.mail_texts import Occasion
from netzkoord.lib.placeholders import Kind, Placeholder
from participants.occasions import ABOUT, CALENDAR_LINK, OWN_PAGE

AREA = "Verschobene und abgesagte Termine"
NEWS = Placeholder("neuigkeit", "news", "was sich geändert hat, in zwei, drei Wörtern", "Termin geändert")
NOW = Placeholder(
    "jetzt",
    "now",
    "die neuen Tage und der neue Ort",
    ("Mo, 12. April 2027, 9:00–16:30 Uhr", "Tagungshaus am See, Hannover"),
    Kind.LINES,
).optional()
BEFORE = Placeholder(
    "bisher",
    "before",
    "die alten Tage und der alte Ort",
    ("Mo, 8. März 2027, 9:00–16:30 Uhr", "Tagungshaus am See, Hannover"),
    Kind.LINES,
).optional()
KEPT = Placeholder(
    "bleibt",
    "kept",
    "Tage und Ort, wenn nur die Online-Adresse neu ist",
    ("Mo, 8. März 2027, 9:00–16:30 Uhr", "Tagungshaus am See, Hannover"),
    Kind.LINES,
).optional()
ONLINE_NOTE = Placeholder(
    "online_hinweis",
    "online_note",
    "was mit der Online-Sitzung ist, wenn das neu ist",
    "Hier kommen Sie zur Online-Sitzung:",
).optional()
ONLINE_LINK = Placeholder(
    "online_link",
    "online_link",
    "Link zur Online-Sitzung, wenn er neu ist",
    "/#online",
    Kind.LINK,
    is_optional=True,
    label="Zur Online-Sitzung",
)
MESSAGE = Placeholder(
    "nachricht",
    "message",
    "was die Organisation beim Verschieben dazu schreibt",
    ("Das Tagungshaus ist an diesem Tag geschlossen.",),
    Kind.LINES,
).optional()
REASON = Placeholder(
    "grund", "reason", "Grund der Absage", ("Zu wenige Anmeldungen.",), Kind.LINES, is_required=True
)
STANDING = Placeholder(
    "was_das_heisst",
    "standing_note",
    "was das für diese Person heißt",
    "Sie stehen weiter auf der Warteliste. Wird ein Platz frei, schreiben wir Ihnen.",
)
MOVED = "wenn die Organisation einen Termin verschiebt und die Betroffenen informiert"
CANCELLED = "wenn die Organisation einen Termin absagt"
COHORT_CANCELLED = "wenn die Organisation den ganzen Durchgang absagt"
TRAINER = "Trainerinnen und Trainer des Termins"

OCCASIONS = (
    Occasion(
        "netzkoord/mail/session_moved.txt",
        AREA,
        "Termin verschoben",
        MOVED,
        "Angenommene, für die der Termin gedacht ist",
        (
            *ABOUT,
            SESSION,
            NEWS,
            NOW,
            BEFORE,
            KEPT,
            ONLINE_NOTE,
            ONLINE_LINK,
            MESSAGE,
            LINK.labelled("Meine Termine ansehen"),
            CALENDAR_LINK,
        ),
    ),
    Occasion(
        "netzkoord/mail/session_moved_waiting.txt",
        AREA,
        "Termin verschoben, ohne Platz",
        MOVED,
        "Personen auf der Warteliste oder ohne Entscheidung",
        (*ABOUT, SESSION, NEWS, NOW, BEFORE, MESSAGE, STANDING, OWN_PAGE),
    ),
    Occasion(
        "netzkoord/mail/trainer_session_moved.txt",
        AREA,
        "Termin verschoben, an das Training",
        MOVED,
        TRAINER,
        (
            NAME,
            COHORT,
            CONTACT,
            SESSION,
            NEWS,
            NOW,
            BEFORE,
            KEPT,
            ONLINE_NOTE,
            ONLINE_LINK,
            MESSAGE,
            Placeholder(
                "antwort",
                "answer_note",
                "ob neu zugesagt werden muss",
                "Bitte sagen Sie hier für die neuen Angaben zu oder ab:",
            ),
            LINK.labelled("Zum Termin antworten"),
        ),
    ),
    Occasion(
        "netzkoord/mail/session_cancelled.txt",
        AREA,
        "Termin abgesagt",
        CANCELLED,
        "Angenommene, für die der Termin gedacht war",
        (*ABOUT, SESSION, DAYS, PLACE, REASON, LINK.labelled("Meine Termine ansehen")),
    ),
    Occasion(
        "netzkoord/mail/trainer_session_cancelled.txt",
        AREA,
        "Termin abgesagt, an das Training",
        CANCELLED,
        TRAINER,
        (NAME, COHORT, CONTACT, SESSION, DAYS, PLACE, REASON, LINK.labelled("Termin ansehen")),
    ),
    Occasion(
        "netzkoord/mail/cohort_cancelled.txt",
        AREA,
        "Durchgang abgesagt",
        COHORT_CANCELLED,
        "alle Angemeldeten, die nicht abgelehnt sind",
        (*ABOUT, REASON, STANDING, OWN_PAGE),
    ),
    Occasion(
        "netzkoord/mail/trainer_cohort_cancelled.txt",
        AREA,
        "Durchgang abgesagt, an das Training",
        COHORT_CANCELLED,
        "Trainerinnen und Trainer des Durchgangs",
        (NAME, COHORT, CONTACT, REASON, LINK.labelled("Termine ansehen")),
    ),
    Occasion(
        "netzkoord/mail/staff_invited.txt",
        "Konten",
        "Zugang zur Plattform",
        "wenn jemand eine Rolle bekommt",
        "die neue Person",
        (
            Placeholder("rolle", "roles", "Rolle auf der Plattform", "Trainer/in"),
            LINK.labelled("Anmelden"),
        ),
    ),
)
