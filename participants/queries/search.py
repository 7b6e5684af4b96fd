"""Names without their accents: „Muller“ finds Müller, and Häfner stands before Hoffmann (DIN 5007, ä as a)."""

import unicodedata
from collections.abc import Iterable

from participants.models import Registration

# Letters that Unicode does not take apart into a base letter and a mark.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)


def fold(text: str) -> str:
    """The text in small letters, without marks on them: equal for all ways of writing one name."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.translate(PLAIN_LETTERS)


def sorted_by_name(people: Iterable[Registration]) -> list[Registration]:
    """By family name, then given names, as a German list is read; databases differ in where they put ä and Ł."""
    return sorted(people, key=lambda half: (fold(half.family_name), fold(half.given_names), half.pk))


def matches(needle: str, *texts: str) -> bool:
    """Whether every word of `needle` occurs somewhere in the texts."""
    haystack = fold(" ".join(texts))
    return all(word in haystack for word in fold(needle).split())
