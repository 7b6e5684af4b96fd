"""Mails to those who register and take part, as a table."""

from dataclasses import replace

from curriculum.occasions import COHORT, CONTACT, DAYS, LINK, PLACE, SESSION
from netzkoord.lib.mail_texts import Occasion
from netzkoord.lib.placeholders import Kind, Placeholder

GREETING = Placeholder("anrede", "greeting", "Gruß mit Anrede und Namen", "Guten Tag Frau Dr. Özdemir-Voß")
MUNICIPALITY = Placeholder("kommune", "municipality", "Kommune des Tandems", "Musterstadt")
ROLE = Placeholder("rolle", "role", "Rolle im Tandem", "Koordinierungskraft")
PARTNER = Placeholder("zweite_person", "partner", "Name der anderen Person im Tandem", "Konrad Łukasik")
INVITER = Placeholder("einladende_person", "inviter", "Name der Person, die einlädt", "Konrad Łukasik")
ORGANISATION = Placeholder("organisation", "organisation", "Organisation dieser Person", "Stadtverwaltung")
PARTNER_ADDRESS = Placeholder(
    "adresse_der_zweiten_person",
    "partner_address",
    "E-Mail-Adresse der anderen Person",
    "konrad@stadt.example",
    Kind.ADDRESS,
)
OTHER = Placeholder(
    "andere_person",
    "other",
    "Rolle, Kommune und Handlungsfeld der anderen Person, ohne Namen",
    "eine Koordinierungskraft aus Musterstadt, Handlungsfeld Bildung",
)
PERSON = Placeholder("person", "person", "Name der angemeldeten Person", "Dr. Friederike Özdemir-Voß")
SUPERIOR = Placeholder(
    "vorgesetzte_person", "superior", "Name und Funktion der vorgesetzten Person", "Petra Groß (Dezernentin)"
)
ANSWER = Placeholder("antwort", "answer", "ihre Antwort", "stimmt Ihrer Teilnahme zu")
PARTNER_NOTE = Placeholder(
    "hinweis_tandem",
    "partner_note",
    "Hinweis, solange die zweite Person fehlt",
    "In Ihrem Tandem fehlt noch die zweite Person.",
).optional()
SESSIONS = Placeholder(
    "termine",
    "sessions",
    "alle Termine der Person, je Zeile ein Tag",
    (
        "Mo, 8. März 2027, 9:00–16:30 Uhr: M1 Grundlagen (Tagungshaus am See, Hannover)",
        "Di, 4. Mai 2027, 9:00–16:30 Uhr: M2 Netzwerke steuern (online)",
    ),
    Kind.LINES,
).optional()
CALENDAR_LINK = Placeholder(
    "kalender_link",
    "calendar_link",
    "Link zur Datei mit allen Terminen",
    "/#termine",
    Kind.LINK,
    label="Termine für den Kalender",
)
PAPER_LINK = Placeholder(
    "einladung_link",
    "paper_link",
    "Link zur Einladung als PDF",
    "/#einladung",
    Kind.LINK,
    label="Einladung ansehen (PDF)",
)
FIRST_DAY = Placeholder("erster_tag", "first_day", "erster Tag des Termins", "Mo, 8. März 2027")
ONLINE_LINK = Placeholder(
    "online_link",
    "online_link",
    "Link zur Online-Sitzung, wenn es eine gibt",
    "/#online",
    Kind.LINK,
    is_optional=True,
    label="Zur Online-Sitzung",
)
ADDITION = Placeholder(
    "zusatz",
    "addition",
    "Zusatz der Organisation aus der Regel",
    ("Bitte bringen Sie ein Beispiel aus Ihrer Kommune mit.",),
    Kind.LINES,
).optional()
CERTIFICATE = Placeholder("bescheinigung", "certificate", "Art der Bescheinigung", "Teilnahmebescheinigung")
NUMBER = Placeholder("nummer", "number", "Nummer der Bescheinigung", "2026-00017")
ISSUED_ON = Placeholder("ausgestellt_am", "issued_on", "Tag der Ausstellung", "27. Juli 2026")
REPLACED_NUMBER = Placeholder(
    "ersetzte_nummer", "replaced_number", "Nummer der Bescheinigung, die nicht mehr gilt", "2026-00012"
)
OWN_PAGE = LINK.labelled("Meine Anmeldung ansehen")
ABOUT = (GREETING, COHORT, MUNICIPALITY, ROLE, CONTACT)

REGISTERING = "Anmeldung"
SELECTION = "Auswahl"
SESSION_MAILS = "Termine und Bescheinigungen"
OWN = "angemeldete Person"

ABOUT_SESSION = (*ABOUT, SESSION, FIRST_DAY, DAYS, PLACE, ONLINE_LINK, ADDITION, CALENDAR_LINK, OWN_PAGE)
# The words are those of the rule itself.
OWN_SESSION_MAIL = Occasion(
    "",
    SESSION_MAILS,
    "Eigener Text",
    "wenn eine Regel es sagt",
    "Angenommene, für die der Termin gedacht ist",
    (*ABOUT, SESSION, FIRST_DAY, DAYS, PLACE, ONLINE_LINK, CALENDAR_LINK, replace(OWN_PAGE, is_required=False)),
)

OCCASIONS = (
    Occasion(
        "participants/mail/confirm.txt",
        REGISTERING,
        "Bitte um Bestätigung",
        "sofort, wenn eine Anmeldung eingeht",
        "E-Mail-Adresse der Anmeldung",
        (
            *ABOUT,
            Placeholder("frist_tage", "days", "so viele Tage gilt der Link", "3"),
            LINK.labelled("Anmeldung bestätigen"),
        ),
    ),
    Occasion(
        "participants/mail/already_registered.txt",
        REGISTERING,
        "Schon angemeldet",
        "wenn sich jemand ein zweites Mal anmeldet",
        OWN,
        (*ABOUT, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/confirmed.txt",
        REGISTERING,
        "Anmeldung bestätigt",
        "wenn die Person ihre Adresse bestätigt hat",
        OWN,
        (
            *ABOUT,
            Placeholder(
                "hinweis_tandem",
                "partner_note",
                "Satz, ob die zweite Person eingeladen ist",
                "Die zweite Person Ihres Tandems hat eine Einladung mit einem eigenen Link erhalten.",
            ).optional(),
            OWN_PAGE,
        ),
    ),
    Occasion(
        "participants/mail/link.txt",
        REGISTERING,
        "Neuer Link zur Anmeldung",
        "wenn jemand einen neuen Link anfordert",
        OWN,
        (*ABOUT, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/partner.txt",
        REGISTERING,
        "Einladung ins Tandem",
        "wenn jemand die zweite Person nennt",
        "genannte zweite Person",
        (INVITER, ORGANISATION, MUNICIPALITY, COHORT, ROLE, CONTACT, LINK.labelled("Einladung ansehen")),
    ),
    Occasion(
        "participants/mail/partner_bound.txt",
        REGISTERING,
        "Einladung ins Tandem an schon Angemeldete",
        "wenn die genannte Person schon eine eigene Anmeldung hat",
        "genannte zweite Person",
        (INVITER, ORGANISATION, MUNICIPALITY, COHORT, CONTACT, LINK.labelled("Einladung ansehen")),
    ),
    Occasion(
        "participants/mail/partner_reminder.txt",
        REGISTERING,
        "Erinnerung an die zweite Person",
        "4 und 9 Tage nach der Einladung, wenn sie nicht geantwortet hat",
        "genannte zweite Person",
        (INVITER, ORGANISATION, MUNICIPALITY, COHORT, ROLE, CONTACT, LINK.labelled("Einladung ansehen")),
    ),
    Occasion(
        "participants/mail/partner_silent.txt",
        REGISTERING,
        "Zweite Person hat nicht geantwortet",
        "14 Tage nach der Einladung",
        "die Person, die eingeladen hat",
        (*ABOUT, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/partner_declined.txt",
        REGISTERING,
        "Zweite Person hat abgesagt",
        "wenn die eingeladene Person ablehnt",
        "die Person, die eingeladen hat",
        (*ABOUT, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/proposal.txt",
        REGISTERING,
        "Vorschlag einer zweiten Person",
        "wenn zwei Suchende zueinander passen",
        "beide, ohne den Namen der anderen Person",
        (*ABOUT, OTHER, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/proposal_refused.txt",
        REGISTERING,
        "Vorschlag abgelehnt",
        "wenn die andere Person Nein sagt, nachdem diese zugestimmt hat",
        "die Person, die zugestimmt hat",
        (*ABOUT, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/joined.txt",
        REGISTERING,
        "Zwei Suchende sind ein Tandem",
        "wenn beide dem Vorschlag zugestimmt haben",
        "beide",
        (*ABOUT, PARTNER, PARTNER_ADDRESS, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/approval_question.txt",
        REGISTERING,
        "Bitte um Zustimmung",
        "wenn jemand bestätigt ist, der eine vorgesetzte Person genannt hat",
        "vorgesetzte Person",
        (PERSON, ORGANISATION, MUNICIPALITY, COHORT, CONTACT, LINK.labelled("Zustimmen oder ablehnen")),
    ),
    Occasion(
        "participants/mail/approval_answer.txt",
        REGISTERING,
        "Antwort der vorgesetzten Person",
        "wenn sie geantwortet hat",
        OWN,
        (*ABOUT, SUPERIOR, ANSWER, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/address_question.txt",
        REGISTERING,
        "Neue E-Mail-Adresse bestätigen",
        "wenn jemand die eigene Adresse ändern will",
        "neue E-Mail-Adresse",
        (*ABOUT, LINK.labelled("Adresse übernehmen")),
    ),
    Occasion(
        "participants/mail/address_changed.txt",
        REGISTERING,
        "E-Mail-Adresse geändert",
        "wenn die neue Adresse bestätigt ist",
        "bisherige E-Mail-Adresse",
        ABOUT,
    ),
    Occasion(
        "participants/mail/complete.txt",
        REGISTERING,
        "Tandem ist vollständig",
        "wenn die zweite Person bestätigt hat",
        "beide im Tandem",
        (*ABOUT, PARTNER, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/withdrawn.txt",
        REGISTERING,
        "Anmeldung zurückgezogen",
        "wenn jemand die eigene Anmeldung zurückzieht",
        OWN,
        (*ABOUT, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/partner_withdrew.txt",
        REGISTERING,
        "Zweite Person hat sich zurückgezogen",
        "wenn die andere Hälfte des Tandems sich zurückzieht",
        "die Person, die bleibt",
        (*ABOUT, PARTNER, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/partner_merged.txt",
        REGISTERING,
        "Zweite Person war zweimal angemeldet",
        "wenn die Organisation zwei Anmeldungen einer Person zusammenführt und diese im anderen Tandem bleibt",
        "die Person, die im Tandem zurückbleibt",
        (*ABOUT, PARTNER, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/accepted.txt",
        SELECTION,
        "Zusage",
        "wenn ein Tandem einen Platz bekommt",
        "beide im Tandem",
        (*ABOUT, PARTNER_NOTE, SESSIONS, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/waiting.txt",
        SELECTION,
        "Warteliste",
        "wenn ein Tandem auf die Warteliste kommt",
        "beide im Tandem",
        (*ABOUT, PARTNER_NOTE, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/declined.txt",
        SELECTION,
        "Absage",
        "wenn ein Tandem keinen Platz bekommt",
        "beide im Tandem",
        (*ABOUT, OWN_PAGE),
    ),
    Occasion(
        "participants/mail/invitation.txt",
        SESSION_MAILS,
        "Einladung zum Termin",
        "wenn die Organisation die Einladungen versendet",
        "Angenommene, für die der Termin gedacht ist",
        (
            *ABOUT,
            SESSION,
            FIRST_DAY,
            DAYS,
            PLACE,
            PAPER_LINK.required(),
            CALENDAR_LINK,
            OWN_PAGE,
        ),
    ),
    Occasion(
        "participants/mail/reminder.txt",
        SESSION_MAILS,
        "Erinnerung an den Termin",
        "wenn eine Regel an den Termin erinnert",
        "Angenommene, für die der Termin gedacht ist",
        ABOUT_SESSION,
    ),
    Occasion(
        "participants/mail/thanks.txt",
        SESSION_MAILS,
        "Dank und Unterlagen",
        "wenn eine Regel nach dem Termin dankt",
        "Angenommene, für die der Termin gedacht war",
        (*ABOUT, SESSION, ADDITION, LINK.labelled("Unterlagen ansehen")),
    ),
    Occasion(
        "participants/mail/certificate_issued.txt",
        SESSION_MAILS,
        "Bescheinigung liegt bereit",
        "wenn Teilnahmebescheinigung oder Zertifikat ausgestellt und das PDF erstellt ist",
        "Teilnehmende",
        (*ABOUT, CERTIFICATE, LINK.labelled("Bescheinigung herunterladen")),
    ),
    Occasion(
        "participants/mail/municipality_certificate_issued.txt",
        SESSION_MAILS,
        "Urkunde für die Kommune liegt bereit",
        "wenn die Urkunde für die Kommune eines Tandems ausgestellt und das PDF erstellt ist",
        "beide Teilnehmende des Tandems",
        (*ABOUT, LINK.labelled("Urkunde herunterladen")),
    ),
    Occasion(
        "participants/mail/certificate_replaced.txt",
        SESSION_MAILS,
        "Bescheinigung oder Urkunde neu ausgestellt",
        "wenn eine Bescheinigung oder Urkunde ersetzt und das PDF der neuen erstellt ist",
        "wem sie gehört; bei der Urkunde beide im Tandem",
        (
            *ABOUT,
            CERTIFICATE,
            NUMBER,
            ISSUED_ON,
            REPLACED_NUMBER,
            LINK.labelled("Neue Bescheinigung herunterladen"),
        ),
    ),
    Occasion(
        "participants/mail/certificate_revoked.txt",
        SESSION_MAILS,
        "Bescheinigung oder Urkunde widerrufen",
        "wenn eine Bescheinigung oder Urkunde widerrufen wird, deren PDF erstellt war",
        "wem sie gehört; bei der Urkunde beide im Tandem",
        (*ABOUT, CERTIFICATE, NUMBER, ISSUED_ON, LINK.labelled("Meine Startseite ansehen")),
    ),
)
