"""Files of spreadsheet programs read as rows of texts: workbooks (XLSX) and separated values (CSV).

Nothing is believed before it is looked at: sizes before unpacking, content instead of the file's name. Each cell
comes as what it says and what is wrong with it.
"""

import csv
import datetime
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from netzkoord.lib import archives
from netzkoord.lib.archives import ODF, XLSX, Damaged, Kind, Limits, Oversized, kind_of

MAX_MB = 5
MAX_BYTES = MAX_MB * 1024 * 1024
# A sheet of equal rows reaches a ratio of 100; nothing honest goes beyond this.
LIMITS = Limits(members=500, unpacked=60 * 1024 * 1024, ratio=250)
MAX_COLUMNS = 100
MAX_SHEETS = 40
LAST_ROW = 1_048_576  # of a sheet in Excel
YES, NO = "ja", "nein"
SAVE_AS = "Bitte speichern Sie sie als XLSX (Excel-Arbeitsmappe)."
EMPTY = "Die Datei ist leer. Bitte wählen Sie eine andere."
DAMAGED = f"Die Datei ist beschädigt oder keine Excel-Arbeitsmappe. {SAVE_AS}"
PICTURE = "Die Datei ist ein Bild, keine Tabelle. Bitte laden Sie die Tabelle selbst hoch, als XLSX oder CSV."
MARKUP = f"Die Datei ist eine Webseite oder XML, keine Tabelle. {SAVE_AS}"
FOREIGN = {
    Kind.OLD_OFFICE: f"Die Datei ist mit einem Kennwort geschützt oder im alten Format XLS. {SAVE_AS}",
    Kind.PDF: "Die Datei ist ein PDF. Bitte laden Sie die Tabelle selbst hoch, als XLSX oder CSV.",
    Kind.PNG: PICTURE,
    Kind.JPEG: PICTURE,
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

Cell = tuple[str, str]  # what it says, and what is wrong with it
Grid = Iterator[tuple[int, list[Cell]]]  # numbers of rows as the program shows them, and their cells


class NotATable(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The file as a whole cannot be read; the German sentence says why and what to do."""


def kind_of_table(content: bytes) -> Kind:
    """`ARCHIVE` for what may be a workbook, `UNKNOWN` for what may be text. Raises `NotATable`."""
    if not content.strip():
        raise NotATable(EMPTY)
    kind = kind_of(content)
    if kind in FOREIGN:
        raise NotATable(FOREIGN[kind])
    return kind


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


@contextmanager
def pages_of(content: bytes) -> Iterator[list[Any]]:
    """The sheets of a workbook. Raises `NotATable`, also for what shows only inside the block."""
    refuse_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is missing; here it is a problem, or it does not matter
            yield opened(content)
    except UNREADABLE as error:
        raise NotATable(DAMAGED) from error


def opened(content: bytes) -> list[Any]:
    reader = Reader(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    reader.read()
    pages = list(reader.wb.worksheets)
    if not pages:
        raise NotATable(DAMAGED)
    if len(pages) > MAX_SHEETS:
        raise NotATable(f"Die Datei hat mehr als {MAX_SHEETS} Blätter. Bitte löschen Sie die überzähligen.")
    return pages


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


def has_content(page: Any) -> bool:
    return any(any(text.strip() for text, _ in cells) for _, cells in grid_of(page))


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


# What XML cannot hold, or would not give back; and whatever already looks like our way of writing it.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]|_x(?=[0-9A-F]{4}_)")
WRITTEN = re.compile(r"_x([0-9A-F]{4})_")


def escaped(text: str) -> str:
    """The text as a spreadsheet holds it: line ends are \\n, control characters as Excel writes them (_x000B_)."""
    return UNWRITABLE.sub(lambda found: f"_x{ord(found[0][0]):04X}_" + found[0][1:], one_line_end(text))


def unescaped(text: str) -> str:
    return WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)


def one_line_end(text: str) -> str:
    """Browsers send line ends as \\r\\n, spreadsheets as \\n; they mean the same."""
    return text.replace("\r\n", "\n")


# CSV

DELIMITERS = (";", ",", "\t")
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


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


def csv_grid(text: str, headings: set[str]) -> Grid:
    """Rows with content, numbered by the line of the file they begin in. Raises `NotATable`.

    They are parted by what a line „sep=;“ says, or by what parts the first row into the most known `headings`.
    """
    skipped = SEPARATOR_LINE.match(text)
    body = text[skipped.end() :] if skipped else text
    delimiter = skipped[1] if skipped else delimiter_of(body, headings)
    return csv_rows(body, delimiter, first=2 if skipped else 1)


def delimiter_of(text: str, headings: set[str]) -> str:
    lines = (line for line in text.splitlines() if line.strip())
    first = next(lines, "").replace('"', "")
    return max(DELIMITERS, key=lambda each: len(headings & {normal(part) for part in first.split(each)}))


def csv_rows(text: str, delimiter: str, *, first: int) -> Grid:
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


# Both


def normal(text: str) -> str:
    """Headings and titles are known by their letters: not by case, nor by spaces between or around."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def column_name(place: int) -> str:
    """A, B, …, Z, AA, … for 0, 1, …, 25, 26, …"""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
