"""Which responses before and after are joined, and which of these pairs are kept. Pure calculation.

Two responses are joined by the self-made code (`evaluation.codes`). Who took part in which survey is on record: if
all pairs were kept, a response without a partner would belong to one of the few who answered only once. So the
responses of both surveys fall into kinds, by all that the database tells of them – their role, whether they have a
partner, and which – and so many pairs are kept as leave every kind empty or of k or more. Inside of a kind nobody
can tell whose a response is: exchange two of them, and nothing that is stored changes. Which pairs are given up is
drawn by lot, for an order would tell the given up ones from those that never were.
"""

import secrets
import uuid
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from evaluation import codes
from evaluation.codes import Coded
from evaluation.results import is_too_small
from evaluation.withholding import are_blocks

# The kinds of the two responses of a pair.
Cell = tuple[Hashable, Hashable]


@dataclass(frozen=True)
class Pair:
    """Two responses of the same person; the role is empty where it is not known or must not be told."""

    before: uuid.UUID
    after: uuid.UUID
    role: str = ""


OfRole = TypeVar("OfRole", Pair, Coded)


def matches(before: Sequence[Coded], after: Sequence[Coded]) -> list[Pair]:
    """All pairs that the codes make. Two who name different roles are two people, whatever their code."""
    roles = {coded.response: coded.role for coded in (*before, *after)}
    return [
        Pair(one, other, roles[one] or roles[other])
        for one, other in codes.pairs(with_code(before), with_code(after))
        if not roles[one] or not roles[other] or roles[one] == roles[other]
    ]


def with_code(responses: Sequence[Coded]) -> list[Coded]:
    return [coded for coded in responses if coded.prints]


def kept(
    pairs: Sequence[Pair],
    before: Mapping[uuid.UUID, Hashable],
    after: Mapping[uuid.UUID, Hashable],
    minimum: int,
) -> list[Pair]:
    """The pairs that may be stored, in an order that says nothing; none where too few would be left.

    `before` and `after` give the kind of each response of the two surveys, `minimum` is their k.
    """
    cells: dict[Cell, list[Pair]] = defaultdict(list)
    for pair in shuffled(pairs):
        cells[before[pair.before], after[pair.after]].append(pair)
    found = {cell: len(inside) for cell, inside in cells.items()}
    numbers = numbers_kept(found, Counter(before.values()), Counter(after.values()), minimum)
    return shuffled(
        [pair for cell, inside in cells.items() for pair in told(balanced(inside, numbers[cell]), minimum)]
    )


def shuffled(pairs: Sequence[Pair]) -> list[Pair]:
    return secrets.SystemRandom().sample(pairs, len(pairs))


def numbers_kept(
    found: Mapping[Cell, int], before: Mapping[Hashable, int], after: Mapping[Hashable, int], minimum: int
) -> dict[Cell, int]:
    """How many pairs of each cell are kept of those found: none, or k and more that leave none or k and more.

    `before` and `after` are the sizes of the kinds. Pairs are given up, of the largest cell first, until all fits.
    """
    numbers = {cell: 0 if is_too_small(number, minimum) else number for cell, number in found.items()}
    lines = [(0, kind, size) for kind, size in before.items()] + [(1, kind, size) for kind, size in after.items()]
    is_done = False
    while not is_done:
        is_done = True
        for side, kind, size in lines:
            inside = [cell for cell, number in numbers.items() if number and cell[side] == kind]
            rest = size - sum(numbers[cell] for cell in inside)
            if inside and not are_blocks([rest], minimum):
                largest = max(inside, key=lambda cell: numbers[cell])
                number = numbers[largest] - (minimum - rest)
                numbers[largest] = 0 if is_too_small(number, minimum) else number
                is_done = False
    return numbers


def balanced(pairs: Sequence[Pair], number: int) -> list[Pair]:
    """So many of the pairs, in their order: those that are too many are left out of the role that has most."""
    left = list(pairs)
    while len(left) > number:
        largest, _ = max(Counter(pair.role for pair in left).items(), key=lambda item: (item[1], item[0]))
        last = max(place for place, pair in enumerate(left) if pair.role == largest)
        del left[last]
    return left


def told(of: Sequence[OfRole], minimum: int) -> list[OfRole]:
    """With their roles where k or more have each; otherwise without."""
    if are_blocks(Counter(each.role for each in of).values(), minimum):
        return list(of)
    return [replace(each, role="") for each in of]
