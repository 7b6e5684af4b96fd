"""The information as paper: everything in words, bounded in length, PDF/UA and PDF/A."""

import datetime
import itertools
import re

import pytest

from netzkoord.disclosure import disclosure_of, paper
from netzkoord.disclosure.paper import MOST_ROWS, disclosure_paper, sections_on_paper, words
from netzkoord.disclosure.portable import disclosure_file
from netzkoord.disclosure.shapes import Column, Section, Table
from netzkoord.disclosure.snapshot import PARTS, TECHNICAL, content_in_words
from netzkoord.lib import mail
from netzkoord.models import LegalPage
from participants.models import Certificate
from tests import factories
from tests.disclosure import people
from tests.disclosure.people import FOREIGN
from tests.participants.finished import attending, certificate_for, finished_cohort, make_up
from tests.participants.test_certificate_content import FIRST_VERSION
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def pdf(module_db):
    return disclosure_paper(disclosure_of(people.everything().vera, is_asked_for=True))


@pytest.fixture(scope="module")
def text(pdf):
    return pdf_text(pdf).replace("\u00a0", " ")


@pytest.mark.verapdf
def test_paper_is_valid_pdf_ua_and_pdf_a(pdf):
    assert_pdf_ua_and_a(pdf)


@pytest.mark.parametrize(
    "part",
    [
        "Auskunft nach Art. 15 DSGVO",
        "Was über Vera Özdemir-Voß gespeichert ist",
        "der Organisation, auf Ihre Bitte",
        "Wozu (Buchstabe a)",
        "Beschwerde (Buchstabe f)",
        "Woher: von Ihnen oder von der Organisation",
        "Organisation Jugendamt",
        "Im Tandem mit Paul Partner (Koordinierungskraft)",
        "beim Arzt",
        "Weniger Sitzungen.",
        "Name: Vera Özdemir-Voß",
        "Besuchte Tage: 1. November 2026, 8 UE",
        "Wer ausscheidet, liest ihn dort nicht mehr",
        "Sie haben einen Platz.",
        "Nichts gespeichert: Vorgänge unter Ihrem Namen.",
        "Was Sie anonym geantwortet haben",
        "[noch nicht eingetragen: Name und Anschrift des Trägers, E-Mail, Telefon]",
    ],
)
def test_paper_says(text, part):
    assert part in text


def test_paper_says_a_certificate_as_a_person_reads_it(db, organiser):
    half = attending(finished_cohort())
    half.attendances.filter(half="AFTERNOON").update(presence="ABSENT")
    make_up(half, minutes=270)
    certificate = certificate_for(half, organiser)

    text = pdf_text(disclosure_paper(disclosure_of(half.person))).replace("\u00a0", " ")

    told = text.partition("Inhalt Überschrift: Teilnahmebescheinigung")[2].partition("Was nicht darin steht")[0]
    for part in [
        "Besuchte Tage: – 31. Oktober 2026 (Vormittag), Haus Durchgang 2017/18, Hannover, Präsenz, 4 von 8 UE – 1.",
        "Geplant: 16 UE Besucht: 8 UE",
        "Nachgeholt: 6 UE",
        "Nötig für die Teilnahmebescheinigung: 80 % der UE",
        "Module: Grundlagen der Netzwerkarbeit. Lernziele: Netzwerke analysieren · Konflikte moderieren",
        "– Dr. Anna Beispiel, Leitung der Fortbildung – Hochformat",
        "Ausgestellt am: 2. November 2026",
    ]:
        assert part in told
    assert certificate.content.keys() <= PARTS.keys() | TECHNICAL
    assert not re.search("ATTENDANCE|PORTRAIT|Fassung|Minuten", told)


def test_paper_says_all_that_a_certificate_can_hold():
    content = {
        "version": 2,
        "kind": "QUALIFICATION",
        "project": {"title": "Ein Netz", "units": 4, "completed_on": "2026-10-28"},
        "colloquium": {"title": "", "units": None, "completed_on": "2026-10-30"},
        "modules": [
            {
                "title": "Rolle",
                "goals": [],
                "competences": [{"name": "Führen", "levels": ["normativ", "operativ"]}],
            },
            {"title": "Netz", "goals": ["Verstehen", "Knüpfen"]},
        ],
        "imprint": {
            "issuer": "Institut",
            "place": "",
            "signatories": [{"name": "Anna", "function": "Leitung", "signature": "ab12"}],
            "layout": "LANDSCAPE",
            "intro": "Im Auftrag.",
            "logo": "cd34",
            "logo_alternative": "Ein Fluss",
        },
        "what_comes_later": "steht da",
    }

    told = words(content_in_words(Certificate(content=content), None)).replace("\u00a0", " ")

    assert told.split("\n") == [
        "Praxisprojekt: „Ein Netz“, 4 UE, abgeschlossen am 28. Oktober 2026",
        "Kolloquium: abgeschlossen am 30. Oktober 2026",
        "Module:",
        "– Rolle. Kompetenzen: Führen (normativ, operativ)",
        "– Netz. Lernziele: Verstehen · Knüpfen",
        "Veranstalter, Unterschrift und Gestaltung:",
        "– Institut",
        "– Anna, Leitung",
        "– Querformat",
        "– Im Auftrag.",
        "– Ein Fluss",
        "– Bild der Unterschrift: Prüfsumme ab12",
        "– Logo: Prüfsumme cd34",
        "what_comes_later: steht da",
    ]


def test_first_certificates_are_told_too():
    told = words(content_in_words(Certificate(content=FIRST_VERSION), None)).replace("\u00a0", " ")

    assert "– 8. Dezember 2017 (halbtägig), Lindenhof, Hannover, 4 UE" in told
    assert "– Dr. Anna Beispiel, Leitung der Fortbildung" in told


def test_paper_says_nothing_of_anybody_else(text):
    assert FOREIGN not in text
    assert "paul@stadt.example" not in text


def test_paper_has_headings_in_order_and_heads_of_columns(pdf):
    outline = pdf_outline(pdf)
    levels = [int(tag[1]) for tag in outline if tag in ("H1", "H2", "H3", "H4")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
    assert "TH" in outline


def test_paper_carries_the_page_on_data_protection_as_organisers_wrote_it(db):
    LegalPage.objects.create(
        key="datenschutz", text="## Träger\n\nStadt Łódź, siehe [Seite](https://stadt.example/x), [oben](#oben)."
    )

    text = pdf_text(disclosure_paper(disclosure_of(factories.UserFactory())))

    assert "Träger Stadt Łódź, siehe Seite (https://stadt.example/x), oben." in text


def test_paper_of_five_thousand_mails_is_bounded_and_says_so(db):
    """The file has all of them."""
    person = factories.UserFactory()
    composed = mail.Composed("Viele", "Ein Satz.", "")
    mail.put_all([(person.email, composed)] * 5000)
    disclosure = disclosure_of(person)

    paper = disclosure_paper(disclosure)

    assert len(pdf_reader(paper).pages) < 40
    assert f"Hier stehen die ersten {MOST_ROWS} Einträge. {5000 - MOST_ROWS} weitere wären" in pdf_text(paper)
    assert disclosure_file(disclosure).decode().count('"subject": "Viele"') == 5000


def test_paper_bears_a_word_without_end(db):
    half = factories.RegistrationFactory()
    half.tandem.notes.create(text="x" * 5000, about=half)

    assert "x" * 50 in pdf_text(disclosure_paper(disclosure_of(half.person)))


def section_of(*lengths):
    rows = [("x" * length,) for length in lengths]
    return Section("key", "Titel", "Herkunft", [Table("rows", "Zeilen", [Column("text", "Text")], rows)])


@pytest.mark.parametrize(("room", "shown", "left"), [(1000, 3, 0), (250, 2, 1), (50, 0, 3)])
def test_room_on_paper_is_for_all_sections_together(room, shown, left):
    first, second = sections_on_paper([section_of(60), section_of(60, 60)], most_characters=room)

    tables = [*first.tables, *second.tables]
    assert sum(len(table.rows) for table in tables) == shown
    assert sum(table.left for table in tables) == left


def test_columns_in_which_nothing_stands_are_left_out():
    columns = [Column("a", "A"), Column("b", "B")]

    shown = paper.table_on_paper(Table("key", "Titel", columns, [("", 1), (None, 2)]), room=1000)

    assert (shown.labels, shown.rows) == (["B"], [["1"], ["2"]])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "ja"),
        (False, "nein"),
        (0, "0"),
        (datetime.date(2026, 11, 2), "02.11.2026"),
        (datetime.datetime(2026, 11, 2, 9, 5, tzinfo=datetime.UTC), "02.11.2026, 10:05"),
        (
            {"Name": "Vera", "leer": "", "Tage": [{"Tag": "1", "UE": 8}, {"Tag": "2"}]},
            "Name: Vera\nTage:\n– Tag 1, UE 8\n– Tag 2",
        ),
        (["a", "b"], "a; b"),
        ("2026-11-01", "01.11.2026"),
        ("2026-13-01", "2026-13-01"),
    ],
)
def test_words(value, text):
    assert words(value) == text
