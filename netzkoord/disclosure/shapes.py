"""The shape of an information: sections with tables of plain values, from which paper and file are made.

`Shown` is the decision about one model: which of its fields stand in the information, and why others do not. A test
goes through all models and all their fields, so that a new one needs a decision (`tests/disclosure/test_guard.py`).
"""

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, ForeignKey, Model

from netzkoord.models import User


@dataclass(frozen=True)
class Told:
    """What is stored in parts: the file holds it as it is, paper says it in words."""

    stored: Any
    words: Mapping[str, Any]


Value = str | int | float | bool | datetime.date | datetime.time | list[Any] | dict[str, Any] | Told | None
Reader = Callable[[Any, User], Value]

YOU = "Sie"
ORGANISERS = "die Organisation"


@dataclass(frozen=True)
class Column:
    """`key` names it in the file, `label` on paper."""

    key: str
    label: str


@dataclass(frozen=True)
class Table:
    """Rows of one kind; with `as_facts` paper sets each as a list of its own, for what is wide or long."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    note: str = ""
    as_facts: bool = False


@dataclass(frozen=True)
class Section:
    """One category of data (Art. 15(1)(b)) and where it comes from (g)."""

    key: str
    title: str
    origin: str
    tables: Sequence[Table]

    @property
    def count(self) -> int:
        return sum(len(table.rows) for table in self.tables)


@dataclass(frozen=True)
class Shown:
    """Which fields of a model are told, in which order, and how.

    `read` replaces the plain value of a field, `labels` its name; `added` are columns that are no field of it, and
    `left_out` says of every other field why it is not told. What somebody else has done was done by „die
    Organisation“.
    """

    model: type[Model]
    key: str
    title: str
    fields: tuple[str, ...]
    left_out: Mapping[str, str] = dataclasses.field(default_factory=dict)
    read: Mapping[str, Reader] = dataclasses.field(default_factory=dict)
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    added: Mapping[str, tuple[str, Reader]] = dataclasses.field(default_factory=dict)
    note: str = ""
    as_facts: bool = False

    def table(self, rows: Iterable[Model], person: User) -> Table:
        columns = [self.column(name) for name in self.fields]
        readers = [self.reader(name) for name in self.fields]
        values = [tuple(reader(row, person) for reader in readers) for row in rows]
        return Table(self.key, self.title, columns, values, note=self.note, as_facts=self.as_facts)

    def column(self, name: str) -> Column:
        if name in self.added:
            return Column(name, self.added[name][0])
        return Column(name, self.labels.get(name) or capitalised(str(self.field(name).verbose_name)))

    def reader(self, name: str) -> Reader:
        if name in self.added:
            return self.added[name][1]
        return self.read.get(name) or plain(self.field(name))

    def field(self, name: str) -> "Field[Any, Any]":
        found = self.model._meta.get_field(name)
        if not isinstance(found, Field):
            raise TypeError(f"{self.model._meta.label}.{name} is no column")
        return found


def capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


def plain(column: "Field[Any, Any]") -> Reader:
    """Reads a field as a person would say it: the label of a choice, the name of a thing, who somebody is."""
    name = column.name
    if isinstance(column, ForeignKey):
        return whose(name) if column.related_model is User else lambda row, _: text_of(getattr(row, name))
    if column.choices:
        return lambda row, _: str(getattr(row, f"get_{name}_display")())
    return lambda row, _: getattr(row, name)


def whose(name: str) -> Reader:
    """Who it was: the person, or nobody by name."""

    def read(row: Any, person: User) -> str:
        key = getattr(row, f"{name}_id")
        return YOU if key == person.pk else ORGANISERS if key else ""

    return read


def text_of(thing: object) -> str:
    return "" if thing is None else str(thing)
