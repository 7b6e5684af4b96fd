"""Tables to take away."""

from collections.abc import Iterable

from django.utils import timezone

from curriculum.models import Audience
from netzkoord.lib.spreadsheets import csv_bytes
from participants.models import Registration
from participants.queries.registrations import TandemRow

TANDEM_HEADER = ["AGS", "Kommune", "Land", "Eingang", "Tandem", "Entscheidung"]
HALF_HEADER = [
    "Anrede",
    "Titel",
    "Vorname",
    "Familienname",
    "E-Mail-Adresse",
    "Organisation",
    "Art",
    "bestätigt am",
]


def tandem_csv(rows: Iterable[TandemRow]) -> bytes:
    """The list of registrations as it is filtered: one line per tandem, both halves side by side."""
    header = list(TANDEM_HEADER)
    for audience in Audience:
        header += [f"{audience.person}: {column}" for column in HALF_HEADER]
    return csv_bytes(header, [tandem_line(row) for row in rows])


def tandem_line(row: TandemRow) -> list[str]:
    tandem = row.tandem
    line = [
        tandem.municipality.ags,
        tandem.municipality.name,
        tandem.municipality.get_state_display(),
        f"{timezone.localtime(tandem.created_at):%d.%m.%Y %H:%M}",
        row.label,
        tandem.get_selection_display(),
    ]
    for _, half in row.halves:
        line += half_cells(half) if half else [""] * len(HALF_HEADER)
    return line


def half_cells(half: Registration) -> list[str]:
    return [
        half.get_salutation_display() if half.salutation else "",
        half.title,
        half.given_names,
        half.family_name,
        half.email,
        half.organisation,
        half.get_organisation_type_display(),
        f"{timezone.localtime(half.confirmed_at):%d.%m.%Y %H:%M}" if half.confirmed_at else "",
    ]
