"""The Ausschreibung as paper: what it says, that it is public, and that it is valid PDF/UA-1."""

import datetime

import pytest

from curriculum.announcement import announcement_paper
from curriculum.models import Aim
from netzkoord.lib import pdf, press
from tests import factories
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text
from tests.rewriting import rewrite


@pytest.fixture
def cohort(db):
    cohort = factories.CohortFactory(
        title="Durchgang 2027",
        edition__title="Netzwerkkoordination",
        registration_closes_on=datetime.date(2026, 12, 28),
        contact_email="kurs@stadt.example",
        announced_at=datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC),
    )
    Aim.objects.create(edition=cohort.edition, position=1, text="Sie erkennen Interdependenzen.")
    module = factories.ModuleFactory(edition=cohort.edition, title="Rolle", audiences=["COORDINATOR"])
    factories.UnitFactory(module=module, minutes=360)
    factories.ModuleFactory(edition=cohort.edition, title="Später", audiences=["MANAGER"])
    factories.SessionFactory(
        cohort=cohort,
        module=module,
        days=[datetime.date(2027, 2, 1)],
        venue__name="Bürgerhaus",
        online_url="https://treffen.example/geheim",
    )
    return cohort


def url(cohort):
    return f"/angebote/{cohort.pk}/ausschreibung.pdf"


def test_announcement_pdf_says_what_the_public_page_says(client, cohort, time_machine):
    time_machine.move_to(datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC))
    response = client.get(url(cohort))

    text = pdf_text(response.content).replace("\u00a0", " ")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="ausschreibung-durchgang-2027.pdf"'
    for part in (
        "Ausschreibung",
        "Netzwerkkoordination",
        "22 Personen, also 11 Tandems",
        "Sie erkennen Interdependenzen.",
        "Mo, 1. Februar 2027, 9:00–16:30 Uhr",
        "Bürgerhaus, Hannover",
        "Koordinierungskräfte 8 UE",
        "Termin folgt",
        "bis Mo, 28. Dezember 2026",
        "kurs@stadt.example",
        f"http://testserver/angebote/{cohort.pk}/",
        "mindestens 80 %",
    ):
        assert part in text
    assert "geheim" not in text


@pytest.mark.verapdf
def test_announcement_pdf_is_tagged_and_valid(cohort):
    paper = announcement_paper(cohort)

    outline = pdf_outline(paper)
    assert outline.count("H1") == 1
    assert [tag for tag in outline if tag.startswith("Figure")] == [
        "Figure: Zeichen von netzkoord",
        f"Figure: QR-Code zur Ausschreibung: http://testserver/angebote/{cohort.pk}/",
    ]
    assert pdf_reader(paper).metadata.title == "Netzwerkkoordination: Ausschreibung Durchgang 2027"
    assert_pdf_ua_and_a(paper)


@pytest.mark.one_database
def test_announcement_pdf_says_when_registration_is_closed(client, cohort, time_machine):
    time_machine.move_to(datetime.datetime(2026, 12, 30, tzinfo=datetime.UTC))

    text = pdf_text(client.get(url(cohort)).content)

    assert "Die Anmeldung ist geschlossen" in text
    assert "Anmelden bis" not in text


def test_announcement_pdf_does_not_exist_before_the_cohort_is_announced(client, cohort):
    rewrite(cohort, announced_at=None)

    assert client.get(url(cohort)).status_code == 404


def test_announcement_pdf_of_a_cancelled_cohort_leads_to_the_page_that_says_so(client, cohort):
    cohort.cancelled_at = cohort.announced_at
    cohort.save()

    response = client.get(url(cohort), follow=True)

    assert response.redirect_chain == [(f"/angebote/{cohort.pk}/", 302)]
    assert "Dieser Durchgang ist abgesagt." in response.content.decode()


def test_announcement_page_links_to_its_paper(client, cohort):
    assert url(cohort) in client.get(f"/angebote/{cohort.pk}/").content.decode()
    assert client.post(url(cohort)).status_code == 405


@pytest.mark.one_database
def test_a_text_too_long_for_paper_gets_a_sentence(client, cohort):
    cohort.edition.abstract = "Wort " * 130_000
    cohort.edition.save()

    response = client.get(url(cohort))

    assert response.status_code == 422
    assert "zu lang für ein PDF" in response.content.decode()


@pytest.mark.one_database
def test_announcement_pdf_is_made_once_for_the_same_content(client, cohort, monkeypatch):
    """Whoever asks for it while it is kept waits for no press, and takes none from anybody."""
    monkeypatch.setattr(press, "QUEUE_SECONDS", 0.1)
    first = client.get(url(cohort)).content

    with pdf.presses().one(), pdf.presses().one():
        second = client.get(url(cohort))
        cohort.contact_email = "neu@stadt.example"
        cohort.save()
        changed = client.get(url(cohort))

    assert second.content == first
    assert changed.status_code == 503
    assert "neu@stadt.example" in pdf_text(client.get(url(cohort)).content)
