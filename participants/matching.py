"""Who is proposed to whom: pure calculation on people who look for a partner.

First those from one municipality, then those from one Kreis; among equals who has waited longest. Nobody is
proposed to two people at once, and no two people a second time.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from curriculum.models import Audience
from participants.models.places import KREIS_DIGITS


@dataclass(frozen=True)
class Single:
    """Somebody who looks for a partner; `ags` is empty where the municipality was written in."""

    key: int
    role: Audience
    municipality: int
    ags: str

    @property
    def kreis(self) -> str:
        return self.ags[:KREIS_DIGITS]


@dataclass(frozen=True)
class Pair:
    manager: int
    coordinator: int
    is_same_municipality: bool


def propose(singles: Sequence[Single], *, known: Collection[tuple[int, int]]) -> list[Pair]:
    """Pairs of manager and coordinator; `singles` come in the order of waiting, `known` were proposed before."""
    free = {single.key: single for single in singles}
    found: list[Pair] = []
    for is_same_municipality in (True, False):
        for pair in pairs(list(free.values()), is_same_municipality=is_same_municipality):
            if pair.manager in free and pair.coordinator in free and (pair.manager, pair.coordinator) not in known:
                found.append(pair)
                del free[pair.manager], free[pair.coordinator]
    return found


def pairs(singles: Iterable[Single], *, is_same_municipality: bool) -> Iterator[Pair]:
    """All that fit together, the longest waiting manager first."""
    places: dict[object, list[Single]] = {}
    for single in singles:
        place = single.municipality if is_same_municipality else single.kreis
        if place:
            places.setdefault(place, []).append(single)
    for people in places.values():
        for manager in people:
            for coordinator in people:
                if manager.role is Audience.MANAGER and coordinator.role is Audience.COORDINATOR:
                    yield Pair(manager.key, coordinator.key, is_same_municipality)
