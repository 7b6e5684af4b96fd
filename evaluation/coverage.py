"""How far a plan serves the needs of a cohort (Bedarfsabdeckung): rules on plain values, no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum


class Degree(IntEnum):
    """How far one module serves one need."""

    NONE = 0
    PARTLY = 1
    FULL = 2


class Verdict(Enum):
    """How a need stands with all modules together; in the order in which it wants attention."""

    UNCOVERED = "UNCOVERED"
    PARTLY = "PARTLY"
    COVERED = "COVERED"
    OVER = "OVER"


@dataclass(frozen=True)
class Offer:
    """A module of the plan, and who attends it."""

    key: int
    audiences: frozenset[str]


@dataclass(frozen=True)
class Wanted:
    """A need, how much it weighs, and who has it."""

    key: int
    title: str
    weight: int
    audiences: frozenset[str]


# Need and module → degree; what is missing serves nothing.
Cells = Mapping[tuple[int, int], Degree]


def degrees_for(need: Wanted, audience: str, offers: Iterable[Offer], cells: Cells) -> list[Degree]:
    """What each module gives to one audience: nothing where that audience does not attend."""
    return [cells.get((need.key, offer.key), Degree.NONE) for offer in offers if audience in offer.audiences]


def verdict_for(degrees: Sequence[Degree]) -> Verdict:
    """Two halves are no whole: only a module that serves the need fully covers it; a second one is too much."""
    whole = degrees.count(Degree.FULL)
    if whole:
        return Verdict.OVER if whole > 1 else Verdict.COVERED
    return Verdict.PARTLY if Degree.PARTLY in degrees else Verdict.UNCOVERED


def verdict(need: Wanted, offers: Sequence[Offer], cells: Cells, audiences: Iterable[str]) -> Verdict:
    """The worst for any of these audiences that has the need: what only the others hear helps nobody here."""
    order = list(Verdict)
    asked = need.audiences & frozenset(audiences)
    each = [verdict_for(degrees_for(need, audience, offers, cells)) for audience in asked]
    return min(each, key=order.index, default=Verdict.UNCOVERED)


@dataclass(frozen=True)
class Judged:
    need: Wanted
    verdict: Verdict


def judged(
    needs: Iterable[Wanted], offers: Sequence[Offer], cells: Cells, audiences: Iterable[str]
) -> list[Judged]:
    """The needs that one of the audiences has: uncovered first, over-covered last, the heavier first in each."""
    asked, order = frozenset(audiences), list(Verdict)
    rows = [Judged(need, verdict(need, offers, cells, asked)) for need in needs if need.audiences & asked]
    return sorted(
        rows, key=lambda row: (order.index(row.verdict), -row.need.weight, row.need.title.casefold(), row.need.key)
    )


@dataclass(frozen=True)
class Summary:
    """How many needs stand how; together they are all."""

    uncovered: int
    partly: int
    covered: int
    over: int

    @property
    def total(self) -> int:
        return self.uncovered + self.partly + self.covered + self.over

    @property
    def share(self) -> float:
        """Of all needs those that a module covers fully."""
        return (self.covered + self.over) / self.total if self.total else 0.0


def summary_of(rows: Iterable[Judged]) -> Summary:
    found = [row.verdict for row in rows]
    return Summary(*(found.count(each) for each in Verdict))


@dataclass(frozen=True)
class Change:
    """A need that stands otherwise in a variant of the plan."""

    need: Wanted
    before: Verdict
    after: Verdict

    @property
    def is_better(self) -> bool:
        order = list(Verdict)
        return order.index(self.after) > order.index(self.before)


def varied(cells: Cells, gained: Cells) -> Cells:
    """The cells of a variant: nothing that is gained makes a cell worse."""
    return dict(cells) | {cell: max(cells.get(cell, Degree.NONE), degree) for cell, degree in gained.items()}


def changes(before: Iterable[Judged], after: Iterable[Judged]) -> list[Change]:
    """The needs whose verdict is another one, in the order in which they want attention before."""
    then = {row.need.key: row.verdict for row in after}
    return [
        Change(row.need, row.verdict, then[row.need.key]) for row in before if then[row.need.key] is not row.verdict
    ]
