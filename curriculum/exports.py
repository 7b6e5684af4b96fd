"""Tables as an XLSX file, to be changed by a person in a spreadsheet program and read again."""

import io
import re
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from curriculum.tables import SHEETS, Column, Kind, Line, Sheet, Tables
from netzkoord.lib.grids import NO, YES, escaped
from netzkoord.lib.spreadsheets import FORMULA_STARTS

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTES = "Hinweise"
# What one cell of Excel holds; openpyxl would cut the rest off without a word.
LONGEST_CELL = 32_767
EXPLANATIONS = (
    ("Diese Tabelle enthält eine ganze Fassung.", "Sie können sie ändern und im Entwurf wieder einlesen."),
    ("Vor dem Einlesen", "zeigt die Plattform jeden Fehler mit Blatt und Zeile, und was sich ändern würde."),
    (
        "Schlüssel",
        "Bitte nicht ändern: Daran erkennt die Plattform einen Teil wieder. Bei neuen Zeilen bleibt das Feld leer.",
    ),
    ("Reihenfolge", "Die Zeilen stehen so, wie sie in der Fassung stehen sollen. Leere Zeilen zählen nicht."),
    ("Löschen", "Was in der Tabelle fehlt, fehlt danach auch im Entwurf."),
    ("Blätter und Überschriften", "Bitte nicht umbenennen und keine hinzufügen."),
    (
        "Mehrere Angaben in einer Zelle",
        "stehen mit Semikolon getrennt, zum Beispiel: Netzwerkkarussell; Rollenspiel",
    ),
    ("Ein Name mit Semikolon", 'steht dabei in geraden Anführungszeichen, zum Beispiel: "Stadt; Land"'),
    ("Ja und nein", f"heißen {YES} und {NO}."),
    (
        "Kompetenz",
        "Steht mit ihrem Namen. Gibt es den Namen in zwei Bereichen, so steht der Bereich davor: "
        "Fachkompetenz › Netzwerke verstehen",
    ),
    (
        "Lernziele eines Bausteins",
        "stehen mit ihrer Nummer im Modul: 1; 3 meint das erste und das dritte Lernziel, "
        "das auf dem Blatt „Lernziele“ bei diesem Modul steht.",
    ),
    ("Zielstufe", "Eine Zahl von 0 bis 4. Fehlt die Zeile, so ist keine Zielstufe festgelegt."),
    ("Minuten", "Ganze Zahl von 1 bis 600, ohne Pausen. 45 Minuten sind 1\u00a0UE."),
    ("Formeln", "werden nicht eingelesen."),
    (
        "Ein einzelnes Blatt",
        "lässt sich als CSV-Datei einlesen; die anderen bleiben dann, wie sie im Entwurf sind.",
    ),
)
WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")


class TextTooLong(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A text does not fit into a cell; the German sentence says which."""


def workbook(tables: Tables) -> bytes:
    """The XLSX file. Raises `TextTooLong`."""
    book = Workbook()
    for style in styles():
        book.add_named_style(style)
    write_notes(book.active)
    for sheet in SHEETS:
        write_sheet(book.create_sheet(sheet.title), sheet, tables[sheet.title])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


HEADING, TEXT, CODE, GREY = "Überschrift der Spalte", "Text der Fassung", "Verweis", "Schlüssel eines Teils"
AS_TEXT = "@"


def styles() -> list[Any]:
    """Named, so that many cells share one; made anew, since a style belongs to one workbook."""
    top = Alignment(vertical="top", wrap_text=True)
    shade = PatternFill("solid", fgColor="E8EDF2")
    return [
        NamedStyle(HEADING, font=Font(bold=True), fill=shade, alignment=top),
        NamedStyle(TEXT, alignment=top),
        # „1; 3“ or „1.2“ does not become a date when somebody types it.
        NamedStyle(CODE, alignment=top, number_format=AS_TEXT),
        NamedStyle(GREY, font=Font(color="767676"), alignment=Alignment(vertical="top"), number_format=AS_TEXT),
    ]


def write_notes(page: Any) -> None:
    page.title = NOTES
    for number, (subject, sentence) in enumerate(EXPLANATIONS, start=1):
        for place, text in enumerate((subject, sentence), start=1):
            cell = page.cell(number, place)
            put_text(cell, text)
            cell.style = HEADING if place == 1 else TEXT
    page.column_dimensions["A"].width = 36
    page.column_dimensions["B"].width = 90


def write_sheet(page: Any, sheet: Sheet, lines: list[Line]) -> None:
    for place, column in enumerate(sheet.columns, start=1):
        heading = page.cell(1, place, column.header)
        heading.style = HEADING
        page.column_dimensions[get_column_letter(place)].width = column.width
    for number, line in enumerate(lines, start=2):
        for place, column in enumerate(sheet.columns, start=1):
            write_cell(page.cell(number, place), column, line, sheet)
    page.freeze_panes = "B2"
    for rule in choices_of(sheet):
        page.add_data_validation(rule)


def write_cell(cell: Any, column: Column, line: Line, sheet: Sheet) -> None:
    text = line.cells[column.header]
    cell.style = style_of(column)
    if column.kind is Kind.NUMBER and WHOLE_NUMBER.fullmatch(text) and text == str(int(text)):
        cell.value = int(text)
        return
    stored = escaped(text)
    if len(stored) > LONGEST_CELL:
        raise TextTooLong(
            f"Der Text in „{column.header}“ auf dem Blatt „{sheet.title}“, Zeile\u00a0{line.number}, hat mehr als "
            "32.767 Zeichen. So viel fasst eine Zelle nicht. Bitte teilen Sie den Text."
        )
    put_text(cell, stored)


def style_of(column: Column) -> str:
    if column.kind is Kind.KEY:
        return GREY
    is_code = column.kind in (Kind.REFERENCE, Kind.LIST) or column.field == "code"
    return CODE if is_code else TEXT


def put_text(cell: Any, text: str) -> None:
    """Never a formula, not even after somebody has edited the cell."""
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.lstrip().startswith(FORMULA_STARTS)


def choices_of(sheet: Sheet) -> Iterator[Any]:
    """Lists to choose from, where only certain words are understood."""
    for place, column in enumerate(sheet.columns, start=1):
        words = [YES, NO] if column.kind is Kind.YES_NO else column.words.labels if column.words else []
        if words:
            letter = get_column_letter(place)
            rule = DataValidation("list", formula1=f'"{",".join(map(str, words))}"', allow_blank=True)
            rule.add(f"{letter}2:{letter}5000")
            yield rule
