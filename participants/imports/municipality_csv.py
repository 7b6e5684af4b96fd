"""A list of municipalities as a CSV: columns „ags“ and „name“, perhaps „kreis“; others are passed over."""

import csv
import io
from collections.abc import Iterator

from participants.imports.municipality_rows import NotAList, Reading, check, row_of
from participants.models.places import KREIS_DIGITS

DELIMITERS = (";", ",", "\t")
# Column → the headings it goes by.
HEADINGS = {
    "ags": {"ags", "amtlicher gemeindeschlüssel", "gemeindeschlüssel", "schlüssel"},
    "name": {"name", "gemeindename", "gemeinde", "kommune"},
    "kreis": {"kreis", "kreisname", "landkreis"},
}
NEEDED = ("ags", "name")
MAX_ROWS = 50_000


def read_csv(text: str) -> Reading:
    """Raises `NotAList`."""
    delimiter = delimiter_of(text)
    lines = csv_lines(text, delimiter)
    _, headings = next(lines)
    places = places_of(headings)
    reading = Reading("CSV")
    for number, cells in lines:
        if len(reading.rows) == MAX_ROWS:
            raise NotAList(f"Die Datei hat mehr als {MAX_ROWS} Zeilen. So viele Kommunen gibt es nicht.")
        if len(cells) != len(headings):
            reading.object(
                number, f"Die Zeile hat {len(cells)} statt {len(headings)} Spalten. Ist die Datei abgeschnitten?"
            )
            continue
        county = cells[places["kreis"]].strip() if "kreis" in places else None
        # Official lists write 05 158 020, and so does our own table.
        ags = "".join(cells[places["ags"]].split())
        reading.rows.append(row_of(number, ags, cells[places["name"]], county))
    reading.has_counties = any(len(row.ags) == KREIS_DIGITS for row in reading.rows)
    return check(reading)


def delimiter_of(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def csv_lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with content, numbered by the line of the file they begin in. Raises `NotAList`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise NotAList(
            f"In Zeile\u00a0{begins} schließt ein Anführungszeichen nicht, oder ein Text ist zu lang. "
            "Ist die Datei abgeschnitten?"
        ) from error


def places_of(headings: list[str]) -> dict[str, int]:
    """Where the columns stand. Raises `NotAList` when one is missing or there twice."""
    names = [" ".join(heading.split()).casefold() for heading in headings]
    places: dict[str, int] = {}
    for column, known in HEADINGS.items():
        found = [place for place, name in enumerate(names) if name in known]
        if len(found) > 1:
            raise NotAList(f"Die Spalte „{column}“ gibt es zweimal. Bitte löschen Sie eine davon.")
        if found:
            places[column] = found[0]
    missing = [f"„{column}“" for column in NEEDED if column not in places]
    if missing:
        raise NotAList(
            f"In der ersten Zeile fehlt die Überschrift {' und '.join(missing)}. Gebraucht werden die Spalten "
            "„ags“ und „name“; „kreis“ kann dazukommen."
        )
    return places
