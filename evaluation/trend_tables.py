"""What is compared over sessions or cohorts, as a table for spreadsheet programs."""

from evaluation.queries.trends import TrendTable
from evaluation.trends import Cell, Row
from netzkoord.lib.spreadsheets import Value, csv_bytes, xlsx_bytes

WITHHELD = "zu wenige"


def csv_table(comparison: TrendTable) -> bytes:
    return csv_bytes([title for title, _ in headings(comparison)], [line(row) for row in comparison.rows])


def xlsx_table(comparison: TrendTable, title: str) -> bytes:
    return xlsx_bytes(title, headings(comparison), [line(row) for row in comparison.rows])


def headings(comparison: TrendTable) -> list[tuple[str, int]]:
    titles = [f"{column.title} ({column.mark})" for column in comparison.columns]
    return [
        ("Frage", 60),
        ("Skala", 40),
        *(
            (f"{title}: {what}", width)
            for title in titles
            for what, width in (("Mittel", 12), ("n", 6), ("Band", 10))
        ),
    ]


def line(row: Row) -> list[Value]:
    return [row.asked.text, row.asked.scale.direction, *(value for cell in row.cells for value in values_of(cell))]


def values_of(cell: Cell) -> tuple[Value, Value, Value]:
    if cell.mean is None:
        return (WITHHELD if cell.is_withheld else None), None, None
    return f"{cell.mean:.2f}".replace(".", ","), cell.n, cell.word or None
