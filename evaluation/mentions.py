"""Names and towns of a cohort that stand in a text, so that whoever writes it can think again."""

import re
from collections.abc import Iterable

from netzkoord.lib.folding import words

# Shorter words are everyday words too often: „An“, „Au“, „Ihm“ are municipalities.
SHORTEST = 4
# What stands behind a town that people call by its first words alone: „Freiburg im Breisgau“, „Halle (Saale)“.
ADDITION = re.compile(r"\s*[,(]|\s+(?:am|an|auf|bei|im|in|ob|unter|vor|[abi]\.)\s", re.IGNORECASE)


def mentioned(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names of which all words stand next to each other in the text, in the order of the names.

    Compared without case and diacritics; a name may have an ending: „Kölner“, „Müllers“. Of two names, one of which
    stands in the other, the longer is enough.
    """
    said = words(text)
    found = [name for name in names if stands_in(words(name), said)]
    return [
        name for name in found if not any(name != other and stands_in(words(name), words(other)) for other in found)
    ]


def ways_of_naming(name: str) -> list[str]:
    """A name of a town or a person as people write it: whole, without its addition, one half of a double name."""
    whole = re.split(r"\s*[,(]", name, maxsplit=1)[0].strip()
    short = ADDITION.split(name, maxsplit=1)[0].strip()
    halves = short.split("-")
    return list(dict.fromkeys([whole, short, *(halves if len(halves) == 2 else [])]))


def stands_in(name: list[str], said: list[str]) -> bool:
    if len("".join(name)) < SHORTEST:
        return False
    last = len(said) - len(name) + 1
    return any(is_same(name, said[start : start + len(name)]) for start in range(last))


def is_same(name: list[str], said: list[str]) -> bool:
    *first, last = name
    return said[:-1] == first and said[-1].startswith(last)
