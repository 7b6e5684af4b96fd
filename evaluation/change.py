"""Self-ratings before and after: who belongs together, whose ratings may be shown, and what follows from them.

Pure calculation, without the database, on the pairs that are stored (`evaluation.pairing`). What is shown of them
must not be taken from the whole of a survey, which may be shown, too: those who remain are none or at least k, as
many as a question needs in both surveys. Not everybody rates every competence; where fewer would remain, some pairs
are left out, the same ones each time. The ratings before are never divided by role: so a later survey can be
compared with the same beginning. The ratings after are, inside of the group that is shown.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from evaluation.pairing import Pair, balanced
from evaluation.results import is_too_small
from evaluation.withholding import are_blocks

Levels = Mapping[uuid.UUID, int]
Blocks = Sequence[Collection[uuid.UUID]]


@dataclass(frozen=True)
class Joining:
    """How many have answered two surveys, and the pairs that are stored of them.

    `roles` are those of the responses after, as far as they are told.
    """

    before: int
    after: int
    pairs: tuple[Pair, ...]
    roles: Mapping[uuid.UUID, str]


def may_take(size: int, available: int, minimum: int) -> list[int]:
    """How many people may be taken out of a block of this size: none, or k or more that leave none or k."""
    return [0, *(number for number in range(1, available + 1) if are_blocks([number, size - number], minimum))]


def shown_pairs(pairs: Sequence[Pair], blocks: Blocks, after: Collection[uuid.UUID], minimum: int) -> list[Pair]:
    """The greatest number of these pairs that may be shown.

    `blocks` are the people of the survey before, as far as others of them can be told apart already; `after` are
    all people of the survey after. From every block and from `after` only as many are taken as leave none or k.
    """
    by_block = [[pair for pair in pairs if pair.before in block] for block in blocks]
    sums: dict[int, tuple[int, ...]] = {0: ()}
    for block, inside in zip(blocks, by_block, strict=True):
        choices = may_take(len(block), len(inside), minimum)
        sums = {total + number: (*taken, number) for total, taken in sums.items() for number in choices}
    total = max(set(sums).intersection(may_take(len(after), len(pairs), minimum)))
    return [pair for inside, number in zip(by_block, sums[total], strict=True) for pair in balanced(inside, number)]


@dataclass(frozen=True)
class Change:
    """Ratings of the same people before and after; `steps` tells how many rose by how many levels."""

    n: int
    before: float
    after: float
    steps: Mapping[int, int]

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def risen(self) -> int:
        return sum(count for step, count in self.steps.items() if step > 0)

    @property
    def equal(self) -> int:
        return self.steps.get(0, 0)

    @property
    def fallen(self) -> int:
        return sum(count for step, count in self.steps.items() if step < 0)


@dataclass(frozen=True)
class Group:
    """The ratings of a group: how many gave one, and the mean; None for fewer than k."""

    n: int
    mean: float | None


@dataclass(frozen=True)
class Development:
    """What may be shown of one competence: all before, all after, the pairs by themselves, what each role reached.

    `minimum` is what a question needs in both surveys, `joined` the number of pairs that there are; fewer may be
    shown, or none. `reached` is by role, or of all under an empty role; `blocks` are the groups of people before
    that can be told apart from now on.
    """

    minimum: int
    before: Group
    after: Group
    joined: int
    change: Change | None
    reached: Mapping[str, Group]
    blocks: Blocks

    @property
    def shown(self) -> int:
        return self.change.n if self.change else 0

    @property
    def why_fewer(self) -> str:
        """Why pairs are missing; empty when all are shown."""
        if is_too_small(self.joined, self.minimum):
            return f"Weniger als {self.minimum} Paare, darum kein Vergleich."
        if not self.shown:
            return (
                f"Kein Vergleich: Neben den Paaren haben weniger als {self.minimum} andere geantwortet. "
                "Ihre Angaben ließen sich sonst errechnen."
            )
        if self.shown == self.joined:
            return ""
        return f"{self.shown} von {self.joined} Paaren, damit sich die Angaben der übrigen nicht errechnen lassen."


def development(
    joining: Joining, before: Levels, after: Levels, *, minimum: int, told_apart: Blocks | None = None
) -> Development:
    """The development in one competence, from the ratings of all who gave one before and after.

    `told_apart` are the blocks of `before` that an earlier comparison shows.
    """
    blocks = [set(before)] if told_apart is None else told_apart
    complete = [pair for pair in joining.pairs if pair.before in before and pair.after in after]
    shown = shown_pairs(complete, blocks, after, minimum)
    people = {pair.after for pair in shown} or set(after)
    return Development(
        minimum=minimum,
        before=group(before, before, minimum),
        after=group(after, after, minimum),
        joined=len(complete),
        change=change_of(shown, before, after) if shown else None,
        reached={
            role: group(after, keys, minimum) for role, keys in by_role(people, joining.roles, minimum).items()
        },
        blocks=divided(blocks, {pair.before for pair in shown}),
    )


def by_role(
    people: Collection[uuid.UUID], roles: Mapping[uuid.UUID, str], minimum: int
) -> dict[str, list[uuid.UUID]]:
    """The people of each role where each has k or more; otherwise all together, under an empty role."""
    found: dict[str, list[uuid.UUID]] = defaultdict(list)
    for person in people:
        found[roles.get(person, "")].append(person)
    return dict(found) if are_blocks(map(len, found.values()), minimum) else {"": list(people)}


def divided(blocks: Blocks, people: Collection[uuid.UUID]) -> list[set[uuid.UUID]]:
    """The blocks that remain of `blocks` when these people can be told apart from the others."""
    taken = set(people)
    return [part for block in blocks for part in (taken.intersection(block), set(block) - taken) if part]


def change_of(pairs: Sequence[Pair], before: Levels, after: Levels) -> Change:
    return Change(
        n=len(pairs),
        before=mean([before[pair.before] for pair in pairs]),
        after=mean([after[pair.after] for pair in pairs]),
        steps=Counter(after[pair.after] - before[pair.before] for pair in pairs),
    )


def group(levels: Levels, people: Collection[uuid.UUID], minimum: int) -> Group:
    is_shown = not is_too_small(len(people), minimum)
    return Group(len(people), mean([levels[person] for person in people]) if is_shown else None)


def mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)
