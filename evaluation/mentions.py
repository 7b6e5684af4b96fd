"""Names and towns of a cohort that stand in a text, so that whoever writes it can think again."""

from collections.abc import Iterable

from netzkoord.lib.folding import words

# Shorter words are everyday words too often: „An“, „Au“, „Ihm“ are municipalities.
SHORTEST = 4


def mentioned(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names of which all words stand next to each other in the text, in the order of the names.

    Compared without case and diacritics; a name may have an ending: „Kölner“, „Müllers“.
    """
    said = words(text)
    return [name for name in names if stands_in(words(name), said)]


def stands_in(name: list[str], said: list[str]) -> bool:
    if len("".join(name)) < SHORTEST:
        return False
    last = len(said) - len(name) + 1
    return any(is_same(name, said[start : start + len(name)]) for start in range(last))


def is_same(name: list[str], said: list[str]) -> bool:
    *first, last = name
    return said[:-1] == first and said[-1].startswith(last)
