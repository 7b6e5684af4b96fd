"""Names without their accents: „Muller“ finds Müller, and Häfner stands before Hoffmann (DIN 5007, ä as a)."""

from collections.abc import Iterable

from netzkoord.lib.folding import fold as fold
from participants.models import Registration


def sorted_by_name(people: Iterable[Registration]) -> list[Registration]:
    """By family name, then given names, as a German list is read; databases differ in where they put ä and Ł."""
    return sorted(people, key=lambda half: (fold(half.family_name), fold(half.given_names), half.pk))


def matches(needle: str, *texts: str) -> bool:
    """Whether every word of `needle` occurs somewhere in the texts."""
    haystack = fold(" ".join(texts))
    return all(word in haystack for word in fold(needle).split())
