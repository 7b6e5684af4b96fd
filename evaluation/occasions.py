"""Mails that ask for answers, as a table."""

from curriculum.occasions import COHORT, LINK, NAME, SESSION
from netzkoord.lib.mail_texts import Occasion
from netzkoord.lib.placeholders import Placeholder

AREA = "Erhebungen"

OCCASIONS = (
    Occasion(
        "evaluation/mail/needs_invitation.txt",
        AREA,
        "Bedarfserhebung",
        "wenn die Bedarfserhebung beginnt, und an später Angenommene",
        "Angenommene",
        (
            NAME,
            COHORT,
            Placeholder("letzter_tag", "last_day", "letzter Tag zum Antworten", "Fr, 26. Februar 2027"),
            LINK.labelled("Bedarfe angeben"),
        ),
    ),
    Occasion(
        "evaluation/mail/feedback_invitation.txt",
        AREA,
        "Rückmeldung zum Termin",
        "wenn die Rückmeldung zu einem Termin öffnet",
        "wer anwesend war",
        (
            NAME,
            COHORT,
            SESSION,
            Placeholder("frist", "closes_at", "bis wann man antworten kann", "Fr, 19. März 2027, 18:00 Uhr"),
            LINK.labelled("Rückmeldung geben"),
        ),
    ),
)
