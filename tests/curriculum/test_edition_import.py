"""A table read back: every error with its place, nothing stored before the decision, nothing lost after it."""

import codecs
import datetime
import io
import re
import uuid
import zipfile

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curriculum.actions.edition_import import import_edition, write
from curriculum.actions.editions import copy_edition
from curriculum.difference import difference
from curriculum.exports import workbook
from curriculum.imports import reading
from curriculum.imports.checking import check
from curriculum.imports.reading import read
from curriculum.models import (
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Edition,
    GlossaryTerm,
    LearningGoal,
    Module,
    Unit,
)
from curriculum.queries.comparison import parts_of
from curriculum.queries.tables import tables_of
from curriculum.tables import SHEETS, Line
from netzkoord.lib.grids import NotATable
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.benchmarks.large_edition import large_edition
from tests.curriculum.parts import text_of
from tests.curriculum.test_difference import watching

HEADERS = {sheet.title: sheet.headers for sheet in SHEETS}


def address(edition):
    return reverse("curriculum:edition_import", args=[edition.pk])


def address_of_new(edition):
    return reverse("curriculum:edition_import_new", args=[edition.programme_id])


def row(title, number=2, **cells):
    return Line(
        number, dict.fromkeys(HEADERS[title], "") | {name.replace("_", " "): text for name, text in cells.items()}
    )


def small():
    """A table without a fault: a module with two learning goals, a unit, a competence and its target levels."""
    return {
        "Fassung": [row("Fassung", Titel="Netzwerke")],
        "Ziele": [row("Ziele", Ziel="Sie initiieren Netzwerke.")],
        "Angebote": [row("Angebote", Zielgruppe="Führungskräfte", Titel="Für Führungskräfte")],
        "Themen": [row("Themen", Thema="Netzwerk-Arten"), row("Themen", 3, Thema="Stadt; Land")],
        "Methoden": [row("Methoden", Methode="Netzwerkkarussell")],
        "Glossar": [
            row("Glossar", Begriff="natürlich", Erklärung="Gewachsen."),
            row("Glossar", 3, Begriff="primär", Erklärung="Familie.", Gehört_zu="natürlich"),
        ],
        "Ebenen": [row("Ebenen", Ebene="strategisch", Leitfrage="Wohin?", Verantwortlich="Leitung")],
        "Kompetenzbereiche": [row("Kompetenzbereiche", Kompetenzbereich="Fachkompetenz")],
        "Module": [row("Module", Kürzel="M1", Titel="Anfangen", Angebote="Führungskräfte")],
        "Kompetenzen": [
            row("Kompetenzen", Kompetenzbereich="Fachkompetenz", Kompetenz="Netzwerke verstehen", Module="M1")
        ],
        "Profile": [
            row(
                "Profile", Kompetenz="Netzwerke verstehen", Ebene="strategisch", Zielgruppe="Tandem", Zielstufe="3"
            ),
            row(
                "Profile",
                3,
                Kompetenz="Netzwerke verstehen",
                Ebene="strategisch",
                Zielgruppe="Führungskräfte",
                Zielstufe="2",
            ),
        ],
        "Lernziele": [
            row("Lernziele", Modul="M1", Lernziel="Eins.", Kompetenz="Netzwerke verstehen", Ebene="strategisch"),
            row("Lernziele", 3, Modul="M1", Lernziel="Zwei."),
        ],
        "Bausteine": [
            row(
                "Bausteine",
                Modul="M1",
                Titel="Lebenslinie",
                Minuten="45,0",
                Themen='Netzwerk-Arten; "Stadt; Land"',
                Lernziele="1; 2",
                Glossar="primär",
                Haltung="ja",
            )
        ],
    }


def changed(title, place=0, **cells):
    """The small table with other cells in one row."""
    tables = small()
    line = tables[title][place]
    tables[title][place] = Line(
        line.number, line.cells | {name.replace("_", " "): text for name, text in cells.items()}
    )
    return tables


def problems(tables):
    content, found = check(tables)
    assert (content is None) == bool(found)
    return [(each.sheet, each.row, each.column, each.text) for each in found]


def file(content, name="tabelle.xlsx"):
    return SimpleUploadedFile(name, content)


def try_out(client, edition, content):
    return client.post(address(edition), {"file": file(content)})


def store(client, edition, content):
    word = try_out(client, edition, content).context["word"]
    return client.post(address(edition), {"tabelle": word})


def parts(edition):
    return [part for _, part in parts_of([edition.pk])]


# A table without a fault


def test_small_table_has_no_fault():
    content, found = check(small())

    assert found == []
    assert content.units[0].links["learning_goals"] == tuple(goal.key for goal in content.goals)
    assert content.units[0].links["topics"] == tuple(topic.key for topic in content.topics)
    assert content.units[0].values["minutes"] == 45
    assert content.terms[1].home == content.terms[0].key
    assert [target.audience for target in content.targets] == [None, "MANAGER"]


def test_round_trip_loses_nothing(client, organiser):
    original = large_edition(modules=3, units_per_module=3)
    Competence.objects.create(
        area=CompetenceArea.objects.create(edition=original, position=9, name="Noch einer"),
        position=1,
        name="Kompetenz 1.1",
        description="=1+1\n'zwei; Zeilen\n",
    )
    original.topics.create(position=99, name='Stadt; "Land"')
    Unit.objects.filter(module__edition=original).first().topics.set(original.topics.all())
    draft = factories.EditionFactory()
    client.force_login(organiser)

    response = store(client, draft, workbook(tables_of(original)))

    draft.refresh_from_db()
    assert response.status_code == 302
    assert tables_of(draft) == tables_of(original)
    assert parts(draft) == parts(original)


def test_a_table_unchanged_changes_nothing(client, organiser):
    draft = large_edition(modules=2, units_per_module=2)
    client.force_login(organiser)

    response = try_out(client, draft, workbook(tables_of(draft)))

    assert "Gegenüber dem jetzigen Entwurf hat sich nichts geändert." in text_of(response)
    assert 'name="tabelle"' not in text_of(response)


@pytest.mark.parametrize("minutes", ["45", "45,0", "45.0", " 45 "])
def test_minutes_as_german_excel_writes_them(minutes):
    assert problems(changed("Bausteine", Minuten=minutes)) == []


@pytest.mark.parametrize(("word", "expected"), [("Ja", True), ("x", True), ("nein", False), ("", False)])
def test_yes_and_no(word, expected):
    content, _ = check(changed("Bausteine", Haltung=word))

    assert content.units[0].values["is_about_attitude"] is expected


def test_names_are_found_in_other_letters_and_with_spaces_around():
    assert problems(changed("Bausteine", Modul=" m1 ", Methoden="netzwerkKarussell ")) == []


# What is wrong, with its place

FAULTS = [
    ("Module", {"Schlüssel": "4711"}, "„4711“ ist kein Schlüssel."),
    ("Fassung", {"Titel": " "}, "Hier fehlt die Angabe."),
    ("Fassung", {"Titel": "x" * 201}, "Platz ist für 200"),
    ("Ziele", {"Ziel": "x" * 5001}, "höchstens 5000 Zeichen, dieser hat 5001."),
    ("Ziele", {"Ziel": "Netz\u202ewerk"}, "U+202E (unsichtbar)"),
    ("Angebote", {"Zielgruppe": "Azubis"}, "Möglich: Führungskräfte, Koordinierungskräfte."),
    ("Ebenen", {"Ebene": "taktisch"}, "Möglich: normativ, strategisch, operativ."),
    ("Module", {"Kürzel": "zu la"}, "ohne Leerzeichen"),
    ("Module", {"Kürzel": "ABCDEFGHI"}, "Platz ist für 8"),
    ("Module", {"Angebote": ""}, "mindestens ein Angebot"),
    ("Module", {"Angebote": "Koordinierungskräfte"}, "gibt es nicht auf dem Blatt „Angebote“"),
    ("Module", {"Haltung verlangt": "vielleicht"}, "„vielleicht“ ist weder ja noch nein."),
    ("Kompetenzen", {"Kompetenzbereich": "Mut"}, "„Mut“ gibt es nicht auf dem Blatt „Kompetenzbereiche“."),
    ("Kompetenzen", {"Module": "M1; M9"}, "„M9“ gibt es nicht auf dem Blatt „Module“."),
    ("Profile", {"Zielstufe": "5"}, "Die Zielstufe liegt zwischen 0 und 4."),
    ("Profile", {"Zielstufe": "drei"}, "„drei“ ist keine ganze Zahl."),
    ("Profile", {"Zielgruppe": "Koordinierungskräfte"}, "gibt es nicht auf dem Blatt „Angebote“"),
    ("Lernziele", {"Modul": ""}, "Hier fehlt die Angabe."),
    ("Lernziele", {"Modul": "M9"}, "„M9“ gibt es nicht auf dem Blatt „Module“."),
    ("Lernziele", {"Kompetenz": "Kochen"}, "„Kochen“ gibt es nicht auf dem Blatt „Kompetenzen“."),
    ("Lernziele", {"Ebene": "oben"}, "„oben“ gibt es nicht auf dem Blatt „Ebenen“."),
    ("Bausteine", {"Minuten": "0"}, "Ein Baustein dauert zwischen 1 und 600 Minuten."),
    ("Bausteine", {"Minuten": "10000"}, "Ein Baustein dauert zwischen 1 und 600 Minuten."),
    ("Bausteine", {"Minuten": "45,5"}, "„45,5“ ist keine ganze Zahl."),
    ("Bausteine", {"Minuten": ""}, "Hier fehlt die Angabe."),
    ("Bausteine", {"Themen": "Netzwerk-Arten; Kochen"}, "„Kochen“ gibt es nicht auf dem Blatt „Themen“."),
    ("Bausteine", {"Methoden": "Kochen"}, "„Kochen“ gibt es nicht auf dem Blatt „Methoden“."),
    ("Bausteine", {"Glossar": "Kochen"}, "„Kochen“ gibt es nicht auf dem Blatt „Glossar“."),
    ("Bausteine", {"Lernziele": "3"}, "Das Modul hat kein Lernziel mit der Nummer 3; es hat 2."),
    ("Bausteine", {"Lernziele": "1,2"}, "„1,2“ ist keine Nummer eines Lernziels."),
]


@pytest.mark.parametrize(("title", "cells", "sentence"), FAULTS)
def test_fault_has_its_place_and_sentence(title, cells, sentence):
    found = problems(changed(title, **cells))
    column = next(iter(cells))

    [own] = [each for each in found if each[0] == title and each[2] == column and each[1] == 2]
    assert sentence in own[3]


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("Angebote", "Zielgruppe"),
        ("Themen", "Thema"),
        ("Methoden", "Methode"),
        ("Glossar", "Begriff"),
        ("Ebenen", "Ebene"),
        ("Kompetenzbereiche", "Kompetenzbereich"),
        ("Module", "Kürzel"),
        ("Kompetenzen", "Kompetenz"),
        ("Profile", "Kompetenz"),
    ],
)
def test_a_second_row_of_the_same_name_is_refused(title, column):
    tables = small()
    tables[title].append(Line(9, tables[title][0].cells))
    if title == "Kompetenzen":
        tables |= {"Profile": [], "Lernziele": [], "Bausteine": []}

    [found] = problems(tables)

    assert found[:3] == (title, 9, column)
    assert "schon in Zeile\u00a02" in found[3]


def test_a_key_stands_only_once():
    tables = small()
    key = str(uuid.uuid4())
    tables["Themen"] = [row("Themen", 2, Schlüssel=key, Thema="a"), row("Themen", 3, Schlüssel=key, Thema="b")]
    tables["Bausteine"] = []

    assert problems(tables) == [
        (
            "Themen",
            3,
            "Schlüssel",
            "Diesen Schlüssel hat schon Zeile\u00a02. Für eine neue Zeile lassen Sie ihn leer.",
        )
    ]


def test_a_key_stands_only_once_in_the_whole_file():
    key = str(uuid.uuid4())
    tables = changed("Themen", Schlüssel=key)
    tables["Methoden"] = [row("Methoden", 8, Schlüssel=key, Methode="Rollenspiel")]

    [found] = problems(tables)

    assert found[:3] == ("Methoden", 8, "Schlüssel")
    assert "schon Zeile\u00a02 des Blattes „Themen“" in found[3]


def test_the_glossary_has_two_levels():
    tables = small()
    tables["Glossar"].append(row("Glossar", 4, Begriff="Eltern", Erklärung="…", Gehört_zu="primär"))

    [found] = problems(tables)

    assert found[:3] == ("Glossar", 4, "Gehört zu")
    assert "„primär“ gehört selbst zu einem Begriff" in found[3]


def test_a_term_does_not_belong_to_itself():
    assert (
        problems(changed("Glossar", Gehört_zu="natürlich"))[0][3]
        == "Ein Begriff kann nicht zu sich selbst gehören."
    )


def test_an_edition_has_one_row():
    nothing, two = small() | {"Fassung": []}, small()
    two["Fassung"].append(row("Fassung", 3, Titel="Noch eine"))

    assert problems(nothing) == [("Fassung", None, "", "Hier fehlt die Zeile mit dem Titel der Fassung.")]
    assert problems(two)[0][:2] == ("Fassung", 3)


def test_all_faults_are_told_at_once_in_the_order_of_the_sheets():
    tables = changed("Bausteine", Minuten="0", Titel="")
    tables["Ziele"] = [row("Ziele", 7, Schlüssel="x", Ziel="Ja.")]

    assert [each[:3] for each in problems(tables)] == [
        ("Ziele", 7, "Schlüssel"),
        ("Bausteine", 2, "Titel"),
        ("Bausteine", 2, "Minuten"),
    ]


def test_a_competence_of_two_areas_is_named_with_its_area():
    tables = small()
    tables["Kompetenzbereiche"].append(row("Kompetenzbereiche", 3, Kompetenzbereich="Sozialkompetenz"))
    tables["Kompetenzen"].append(
        row("Kompetenzen", 3, Kompetenzbereich="Sozialkompetenz", Kompetenz="Netzwerke verstehen")
    )
    unclear = {each[0] for each in problems(tables)}
    for title in ("Profile", "Lernziele"):
        tables[title] = [
            Line(line.number, line.cells | {"Kompetenz": "Fachkompetenz › Netzwerke verstehen"})
            for line in tables[title]
        ]

    assert unclear == {"Profile", "Lernziele"}
    assert problems(tables) == []


# The file


def book_of(tables=None):
    return openpyxl.load_workbook(io.BytesIO(workbook(tables or small())))


def bytes_of(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def misbuilt(book):
    return [(each.sheet, each.column, each.text) for each in read(bytes_of(book)).misbuilt]


def test_missing_and_unknown_sheets_are_named():
    book = book_of()
    book["Themen"].title = "Thema"
    del book["Ziele"]
    book.create_sheet("Tabelle1")

    assert misbuilt(book) == [
        ("Thema", "", "Dieses Blatt kennt die Plattform nicht. Bitte löschen Sie es oder nennen Sie es wie zuvor."),
        ("Ziele", "", "Das Blatt fehlt. Bitte verwenden Sie die Tabelle, die Sie bei der Fassung herunterladen."),
        ("Themen", "", "Das Blatt fehlt. Bitte verwenden Sie die Tabelle, die Sie bei der Fassung herunterladen."),
    ]


def test_missing_unknown_and_doubled_columns_are_named():
    book = book_of()
    page = book["Methoden"]
    page["C1"], page["D1"] = "Erläuterung", "Methode"

    found = [(column, text.split(".")[0]) for sheet, column, text in misbuilt(book)]

    assert found == [
        ("Methode", "Die Spalte gibt es zweimal"),
        ("Beschreibung", "Die Spalte fehlt"),
        ("Material", "Die Spalte fehlt"),
        ("Erläuterung", "Diese Spalte kennt die Plattform nicht"),
    ]


def test_a_sheet_without_headings_is_named():
    book = book_of()
    book["Themen"].delete_rows(1, 9)

    assert misbuilt(book) == [("Themen", "", "Das Blatt hat keine Überschriften.")]


def test_formulas_dates_errors_and_merged_cells_are_named_with_their_place():
    book = book_of()
    page = book["Bausteine"]
    page["D2"] = "=40+5"
    page["C2"] = "#NAME?"
    page["I2"].value = datetime.date(2027, 3, 1)
    page["N2"] = "Notiz"
    page.merge_cells("E2:F2")

    found = {(each.sheet, each.row, each.column): each.text for each in read(bytes_of(book)).problems}

    assert {key: text.split(".")[0] for key, text in found.items()} == {
        ("Bausteine", 2, "Titel"): "Hier steht der Fehler #NAME?",
        ("Bausteine", 2, "Minuten"): "Hier steht eine Formel",
        ("Bausteine", 2, "Lernziele"): "Hier steht ein Datum oder eine Uhrzeit",
        ("Bausteine", 2, "N"): "In dieser Spalte steht etwas, aber sie hat keine Überschrift",
        ("Bausteine", 2, "Inhalt"): "Hier sind Zellen verbunden",
    }


def test_blank_rows_are_skipped_and_the_numbers_stay():
    book = book_of()
    book["Ziele"].insert_rows(2, 3)

    assert [line.number for line in read(bytes_of(book)).tables["Ziele"]] == [5]


STRINGS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<si><t>_x005F_x000B_ und_x000B_ x005F_</t></si>"
    "<si><r><t>Halb </t></r><r><rPr><b/></rPr><t>fett</t></r></si></sst>"
)
STRINGS_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def with_text_apart(content, cell, number):
    pattern = rf'(r="{cell}" s="[0-9]+" t=)"inlineStr"><is>.*?</is>'
    return re.sub(pattern, rf'\1"s"><v>{number}</v>', content.decode(), flags=re.DOTALL).encode()


def saved_by_excel():
    """Excel keeps texts in a part of their own, in pieces where some of the words are bold."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(small()))) as old, zipfile.ZipFile(stream, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", STRINGS_TYPE)
        parts["xl/sharedStrings.xml"] = STRINGS.encode()
        parts["xl/worksheets/sheet3.xml"] = with_text_apart(parts["xl/worksheets/sheet3.xml"], "B2", 0)
        parts["xl/worksheets/sheet2.xml"] = with_text_apart(parts["xl/worksheets/sheet2.xml"], "A2", 1)
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def test_texts_that_excel_has_stored_apart_come_back_as_they_were():
    tables = read(saved_by_excel()).tables

    assert tables["Ziele"][0].cells["Ziel"] == "_x000B_ und\x0b x005F_"
    assert tables["Fassung"][0].cells["Titel"] == "Halb fett"


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 1)

    found = read(workbook(small())).misbuilt

    assert {each.sheet for each in found} >= {"Themen", "Glossar"}
    assert "mehr als 1 Zeilen" in found[0].text


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    return stream.getvalue()


def archive_with(name, content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def broken(part):
    """A real file one part of which is not what it should be."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(small()))) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.infolist():
            new.writestr(member, b"<x/>" if member.filename == part else old.read(member))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b" \r\n", "Die Datei ist leer."),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "mit einem Kennwort geschützt oder im alten Format XLS"),
        (b"%PDF-1.7 ...", "Die Datei ist ein PDF."),
        (b"<html><table>", "Die Datei ist eine Webseite"),
        (b"PK\x03\x04 nonsense", "Die Datei ist beschädigt"),
        (b"\0\1\2\3" * 40, "Die Datei ist keine Tabelle."),
        (b"\x81\x8d\x8f", "Manche Zeichen der Datei lassen sich nicht lesen"),
        (b"a;b;c\r\n1;2;3\r\n", "passen zu keinem Blatt"),
        (b'Schl\xfcssel;Ziel\r\n;"offen\r\n', "schließt ein Anführungszeichen nicht"),
        (b"x" * (5 * 1024 * 1024 + 1), "größer als 5\u00a0MB"),
        (archive_with("word/document.xml", "<x/>"), "keine Excel-Arbeitsmappe"),
        (archive_with("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument-Datei (ODS)"),
        (archive_with("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "eigene XML-Deklarationen"),
        (archive_with("xl/workbook.xml", "<x/>"), "Die Datei ist beschädigt"),
    ],
)
def test_what_is_no_table_gets_its_sentence(content, sentence):
    with pytest.raises(NotATable) as refusal:
        read(content)

    assert sentence in str(refusal.value)


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(NotATable, match="beim Entpacken übermäßig groß"):
        read(bomb())


@pytest.mark.parametrize("part", ["xl/workbook.xml", "[Content_Types].xml"])
def test_a_damaged_part_ends_in_a_sentence(part):
    with pytest.raises(NotATable, match="Die Datei ist beschädigt"):
        read(broken(part))


def test_a_damaged_sheet_is_named():
    assert read(broken("xl/worksheets/sheet2.xml")).misbuilt[0].sheet == "Fassung"


# CSV

AIMS = b'Schl\xfcssel;Ziel\r\n;Netzwerke f\xfcr B\xfcrger \x96 \x84gut\x93\r\n\r\n;"zwei\nZeilen; und ""mehr"""\r\n'
TEXTS = [(2, "Netzwerke für Bürger – „gut“"), (4, 'zwei\nZeilen; und "mehr"')]


def parted_by(delimiter):
    return re.sub("^(Schlüssel)?;", rf"\1{delimiter}", AIMS.decode("cp1252"), flags=re.MULTILINE)


@pytest.mark.parametrize(
    "content",
    [
        AIMS,
        AIMS.decode("cp1252").encode(),
        codecs.BOM_UTF8 + AIMS.decode("cp1252").encode(),
        AIMS.decode("cp1252").encode("utf-16"),
        codecs.BOM_UTF16_BE + AIMS.decode("cp1252").encode("utf-16-be"),
        parted_by("\t").encode("utf-16"),
        parted_by(",").encode(),
    ],
    ids=["windows-1252", "utf-8", "utf-8 with mark", "utf-16", "utf-16 big", "tab", "comma"],
)
def test_csv_is_understood(content):
    found = read(content)

    assert found.misbuilt == []
    assert [(line.number, line.cells["Ziel"]) for line in found.tables["Ziele"]] == TEXTS


def test_csv_may_name_its_separator():
    found = read(b"sep=;\r\nSchl\xfcssel;Ziel\r\n;Ja\r\n")

    assert [(line.number, line.cells["Ziel"]) for line in found.tables["Ziele"]] == [(3, "Ja")]


def test_csv_replaces_one_sheet_only(client, organiser):
    draft = large_edition(modules=1, units_per_module=1)
    before = tables_of(draft)
    client.force_login(organiser)

    store(client, draft, AIMS)

    after = tables_of(draft)
    assert [line.cells["Ziel"] for line in after["Ziele"]] == [text for _, text in TEXTS]
    assert {title for title in after if after[title] != before[title]} == {"Ziele"}


# The page


@pytest.fixture
def draft(organiser, client):
    client.force_login(organiser)
    return factories.EditionFactory(title="Alt")


def test_errors_are_listed_and_nothing_is_stored(client, draft):
    before = tables_of(draft)

    page = text_of(try_out(client, draft, workbook(changed("Bausteine", Minuten="700", Titel=""))))

    assert "2 Stellen sind zu ändern" in page
    assert "Ein Baustein dauert zwischen 1 und 600 Minuten." in page
    assert tables_of(draft) == before
    assert 'name="tabelle"' not in page


def test_many_errors_are_counted_and_the_first_shown(client, draft):
    tables = small()
    tables["Ziele"] = [row("Ziele", number, Schlüssel="x", Ziel="Ja.") for number in range(2, 303)]

    page = text_of(try_out(client, draft, workbook(tables)))

    assert "301 Stellen sind zu ändern" in page
    assert "Hier stehen die ersten 200 von 301 Stellen." in page
    assert page.count("ist kein Schlüssel") == 200


def test_a_trial_shows_the_changes_and_stores_nothing(client, draft):
    before = tables_of(draft)

    page = text_of(try_out(client, draft, workbook(small())))

    assert "Gegenüber dem jetzigen Entwurf: 1\u00a0Modul neu, 1\u00a0Baustein neu, 2\u00a0Lernziele neu" in page
    assert "Netzwerkkarussell" in page
    assert tables_of(draft) == before
    assert not AuditEvent.objects.filter(action=AuditAction.EDITION_IMPORTED).exists()


def test_the_decision_stores_once_however_often_it_is_clicked(client, draft):
    word = try_out(client, draft, workbook(small())).context["word"]

    answers = [client.post(address(draft), {"tabelle": word}) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [draft.get_absolute_url()] * 2
    draft.refresh_from_db()
    assert draft.title == "Netzwerke"
    assert CompetenceProfile.objects.filter(track__edition=draft).count() == 1
    assert GlossaryTerm.objects.get(edition=draft, term="primär").parent.term == "natürlich"
    [line] = AuditEvent.objects.filter(action=AuditAction.EDITION_IMPORTED)
    assert line.details == {"modules": 1, "units": 1, "competences": 1}


def test_a_draft_changed_meanwhile_is_tried_anew(client, draft):
    word = try_out(client, draft, workbook(small())).context["word"]
    draft.topics.create(position=1, name="Von jemand anderem")

    page = text_of(client.post(address(draft), {"tabelle": word}, follow=True))

    assert "Der Entwurf hat sich seit der Prüfung geändert." in page
    assert [topic.name for topic in draft.topics.all()] == ["Von jemand anderem"]


def test_a_table_that_waited_too_long_is_asked_for_again(client, draft):
    word = try_out(client, draft, workbook(small())).context["word"]
    cache.clear()

    page = text_of(client.post(address(draft), {"tabelle": word}, follow=True))

    assert "Bitte laden Sie die Datei noch einmal hoch." in page
    assert not draft.modules.exists()


def test_a_table_waits_for_its_person_and_its_draft_only(client, draft):
    word = try_out(client, draft, workbook(small())).context["word"]
    other = factories.EditionFactory()
    client.post(address(other), {"tabelle": word})
    client.force_login(factories.staff("Organisation"))
    client.post(address(draft), {"tabelle": word})

    assert not other.modules.exists()
    assert not draft.modules.exists()


@pytest.mark.parametrize("word", ["", "x", "ä\0", "x" * 9999, "../..", "\u202e"])
def test_a_forged_word_is_answered_with_a_sentence(client, draft, word):
    page = text_of(client.post(address(draft), {"tabelle": word}, follow=True))

    assert "Bitte laden Sie die Datei noch einmal hoch." in page


@pytest.mark.parametrize("data", [{}, {"file": "Text"}, {"file": ""}])
def test_no_file_is_asked_for(client, draft, data):
    assert "Bitte wählen Sie eine Datei." in text_of(client.post(address(draft), data))


def test_a_file_that_is_no_table_is_refused_in_the_form(client, draft):
    assert "Die Datei ist ein PDF." in text_of(try_out(client, draft, b"%PDF-1.7"))


def test_the_name_of_the_file_does_not_matter(client, draft):
    named = file(workbook(small()), name="../../<b>x\u202e.exe")

    assert client.post(address(draft), {"file": named}).context["word"]


def test_markup_in_a_table_stays_text(client, draft):
    page = try_out(client, draft, workbook(changed("Module", Titel="<script>alert(1)</script>"))).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_published_edition_takes_no_table(client, draft):
    word = try_out(client, draft, workbook(small())).context["word"]
    factories.publish(draft)

    answers = [client.post(address(draft), data) for data in ({"tabelle": word}, {"file": file(workbook(small()))})]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert not draft.modules.exists()


def test_readers_take_in_no_table(client, reader):
    client.force_login(reader)

    assert client.post(address(factories.EditionFactory())).status_code == 403


def test_neither_put_nor_delete(client, draft):
    assert [client.put(address(draft)).status_code, client.delete(address(draft)).status_code] == [405, 405]


@pytest.mark.parametrize("count", [1, 3])
def test_import_query_count(client, draft, django_assert_num_queries, count):
    content = workbook(tables_of(large_edition(modules=count, units_per_module=count)))

    with django_assert_num_queries(106):
        response = try_out(client, draft, content)

    assert response.context["word"]


# Meanwhile


def locks_in(captured):
    words = ("BEGIN", "SAVEPOINT", "FOR UPDATE")
    return [query["sql"] for query in captured if any(word in query["sql"] for word in words)]


def test_looking_at_the_form_locks_nothing(client, draft):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(draft)).status_code == 200

    assert locks_in(captured) == []


class Transactions:
    """Whether a transaction is open beside the one around the test."""

    def __init__(self):
        self.outside = len(connection.savepoint_ids)

    def __call__(self):
        return len(connection.savepoint_ids) > self.outside


def test_a_table_is_read_checked_and_compared_outside_the_transaction_that_tries_it_out(client, draft):
    content = workbook(small())

    with watching(read, tables_of, check, write, difference, look=Transactions()) as calls:
        assert try_out(client, draft, content).context["word"]

    assert calls == [
        ("read", False),
        ("tables_of", False),
        ("check", False),
        ("write", True),
        ("difference", False),
    ]


def test_a_table_is_checked_before_the_transaction_that_stores_it(client, draft):
    word = try_out(client, draft, workbook(small())).context["word"]

    with watching(check, tables_of, write, look=Transactions()) as calls:
        client.post(address(draft), {"tabelle": word})

    assert calls == [("check", False), ("tables_of", True), ("write", True)]


def test_a_draft_published_while_the_table_is_tried_out_stays_as_it_is(client, draft):
    content = workbook(small())

    with watching(check, look=lambda: factories.publish(draft)):
        response = client.post(address(draft), {"file": file(content)}, follow=True)

    assert response.status_code == 403
    assert "Diese Fassung wird nicht mehr geändert" in text_of(response)
    assert not draft.modules.exists()


@pytest.mark.parametrize(("end", "status"), [(factories.publish, 403), (Edition.delete, 404)])
def test_a_draft_published_or_deleted_while_the_table_is_stored_takes_nothing(client, draft, end, status):
    word = try_out(client, draft, workbook(small())).context["word"]

    with watching(check, look=lambda: end(Edition.objects.get(pk=draft.pk))):
        response = client.post(address(draft), {"tabelle": word}, follow=True)

    assert response.status_code == status
    assert not Unit.objects.exists()


def test_a_draft_changed_while_the_table_is_checked_is_tried_anew(client, draft):
    word = try_out(client, draft, workbook(small())).context["word"]

    with watching(check, look=lambda: draft.topics.create(position=1, name="Von jemand anderem")):
        response = client.post(address(draft), {"tabelle": word}, follow=True)

    assert "Der Entwurf hat sich seit der Prüfung geändert." in text_of(response)
    assert [topic.name for topic in draft.topics.all()] == ["Von jemand anderem"]


def test_two_clicks_at_once_store_once(client, draft):
    word = try_out(client, draft, workbook(small())).context["word"]
    answers = []

    with watching(check, look=lambda: answers.append(client.post(address(draft), {"tabelle": word}))):
        answers.append(client.post(address(draft), {"tabelle": word}))

    assert [answer["Location"] for answer in answers] == [draft.get_absolute_url()] * 2
    assert AuditEvent.objects.filter(action=AuditAction.EDITION_IMPORTED).count() == 1


# A new draft


@pytest.fixture
def finished(organiser, client):
    client.force_login(organiser)
    edition = factories.EditionFactory(title="Alt", number=1)
    factories.UnitFactory(module__edition=edition)
    return factories.publish(edition)


def test_a_table_becomes_a_new_draft_once(client, finished):
    tables = tables_of(finished)
    tables["Ziele"] = [row("Ziele", Ziel="Neu.")]
    response = client.post(address_of_new(finished), {"file": file(workbook(tables))})

    answers = [client.post(address_of_new(finished), {"tabelle": response.context["word"]}) for _ in range(2)]

    new = Edition.objects.get(programme=finished.programme, number=2)
    assert [answer["Location"] for answer in answers] == [new.get_absolute_url()] * 2
    assert new.is_draft
    assert new.replaces == finished
    assert [aim.text for aim in new.aims.all()] == ["Neu."]
    assert "Gegenüber der 1.\u00a0Fassung: 1\u00a0Änderung" in text_of(response)
    assert {part.key for part in parts(finished)} < {part.key for part in parts(new)}


def test_a_trial_of_a_new_draft_stores_nothing(client, finished):
    client.post(address_of_new(finished), {"file": file(workbook(small()))})

    assert Edition.objects.count() == 1


def test_looking_at_the_form_for_a_new_draft_locks_nothing(client, finished):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address_of_new(finished)).status_code == 200

    assert locks_in(captured) == []


def test_a_new_draft_is_tried_out_in_a_transaction_that_only_writes(client, finished):
    content = workbook(small())

    with watching(read, check, write, difference, look=Transactions()) as calls:
        client.post(address_of_new(finished), {"file": file(content)})

    assert calls == [("read", False), ("check", False), ("write", True), ("difference", False)]


def test_a_new_draft_replaces_what_is_the_latest_edition_when_it_is_stored(client, finished, organiser):
    word = client.post(address_of_new(finished), {"file": file(workbook(small()))}).context["word"]

    with watching(check, look=lambda: factories.publish(copy_edition(edition=finished, by=organiser))):
        client.post(address_of_new(finished), {"tabelle": word})

    assert Edition.objects.drafts().get().replaces.number == 2


def test_where_there_is_a_draft_the_table_goes_in_there(client, finished, organiser):
    draft = copy_edition(edition=finished, by=organiser)

    response = client.get(address_of_new(finished))

    assert response["Location"] == address(draft)


def test_the_programme_links_to_a_new_draft_from_a_table(client, finished):
    assert address_of_new(finished) in text_of(client.get(reverse("curriculum:edition_list")))


def test_a_part_keeps_its_address_when_a_table_is_read_in(draft, organiser):
    """Pages that are open in other windows go on, and bookmarks lead where they led."""
    unit = factories.UnitFactory(module__edition=draft)
    module = unit.module
    goal = LearningGoal.objects.create(module=module, position=1, text="Ein Ziel.")
    content, problems = check(tables_of(draft))

    import_edition(edition=draft, content=content, by=organiser)

    assert problems == []
    assert Module.objects.get(pk=module.pk).key == module.key
    assert Unit.objects.get(pk=unit.pk).key == unit.key
    assert LearningGoal.objects.get(pk=goal.pk).key == goal.key
