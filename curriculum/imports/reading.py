"""A file of a spreadsheet program read as tables: XLSX as a whole, or one sheet as CSV.

Nothing is believed before it is looked at: sizes before unpacking, content instead of the file's name. Every
deviation gets its sentence with the place where a person finds it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from curriculum.exports import NOTES
from curriculum.tables import SHEET_BY_TITLE, SHEETS, Line, Sheet, Tables
from netzkoord.lib.archives import Kind
from netzkoord.lib.grids import (
    EMPTY,
    MAX_BYTES,
    MAX_COLUMNS,
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

MAX_ROWS = 5_000
LEAST_IN_COMMON = 0.5


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where a person finds it; no row where a sheet or a column is meant."""

    sheet: str
    row: int | None
    column: str
    text: str


@dataclass(frozen=True)
class Reading:
    """What a file says. With `misbuilt`, sheets or columns are not as they must be and rows say nothing.

    `problems` are those of single cells.
    """

    tables: Tables = field(default_factory=dict)
    misbuilt: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(content: bytes) -> Reading:
    """The tables of a file. Raises `NotATable`."""
    if len(content) > MAX_BYTES:
        raise NotATable(f"Die Datei ist größer als {MAX_MB}\u00a0MB. So groß wird die Tabelle einer Fassung nicht.")
    if kind_of_table(content) is Kind.ARCHIVE:
        with pages_of(content) as pages:
            return read_pages(pages)
    return read_csv(decoded(content))


# XLSX


def read_pages(pages: list[Any]) -> Reading:
    reading = Reading()
    known = {normal(title): sheet for title, sheet in SHEET_BY_TITLE.items()}
    found: Counter[str] = Counter()
    for page in pages:
        sheet = known.get(normal(page.title))
        if sheet:
            found[sheet.title] += 1
            read_page(page, sheet, reading)
        elif normal(page.title) != normal(NOTES) and has_content(page):
            text = "Dieses Blatt kennt die Plattform nicht. Bitte löschen Sie es oder nennen Sie es wie zuvor."
            reading.misbuilt.append(Problem(str(page.title), None, "", text))
    for sheet in SHEETS:
        if not found[sheet.title]:
            text = "Das Blatt fehlt. Bitte verwenden Sie die Tabelle, die Sie bei der Fassung herunterladen."
            reading.misbuilt.append(Problem(sheet.title, None, "", text))
        elif found[sheet.title] > 1:
            reading.misbuilt.append(Problem(sheet.title, None, "", "Das Blatt gibt es zweimal."))
    return reading


def read_page(page: Any, sheet: Sheet, reading: Reading) -> None:
    read_grid(sheet, grid_of(page), reading)
    with page._get_source() as source:
        for name, row in MERGED.findall(source.read())[:MAX_COLUMNS]:
            text = "Hier sind Zellen verbunden. Bitte heben Sie das auf und füllen Sie jede Zelle einzeln."
            column = header_at(page, name.decode())
            reading.problems.append(Problem(sheet.title, int(row), column, text))


MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3})([0-9]{1,7}):')


def header_at(page: Any, letters: str) -> str:
    """The heading of this column, as far as the first row has one."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    first = next(page.iter_rows(max_row=1, max_col=MAX_COLUMNS), ())
    return str(first[place - 1].value or letters) if place <= len(first) else letters


# CSV


def read_csv(text: str) -> Reading:
    """One sheet; its headings say which. Raises `NotATable`."""
    rows = list(csv_grid(text, {normal(header) for sheet in SHEETS for header in sheet.headers}))
    if not rows:
        raise NotATable(EMPTY)
    sheet = sheet_of([text for text, _ in rows[0][1]])
    reading = Reading()
    read_grid(sheet, iter(rows), reading)
    return reading


def sheet_of(headers: list[str]) -> Sheet:
    """The sheet whose headings these mostly are. Raises `NotATable`."""
    own = {normal(header) for header in headers if header.strip()}

    def likeness(sheet: Sheet) -> float:
        expected = set(map(normal, sheet.headers))
        return len(own & expected) / len(own | expected)

    best = max(SHEETS, key=likeness)
    if likeness(best) < LEAST_IN_COMMON:
        raise NotATable(
            "Die Überschriften in der ersten Zeile passen zu keinem Blatt der Tabelle. "
            "Bitte speichern Sie ein Blatt der Tabelle als CSV, ohne die Überschriften zu ändern."
        )
    return best


# Both


WITHOUT_HEADING = "In dieser Spalte steht etwas, aber sie hat keine Überschrift. Bitte löschen Sie es."


def read_grid(sheet: Sheet, grid: Grid, reading: Reading) -> None:
    """The first row with content holds the headings; the others become lines."""
    first = next(grid, None)
    if first is None:
        reading.misbuilt.append(Problem(sheet.title, None, "", "Das Blatt hat keine Überschriften."))
        return
    headers = [text.strip() for text, _ in first[1]]
    reading.misbuilt.extend(misnamed(sheet, headers, first[0]))
    known = {normal(header): header for header in sheet.headers}
    names = [known.get(normal(header), "") for header in headers]
    lines = reading.tables.setdefault(sheet.title, [])
    for number, cells in grid:
        if len(lines) == MAX_ROWS:
            text = f"Das Blatt hat mehr als {MAX_ROWS:,} Zeilen.".replace(",", ".")
            reading.misbuilt.append(Problem(sheet.title, number, "", text))
            return
        line = Line(number, dict.fromkeys(sheet.headers, ""))
        for place, (text, problem) in enumerate(cells):
            name = names[place] if place < len(names) else ""
            if name:
                line.cells[name] = text
            has_heading = place < len(headers) and headers[place]
            sentence = problem or ("" if has_heading or not text.strip() else WITHOUT_HEADING)
            if sentence:
                reading.problems.append(Problem(sheet.title, number, name or column_name(place), sentence))
        if any(text.strip() for text in line.cells.values()):
            lines.append(line)


def misnamed(sheet: Sheet, headers: list[str], row: int) -> Iterator[Problem]:
    counts = Counter(map(normal, filter(None, headers)))
    expected = {normal(header): header for header in sheet.headers}
    for name, header in expected.items():
        if not counts[name]:
            yield Problem(sheet.title, row, header, "Die Spalte fehlt.")
        elif counts[name] > 1:
            yield Problem(sheet.title, row, header, "Die Spalte gibt es zweimal. Bitte löschen Sie eine davon.")
    for header in unknown(headers, expected):
        text = "Diese Spalte kennt die Plattform nicht. Bitte löschen Sie sie oder geben Sie ihr ihren alten Namen."
        yield Problem(sheet.title, row, header, text)


def unknown(headers: Iterable[str], expected: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(header for header in headers if header and normal(header) not in expected))
