"""Who is proposed to whom: pure calculation on people who look for a partner.

First those from one municipality, then those from one Kreis; among equals who has waited longest. Nobody is
proposed to two people at once, and no two people a second time.

Who has a place brings the other one in, so there must be a place for that one: kept in the tandem, or free and
promised to nobody else. Once the course has begun, two without a place have nothing to gain from each other.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from curriculum.models import Audience
from participants.models.places import KREIS_DIGITS


@dataclass(frozen=True)
class Single:
    """Somebody who looks for a partner; `ags` is empty where the municipality was written in.

    `keeps_place` says that a second place is kept in the tandem of somebody who has one.
    """

    key: int
    role: Audience
    municipality: int
    ags: str
    has_place: bool = False
    keeps_place: bool = False

    @property
    def kreis(self) -> str:
        return self.ags[:KREIS_DIGITS]


@dataclass(frozen=True)
class Pair:
    """`needs_place` says that it takes one more place than its two people have or keep."""

    manager: int
    coordinator: int
    is_same_municipality: bool
    needs_place: bool = False


def propose(
    singles: Sequence[Single], *, known: Collection[tuple[int, int]], places: int, has_begun: bool = False
) -> list[Pair]:
    """Pairs of manager and coordinator.

    `singles` come in the order of waiting, `known` were proposed before, `places` are free and promised to nobody.
    """
    free = {single.key: single for single in singles}
    found: list[Pair] = []
    for is_same_municipality in (True, False):
        for manager, coordinator in near(list(free.values()), is_same_municipality=is_same_municipality):
            pair = Pair(
                manager.key, coordinator.key, is_same_municipality, needs_place=needs_place(manager, coordinator)
            )
            is_new = free.keys() >= {manager.key, coordinator.key} and (manager.key, coordinator.key) not in known
            is_late = has_begun and not (manager.has_place or coordinator.has_place)
            if is_new and not is_late and pair.needs_place <= places:
                places -= pair.needs_place
                found.append(pair)
                del free[manager.key], free[coordinator.key]
    return found


def needs_place(one: Single, other: Single) -> bool:
    return one.has_place != other.has_place and not (one.keeps_place or other.keeps_place)


def near(singles: Iterable[Single], *, is_same_municipality: bool) -> Iterator[tuple[Single, Single]]:
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
                    yield manager, coordinator
