"""Tables for spreadsheet programs: CSV and XLSX as a German Excel opens them, and nothing in them is calculated.

A table that is read again says what it said: `plain_cell` takes off what `safe_cell` has put before.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# What makes a spreadsheet program take a text for a formula, the wide forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Of 0221 and of long numbers such a program keeps the value and loses the digits.
LOSES_DIGITS = re.compile(r"0[0-9]+|[0-9]{16,}", re.ASCII)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
LONGEST_CELL = 32_767
# What XML cannot hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Value = str | int | float | datetime.date | datetime.datetime | None


def safe_cell(value: object) -> str:
    """The value as text; an apostrophe before whatever would be taken for a formula or lose digits."""
    text = str(value)
    return f"'{text}" if would_change(text) else text


def plain_cell(text: str) -> str:
    """The text without the apostrophe of `safe_cell`; one that belongs to it stays."""
    return text[1:] if text.startswith("'") and would_change(text[1:]) else text


def would_change(text: str) -> bool:
    """Whether a spreadsheet program would make something else of this text, apostrophes before it aside."""
    bare = text.lstrip("'")
    is_formula = bare.startswith(FORMULA_STARTS) or bare.lstrip().startswith(FORMULA_STARTS)
    return is_formula or bool(LOSES_DIGITS.fullmatch(bare))


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file: UTF-8 with byte order mark, semicolons, one line per row."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([safe_cell(csv_text(value)) for value in row] for row in rows)
    return (BOM + stream.getvalue()).encode()


def csv_text(value: object) -> object:
    """Dates and fractions as a German reads them; nothing for nothing."""
    if isinstance(value, datetime.datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    return "" if value is None else value


def xlsx_bytes(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]) -> bytes:
    """A workbook with one sheet; `columns` are headings and widths. Texts are texts, dates are dates."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for place, (_, width) in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.append([heading_cell(page, header) for header, _ in columns])
    for row in rows:
        page.append([xlsx_cell(page, value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


BOLD = Font(bold=True)
SHADE = PatternFill("solid", fgColor="E8EDF2")
TOP = Alignment(vertical="top", wrap_text=True)


def heading_cell(page: Any, header: str) -> Any:
    cell = WriteOnlyCell(page, value=header)
    cell.font, cell.fill, cell.alignment = BOLD, SHADE, TOP
    return cell


def xlsx_cell(page: Any, value: Value) -> Any:
    """Plain values as they are, for speed; a text that would become something else once edited is marked."""
    if isinstance(value, datetime.datetime):
        cell = WriteOnlyCell(page, value=value.replace(tzinfo=None))
        cell.number_format = "dd.mm.yyyy hh:mm"
        return cell
    if isinstance(value, datetime.date):
        cell = WriteOnlyCell(page, value=value)
        cell.number_format = "dd.mm.yyyy"
        return cell
    if isinstance(value, float):
        cell = WriteOnlyCell(page, value=value)
        cell.number_format = "0.00"
        return cell
    if not isinstance(value, str) or not value:
        return value or None if isinstance(value, str) else value
    text = UNWRITABLE.sub("", value)[:LONGEST_CELL]
    if not text[:1].isalpha() or not text.isprintable():
        cell = WriteOnlyCell(page, value=text)
        cell.data_type, cell.number_format = "s", "@"
        cell.quotePrefix = would_change(text)
        return cell
    return text
