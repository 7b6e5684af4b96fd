"""Tables checked as a whole: what they say as plain rows, and every sentence that stands against it.

Nothing here asks the database. A table without problems can be written as it is.
"""

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from curriculum.imports.reading import Problem
from curriculum.models import (
    HIGHEST_LEVEL,
    Aim,
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Edition,
    GlossaryTerm,
    LearningGoal,
    Method,
    Module,
    ResponsibilityLevel,
    Topic,
    Track,
    Unit,
)
from curriculum.models.concept import LONGEST_TEXT, LONGEST_UNIT
from curriculum.tables import (
    KEY,
    SHEETS,
    TANDEM,
    Column,
    Kind,
    Line,
    Sheet,
    Tables,
    read_list,
    within,
)
from netzkoord.lib.grids import NO, YES
from netzkoord.lib.latin import TEXT
from netzkoord.lib.letters import missing_letters_sentence

Links = dict[str, tuple[uuid.UUID, ...]]


@dataclass(frozen=True)
class Row:
    """One part of an edition: its fields, what it belongs to and what it refers to, by keys."""

    line: Line
    key: uuid.UUID
    values: dict[str, Any]
    home: uuid.UUID | None = None
    links: Links = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """Level to be reached in a competence; `audience` is None for the tandem."""

    competence: uuid.UUID
    level: uuid.UUID
    audience: Audience | None
    target_level: int


@dataclass(frozen=True)
class EditionContent:
    """Everything that an edition says, the rows in their order."""

    texts: dict[str, Any]
    aims: tuple[Row, ...]
    tracks: tuple[Row, ...]
    topics: tuple[Row, ...]
    methods: tuple[Row, ...]
    terms: tuple[Row, ...]
    levels: tuple[Row, ...]
    areas: tuple[Row, ...]
    modules: tuple[Row, ...]
    competences: tuple[Row, ...]
    targets: tuple[Target, ...]
    goals: tuple[Row, ...]
    units: tuple[Row, ...]


MODELS: dict[str, type[models.Model]] = {
    "Fassung": Edition,
    "Ziele": Aim,
    "Angebote": Track,
    "Themen": Topic,
    "Methoden": Method,
    "Glossar": GlossaryTerm,
    "Ebenen": ResponsibilityLevel,
    "Kompetenzbereiche": CompetenceArea,
    "Module": Module,
    "Kompetenzen": Competence,
    "Profile": CompetenceProfile,
    "Lernziele": LearningGoal,
    "Bausteine": Unit,
}
# What of them stands on certificates.
CERTIFIED = {(Edition, "title"), (Track, "title"), (Module, "title"), (LearningGoal, "text"), (Competence, "name")}
# What no second row of a sheet may have.
UNIQUE = {
    "Angebote": "Zielgruppe",
    "Themen": "Thema",
    "Methoden": "Methode",
    "Glossar": "Begriff",
    "Ebenen": "Ebene",
    "Kompetenzbereiche": "Kompetenzbereich",
    "Module": "Kürzel",
}
RANGES = {"minutes": (1, LONGEST_UNIT), "target_level": (0, HIGHEST_LEVEL)}
RANGE_SENTENCES = {
    "minutes": f"Ein Baustein dauert zwischen 1 und {LONGEST_UNIT} Minuten.",
    "target_level": f"Die Zielstufe liegt zwischen 0 und {HIGHEST_LEVEL}.",
}
NUMBER = re.compile(r"(-?[0-9]{1,9})(,0{1,6}|\.0{1,2})?")
YES_WORDS, NO_WORDS = {YES, "j", "x", "wahr", "1"}, {NO, "n", "", "falsch", "0"}
SHOWN = 60
EMPTY = "Hier fehlt die Angabe."
ORDER = {sheet.title: place for place, sheet in enumerate(SHEETS)}


def check(tables: Tables) -> tuple[EditionContent | None, list[Problem]]:
    """What the tables say, or all that is wrong with them, in the order of sheets and rows."""
    checker = Checker(tables)
    content = checker.content()
    if checker.problems:
        return None, in_order(checker.problems)
    return content, []


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda each: (ORDER.get(each.sheet, len(ORDER)), each.row or 0))


def shown(text: str) -> str:
    return f"„{text}“" if len(text) <= SHOWN else f"„{text[:SHOWN]} …“"


class Names:
    """What parts are referred to by; the first of two of the same name counts."""

    def __init__(self, keys: dict[str, uuid.UUID]) -> None:
        self.keys = keys
        self.alike: dict[str, set[uuid.UUID]] = defaultdict(set)
        for name, key in keys.items():
            self.alike[name.casefold()].add(key)

    def key(self, written: str) -> uuid.UUID | None:
        """A name in other letters (groß, klein) is the same where that is clear."""
        if written in self.keys:
            return self.keys[written]
        alike = self.alike.get(written.casefold(), set())
        return next(iter(alike)) if len(alike) == 1 else None


class Checker:
    """Walks through the sheets, those first that others refer to, and notes what is wrong."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.problems: list[Problem] = []
        self.seen: dict[uuid.UUID, tuple[str, int]] = {}

    def content(self) -> EditionContent:
        plain = {title: self.rows(title) for title in ORDER if title != "Profile"}
        areas = self.names("Kompetenzbereiche", "Kompetenzbereich", plain)
        codes = self.names("Module", "Kürzel", plain)
        offers = self.names("Angebote", "Zielgruppe", plain)
        levels = self.names("Ebenen", "Ebene", plain)
        competences = [
            replace(self.at_home(row, "Kompetenzen", "Kompetenzbereich", areas), links=links)
            for row in plain["Kompetenzen"]
            for links in [{"modules": self.listed(row, "Kompetenzen", "Module", codes)}]
        ]
        references = self.references(competences)
        goals = [
            replace(
                self.at_home(row, "Lernziele", "Modul", codes),
                links={
                    "competence": self.optional(row, "Lernziele", "Kompetenz", references),
                    "responsibility_level": self.optional(row, "Lernziele", "Ebene", levels),
                },
            )
            for row in plain["Lernziele"]
        ]
        modules = [
            replace(row, links={"tracks": self.listed(row, "Module", "Angebote", offers)})
            for row in plain["Module"]
        ]
        self.check_modules(modules)
        return EditionContent(
            texts=self.texts(plain["Fassung"]),
            aims=tuple(plain["Ziele"]),
            tracks=tuple(plain["Angebote"]),
            topics=tuple(plain["Themen"]),
            methods=tuple(plain["Methoden"]),
            terms=tuple(self.terms(plain)),
            levels=tuple(plain["Ebenen"]),
            areas=tuple(plain["Kompetenzbereiche"]),
            modules=tuple(modules),
            competences=tuple(competences),
            targets=tuple(self.targets(references, levels, offers)),
            goals=tuple(goals),
            units=tuple(self.units(plain, codes, goals)),
        )

    def note(self, sheet: str, line: Line, column: str, text: str) -> None:
        self.problems.append(Problem(sheet, line.number, column, text))

    # One row

    def rows(self, title: str) -> list[Row]:
        """Keys and fields of every line; what names a row stands only once."""
        sheet = next(sheet for sheet in SHEETS if sheet.title == title)
        lines = self.tables.get(title, [])
        keys = self.keys(sheet, lines)
        if header := UNIQUE.get(title):
            self.check_unique(title, header, lines)
        return [Row(line, key, self.values(sheet, line)) for line, key in zip(lines, keys, strict=True)]

    def keys(self, sheet: Sheet, lines: list[Line]) -> list[uuid.UUID]:
        return [self.unused(sheet, line, self.key(sheet, line)) for line in lines]

    def unused(self, sheet: Sheet, line: Line, key: uuid.UUID) -> uuid.UUID:
        """A key stands once in the whole file: parts of all kinds are known by it."""
        if key in self.seen:
            title, row = self.seen[key]
            place = "" if title == sheet.title else f" des Blattes „{title}“"
            text = f"Diesen Schlüssel hat schon Zeile\u00a0{row}{place}. Für eine neue Zeile lassen Sie ihn leer."
            self.note(sheet.title, line, KEY, text)
        self.seen.setdefault(key, (sheet.title, line.number))
        return key

    def key(self, sheet: Sheet, line: Line) -> uuid.UUID:
        """The key in the line, or a new one."""
        written = line.cells[KEY].strip() if sheet.has_key else ""
        if written:
            try:
                key = uuid.UUID(written)
            except ValueError:
                key = None
            if key is not None and key.int:
                return key
            text = f"{shown(written)} ist kein Schlüssel. Für eine neue Zeile lassen Sie das Feld leer."
            self.note(sheet.title, line, KEY, text)
        return uuid.uuid4()

    def check_unique(self, title: str, header: str, lines: list[Line]) -> None:
        seen: dict[str, int] = {}
        for line in lines:
            name = line.cells[header].strip()
            if title in ("Angebote", "Ebenen"):
                name = name.casefold()
            if name and name in seen:
                text = f"{shown(line.cells[header].strip())} steht schon in Zeile\u00a0{seen[name]}."
                self.note(title, line, header, text)
            seen.setdefault(name, line.number)

    def values(self, sheet: Sheet, line: Line) -> dict[str, Any]:
        """The fields that could be understood; the others have their problem."""
        values = {}
        for column in sheet.columns:
            if column.field and column.kind is not Kind.KEY:
                try:
                    values[column.field] = self.value(MODELS[sheet.title], column, line.cells[column.header])
                except ValidationError as error:
                    for text in error.messages:
                        self.note(sheet.title, line, column.header, text)
        return values

    def value(self, model: type[models.Model], column: Column, text: str) -> Any:
        """What one cell means. Raises `ValidationError`."""
        model_field = model._meta.get_field(column.field)
        assert isinstance(model_field, models.Field)  # noqa: S101 -- for the type checker
        if column.kind is Kind.YES_NO:
            return yes_or_no(text)
        if column.kind is Kind.NUMBER:
            return whole_number(text, column.field)
        if isinstance(model_field, models.CharField):
            text = text.strip()
        if not text.strip():
            if not model_field.blank:
                raise ValidationError(EMPTY)
            return ""
        if column.words:
            return word(text, column.words)
        if len(text) > LONGEST_TEXT:
            raise ValidationError(f"Ein Text hat höchstens {LONGEST_TEXT} Zeichen, dieser hat {len(text)}.")
        if (model, column.field) in CERTIFIED:
            TEXT.validate(text)
        if sentence := missing_letters_sentence(text):
            raise ValidationError(sentence)
        return model_field.clean(text, None)

    # References

    def names(self, title: str, header: str, plain: dict[str, list[Row]]) -> Names:
        names: dict[str, uuid.UUID] = {}
        for row in plain[title]:
            names.setdefault(row.line.cells[header].strip(), row.key)
        return Names(names)

    def references(self, competences: list[Row]) -> Names:
        """Each competence by area and name; by its name alone, where that is unique."""
        self.check_competences(competences)
        cells = [(row.key, row.line.cells) for row in competences]
        named = [(key, row["Kompetenzbereich"].strip(), row["Kompetenz"].strip()) for key, row in cells]
        counts = Counter(name for _, _, name in named)
        by_area = {within(area, name): key for key, area, name in named}
        return Names(by_area | {name: key for key, _, name in named if counts[name] == 1})

    def check_competences(self, competences: list[Row]) -> None:
        seen: dict[tuple[uuid.UUID | None, str], int] = {}
        for row in competences:
            name = row.line.cells["Kompetenz"].strip()
            if name and row.home and (row.home, name) in seen:
                text = f"{shown(name)} steht in diesem Bereich schon in Zeile\u00a0{seen[row.home, name]}."
                self.note("Kompetenzen", row.line, "Kompetenz", text)
            seen.setdefault((row.home, name), row.line.number)

    def at_home(self, row: Row, title: str, header: str, homes: Names) -> Row:
        written = row.line.cells[header].strip()
        if not written:
            self.note(title, row.line, header, EMPTY)
            return row
        return replace(row, home=self.found(row.line, title, header, written, homes))

    def found(self, line: Line, title: str, header: str, written: str, names: Names) -> uuid.UUID | None:
        key = names.key(written)
        if key is None:
            self.note(title, line, header, f"{shown(written)} gibt es nicht auf dem Blatt „{SOURCES[header]}“.")
        return key

    def optional(self, row: Row, title: str, header: str, names: Names) -> tuple[uuid.UUID, ...]:
        written = row.line.cells[header].strip()
        key = self.found(row.line, title, header, written, names) if written else None
        return (key,) if key else ()

    def listed(self, row: Row, title: str, header: str, names: Names) -> tuple[uuid.UUID, ...]:
        written = [name.strip() for name in read_list(row.line.cells[header])]
        found = [self.found(row.line, title, header, name, names) for name in dict.fromkeys(written)]
        return tuple(dict.fromkeys(key for key in found if key))

    # Sheets with rules of their own

    def texts(self, rows: list[Row]) -> dict[str, Any]:
        if not rows:
            self.problems.append(Problem("Fassung", None, "", "Hier fehlt die Zeile mit dem Titel der Fassung."))
            return {}
        for row in rows[1:]:
            self.note("Fassung", row.line, "", "Auf diesem Blatt steht nur eine Zeile. Bitte löschen Sie diese.")
        return rows[0].values

    def check_modules(self, modules: list[Row]) -> None:
        for row in modules:
            if not read_list(row.line.cells["Angebote"]):
                text = f"Bitte nennen Sie mindestens ein Angebot: {' oder '.join(map(str, Audience.labels))}."
                self.note("Module", row.line, "Angebote", text)

    def terms(self, plain: dict[str, list[Row]]) -> Iterator[Row]:
        """Two levels are enough: what a term belongs to belongs to nothing itself."""
        rows = plain["Glossar"]
        names = self.names("Glossar", "Begriff", plain)
        below = {row.key for row in rows if row.line.cells["Gehört zu"].strip()}
        for row in rows:
            written = row.line.cells["Gehört zu"].strip()
            home = self.found(row.line, "Glossar", "Gehört zu", written, names) if written else None
            if home == row.key:
                self.note("Glossar", row.line, "Gehört zu", "Ein Begriff kann nicht zu sich selbst gehören.")
            elif home in below:
                text = f"Das Glossar hat zwei Stufen, und {shown(written)} gehört selbst zu einem Begriff."
                self.note("Glossar", row.line, "Gehört zu", text)
            yield replace(row, home=home)

    def targets(self, references: Names, levels: Names, offers: Names) -> Iterator[Target]:
        sheet = next(sheet for sheet in SHEETS if sheet.title == "Profile")
        seen: dict[tuple[object, ...], int] = {}
        for line in self.tables.get("Profile", []):
            values = self.values(sheet, line)
            competence = self.needed(line, "Kompetenz", references)
            level = self.needed(line, "Ebene", levels)
            is_understood, audience = self.audience(line, offers)
            if not (competence and level and is_understood and values):
                continue
            place = (competence, level, audience)
            if place in seen:
                text = f"Dieselbe Kompetenz, Ebene und Zielgruppe stehen schon in Zeile\u00a0{seen[place]}."
                self.note("Profile", line, "Kompetenz", text)
                continue
            seen[place] = line.number
            yield Target(competence, level, audience, values["target_level"])

    def needed(self, line: Line, header: str, names: Names) -> uuid.UUID | None:
        written = line.cells[header].strip()
        if not written:
            self.note("Profile", line, header, EMPTY)
            return None
        return self.found(line, "Profile", header, written, names)

    def audience(self, line: Line, offers: Names) -> tuple[bool, Audience | None]:
        """Whether the word is understood, and the audience it means; none for the tandem."""
        written = line.cells["Zielgruppe"].strip()
        if written.casefold() == TANDEM.casefold():
            return True, None
        if not written or not self.found(line, "Profile", "Zielgruppe", written, offers):
            if not written:
                self.note("Profile", line, "Zielgruppe", EMPTY)
            return False, None
        try:
            return True, Audience(word(written, Audience))
        except ValidationError:  # said at the row of the sheet „Angebote“
            return False, None

    def units(self, plain: dict[str, list[Row]], codes: Names, goals: list[Row]) -> Iterator[Row]:
        names = {
            "topics": ("Themen", self.names("Themen", "Thema", plain)),
            "methods": ("Methoden", self.names("Methoden", "Methode", plain)),
            "glossary_terms": ("Glossar", self.names("Glossar", "Begriff", plain)),
        }
        of_module: dict[uuid.UUID | None, list[uuid.UUID]] = defaultdict(list)
        for goal in goals:
            of_module[goal.home].append(goal.key)
        for plain_row in plain["Bausteine"]:
            row = self.at_home(plain_row, "Bausteine", "Modul", codes)
            links: Links = {
                name: self.listed(row, "Bausteine", header, known) for name, (header, known) in names.items()
            }
            links["learning_goals"] = tuple(self.numbered(row, of_module[row.home])) if row.home else ()
            yield replace(row, links=links)

    def numbered(self, row: Row, goals: list[uuid.UUID]) -> Iterator[uuid.UUID]:
        for written in dict.fromkeys(name.strip() for name in read_list(row.line.cells["Lernziele"])):
            number = NUMBER.fullmatch(written)
            if number is None:
                text = f"{shown(written)} ist keine Nummer eines Lernziels. Mehrere schreiben Sie so: 1; 3"
            elif not 1 <= int(number[1]) <= len(goals):
                text = f"Das Modul hat kein Lernziel mit der Nummer {number[1]}; es hat {len(goals)}."
            else:
                yield goals[int(number[1]) - 1]
                continue
            self.note("Bausteine", row.line, "Lernziele", text)


# The sheet that a column's names are looked up in.
SOURCES = {
    "Kompetenzbereich": "Kompetenzbereiche",
    "Module": "Module",
    "Modul": "Module",
    "Angebote": "Angebote",
    "Zielgruppe": "Angebote",
    "Kompetenz": "Kompetenzen",
    "Ebene": "Ebenen",
    "Themen": "Themen",
    "Methoden": "Methoden",
    "Glossar": "Glossar",
    "Gehört zu": "Glossar",
}


def yes_or_no(text: str) -> bool:
    written = text.strip().casefold()
    if written in YES_WORDS:
        return True
    if written in NO_WORDS:
        return False
    raise ValidationError(f"{shown(text.strip())} ist weder {YES} noch {NO}.")


def whole_number(text: str, name: str) -> int:
    written = text.strip()
    if not written:
        raise ValidationError(EMPTY)
    number = NUMBER.fullmatch(written)
    if number is None:
        raise ValidationError(f"{shown(written)} ist keine ganze Zahl.")
    lowest, highest = RANGES[name]
    if not lowest <= int(number[1]) <= highest:
        raise ValidationError(RANGE_SENTENCES[name])
    return int(number[1])


def word(text: str, words: type[models.TextChoices]) -> str:
    """The value whose label is written."""
    known = {str(label).casefold(): str(value) for value, label in words.choices}
    try:
        return known[text.strip().casefold()]
    except KeyError as error:
        labels = ", ".join(map(str, words.labels))
        raise ValidationError(f"{shown(text.strip())} kennt die Plattform nicht. Möglich: {labels}.") from error
