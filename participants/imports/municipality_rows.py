"""The official list of municipalities as a file: GV100AD of the Statistisches Bundesamt, or a CSV.

Nothing is believed before it is looked at, and every deviation gets its sentence with the line where it stands.
Nothing here asks the database.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from netzkoord.lib.archives import Kind, kind_of
from netzkoord.lib.latin import validate_latin_name
from netzkoord.lib.names import normalise_name
from netzkoord.lib.states import State
from participants.models.places import KREIS_DIGITS, LONGEST_NAME

MAX_MB = 10
MAX_BYTES = MAX_MB * 1024 * 1024
LONGEST_DESIGNATION = 80
KEY_LENGTHS = {KREIS_DIGITS, 8}
# What stands in names of municipalities beside letters, digits and spaces.
PUNCTUATION = frozenset("-–/().,'’´&+")
TAKE = "Bitte laden Sie die Textdatei GV100AD oder eine CSV-Tabelle hoch."
ENCODING = "Ist die Datei in einer anderen Zeichenkodierung gespeichert? Richtig sind UTF-8 und Windows-1252."
FOREIGN = {
    Kind.ARCHIVE: "Die Datei ist ein ZIP-Archiv oder eine Excel-Arbeitsmappe. Bitte entpacken Sie das Archiv und "
    "laden die Textdatei daraus hoch, oder speichern Sie die Tabelle als CSV.",
    Kind.OLD_OFFICE: "Die Datei ist eine Excel-Tabelle im alten Format. Bitte speichern Sie sie als CSV.",
    Kind.PDF: f"Die Datei ist ein PDF. {TAKE}",
    Kind.PNG: f"Die Datei ist ein Bild. {TAKE}",
    Kind.JPEG: f"Die Datei ist ein Bild. {TAKE}",
    Kind.PROGRAM: f"Die Datei ist ein Programm. {TAKE}",
    Kind.SVG: f"Die Datei ist ein Bild. {TAKE}",
    Kind.HTML: f"Die Datei ist eine Webseite. {TAKE}",
    Kind.XML: f"Die Datei ist XML. {TAKE}",
}


class NotAList(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The file as a whole cannot be read; the German sentence says why and what to do."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, and in which line of the file; no line where the file as a whole is meant."""

    line: int | None
    text: str


@dataclass(frozen=True)
class Row:
    """A municipality or Kreis of the file; `county_name` is None where the file does not speak of Kreise."""

    line: int
    ags: str
    name: str
    designation: str
    county_name: str | None


@dataclass
class Reading:
    """What a file says, and all that stands against it; with `problems`, the rows are not to be used.

    `as_of` is its Gebietsstand, where the file names one; `has_counties` says that Kreise are among its rows.
    """

    kind: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    as_of: datetime.date | None = None
    has_counties: bool = False

    @cached_property
    def keys(self) -> frozenset[str]:
        """Of all rows; asked only when the file has been read to its end."""
        return frozenset(row.ags for row in self.rows)

    def packed(self) -> dict[str, Any]:
        """As plain values, to be kept until the decision."""
        rows = [(row.line, row.ags, row.name, row.designation, row.county_name) for row in self.rows]
        return {"kind": self.kind, "as_of": self.as_of, "has_counties": self.has_counties, "rows": rows}

    def object(self, line: int | None, text: str) -> None:
        self.problems.append(Problem(line, text))


def unpacked(packed: dict[str, Any]) -> Reading:
    return Reading(**packed | {"rows": [Row(*values) for values in packed["rows"]]})


def text_of(content: bytes) -> str:
    """What the file says, in whichever encoding. Raises `NotAList`."""
    if len(content) > MAX_BYTES:
        raise NotAList(f"Die Datei ist größer als {MAX_MB}\u00a0MB. So groß ist keine Liste der Kommunen.")
    if not content.strip():
        raise NotAList("Die Datei ist leer. Bitte wählen Sie eine andere.")
    if refusal := FOREIGN.get(kind_of(content)):
        raise NotAList(refusal)
    text = decoded(content)
    if "\0" in text:
        raise NotAList(f"Die Datei ist keine Textdatei. {TAKE}")
    return text


def decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAList(f"Manche Zeichen der Datei lassen sich nicht lesen. {ENCODING}")


def row_of(line: int, ags: str, official_name: str, county_name: str | None) -> Row:
    """„Flensburg, Stadt“ is Flensburg: what stands behind the first comma says what it is.

    „Osnabrück, Landkreis“ is called Landkreis Osnabrück, also where it is the Kreis of a Gemeinde.
    """
    county = as_county(county_name) if county_name else county_name
    name, designation = parted(official_name)
    if len(ags) == KREIS_DIGITS and designation in KREISE:
        return Row(line, ags, titled(name, designation), "", county)
    return Row(line, ags, name, spelled_out(designation), county)


def parted(official_name: str) -> tuple[str, str]:
    """What stands before the first comma, and behind it."""
    name, _, designation = normalise_name(official_name).partition(",")
    return name.strip(), designation.strip()


def as_county(official_name: str) -> str:
    name, designation = parted(official_name)
    return titled(name, designation) if designation in KREISE else official_name


KREISE = frozenset({"Kreis", "Landkreis", "Regionalverband"})
# Names that say themselves what they are: Ilm-Kreis, Region Hannover, Regionalverband Saarbrücken.
SAYS_ITSELF = re.compile("kreis|region|verband", re.IGNORECASE)


def titled(name: str, kind: str) -> str:
    """„Diepholz“ is the Landkreis Diepholz; the Ilm-Kreis is called so already."""
    return name if SAYS_ITSELF.search(name) else f"{kind} {name}"


# Bavaria's own abbreviations, and those of areas that belong to no municipality.
ABBREVIATIONS = {
    "M": "Markt",
    "St": "Stadt",
    "GKSt": "Große Kreisstadt",
    "gemfr. Gebiet": "gemeindefreies Gebiet",
    "gemfr. Geb.": "gemeindefreies Gebiet",
    "gemfr.Geb.": "gemeindefreies Gebiet",
    "gemfr. Bezirk": "gemeindefreier Bezirk",
}


def spelled_out(designation: str) -> str:
    return ABBREVIATIONS.get(designation, designation)


def check(reading: Reading) -> Reading:
    """The reading with what is wrong with its rows, in the order of the file."""
    seen: dict[str, int] = {}
    for row in reading.rows:
        for text in wrong_with(row, seen):
            reading.object(row.line, text)
        seen.setdefault(row.ags, row.line)
    if not reading.rows and not reading.problems:
        raise NotAList(f"In der Datei steht keine Kommune. {TAKE}")
    reading.problems.sort(key=lambda problem: (problem.line is None, problem.line or 0))
    return reading


def wrong_with(row: Row, seen: dict[str, int]) -> Iterator[str]:
    yield from wrong_with_key(row.ags)
    if row.ags in seen:
        yield f"Der AGS {row.ags} steht schon in Zeile\u00a0{seen[row.ags]}."
    if not row.name:
        yield "Hier fehlt der Name."
    for text in (row.name, row.county_name or ""):
        if len(text) > LONGEST_NAME:
            yield f"Der Name hat mehr als {LONGEST_NAME} Zeichen."
        yield from wrong_with_text(text)
    if len(row.designation) > LONGEST_DESIGNATION:
        yield f"Die Bezeichnung hinter dem Komma hat mehr als {LONGEST_DESIGNATION} Zeichen."
    yield from wrong_with_text(row.designation)


def wrong_with_key(ags: str) -> Iterator[str]:
    if not (ags.isascii() and ags.isdecimal() and len(ags) in KEY_LENGTHS):
        yield (
            f"„{ags[:20]}“ ist kein AGS: Er hat 8 Ziffern, der eines Kreises 5. Tabellenprogramme streichen "
            "führende Nullen; die Spalte muss Text enthalten."
        )
    elif ags[:2] not in State.values:
        yield f"Der AGS {ags} beginnt mit keiner Nummer eines Landes, 01 bis 16."


def wrong_with_text(text: str) -> Iterator[str]:
    try:
        validate_latin_name(text)
    except ValidationError as error:
        yield " ".join(error.messages)
        return
    if strange := next((character for character in text if not is_usual(character)), ""):
        yield f"„{text[:60]}“ enthält das Zeichen „{strange}“. {ENCODING}"


def is_usual(character: str) -> bool:
    """Whether it stands in names of places; a wrong encoding brings signs that do not."""
    return character == " " or character in PUNCTUATION or unicodedata.category(character)[0:2] in USUAL


USUAL = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"})


def missing_states(found: Iterable[str]) -> list[str]:
    known = set(found)
    return [str(state.label) for state in State if state.value not in known]
