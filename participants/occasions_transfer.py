"""Mails about the Transfervereinbarung of a tandem, as a table."""

from curriculum.occasions import LINK
from netzkoord.lib.mail_texts import Occasion
from participants.occasions import ABOUT, PARTNER

TRANSFER = "Transfervereinbarung"
OTHER = "die andere Person im Tandem"
BOTH = "beide im Tandem"
READ = LINK.labelled("Vereinbarung ansehen").required()

OCCASIONS = (
    Occasion(
        "participants/mail/transfer_question.txt",
        TRANSFER,
        "Bitte um die zweite Bestätigung",
        "wenn eine von beiden Personen die Vereinbarung bestätigt hat",
        OTHER,
        (*ABOUT, PARTNER, LINK.labelled("Vereinbarung lesen und bestätigen").required()),
    ),
    Occasion(
        "participants/mail/transfer_changed.txt",
        TRANSFER,
        "Vereinbarung geändert",
        "wenn jemand sie ändert, nachdem sie bestätigt war",
        OTHER,
        (*ABOUT, PARTNER, READ),
    ),
    Occasion(
        "participants/mail/transfer_confirmed.txt",
        TRANSFER,
        "Vereinbarung gilt",
        "wenn beide sie bestätigt haben",
        BOTH,
        (*ABOUT, PARTNER, READ),
    ),
    Occasion(
        "participants/mail/transfer_reminder.txt",
        TRANSFER,
        "Erinnerung an die Vereinbarung",
        "am vereinbarten Tag um 9 Uhr, wenn beide sie bestätigt haben",
        BOTH,
        (*ABOUT, PARTNER, READ),
    ),
)
