"""Mails of the waiting list and of the pool, as a table."""

from curriculum.occasions import COHORT, CONTACT, LINK
from netzkoord.lib.mail_texts import Occasion
from netzkoord.lib.placeholders import Placeholder
from participants.occasions import (
    ABOUT,
    GREETING,
    INVITER,
    MUNICIPALITY,
    ORGANISATION,
    OWN,
    OWN_PAGE,
    PARTNER,
    ROLE,
)

OFFERED = Placeholder("angebot", "offered", "was angeboten ist", "Zwei Plätze für Ihr Tandem")
DEADLINE = Placeholder("frist", "deadline", "Ende der Frist", "Sa, 7. November 2026, 23:59 Uhr")
ANSWER_NOTE = Placeholder(
    "hinweis_antwort",
    "answer_note",
    "bei zwei Personen: dass eine Antwort genügt",
    "Eine Antwort genügt. Sie gilt für das ganze Tandem; die andere Person bekommt eine Mail.",
).optional()
WHO_HAS = Placeholder("wer_hat", "who_has", "wer geantwortet hat, mit „hat“ oder „haben“", "Konrad Łukasik hat")
MADE_ON = Placeholder("angeboten_am", "made_on", "Tag des Angebots", "Mo, 2. November 2026")
JOINT_NOTE = Placeholder(
    "hinweis_gemeinsam",
    "joint_note",
    "bei Tandems, die sich eine Person teilen: dass die Antwort für alle gilt",
    "Die Antwort gilt für Moers und Kleve gemeinsam, weil sie sich eine Person teilen.",
).optional()
ANSWER = LINK.labelled("Angebot ansehen und antworten")

WAITING_LIST = "Warteliste"
SUBSTITUTES = "Vertretung"
POOL = "Pool"
BOTH = "beide im Tandem"
ASKED = "alle, die gefragt sind"

OCCASIONS = (
    Occasion(
        "participants/mail/offer.txt",
        WAITING_LIST,
        "Angebot eines Platzes",
        "wenn die Warteliste nachrückt oder die Organisation anbietet",
        BOTH,
        (*ABOUT, OFFERED, DEADLINE, ANSWER_NOTE, ANSWER.required()),
    ),
    Occasion(
        "participants/mail/offer_reminder.txt",
        WAITING_LIST,
        "Erinnerung an ein Angebot",
        "einen Tag vor dem Ende der Frist, bei kurzer Frist nach der Hälfte",
        BOTH,
        (*ABOUT, OFFERED, DEADLINE, ANSWER_NOTE, ANSWER.required()),
    ),
    Occasion(
        "participants/mail/offer_declined.txt",
        WAITING_LIST,
        "Angebot abgelehnt",
        "wenn eine Person für alle ablehnt, die gemeinsam gefragt sind",
        ASKED,
        (*ABOUT, WHO_HAS, MADE_ON, JOINT_NOTE, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/offer_expired.txt",
        WAITING_LIST,
        "Angebot abgelaufen",
        "wenn bis zum Ende der Frist niemand geantwortet hat",
        BOTH,
        (*ABOUT, MADE_ON, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/offer_revoked.txt",
        WAITING_LIST,
        "Angebot zurückgenommen",
        "wenn die Organisation ein offenes Angebot zurücknimmt",
        BOTH,
        (*ABOUT, MADE_ON, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/place_kept.txt",
        SUBSTITUTES,
        "Zurückgezogen, der Platz wird gehalten",
        "wenn jemand ein angenommenes Tandem verlässt",
        OWN,
        (*ABOUT, DEADLINE, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/partner_left.txt",
        SUBSTITUTES,
        "Zweite Person hat ein angenommenes Tandem verlassen",
        "wenn die andere Person geht und ihr Platz gehalten wird",
        "die Person, die bleibt",
        (*ABOUT, PARTNER, DEADLINE, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/substitute.txt",
        SUBSTITUTES,
        "Einladung als Vertretung",
        "wenn für eine Person, die geht, eine andere genannt wird",
        "genannte Person",
        (
            INVITER,
            ORGANISATION,
            MUNICIPALITY,
            COHORT,
            ROLE,
            DEADLINE,
            CONTACT,
            LINK.labelled("Einladung ansehen").required(),
        ),
    ),
    Occasion(
        "participants/mail/substitute_declined.txt",
        SUBSTITUTES,
        "Vertretung hat abgesagt",
        "wenn die als Vertretung genannte Person ablehnt",
        "die Person, die gegangen ist",
        (*ABOUT, DEADLINE, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/replaced.txt",
        SUBSTITUTES,
        "Von der Organisation ersetzt",
        "wenn die Organisation eine Person durch eine andere ersetzt",
        "die Person, die ersetzt wird",
        (*ABOUT, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/pool_invitation.txt",
        POOL,
        "Einladung aus dem Pool",
        "wenn die Organisation aus dem Pool einlädt",
        "wer früher keinen Platz bekam und zugestimmt hat",
        (
            GREETING,
            COHORT,
            MUNICIPALITY,
            CONTACT,
            Placeholder("frueherer_durchgang", "earlier", "Durchgang, in dem kein Platz war", "Hannover 2026"),
            Placeholder(
                "hinweis_beginn",
                "opening_note",
                "ab wann sich alle anmelden können",
                "Die Anmeldung öffnet für alle am Mo, 1. März 2027; Sie können sich schon jetzt anmelden.",
            ).optional(),
            Placeholder("anmeldeschluss", "closes_on", "Anmeldeschluss", "Mi, 31. März 2027"),
            LINK.labelled("Jetzt anmelden").required(),
        ),
    ),
)
