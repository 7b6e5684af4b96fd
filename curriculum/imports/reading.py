"""A file of a spreadsheet program read as tables: XLSX as a whole, or one sheet as CSV.

Nothing is believed before it is looked at: sizes before unpacking, content instead of the file's name. Every
deviation gets its sentence with the place where a person finds it.
"""

import csv
import datetime
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from curriculum.exports import NOTES
from curriculum.tables import NO, SHEET_BY_TITLE, SHEETS, YES, Line, Sheet, Tables, one_line_end, unescaped
from netzkoord.lib import archives
from netzkoord.lib.archives import ODF, XLSX, Damaged, Kind, Limits, Oversized, kind_of

MAX_MB = 5
MAX_BYTES = MAX_MB * 1024 * 1024
# A sheet of equal rows reaches a ratio of 100; nothing honest goes beyond this.
LIMITS = Limits(members=500, unpacked=60 * 1024 * 1024, ratio=250)
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_SHEETS = 40
LAST_ROW = 1_048_576  # of a sheet in Excel
SAVE_AS = "Bitte speichern Sie sie als XLSX (Excel-Arbeitsmappe)."
DAMAGED = f"Die Datei ist beschädigt oder keine Excel-Arbeitsmappe. {SAVE_AS}"
MARKUP = f"Die Datei ist eine Webseite oder XML, keine Tabelle. {SAVE_AS}"
FOREIGN = {
    Kind.OLD_OFFICE: f"Die Datei ist mit einem Kennwort geschützt oder im alten Format XLS. {SAVE_AS}",
    Kind.PDF: "Die Datei ist ein PDF. Bitte laden Sie die Tabelle selbst hoch, als XLSX oder CSV.",
    Kind.HTML: MARKUP,
    Kind.SVG: MARKUP,
    Kind.XML: MARKUP,
}
# What openpyxl raises over files that are not what they claim to be.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class NotATable(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The file as a whole cannot be read; the German sentence says why and what to do."""


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


Cell = tuple[str, str]  # what it says, and what is wrong with it
Grid = Iterator[tuple[int, list[Cell]]]


def read(content: bytes) -> Reading:
    """The tables of a file. Raises `NotATable`."""
    if len(content) > MAX_BYTES:
        raise NotATable(f"Die Datei ist größer als {MAX_MB}\u00a0MB. So groß wird die Tabelle einer Fassung nicht.")
    if not content.strip():
        raise NotATable("Die Datei ist leer. Bitte wählen Sie eine andere.")
    kind = kind_of(content)
    if kind is Kind.ARCHIVE:
        return read_workbook(content)
    if kind in FOREIGN:
        raise NotATable(FOREIGN[kind])
    return read_csv(decoded(content))


# XLSX


class Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """Keeps texts as they are: openpyxl itself drops „x005F_“ from them, and with it the escaping."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


def read_workbook(content: bytes) -> Reading:
    refuse_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is missing; here it is a problem, or it does not matter
            return opened(content)
    except UNREADABLE as error:
        raise NotATable(DAMAGED) from error


def opened(content: bytes) -> Reading:
    reader = Reader(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    reader.read()
    pages = reader.wb.worksheets
    if not pages:
        raise NotATable(DAMAGED)
    if len(pages) > MAX_SHEETS:
        raise NotATable(f"Die Datei hat mehr als {MAX_SHEETS} Blätter. Bitte löschen Sie die überzähligen.")
    return read_pages(pages)


def refuse_archive(content: bytes) -> None:
    """Looks at every entry before openpyxl does: how large it becomes, and whether it declares entities."""
    try:
        with archives.opened(content, LIMITS) as archive:
            refuse_other_kind(archives.office_kind(archive))
            for member in archive.infolist():
                refuse_declarations(archives.read(archive, member, at_most=LIMITS.unpacked))
    except Oversized as error:
        raise NotATable("Die Datei wird beim Entpacken übermäßig groß. Sie wurde nicht gelesen.") from error
    except Damaged as error:
        raise NotATable(DAMAGED) from error


def refuse_other_kind(content_type: str | None) -> None:
    if content_type != XLSX:
        is_open_document = content_type and content_type.startswith(ODF)
        kind = "eine OpenDocument-Datei (ODS)" if is_open_document else "keine Excel-Arbeitsmappe"
        raise NotATable(f"Die Datei ist {kind}. {SAVE_AS}")


def refuse_declarations(part: bytes) -> None:
    """Neither Excel nor LibreOffice writes any; they are how XML is made to explode."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or "<!DOCTYPE".encode("utf-16-le") in part:
        raise NotATable("Die Datei enthält eigene XML-Deklarationen und wurde deshalb nicht gelesen.")


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


def has_content(page: Any) -> bool:
    return any(any(text.strip() for text, _ in cells) for _, cells in grid_of(page))


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


def grid_of(page: Any) -> Grid:
    rows = page.iter_rows(min_row=1, max_row=LAST_ROW, min_col=1, max_col=MAX_COLUMNS + 1)
    blank = None  # openpyxl gives the same object for every row that is not there
    for number, row in enumerate(rows, start=1):
        if row is blank:
            continue
        if any(cell.value is not None for cell in row):
            yield number, [read_cell(cell) for cell in row]
        else:
            blank = row


def read_cell(cell: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if value is None:
        return "", ""
    if kind == "f":
        return "", "Hier steht eine Formel. Bitte ersetzen Sie sie durch ihr Ergebnis."
    if kind == "e":
        return "", f"Hier steht der Fehler {value}. Bitte tragen Sie die Angabe neu ein."
    if isinstance(value, bool):
        return YES if value else NO, ""
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return (
            "",
            "Hier steht ein Datum oder eine Uhrzeit. Bitte formatieren Sie die Zelle als Text und tippen neu.",
        )
    if isinstance(value, float):
        return decimal(value), ""
    return (one_line_end(unescaped(value)) if isinstance(value, str) else str(value)), ""


def decimal(value: float) -> str:
    """As Excel shows it in German: 45, 45,5."""
    return str(int(value)) if value.is_integer() else str(value).replace(".", ",")


# CSV

DELIMITERS = (";", ",", "\t")
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
LEAST_IN_COMMON = 0.5


def decoded(content: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return strictly(content, encoding)
    try:
        return without_nul(content.decode())
    except UnicodeDecodeError:
        return strictly(content, "cp1252")


def strictly(content: bytes, encoding: str) -> str:
    try:
        return without_nul(content.decode(encoding))
    except UnicodeDecodeError as error:
        raise NotATable(f"Manche Zeichen der Datei lassen sich nicht lesen. {SAVE_AS}") from error


def without_nul(text: str) -> str:
    if "\0" in text:
        raise NotATable(f"Die Datei ist keine Tabelle. {SAVE_AS}")
    return text


def read_csv(text: str) -> Reading:
    """One sheet; its headings say which. Raises `NotATable`."""
    skipped = SEPARATOR_LINE.match(text)
    body = text[skipped.end() :] if skipped else text
    delimiter = skipped[1] if skipped else delimiter_of(body)
    rows = list(csv_rows(body, delimiter, first=2 if skipped else 1))
    if not rows:
        raise NotATable("Die Datei ist leer. Bitte wählen Sie eine andere.")
    sheet = sheet_of([text for text, _ in rows[0][1]])
    reading = Reading()
    read_grid(sheet, iter(rows), reading)
    return reading


def delimiter_of(text: str) -> str:
    """What parts the headings into the most that are known."""
    known = {normal(header) for sheet in SHEETS for header in sheet.headers}
    lines = (line for line in text.splitlines() if line.strip())
    first = next(lines, "")
    return max(
        DELIMITERS, key=lambda each: len(known & {normal(part) for part in first.replace('"', "").split(each)})
    )


def csv_rows(text: str, delimiter: str, *, first: int) -> Grid:
    """Rows with content, numbered by the line of the file they begin in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = first
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begins, [(one_line_end(cell), "") for cell in row]
            begins = first + reader.line_num
    except csv.Error as error:
        raise NotATable(
            f"In Zeile\u00a0{begins} der Datei schließt ein Anführungszeichen nicht, oder ein Text ist zu lang. "
            "Bitte speichern Sie die Tabelle neu."
        ) from error


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


def normal(text: str) -> str:
    """Headings and titles are known by their letters: not by case, nor by spaces between or around."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


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


def column_name(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


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
