"""A file with registrations read as rows: XLSX or CSV, German or English headings, columns in any order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from netzkoord.lib.archives import Kind
from netzkoord.lib.grids import (
    EMPTY,
    MAX_BYTES,
    MAX_MB,
    Grid,
    NotATable,
    column_name,
    csv_grid,
    decoded,
    grid_of,
    has_content,
    kind_of_table,
    normal,
    pages_of,
)
from netzkoord.lib.spreadsheets import plain_cell
from participants.tables import COLUMNS, READ

MAX_ROWS = 2_000
NEEDED = ("role", "family_name", "email", "organisation")
# Heading → the column that it means, or "" for one that is passed over.
MEANINGS = {normal(word): column.name for column in COLUMNS for word in (column.header, *column.also)}
# Without any of these in a row nobody is meant: the export has such rows for tandems that everybody has left.
PERSONAL = ("role", "given_names", "family_name", "email", "organisation")


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where a person finds it; no row where a column as a whole is meant."""

    row: int | None
    column: str
    text: str


@dataclass(frozen=True)
class Slip:
    """What is wrong in one column in the same way, and in which rows."""

    column: str
    text: str
    rows: list[int]


def slips_of(problems: Iterable[Problem]) -> list[Slip]:
    """What is wrong in the same way together, in the order in which it is first met."""
    slips: dict[tuple[str, str], Slip] = {}
    for problem in problems:
        slip = slips.setdefault((problem.column, problem.text), Slip(problem.column, problem.text, []))
        if problem.row:
            slip.rows.append(problem.row)
    return list(slips.values())


@dataclass(frozen=True)
class Row:
    """One person as the file says, by the names of the columns; the number is the one that the program shows."""

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """What a file says. With `misbuilt`, columns are not as they must be and the rows say nothing."""

    rows: list[Row] = field(default_factory=list)
    misbuilt: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(content: bytes) -> Table:
    """Raises `NotATable`."""
    if len(content) > MAX_BYTES:
        raise NotATable(f"Die Datei ist größer als {MAX_MB}\u00a0MB. Bitte teilen Sie die Liste.")
    if kind_of_table(content) is Kind.ARCHIVE:
        with pages_of(content) as pages:
            return table_of(grid_of(filled_page(pages)))
    return table_of(csv_grid(decoded(content), set(MEANINGS)))


def filled_page(pages: list[Any]) -> Any:
    """The only sheet with something in it. Raises `NotATable`."""
    filled = [page for page in pages if has_content(page)]
    if not filled:
        raise NotATable(EMPTY)
    if len(filled) > 1:
        titles = ", ".join(f"„{page.title}“" for page in filled[:4])
        raise NotATable(
            f"Die Datei hat mehrere Blätter mit Inhalt ({titles}). Bitte löschen Sie alle bis auf eines."
        )
    return filled[0]


def table_of(grid: Grid) -> Table:
    """The first row with content holds the headings."""
    first = next(grid, None)
    if first is None:
        raise NotATable(EMPTY)
    headings = [text.strip() for text, _ in first[1]]
    table = Table(misbuilt=list(misnamed(headings, first[0])))
    for number, cells in grid:
        if len(table.rows) == MAX_ROWS:
            raise NotATable(f"Die Datei hat mehr als {MAX_ROWS} Zeilen. Bitte teilen Sie die Liste.")
        add_row(table, number, cells, headings)
    if not table.rows and not table.misbuilt:
        raise NotATable("Unter den Überschriften steht niemand. Bitte tragen Sie in jede Zeile eine Person ein.")
    return table


def add_row(table: Table, number: int, cells: list[tuple[str, str]], headings: list[str]) -> None:
    row = Row(number, dict.fromkeys(READ, ""))
    wrong: list[Problem] = []
    for place, (text, problem) in enumerate(cells):
        heading = headings[place] if place < len(headings) else ""
        name = MEANINGS.get(normal(heading), "")
        if name:
            row.cells[name] = plain_cell(text.strip())
        if problem and name:
            wrong.append(Problem(number, READ[name].header, problem))
        elif text.strip() and not heading:
            sentence = "In dieser Spalte steht etwas, aber sie hat keine Überschrift."
            wrong.append(Problem(number, column_name(place), sentence))
    if wrong or any(row.cells[name] for name in READ):
        table.rows.append(row)
    table.problems.extend(wrong)


def misnamed(headings: list[str], number: int) -> Iterator[Problem]:
    """Columns that are missing, there twice, or unknown: a word that is misspelt would otherwise be lost."""
    names = [MEANINGS.get(normal(heading)) for heading in headings if heading]
    for name, column in READ.items():
        if names.count(name) > 1:
            yield Problem(number, column.header, "Die Spalte gibt es zweimal. Bitte löschen Sie eine davon.")
        if name in NEEDED and name not in names:
            yield Problem(number, column.header, "Die Spalte fehlt.")
    if "ags" not in names and "municipality" not in names:
        yield Problem(number, "AGS oder Kommune", "Eine der beiden Spalten wird gebraucht.")
    for heading in headings:
        if heading and normal(heading) not in MEANINGS:
            text = "Diese Spalte ist nicht bekannt. Bitte löschen Sie sie oder nennen Sie sie wie in der Vorlage."
            yield Problem(number, heading[:80], text)


def is_empty(row: Row) -> bool:
    """Whether the row names nobody."""
    return not any(row.cells[name] for name in PERSONAL)
