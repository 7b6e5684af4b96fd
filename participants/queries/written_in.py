"""Municipalities that somebody wrote in, those of one name together, and the official ones they may be."""

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from participants.likeness import likeness, telling_words
from participants.models import Municipality, Tandem
from participants.queries.municipalities import Match, matches_for

# Behind these, people write what the place is or where it lies.
TAIL = re.compile("[,;(]")
MOST_SUGGESTED = 3
# Names that share the most groups of three letters are looked at closely.
MOST_COMPARED = 40
LEAST_LIKENESS = 0.64
# What is so much less alike than the best says nothing beside it.
LARGEST_GAP = 0.2
# What the same Land weighs, and another.
SAME_STATE, OTHER_STATE = 0.1, -0.2


@dataclass(frozen=True)
class Group:
    """Those that were written in under one name, with their tandems, and what they may be officially."""

    name: str
    municipalities: list[Municipality]
    suggestions: list[Match]


def written_in_count() -> int:
    return Municipality.objects.written_in().count()


def written_in_groups() -> list[Group]:
    """All of them in the order of the list, the first written of a name leading; three queries, however many."""
    groups: dict[str, list[Municipality]] = defaultdict(list)
    for municipality in written_in_with_tandems():
        groups[group_key(municipality.name)].append(municipality)
    if not groups:
        return []
    names = Names(Municipality.objects.offered())
    return [Group(rows[0].name, rows, names.like(rows[0])) for _, rows in sorted(groups.items())]


def written_in_with_tandems() -> Iterable[Municipality]:
    tandems = Tandem.objects.select_related("cohort").prefetch_related("registrations")
    written = Municipality.objects.written_in().order_by("pk")
    return written.prefetch_related(Prefetch("tandems", tandems))


def group_of(municipality: Municipality) -> list[Municipality]:
    """All that were written in under the same name as this one, itself first."""
    key = group_key(municipality.name)
    same = [row for row in written_in_with_tandems() if group_key(row.name) == key]
    return sorted(same, key=lambda row: row.pk != municipality.pk)


def suggestions_for(municipality: Municipality) -> list[Match]:
    return Names(Municipality.objects.offered()).like(municipality)


def group_key(name: str) -> str:
    return "-".join(telling_words(name))


class Names:
    """Official names by the groups of three letters in them: each question looks at few of the thousands."""

    def __init__(self, municipalities: Iterable[Municipality]) -> None:
        self.municipalities = list(municipalities)
        self.sizes: list[int] = []
        self.places: dict[str, list[int]] = defaultdict(list)
        for place, municipality in enumerate(self.municipalities):
            pieces = trigrams(municipality.name)
            self.sizes.append(len(pieces))
            for piece in pieces:
                self.places[piece].append(place)

    def like(self, written: Municipality) -> list[Match]:
        """The likeliest first."""
        alike = {one: likeness(written.name, one.name, one.place) for one in self.near(written.name)}
        least = max(alike.values(), default=0) - LARGEST_GAP
        ranks = {one: value + weight(written, one) for one, value in alike.items() if value >= least}
        best = sorted(ranks, key=lambda one: (-ranks[one], one.ags))
        return matches_for(one for one in best[:MOST_SUGGESTED] if ranks[one] >= LEAST_LIKENESS)

    def near(self, name: str) -> list[Municipality]:
        """Those with the most groups of letters in common; what stands behind a comma or in brackets is no name."""
        pieces = trigrams(TAIL.split(name, maxsplit=1)[0] or name)
        shared = Counter(place for piece in pieces for place in self.places.get(piece, ()))
        nearest = heapq.nlargest(
            MOST_COMPARED, shared, key=lambda place: shared[place] / (len(pieces) + self.sizes[place])
        )
        return [self.municipalities[place] for place in nearest]


def weight(written: Municipality, official: Municipality) -> float:
    if not written.state:
        return 0
    return SAME_STATE if written.state == official.state else OTHER_STATE


def trigrams(name: str) -> set[str]:
    """Groups of three letters, those at the ends of words with a space: equal names have all in common."""
    text = f"  {' '.join(telling_words(name))} "
    return {text[place : place + 3] for place in range(len(text) - 2)}
