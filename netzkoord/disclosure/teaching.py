"""What `curriculum` holds about a person: sessions they teach, their word on dates, reports, material, a feed."""

from django.db.models import Q

from curriculum.models import CalendarFeed, PracticeReport, Session, SessionMaterial, TrainerConfirmation
from netzkoord.disclosure.belonging import Belonging
from netzkoord.disclosure.shapes import Column, Section, Shown, Table

CONFIRMATION = Shown(
    TrainerConfirmation,
    "date_confirmations",
    "Ihre Terminzusagen",
    ("session", "asked_at", "answer", "answered_at", "remark"),
    left_out={
        "id": "ist eine laufende Nummer",
        "trainer": "sind Sie",
        "sequence": "zählt, wie oft der Termin verschoben wurde",
    },
)
REPORT = Shown(
    PracticeReport,
    "practice_reports",
    "Ihre Erlebnisberichte",
    ("session", "practitioner", "email", "municipality", "title", "text", "asked_at", "released_at"),
    left_out={"id": "ist eine laufende Nummer", "link_key": "ist der Schlüssel Ihres Links"},
    as_facts=True,
)
MATERIAL = Shown(
    SessionMaterial,
    "materials",
    "Von Ihnen hochgeladenes Material",
    ("session", "title", "original_name", "content_type", "size_bytes", "uploaded_at", "released_at"),
    left_out={
        "id": "ist eine laufende Nummer",
        "file": "die Datei laden Sie auf der Seite des Termins herunter",
        "uploaded_by": "sind Sie",
    },
    as_facts=True,
)
FEED = Shown(
    CalendarFeed,
    "calendar_feed",
    "Kalender-Abo",
    ("created_at",),
    left_out={
        "id": "ist eine laufende Nummer",
        "user": "sind Sie",
        "key": "ist der Schlüssel der Adresse; sie steht auf der Seite „Kalender“",
    },
)
SHOWN = (CONFIRMATION, REPORT, MATERIAL, FEED)


def sections(own: Belonging) -> list[Section]:
    person = own.person
    mine = Q()
    for address in sorted(own.addresses):
        mine |= Q(email__iexact=address)
    confirmations = TrainerConfirmation.objects.filter(trainer=person).select_related("session__module")
    reports = PracticeReport.objects.filter(mine).select_related("session__module")
    materials = SessionMaterial.objects.filter(uploaded_by=person).select_related("session__module")
    return [
        Section(
            "delivery",
            "Termine, Berichte und Material",
            "von Ihnen; wo Sie lehren, von der Organisation",
            [
                taught(own),
                CONFIRMATION.table(confirmations.order_by("-asked_at", "-pk"), person),
                REPORT.table(reports, person),
                MATERIAL.table(materials.order_by("-uploaded_at", "-pk"), person),
                FEED.table(CalendarFeed.objects.filter(user=person), person),
            ],
        )
    ]


def taught(own: Belonging) -> Table:
    """The sessions whose trainer the person is."""
    sessions = Session.objects.with_dates().filter(trainers=own.person).select_related("module", "cohort")
    columns = [Column("cohort", "Durchgang"), Column("session", "Termin"), Column("first_on", "Erster Tag")]
    rows = [(str(session.cohort), str(session), session.first_on) for session in reversed(list(sessions))]
    return Table("sessions_taught", "Termine, an denen Sie lehren", columns, rows)
