"""Tables to take away."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.lib.folding import file_name
from netzkoord.lib.spreadsheets import CSV_TYPE, XLSX_TYPE, Value, csv_bytes, xlsx_bytes
from participants.models import Registration
from participants.queries.registrations import TandemRow
from participants.tables import COLUMNS

HEADER = [column.header for column in COLUMNS]
AGS_PLACE = HEADER.index("AGS")


@dataclass(frozen=True)
class Table:
    """A file with its name and its kind."""

    content: bytes
    content_type: str
    name: str


def tandem_table(cohort: Cohort, rows: Iterable[TandemRow], kind: str) -> Table:
    """The registrations of these tandems as „xlsx“ or „csv“: one row per person, so that it can be read back."""
    lines = [line for row in rows for line in tandem_lines(row)]
    name = f"anmeldungen-{file_name(cohort.title) or cohort.pk}-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return Table(csv_bytes(HEADER, map(spaced_ags, lines)), CSV_TYPE, f"{name}.csv")
    columns = [(column.header, column.width) for column in COLUMNS]
    return Table(xlsx_bytes("Anmeldungen", columns, lines), XLSX_TYPE, f"{name}.xlsx")


def tandem_lines(row: TandemRow) -> Iterator[list[Value]]:
    """The people of a tandem who have not left; where nobody is left, the tandem itself."""
    halves: list[Registration | None] = [half for _, half in row.halves if half]
    for half in halves or [None]:
        yield [row.tandem.pk, *half_cells(half), *tandem_cells(row), local(half.confirmed_at) if half else None]


def half_cells(half: Registration | None) -> Sequence[Value]:
    if half is None:
        return [None] * (AGS_PLACE - 1)
    return [
        half.get_role_display(),
        half.get_salutation_display() if half.salutation else "",
        half.title,
        half.given_names,
        half.family_name,
        half.email,
        half.organisation,
        half.get_organisation_type_display(),
        half.position,
        half.phone,
        half.get_field_of_action_display(),
        half.approval.email if hasattr(half, "approval") else "",
    ]


def tandem_cells(row: TandemRow) -> Sequence[Value]:
    tandem = row.tandem
    return [
        tandem.municipality.ags,
        tandem.municipality.name,
        tandem.municipality.get_state_display(),
        tandem.partner_email,
        tandem.get_form_display(),
        row.label,
        tandem.get_selection_display(),
        local(tandem.created_at),
    ]


def local(moment: datetime.datetime | None) -> datetime.datetime | None:
    return timezone.localtime(moment) if moment else None


def spaced_ags(line: Sequence[Value]) -> list[Value]:
    """The key as official lists write it, 05 158 020: no spreadsheet program takes it for a number."""
    cells = list(line)
    digits = str(cells[AGS_PLACE] or "")
    cells[AGS_PLACE] = " ".join(filter(None, [digits[:2], digits[2:5], digits[5:]]))
    return cells


def problem_table(problems: Iterable[Sequence[object]]) -> bytes:
    """All that is wrong with a list, as a CSV: row, column, sentence."""
    return csv_bytes(["Zeile", "Spalte", "Was nicht stimmt"], problems)


def template_table(cohort: Cohort) -> bytes:
    """An empty table with the columns that this cohort reads, and one example to be replaced."""
    unread = set() if cohort.asks_approval else {"superior_email"}
    columns = [column for column in COLUMNS if column.name and column.name not in unread]
    example: dict[str, Value] = {
        "tandem": 1,
        "role": Audience.MANAGER.person,
        "given_names": "Erika",
        "family_name": "Muster",
        "email": "erika.muster@stadt.example",
        "organisation": "Stadt Musterstadt",
        "ags": "03159016",
    }
    row: list[Value] = [example.get(column.name, "") for column in columns]
    return xlsx_bytes("Anmeldungen", [(column.header, column.width) for column in columns], [row])
