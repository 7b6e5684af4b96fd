"""Mails that ask for answers, as a table."""

from curriculum.occasions import COHORT, LINK, NAME, SESSION
from netzkoord.lib.mail_texts import Occasion
from netzkoord.lib.placeholders import Placeholder

AREA = "Erhebungen"
LAST_DAY = Placeholder("letzter_tag", "last_day", "letzter Tag zum Antworten", "Fr, 26. Februar 2027")
CLOSES_AT = Placeholder("frist", "closes_at", "bis wann man antworten kann", "Fr, 19. März 2027, 18:00 Uhr")
SURVEY = Placeholder("erhebung", "survey", "welche Erhebung", "Rückmeldung zum Termin: F Netzwerke führen")
ANSWER = LINK.labelled("Antworten")

OCCASIONS = (
    Occasion(
        "evaluation/mail/needs_invitation.txt",
        AREA,
        "Bedarfserhebung",
        "wenn die Bedarfserhebung beginnt, und an später Angenommene",
        "Angenommene",
        (NAME, COHORT, LAST_DAY, LINK.labelled("Bedarfe angeben")),
    ),
    Occasion(
        "evaluation/mail/needs_reminder.txt",
        AREA,
        "Bedarfserhebung: Erinnerung",
        "nach der Regel des Durchgangs, höchstens zweimal",
        "wer noch nicht geantwortet hat",
        (NAME, COHORT, LAST_DAY, LINK.labelled("Bedarfe angeben")),
    ),
    Occasion(
        "evaluation/mail/start_invitation.txt",
        AREA,
        "Selbsteinschätzung zu Beginn",
        "wenn die Selbsteinschätzung vor dem ersten Termin öffnet",
        "Angenommene",
        (NAME, COHORT, CLOSES_AT, LINK.labelled("Sich einschätzen")),
    ),
    Occasion(
        "evaluation/mail/feedback_invitation.txt",
        AREA,
        "Rückmeldung zum Termin",
        "wenn die Rückmeldung zu einem Termin öffnet",
        "wer anwesend war",
        (NAME, COHORT, SESSION, CLOSES_AT, LINK.labelled("Rückmeldung geben")),
    ),
    Occasion(
        "evaluation/mail/end_invitation.txt",
        AREA,
        "Abschlusserhebung",
        "wenn die Abschlusserhebung am Ende des letzten Termins öffnet",
        "Angenommene",
        (NAME, COHORT, CLOSES_AT, ANSWER),
    ),
    Occasion(
        "evaluation/mail/transfer_invitation.txt",
        AREA,
        "Transfererhebung",
        "wenn die Transfererhebung einige Monate nach dem letzten Termin öffnet",
        "Angenommene",
        (NAME, COHORT, CLOSES_AT, ANSWER),
    ),
    Occasion(
        "evaluation/mail/survey_reminder.txt",
        AREA,
        "Anonyme Erhebungen: Erinnerung",
        "nach der Regel des Durchgangs, höchstens zweimal",
        "wer noch nicht geantwortet hat",
        (NAME, COHORT, SURVEY, CLOSES_AT, ANSWER),
    ),
    Occasion(
        "evaluation/mail/result_ready.txt",
        AREA,
        "Ergebnis einer Rückmeldung",
        "wenn die Rückmeldung zu einem Termin ausgezählt ist",
        "Trainerinnen und Trainer des Termins",
        (NAME, COHORT, SESSION, LINK.labelled("Ergebnis ansehen")),
    ),
    Occasion(
        "evaluation/mail/result_returned.txt",
        AREA,
        "„Das haben Sie gesagt“",
        "wenn Training oder Organisation das Ergebnis mit einem Kommentar zurückgeben",
        "alle Befragten",
        (
            NAME,
            COHORT,
            Placeholder("anlass", "about", "Termin oder Erhebung, um die es geht", "M3 Netzwerke steuern"),
            LINK.labelled("Ergebnis ansehen"),
        ),
    ),
)
