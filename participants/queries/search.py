"""Finding names without their accents: „Muller“ finds Müller, „lukasik“ finds Łukasik."""

import unicodedata

# Letters that Unicode does not take apart into a base letter and a mark.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)


def fold(text: str) -> str:
    """The text in small letters, without marks on them: equal for all ways of writing one name."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.translate(PLAIN_LETTERS)


def matches(needle: str, *texts: str) -> bool:
    """Whether every word of `needle` occurs somewhere in the texts."""
    haystack = fold(" ".join(texts))
    return all(word in haystack for word in fold(needle).split())
