"""The Transfervereinbarung on paper: what it says, how it is built, and that it is valid."""

import pytest

from netzkoord.templatetags.german import german_datetime
from participants.queries.transfer import agreement_page
from participants.transfer_papers import paper_of
from tests.participants.agreements import GOAL, STEP, SUPPORT, address, agreed, begun_tandem, manager_of
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LETTERS = "Łucja Ánh Größenwahn-Şahin ẞ"


def paper(tandem, **options):
    page = agreement_page(manager_of(tandem), tandem.pk)
    return paper_of(page, **({"has_signature_lines": False} | options))


@pytest.fixture
def tandem():
    tandem = begun_tandem()
    half = manager_of(tandem)
    half.title, half.family_name, half.position, half.email = "Dr.", LETTERS, "Dezernentin", "anna@stadt.example"
    half.save()
    return tandem


@pytest.mark.verapdf
def test_paper_says_who_agrees_on_what_and_who_has_confirmed_when(tandem):
    agreement = agreed(tandem)
    moment = german_datetime(agreement.manager_confirmed_at).replace("\u00a0", " ")

    document = paper(tandem)

    text = pdf_text(document).replace("\u00a0", " ")
    for part in [
        "Transfervereinbarung",
        "Tandem Moers",
        "Durchgang Süd",
        f"Führungskraft Dr. Anna {LETTERS} Stadtverwaltung, Dezernentin",
        "Koordinierungskraft Ben Roth",
        f"Unser Ziel {GOAL}",
        f"Unser erster Schritt {STEP}",
        f"an Unterstützung zu {SUPPORT}",
        "Bis wann Mo, 1. März 2027",
        f"am {moment} von Dr. Anna {LETTERS} am {moment} von Ben Roth",
        "eine Unterschrift ist dafür nicht nötig",
    ]:
        assert part in text
    assert "anna@stadt.example" not in text
    assert "Datum, Unterschrift" not in text
    outline = pdf_outline(document)
    assert [tag for tag in outline if tag.startswith("H")] == ["H1", *["H2"] * 5]
    assert "Figure: Zeichen von netzkoord" in outline
    assert len(pdf_reader(document).pages) == 1
    assert_pdf_ua_and_a(document)


@pytest.mark.verapdf
def test_paper_with_lines_for_those_who_want_ink(tandem):
    agreed(tandem)

    document = paper(tandem, has_signature_lines=True)

    assert pdf_text(document).count("Datum, Unterschrift") == 2
    assert len(pdf_reader(document).pages) == 1
    assert_pdf_ua_and_a(document)


@pytest.mark.verapdf
def test_the_longest_texts_keep_who_has_confirmed_in_one_piece(tandem):
    longest = ("Netzwerkkoordination " * 60)[:999] + "."
    lines = "\n".join(["Punkt"] * 100)
    agreed(tandem, goal=longest, first_step=lines, support="x" * 1000)

    document = paper(tandem, has_signature_lines=True)

    last = " ".join(pdf_reader(document).pages[-1].extract_text().split())
    assert "Bestätigt am" in last
    assert last.count("Datum, Unterschrift") == 2
    assert pdf_text(document).replace(" ", "").count("x" * 60) >= 1
    assert_pdf_ua_and_a(document)


def test_markup_stays_text_on_paper(tandem):
    agreed(tandem, goal='<img src="file:///etc/passwd"> {{7*7}}')

    assert '<img src="file:///etc/passwd"> {{7*7}}' in pdf_text(paper(tandem))


def test_the_paper_is_there_when_both_have_confirmed(client, tandem):
    agreement = agreed(tandem, by=["MANAGER"])
    half = manager_of(tandem)
    early = client.get(address(half, "transfer_paper"))

    agreement.coordinator_confirmed_at = agreement.manager_confirmed_at
    agreement.save()
    response = client.get(address(half, "transfer_paper"))
    with_lines = client.get(address(half, "transfer_paper") + "?linien=ja")

    assert early.status_code == 302
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="transfervereinbarung-moers.pdf"'
    assert "Datum, Unterschrift" not in pdf_text(response.content)
    assert "Datum, Unterschrift" in pdf_text(with_lines.content)
