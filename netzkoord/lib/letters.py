"""Which letters our fonts can print, asked before a document is made."""

import functools
import re
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

from netzkoord.lib.emoji_words import spelled_out
from netzkoord.lib.fonts import FALLBACK_FILES, SOURCE_SANS, SOURCE_SANS_FOLDER, fallback_font

WHITESPACE = frozenset(map(ord, " \t\n\r\N{NO-BREAK SPACE}"))
# Control, format (zero width, direction), private, surrogate and unassigned characters, odd line ends.
INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# Those of them that a text can do without.
UNSEEN = frozenset({"Cc", "Cf"})
# Says which of its forms the sign before it is to have.
VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Parts of a letter that Source Sans has, but sets beside it.
BESIDE = frozenset("\N{COMBINING HORN}\N{COMBINING CEDILLA}")
MARK = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
CLUSTER = re.compile(f".{MARK}*", re.DOTALL)


@functools.cache
def charsets() -> tuple[frozenset[int], frozenset[int]]:
    """Code points of Source Sans, and those that every cut of DejaVu Sans has."""
    dejavu = [charset(fallback_font(name)) for name in FALLBACK_FILES]
    return charset(SOURCE_SANS_FOLDER / SOURCE_SANS), frozenset.intersection(*dejavu)


def charset(path: Path) -> frozenset[int]:
    """Code points of a font that draw something; a joiner or a filler has a glyph without any ink."""
    with TTFont(path, lazy=True) as font:
        places, numbers = font["loca"], font.getReverseGlyphMap()
        by_code = (font.getBestCmap() or {}).items()
        return frozenset(code for code, name in by_code if places[numbers[name]] < places[numbers[name] + 1])


def missing_letters(text: str) -> list[str]:
    """Letters of the text that cannot be printed, each once and in order; a letter carries its accents.

    A letter with accents is drawn by one font, so one font must have all of it. Invisible characters and
    those that turn the direction of writing count as missing: nobody can check what they do to a name.
    """
    clusters = CLUSTER.findall(unicodedata.normalize("NFC", text))
    return list(dict.fromkeys(cluster for cluster in clusters if not is_printable(cluster)))


def is_printable(cluster: str) -> bool:
    if len(cluster) == 1 and is_blank(cluster):
        return True
    if any(unicodedata.category(character) in INVISIBLE for character in cluster):
        return False
    return any(all(ord(character) in charset for character in cluster) for charset in charsets())


def is_blank(character: str) -> bool:
    """Ends a word and is seen by that; of whatever width."""
    return ord(character) in WHITESPACE or unicodedata.category(character) == "Zs"


def needs_fallback(text: str) -> bool:
    """Whether a letter of the text is one that Source Sans lacks, or cannot set rightly."""
    ours, _ = charsets()
    return any(not is_at_home(cluster, ours) for cluster in CLUSTER.findall(unicodedata.normalize("NFC", text)))


def is_at_home(cluster: str, ours: frozenset[int]) -> bool:
    """Source Sans knows where one accent stands over or under a letter; of two it sets the second beside it."""
    if is_blank(cluster[0]):
        return True
    if any(ord(character) not in ours for character in cluster):
        return False
    return len(cluster) == 1 or (len(unicodedata.normalize("NFD", cluster)) == 2 and BESIDE.isdisjoint(cluster))


def missing_letters_sentence(text: str) -> str:
    """„李“ (U+674E) … as a German sentence; empty when everything can be printed."""
    described = [describe(cluster) for cluster in missing_letters(text)]
    if not described:
        return ""
    if len(described) == 1:
        return f"Das Zeichen {described[0]} kann nicht gedruckt werden."
    return f"Die Zeichen {', '.join(described[:-1])} und {described[-1]} können nicht gedruckt werden."


def describe(cluster: str) -> str:
    code = " ".join(f"U+{ord(character):04X}" for character in cluster)
    if any(unicodedata.category(character) in INVISIBLE for character in cluster):
        return f"{code} (unsichtbar)"
    return f"„{cluster}“ ({code})"


def printable(text: str) -> str:
    """The text as paper can show it, so that no report fails on what somebody has typed.

    An emoji is told in words; what cannot be seen is left out; a letter that no font has is named by its number,
    „[U+674E]“. Where that would not do, as in a name that is certified, ask `missing_letters` and refuse.
    """
    composed = unicodedata.normalize("NFC", text)
    known = glyphs()
    if known.issuperset(composed):
        return composed
    spelled = spelled_out(composed, known=known)
    return spelled.translate({ord(character): substitute(character) for character in set(spelled) - known})


@functools.cache
def glyphs() -> frozenset[str]:
    """What one of the fonts can print, and blanks."""
    codes = frozenset.union(*charsets()) | WHITESPACE
    return frozenset(
        character
        for character in map(chr, codes)
        if ord(character) in WHITESPACE
        or not (unicodedata.category(character) in INVISIBLE or VARIATION.match(character))
    )


def substitute(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    return "" if category in UNSEEN or VARIATION.match(character) else f"[U+{ord(character):04X}]"
