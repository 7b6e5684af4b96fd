"""The Einladung as paper: when, where, the course with clock times, what to bring."""

import datetime

import pytest
from django.utils import timezone

from curriculum.invitation import invitation_paper
from curriculum.models import AgendaItem, AgendaKind, Session
from tests import factories
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_text


@pytest.fixture
def session(db):
    session = factories.SessionFactory(
        cohort__title="Durchgang 2027",
        cohort__contact_email="kurs@stadt.example",
        module__code="K1",
        module__title="Rolle",
        venue=factories.VenueFactory(
            name="Bürgerhaus", street="Markt 1", postal_code="01067", city="Dresden", directions="Tram 4\nTram 9"
        ),
        days=[datetime.date(2027, 2, 1), datetime.date(2027, 2, 2)],
        trainers=[factories.UserFactory(title="Dr.", given_names="Tarik", family_name="Sommer")],
    )
    unit = factories.UnitFactory(
        module=session.module, position=1, title="Ankommen", material="Netzwerkskizze\nStifte", minutes=120
    )
    factories.UnitFactory(module=session.module, position=2, title="Karussell", material="Stifte\n")
    first = session.days.first()
    for place, (kind, title, minutes) in enumerate(
        [("UNIT", "", 90), (AgendaKind.BREAK, "Kaffeepause", 15), ("UNIT", "", 30)], start=1
    ):
        AgendaItem.objects.create(
            day=first, position=place, kind=kind, title=title, minutes=minutes, unit=None if title else unit
        )
    return session


def text_of(session):
    return pdf_text(invitation_paper(session.pk)).replace("\u00a0", " ")


def test_invitation_pdf_says_when_where_and_what(session):
    text = text_of(session)

    for part in (
        "Einladung",
        "Mo, 1. Februar 2027, 9:00–16:30 Uhr",
        "Di, 2. Februar 2027, 9:00–16:30 Uhr",
        "Bürgerhaus Markt 1, 01067 Dresden",
        "Tram 4 Tram 9",
        "Dr. Tarik Sommer",
        "9:00–10:30 Ankommen",
        "10:30–10:45 Kaffeepause",
        "10:45–11:15 Ankommen (Fortsetzung)",
        "16 UE",
        "kurs@stadt.example",
    ):
        assert part in text
    assert "Stifte" not in text  # what has to lie ready is the trainers' business


@pytest.mark.one_database
def test_invitation_pdf_of_an_online_session_names_its_address(session):
    Session.objects.filter(pk=session.pk).update(venue=None, online_url="https://treffen.example/1")

    text = text_of(session)

    assert "Online https://treffen.example/1" in text
    assert "Anreise" not in text


@pytest.mark.one_database
def test_invitation_pdf_without_a_course_says_the_hours(session):
    AgendaItem.objects.all().delete()

    text = text_of(session)

    assert "Ablauf" not in text
    assert "9:00–16:30 Uhr" in text


@pytest.mark.one_database
def test_invitation_pdf_of_a_cancelled_session_says_so(session):
    Session.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())

    assert "Dieser Termin ist abgesagt." in text_of(session)


@pytest.mark.verapdf
def test_invitation_pdf_is_tagged_and_valid(session):
    paper = invitation_paper(session.pk)

    outline = pdf_outline(paper)
    assert outline.count("H1") == 1
    assert outline.count("Caption") == 1
    assert outline.count("TD of 2") == 3
    assert_pdf_ua_and_a(paper)


def test_invitation_pdf_is_for_the_staff_of_the_session(client, organiser, trainer, stranger, session):
    address = f"/termine/{session.pk}/einladung.pdf"
    assert client.get(address).status_code == 302
    client.force_login(trainer)
    assert client.get(address).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 403
    client.force_login(organiser)
    response = client.get(address)
    assert response["Content-Disposition"] == 'inline; filename="einladung-k1.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert client.post(address).status_code == 405
