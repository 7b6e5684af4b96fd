"""Mails about the curriculum's delivery, as a table, and the placeholders that mails of every app share."""

from netzkoord.lib.mail_texts import Occasion
from netzkoord.lib.placeholders import Kind, Placeholder

COHORT = Placeholder("durchgang", "cohort", "Titel des Durchgangs", "Hannover 2027")
CONTACT = Placeholder(
    "kontakt", "contact", "E-Mail-Adresse für Rückfragen", "kursbuero@stadt.example", Kind.ADDRESS
)
NAME = Placeholder("name", "name", "Titel, Vorname und Familienname", "Dr. Tarik Sommer")
SESSION = Placeholder("termin", "session", "Modul des Termins", "M3 Netzwerke steuern")
DAYS = Placeholder(
    "tage",
    "days",
    "Tage des Termins mit Uhrzeit, je Zeile einer",
    ("Mo, 8. März 2027, 9:00–16:30 Uhr", "Di, 9. März 2027, 9:00–15:00 Uhr"),
    Kind.LINES,
)
PLACE = Placeholder("ort", "place", "Ort des Termins", "Tagungshaus am See, Hannover")
LINK = Placeholder("link", "link", "persönlicher Link", "/#beispiel", Kind.LINK, is_required=True)

AREA = "Training und Erlebnisberichte"

OCCASIONS = (
    Occasion(
        "curriculum/mail/trainer_asked.txt",
        AREA,
        "Bitte um Terminzusage",
        "wenn die Organisation um die Zusage zu einem Termin bittet",
        "Trainerin oder Trainer",
        (NAME, COHORT, SESSION, DAYS, PLACE, LINK.labelled("Zusagen oder absagen")),
    ),
    Occasion(
        "curriculum/mail/trainer_refused.txt",
        AREA,
        "Absage zu einem Termin",
        "wenn jemand aus dem Training einen Termin absagt",
        "Organisation (Adresse für Rückfragen)",
        (
            NAME,
            COHORT,
            SESSION,
            DAYS,
            Placeholder("bemerkung", "remark", "was dazu geschrieben wurde", "Ich bin dann im Urlaub.").optional(),
            LINK.labelled("Termin neu besetzen"),
        ),
    ),
    Occasion(
        "curriculum/mail/trainer_released.txt",
        AREA,
        "Nicht mehr eingeplant",
        "wenn jemand anderes einen Termin übernimmt",
        "Trainerin oder Trainer",
        (NAME, COHORT, SESSION, DAYS, CONTACT),
    ),
    Occasion(
        "curriculum/mail/practice_report_link.txt",
        AREA,
        "Bitte um einen Erlebnisbericht",
        "wenn die Organisation um den Text bittet",
        "Person aus der Praxis",
        (
            Placeholder("name", "practitioner", "Name der Person aus der Praxis", "Petra Praxis"),
            Placeholder("titel", "title", "Titel des Erlebnisberichts", "Ein Jahr Koordination"),
            COHORT,
            Placeholder(
                "modul",
                "module",
                "Modul, in dem berichtet wird, mit seinen Tagen",
                "„Netzwerke steuern“ (Mo, 8. März 2027 und Di, 9. März 2027)",
            ),
            CONTACT,
            LINK.labelled("Erlebnisbericht schreiben"),
        ),
    ),
)
