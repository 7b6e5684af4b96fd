"""Texts as they are compared: without accents, without case, as words."""

import re
import unicodedata

from django.utils.text import slugify

# Letters that Unicode does not take apart into a base letter and a mark.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
# How umlauts are written where there are none on the keyboard.
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# Nearly all marks there are; in a list of thousands of names a pattern is much faster than asking for each letter.
MARKS = re.compile("[\u0300-\u036f]+")
WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text in small letters, without marks on them: equal for all ways of writing one name."""
    small = text.casefold()
    if small.isascii():
        return small
    plain = MARKS.sub("", unicodedata.normalize("NFKD", small))
    if plain.isascii():
        return plain
    latin = plain.translate(PLAIN_LETTERS)
    if latin.isascii():
        return latin
    return "".join(letter for letter in latin if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The folded words of a text, without what stands between them: „Frankfurt (Oder)“ → frankfurt, oder."""
    return WORD.findall(fold(text))


def spellings(text: str) -> list[str]:
    """The text as it is and with its umlauts written as two letters: Köln, koeln."""
    composed = unicodedata.normalize("NFC", text.casefold())
    return list(dict.fromkeys([composed, composed.translate(UMLAUTS)]))


def file_name(text: str) -> str:
    """The text as the name of a file, in at most 80 plain letters: „Für Köln“ → fuer-koeln; it may be empty."""
    composed = unicodedata.normalize("NFC", text.casefold())
    return slugify(composed.translate(UMLAUTS))[:80].strip("-")
