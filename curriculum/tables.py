"""An edition as tables, one sheet for each kind of part: which columns there are, and how a cell is written.

A cell is always a text here. Rows stand in the order of the edition; `Schlüssel` is the key of a part (decision 9),
every other reference is written as a person would write it: a module by its code, a topic by its name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices

from curriculum.models import Audience, Responsibility

KEY = "Schlüssel"
LIST_SEPARATOR = ";"
TANDEM = "Tandem"
# One competence in two areas is told apart by naming the area.
AREA_SEPARATOR = " › "


class Kind(Enum):
    """What a cell holds."""

    KEY = "key"
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes or no"
    REFERENCE = "name of a row of another sheet"
    LIST = "such names, separated by semicolons"


@dataclass(frozen=True)
class Column:
    """`field` is the model's field that the column is read from and written to; empty where code does it.

    `words` are the only values of such a column, written as their labels.
    """

    header: str
    field: str = ""
    kind: Kind = Kind.TEXT
    width: int = 30
    words: type[TextChoices] | None = None


@dataclass(frozen=True)
class Sheet:
    title: str
    columns: tuple[Column, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)

    @property
    def has_key(self) -> bool:
        return self.columns[0].kind is Kind.KEY


@dataclass(frozen=True)
class Line:
    """One row of a sheet: its number in the file, counted as the program shows it, and its cells by header."""

    number: int
    cells: dict[str, str]


Tables = dict[str, list[Line]]
# Plain values, which outlive a new release where tables are kept for a while.
Packed = dict[str, list[tuple[int, dict[str, str]]]]


def packed(tables: Tables) -> Packed:
    return {title: [(line.number, line.cells) for line in lines] for title, lines in tables.items()}


def unpacked(content: Packed) -> Tables:
    return {title: [Line(*line) for line in lines] for title, lines in content.items()}


KEY_COLUMN = Column(KEY, "key", Kind.KEY, 38)
SHEETS = (
    Sheet(
        "Fassung",
        (
            Column("Titel", "title", width=50),
            Column("Kurzbeschreibung", "abstract", width=80),
            Column("Hinweis", "note", width=60),
        ),
    ),
    Sheet("Ziele", (KEY_COLUMN, Column("Ziel", "text", width=90))),
    Sheet(
        "Angebote",
        (
            KEY_COLUMN,
            Column("Zielgruppe", "audience", width=24, words=Audience),
            Column("Titel", "title", width=50),
            Column("Beschreibung", "summary", width=80),
        ),
    ),
    Sheet("Themen", (KEY_COLUMN, Column("Thema", "name", width=50))),
    Sheet(
        "Methoden",
        (
            KEY_COLUMN,
            Column("Methode", "name"),
            Column("Beschreibung", "description", width=80),
            Column("Material", "material", width=40),
        ),
    ),
    Sheet(
        "Glossar",
        (
            KEY_COLUMN,
            Column("Begriff", "term"),
            Column("Gehört zu", "", Kind.REFERENCE),
            Column("Erklärung", "definition", width=80),
            Column("Beispiele", "examples", width=50),
        ),
    ),
    Sheet(
        "Ebenen",
        (
            KEY_COLUMN,
            Column("Ebene", "kind", width=14, words=Responsibility),
            Column("Leitfrage", "question", width=40),
            Column("Verantwortlich", "responsible", width=50),
            Column("Typische Ergebnisse", "products", width=50),
        ),
    ),
    Sheet("Kompetenzbereiche", (KEY_COLUMN, Column("Kompetenzbereich", "name"))),
    Sheet(
        "Module",
        (
            KEY_COLUMN,
            Column("Kürzel", "code", width=10),
            Column("Titel", "title", width=50),
            Column("Angebote", "", Kind.LIST, 40),
            Column("Beschreibung", "summary", width=80),
            Column("Erlebnisbericht verlangt", "requires_practice_report", Kind.YES_NO, 14),
            Column("Haltung verlangt", "requires_attitude_unit", Kind.YES_NO, 14),
        ),
    ),
    Sheet(
        "Kompetenzen",
        (
            KEY_COLUMN,
            Column("Kompetenzbereich", "", Kind.REFERENCE),
            Column("Kompetenz", "name", width=40),
            Column("Beschreibung", "description", width=60),
            *(Column(f"Stufe {level}", f"behaviour_{level}", width=40) for level in range(5)),
            Column("Module", "", Kind.LIST, 20),
        ),
    ),
    Sheet(
        "Profile",
        (
            Column("Kompetenz", "", Kind.REFERENCE, 40),
            Column("Ebene", "", Kind.REFERENCE, 14),
            Column("Zielgruppe", "", Kind.REFERENCE, 24),
            Column("Zielstufe", "target_level", Kind.NUMBER, 10),
        ),
    ),
    Sheet(
        "Lernziele",
        (
            KEY_COLUMN,
            Column("Modul", "", Kind.REFERENCE, 10),
            Column("Lernziel", "text", width=90),
            Column("Kompetenz", "", Kind.REFERENCE, 40),
            Column("Ebene", "", Kind.REFERENCE, 14),
        ),
    ),
    Sheet(
        "Bausteine",
        (
            KEY_COLUMN,
            Column("Modul", "", Kind.REFERENCE, 10),
            Column("Titel", "title", width=50),
            Column("Minuten", "minutes", Kind.NUMBER, 10),
            Column("Inhalt", "summary", width=60),
            Column("Material", "material", width=40),
            Column("Themen", "", Kind.LIST, 40),
            Column("Methoden", "", Kind.LIST, 40),
            Column("Lernziele", "", Kind.LIST, 12),
            Column("Glossar", "", Kind.LIST, 30),
            Column("Erlebnisbericht", "has_practice_report", Kind.YES_NO, 14),
            Column("Haltung", "is_about_attitude", Kind.YES_NO, 10),
        ),
    ),
)
SHEET_BY_TITLE = {sheet.title: sheet for sheet in SHEETS}


# One name of a list, in quotes or not, up to the next separator.
NAME = re.compile(r'\s*+(?:"((?:[^"]|"")*+)"\s*+(?:;|$)|([^;]*+)(?:;|$))', re.DOTALL)


def written_list(names: Iterable[str]) -> str:
    """Names in one cell: separated by semicolons, in quotes where a name has one itself."""
    return f"{LIST_SEPARATOR} ".join(map(quoted, names))


def quoted(name: str) -> str:
    is_plain = LIST_SEPARATOR not in name and not name.startswith('"') and name == name.strip()
    if is_plain:
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def read_list(cell: str) -> list[str]:
    """The names of one cell. A quote that does not close belongs to its name."""
    names = []
    place = 0
    while place < len(cell):
        found = NAME.match(cell, place)
        if found is None:
            break
        in_quotes, plain = found.groups()
        names.append(plain.strip() if in_quotes is None else in_quotes.replace('""', '"'))
        place = found.end()
    return [name for name in names if name.strip()]


def told_apart(competences: Sequence[tuple[str, str]]) -> list[str]:
    """How each competence, given as area and name, is referred to: by its name, where that is unique."""
    counts = Counter(name for _, name in competences)
    return [name if counts[name] == 1 else within(area, name) for area, name in competences]


def within(area: str, name: str) -> str:
    return f"{area}{AREA_SEPARATOR}{name}"
