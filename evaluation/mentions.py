"""Names and towns of a cohort that stand in a text, so that whoever writes it can think again."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netzkoord.lib.folding import words

# Shorter words are everyday words too often: „An“, „Au“, „Ihm“ are municipalities. „Eva“ and „Jan“ are none.
SHORTEST = 4
SHORTEST_GIVEN = 3
# What stands behind a town that people call by its first words alone: „Freiburg im Breisgau“, „Halle (Saale)“.
ADDITION = re.compile(r"\s*[,(]|\s+(?:am|an|auf|bei|im|in|ob|unter|vor|[abi]\.)\s", re.IGNORECASE)


@dataclass(frozen=True)
class Name:
    """A name of a town or a person, one of the ways in which people write it.

    Any but a given name may have an ending: „Kölner“, „Müllers“. A given name only has an s: „Mark“ is no „Markt“.
    """

    text: str
    is_given: bool = False

    @property
    def words(self) -> list[str]:
        return words(self.text)

    def places_in(self, said: Sequence[str]) -> Iterable[range]:
        """Which words next to each other are the name, compared without case and diacritics."""
        name = self.words
        if len("".join(name)) < (SHORTEST_GIVEN if self.is_given else SHORTEST):
            return
        for start in range(len(said) - len(name) + 1):
            place = range(start, start + len(name))
            if self.is_same(name, [said[number] for number in place]):
                yield place

    def is_same(self, name: Sequence[str], said: Sequence[str]) -> bool:
        *first, last = name
        *before, end = said
        return before == first and (end in (last, f"{last}s") if self.is_given else end.startswith(last))

    def stands_in(self, said: Sequence[str]) -> bool:
        return any(True for _ in self.places_in(said))


def mentioned(text: str, names: Iterable[Name]) -> list[str]:
    """Those of the names that stand in the text, in their order.

    Of two names, one of which stands in the other, the longer is enough.
    """
    said = words(text)
    found = [name for name in names if name.stands_in(said)]
    longest = [
        name.text
        for name in found
        if not any(name.text != other.text and name.stands_in(other.words) for other in found)
    ]
    return list(dict.fromkeys(longest))


def ways_of_naming(name: str) -> list[str]:
    """A name of a town or a person as people write it: whole, without its addition, one half of a double name."""
    whole = re.split(r"\s*[,(]", name, maxsplit=1)[0].strip()
    short = ADDITION.split(name, maxsplit=1)[0].strip()
    halves = short.split("-")
    return list(dict.fromkeys([whole, short, *(halves if len(halves) == 2 else [])]))
