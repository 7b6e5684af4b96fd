"""Municipalities that somebody wrote in, those of one name together, and the official ones they may be."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from netzkoord.lib.folding import words
from participants.models import Municipality, Tandem
from participants.queries.municipalities import Match, matches_for

# Words that people write before a name, and officials behind it or not at all.
KINDS = frozenset(
    {"stadt", "gemeinde", "markt", "flecken", "kommune", "hansestadt", "landeshauptstadt", "samtgemeinde"}
)
MOST_SUGGESTED = 3
LEAST_LIKENESS = 0.45
# What the same Land weighs, and another.
SAME_STATE, OTHER_STATE = 0.2, -0.3


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


def telling_words(name: str) -> list[str]:
    """Without „Stadt“ and the like, where there is something else."""
    every = words(name)
    return [word for word in every if word not in KINDS] or every


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
        pieces = trigrams(written.name)
        shared = Counter(place for piece in pieces for place in self.places.get(piece, ()))
        likeness = {
            place: 2 * count / (len(pieces) + self.sizes[place]) + self.weight(written, place)
            for place, count in shared.items()
        }
        best = sorted(likeness, key=lambda place: (-likeness[place], self.municipalities[place].ags))
        likely = [place for place in best[:MOST_SUGGESTED] if likeness[place] >= LEAST_LIKENESS]
        return matches_for(self.municipalities[place] for place in likely)

    def weight(self, written: Municipality, place: int) -> float:
        if not written.state:
            return 0
        return SAME_STATE if written.state == self.municipalities[place].state else OTHER_STATE


def trigrams(name: str) -> set[str]:
    """Groups of three letters, those at the ends of words with a space: equal names have all in common."""
    text = f"  {' '.join(telling_words(name))} "
    return {text[place : place + 3] for place in range(len(text) - 2)}
