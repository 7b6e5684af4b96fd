"""An edition as a table to take away: whole, safe to open, and read back without loss."""

import io
import string

import openpyxl
import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.exports import TextTooLong, workbook
from curriculum.imports.reading import read
from curriculum.queries.tables import fingerprint, tables_of
from curriculum.tables import SHEETS, Line, read_list, told_apart, written_list
from tests import factories
from tests.benchmarks.large_edition import large_edition

NASTY = [
    "=1+1",
    "+49 511",
    "-Liste",
    "@name",
    "'Apostroph",
    '=HYPERLINK("http://x.example";"y")',
    "zwei\nZeilen",
    "_x000B_",
    "_x005F_x000B_",
    "x005F_",
    "\x0b\x00\x1f\r",
    "  außen Leerzeichen  ",
    "\u00a0geschützt\u00a0",
    "😀 👩‍💻",
    '"gerade" und „deutsche“',
    "a;b",
    "1; 3",
    "\ud800",
    "\ufffe",
    "<b>&amp;</b>",
    "NaN",
    "1e5",
    "007",
    "true",
    "\t",
]
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet=st.sampled_from("_x005F BO;\"'=+-@\n\t\r\x0b\x00ä😀" + string.digits), max_size=30),
    st.text(max_size=30),
)


def address(edition):
    return reverse("curriculum:edition_export", args=[edition.pk])


def empty_tables():
    return {sheet.title: [] for sheet in SHEETS}


def table(*texts):
    """The sheet of methods with these texts as descriptions, and a name, so that no line is blank."""
    headers = next(sheet.headers for sheet in SHEETS if sheet.title == "Methoden")
    lines = [
        Line(number, dict.fromkeys(headers, "") | {"Methode": f"Methode {number}", "Beschreibung": text})
        for number, text in enumerate(texts, start=2)
    ]
    return empty_tables() | {"Methoden": lines}


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_text_comes_back_as_it_was(text):
    tables = table(text)

    reading = read(workbook(tables))

    assert reading.misbuilt == []
    assert reading.problems == []
    assert reading.tables == tables


@settings(max_examples=10, deadline=None)  # each is a whole workbook
@given(st.lists(TEXTS, min_size=1, max_size=80))
def test_any_texts_come_back_as_they_were(texts):
    tables = table(*(text.replace("\r\n", "\n") for text in texts))

    assert read(workbook(tables)).tables == tables


@given(st.lists(TEXTS.filter(str.strip), max_size=5))
def test_a_list_in_a_cell_comes_back_as_it_was(names):
    assert read_list(written_list(names)) == names


def test_no_text_becomes_a_formula():
    page = openpyxl.load_workbook(io.BytesIO(workbook(table("=1+1", "\t=1+1", "+1", "-1", "@x"))))["Methoden"]

    cells = [page.cell(row, 3) for row in range(2, 7)]

    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.quotePrefix for cell in cells} == {True}


def test_headings_stay_in_view_and_numbers_are_numbers(db):
    edition = factories.EditionFactory()
    factories.UnitFactory(module__edition=edition, minutes=90)

    page = openpyxl.load_workbook(io.BytesIO(workbook(tables_of(edition))))["Bausteine"]

    assert page.freeze_panes == "B2"
    assert page["A1"].font.bold
    assert page["D2"].value == 90


def test_the_first_sheet_explains_the_others():
    book = openpyxl.load_workbook(io.BytesIO(workbook(empty_tables())))

    assert book.sheetnames == ["Hinweise", *(sheet.title for sheet in SHEETS)]
    assert "Bitte nicht ändern" in str(list(book["Hinweise"].values))


def test_a_text_that_no_cell_can_hold_is_refused_and_not_cut_off():
    with pytest.raises(TextTooLong, match="„Beschreibung“ auf dem Blatt „Methoden“, Zeile\u00a03"):
        workbook(table("kurz", "x" * 32_768))


def test_a_text_that_just_fits_is_kept():
    tables = table("x" * 32_767)

    assert read(workbook(tables)).tables == tables


def test_competences_of_one_name_are_told_apart_by_their_area():
    assert told_apart([("Fach", "Netze"), ("Sozial", "Netze"), ("Fach", "Recht")]) == [
        "Fach › Netze",
        "Sozial › Netze",
        "Recht",
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_tables_query_count(db, django_assert_num_queries, count):
    edition = large_edition(modules=count, units_per_module=count)

    with django_assert_num_queries(19):
        tables = tables_of(edition)

    assert len(tables["Bausteine"]) == count * count


def test_fingerprint_changes_with_the_content_only(db):
    edition = large_edition(modules=1, units_per_module=1)
    before = fingerprint(tables_of(edition))

    assert fingerprint(tables_of(edition)) == before
    edition.topics.create(position=99, name="Neu")
    assert fingerprint(tables_of(edition)) != before


def test_export_as_a_file_with_a_plain_name(client, reader):
    edition = factories.publish(factories.EditionFactory(title="Über/Größe ../x\n", number=2))
    client.force_login(reader)

    response = client.get(address(edition))

    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="uebergroesse-x-2-fassung.xlsx"'
    assert read(response.content).tables == tables_of(edition)


def test_export_of_a_draft_is_not_found_for_readers(client, reader):
    client.force_login(reader)

    assert client.get(address(factories.EditionFactory())).status_code == 404


def test_export_forbidden_for_strangers(client, stranger):
    client.force_login(stranger)

    assert client.get(address(factories.publish(factories.EditionFactory()))).status_code == 403


def test_export_is_only_read(client, organiser):
    client.force_login(organiser)

    assert client.post(address(factories.EditionFactory())).status_code == 405


def test_export_says_where_a_text_is_too_long(client, organiser):
    edition = factories.EditionFactory(abstract="x" * 40_000)
    client.force_login(organiser)

    response = client.get(address(edition))

    assert response.status_code == 422
    assert "mehr als 32.767 Zeichen" in response.content.decode()


def test_the_edition_links_to_its_table(client, organiser):
    edition = factories.EditionFactory()
    client.force_login(organiser)

    page = client.get(edition.get_absolute_url()).content.decode()

    assert address(edition) in page
    assert reverse("curriculum:edition_import", args=[edition.pk]) in page
