"""Needs that cohort after cohort names and none has covered: rules on plain values, no database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# From this cohort in a row on a need is called recurring.
RECURRING_FROM = 2
ORDINALS = ("ersten", "zweiten", "dritten", "vierten", "fünften", "sechsten", "siebten", "achten", "neunten")


@dataclass(frozen=True)
class Named:
    """A need as one cohort has named it.

    `place` is the place of the cohort in the order of time, among those that have needs at all; `topics` are the
    keys of the topics it comes from, which are the same in every edition.
    """

    key: int
    place: int
    title: str
    topics: frozenset[str]
    is_covered: bool

    @property
    def marks(self) -> frozenset[tuple[str, str]]:
        """What it shares with those that are the same need: a topic, or the title without case and white space."""
        title = ("title", "".join(self.title.casefold().split()))
        return frozenset([title, *(("topic", topic) for topic in self.topics)])


def same_needs(named: Iterable[Named]) -> list[list[Named]]:
    """The needs that are the same: two that share a mark, and all that are the same as one of them."""
    groups: list[list[Named]] = []
    marks: list[frozenset[tuple[str, str]]] = []
    for need in named:
        joined = [place for place, found in enumerate(marks) if found & need.marks]
        group = [each for place in joined for each in groups[place]]
        all_marks = need.marks.union(*(marks[place] for place in joined))
        groups = [each for place, each in enumerate(groups) if place not in joined] + [[*group, need]]
        marks = [each for place, each in enumerate(marks) if place not in joined] + [all_marks]
    return groups


def streaks(named: Iterable[Named]) -> dict[int, int]:
    """Need → in how many cohorts in a row, up to its own, it was named and not covered; 0 where it is covered."""
    return {
        need.key: times[need.place]
        for group in same_needs(named)
        for times in [streaks_of(group)]
        for need in group
    }


def streaks_of(group: Sequence[Named]) -> dict[int, int]:
    """Place of a cohort → the same for one need; of two in one cohort that are the same a covered one counts."""
    is_covered: dict[int, bool] = defaultdict(bool)
    for need in group:
        is_covered[need.place] |= need.is_covered
    times: dict[int, int] = {}
    for place in sorted(is_covered):
        times[place] = 0 if is_covered[place] else times.get(place - 1, 0) + 1
    return times


def recurrence_sentence(times: int) -> str:
    """Empty for a need that is covered, or named for the first time."""
    if times < RECURRING_FROM:
        return ""
    ordinal = ORDINALS[times - 1] if times <= len(ORDINALS) else f"{times}."
    return f"Im {ordinal} Durchgang in Folge genannt und nie gedeckt."
