"""Topics, methods and terms of an edition, each with the units that use it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import F

from curriculum.models import Edition, GlossaryTerm, Method, Topic, Unit

P = TypeVar("P", Topic, Method, GlossaryTerm)


@dataclass(frozen=True)
class UnitUse:
    """A unit that uses something, with the module in which it stands."""

    unit: int
    title: str
    code: str
    module_url: str

    def __str__(self) -> str:
        return f"„{self.title}“ ({self.code})"


@dataclass(frozen=True)
class PartRow(Generic[P]):
    """A topic, method or term and the units that use it, in the order of the edition."""

    part: P
    uses: tuple[UnitUse, ...]


@dataclass(frozen=True)
class TermRow:
    """A term of the glossary with those below it."""

    term: GlossaryTerm
    uses: tuple[UnitUse, ...]
    children: tuple["TermRow", ...]

    @property
    def key(self) -> str:
        return str(self.term.pk)


def topic_rows(edition: Edition) -> tuple[PartRow[Topic], ...]:
    return rows(edition.topics.all(), uses_of(edition, "topics"))


def method_rows(edition: Edition) -> tuple[PartRow[Method], ...]:
    return rows(edition.methods.all(), uses_of(edition, "methods"))


def glossary_rows(edition: Edition) -> tuple[TermRow, ...]:
    """The uppermost terms, each with those below it."""
    uses = uses_of(edition, "glossary_terms")
    below: dict[int | None, list[GlossaryTerm]] = defaultdict(list)
    for term in edition.glossary.order_by("position", "pk"):
        below[term.parent_id].append(term)

    def row(term: GlossaryTerm) -> TermRow:
        return TermRow(term, tuple(uses[term.pk]), tuple(row(child) for child in below[term.pk]))

    return tuple(row(term) for term in below[None])


def units_with(part: Topic | Method | GlossaryTerm) -> tuple[UnitUse, ...]:
    """The units that use one topic, method or term. One query."""
    units = part.units.select_related("module").order_by("module__position", "position")
    return tuple(UnitUse(unit.pk, unit.title, unit.module.code, unit.module.get_absolute_url()) for unit in units)


def rows(parts: Iterable[P], uses: dict[int, list[UnitUse]]) -> tuple[PartRow[P], ...]:
    return tuple(PartRow(part, tuple(uses[part.pk])) for part in parts)


def uses_of(edition: Edition, field: str) -> dict[int, list[UnitUse]]:
    """For each key of what this field of a unit leads to: the units. Two queries."""
    modules = {module.pk: (module.code, module.get_absolute_url()) for module in edition.modules.all()}
    found: dict[int, list[UnitUse]] = defaultdict(list)
    units = Unit.objects.filter(module__edition=edition, **{f"{field}__isnull": False})
    values = units.order_by("module__position", "position").annotate(used=F(field))
    for used, unit, title, module in values.values_list("used", "pk", "title", "module"):
        found[used].append(UnitUse(unit, title, *modules[module]))
    return found
