"""Who comes first: pure calculation on plain values, without the database.

All that a rule counts is counted once, in the order of arrival or of the lot: that somebody is the first of a
municipality, the third of a Land. Nobody who arrives later changes what was counted for an earlier one, so that the
earlier ones keep their order among themselves. Then the counts are compared, one after the other or as a weighted
sum; the smaller comes first. Whoever has a place already and complete tandems stand before all others, in the
counting as in the result.
"""

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from curriculum.models import Criterion, TieBreak
from curriculum.rules import Rule
from participants.models import Sector, Selection

LOT_LETTERS = 12


class Group(IntEnum):
    """How complete a candidate is; whatever a rule says, a lower number comes first."""

    COMPLETE = 0
    HALF = 1
    UNCONFIRMED = 2
    DISSOLVED = 3


@dataclass(frozen=True)
class Trait:
    """Something that several candidates have in common: a municipality, a Land, a field of action."""

    key: str
    label: str = field(default="", compare=False)


@dataclass(frozen=True)
class Person:
    """A confirmed half, as far as a rule or a quota looks at it."""

    role: str
    sector: str = ""
    field: Trait | None = None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What is accepted or not as one: a tandem, or tandems that share a half by exception.

    `keys` are those of its tandems; `people` are all who would take a place, a shared half once; `placed` is how
    many of these places are taken already, by an acceptance or by an offer that is open.
    """

    keys: tuple[int, ...]
    arrived_at: datetime.datetime
    group: Group = Group.COMPLETE
    people: tuple[Person, ...] = ()
    municipalities: tuple[Trait, ...] = ()
    states: tuple[Trait, ...] = ()
    was_declined: bool = False
    selection: Selection = Selection.OPEN
    placed: int = 0
    is_offered: bool = False

    @property
    def key(self) -> int:
        return self.keys[0]

    @property
    def name(self) -> str:
        return " und ".join(trait.label for trait in self.municipalities)

    @property
    def needed(self) -> int:
        """Places that accepting it would take."""
        return max(0, len(self.people) - self.placed)

    @property
    def is_decidable(self) -> bool:
        """Somebody has confirmed, and nobody is waiting for the answer to an offer."""
        return bool(self.people) and not self.is_offered

    @property
    def fields(self) -> tuple[Trait, ...]:
        return tuple(dict.fromkeys(person.field for person in self.people if person.field))

    @property
    def sectors(self) -> tuple[Trait, ...]:
        """The one mix of sectors: administration, civil society, or both."""
        found = {Sector(person.sector) for person in self.people if person.sector}
        sides = found - {Sector.OTHER} or found
        return (Trait("+".join(sorted(sides)), SECTOR_LABELS.get(frozenset(sides), "")),) if sides else ()


SECTOR_LABELS = {
    frozenset({Sector.PUBLIC}): "nur aus der Verwaltung",
    frozenset({Sector.CIVIC}): "nur aus der Zivilgesellschaft",
    frozenset({Sector.PUBLIC, Sector.CIVIC}): "aus Verwaltung und Zivilgesellschaft",
    frozenset({Sector.OTHER}): "aus anderen Einrichtungen",
}
UNKNOWN = Trait("")


@dataclass(frozen=True)
class Count:
    """What one criterion says of a candidate: it is the `ordinal`-th with this trait; the smaller, the better."""

    criterion: Criterion
    ordinal: int
    trait: Trait = UNKNOWN


@dataclass(frozen=True)
class Ranked:
    """A candidate at its rank, counted from 1, and what has brought it there."""

    rank: int
    candidate: Candidate
    counts: tuple[Count, ...]
    score: tuple[int, ...]
    lot: str = ""


def rank(candidates: Iterable[Candidate], rule: Rule) -> list[Ranked]:
    """The candidates in the order in which places go to them; the same for every order of the input."""
    queue = sorted(candidates, key=lambda one: (*precedence(one), *tie(one, rule)))
    by_criterion = [count(queue, weighted.criterion) for weighted in rule.criteria]
    counts = list(zip(*by_criterion, strict=True)) if by_criterion else [()] * len(queue)
    scores = [score(own, rule) for own in counts]
    # The queue stands in the order of the tie-break, and sorting keeps it among equals.
    order = sorted(range(len(queue)), key=lambda place: (*precedence(queue[place]), *scores[place]))
    return [
        Ranked(number, queue[place], tuple(counts[place]), scores[place], lot_of(queue[place], rule))
        for number, place in enumerate(order, start=1)
    ]


def precedence(candidate: Candidate) -> tuple[bool, int]:
    """Before any criterion: who has a place already, then who is more complete."""
    return candidate.placed == 0, candidate.group


def tie(candidate: Candidate, rule: Rule) -> tuple[str | datetime.datetime, int]:
    return lot_of(candidate, rule) or candidate.arrived_at, candidate.key


def lot_of(candidate: Candidate, rule: Rule) -> str:
    """The candidate's own lot, whoever else takes part; empty where none is drawn."""
    if rule.tie_break != TieBreak.LOT or not rule.seed:
        return ""
    return lot(rule.seed, candidate.key)


def lot(seed: str, key: int) -> str:
    """Beginning of the SHA-256 of „seed:number“; the smaller comes first."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()[:LOT_LETTERS]


def score(counts: Sequence[Count], rule: Rule) -> tuple[int, ...]:
    """What is compared: the counts one after the other, or their weighted sum."""
    if not rule.is_by_weight:
        return tuple(one.ordinal for one in counts)
    pairs = zip(rule.criteria, counts, strict=True)
    return (sum(weighted.weight * one.ordinal for weighted, one in pairs),)


def count(queue: Sequence[Candidate], criterion: Criterion) -> list[Count]:
    """For each candidate of the queue its number within its group.

    With several traits the one that is rarest so far counts: what it brings that is new.
    """
    if criterion == Criterion.DECLINED_BEFORE:
        return [Count(criterion, 0 if one.was_declined else 1) for one in queue]
    seen: Counter[Trait] = Counter()
    counts = []
    for candidate in queue:
        own = traits(candidate, criterion) or (UNKNOWN,)
        rarest = min(own, key=lambda trait: (seen[trait], trait.key))
        counts.append(Count(criterion, seen[rarest] + 1, rarest))
        seen.update(own)
    return counts


def traits(candidate: Candidate, criterion: Criterion) -> tuple[Trait, ...]:
    if criterion == Criterion.NEW_MUNICIPALITY:
        return candidate.municipalities
    if criterion == Criterion.STATE_SPREAD:
        return candidate.states
    return candidate.fields if criterion == Criterion.FIELD_SPREAD else candidate.sectors


def fitting(candidates: Iterable[Candidate], *, free_places: int) -> list[Candidate]:
    """Those that fit into the free places as a whole, taken in the order given.

    What does not fit is passed over: a single place left by a tandem may still go to a single.
    """
    chosen = []
    for candidate in candidates:
        if candidate.people and candidate.needed <= free_places:
            chosen.append(candidate)
            free_places -= candidate.needed
    return chosen
