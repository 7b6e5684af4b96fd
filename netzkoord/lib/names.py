"""What may be written as a name: every letter of every script, and nothing that cannot be seen or read.

What stands on certificates is written in Latin letters besides (`netzkoord.lib.latin`).

Names are kept literally apart from their form: composed (NFC), without spaces around, with single spaces.
"""

import re
import unicodedata
from collections.abc import Callable

from django.core.exceptions import ValidationError

SPACES = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and marks by category, but nothing that anyone could see.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
JOINERS = frozenset("\u200c\u200d")
VARIATION_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
INVISIBLE_CATEGORIES = frozenset({"Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# In a text of several lines: what has no meaning at all, and what it is laid out with.
UNREADABLE_CATEGORIES = INVISIBLE_CATEGORIES - {"Cf"} | {"Cc"}
LAYOUT = frozenset("\t\n\r")
# Symbols that names of organisations are written with.
KNOWN_SYMBOLS = frozenset("°©®")
CONTROL_NAMES = {"\0": "NUL", "\t": "Tabulator", "\n": "Zeilenumbruch", "\r": "Zeilenumbruch"}


def normalise_name(text: str) -> str:
    """Composed letters, single spaces, none at the ends; every other character stays as it was typed."""
    return SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def on_one_line(text: str) -> str:
    """Single spaces, and nothing that steers or turns what stands around it; empty where nothing is left to see.

    What joins the parts of a picture or of a word stays.
    """
    seen = " ".join("".join(filter(is_kept, " ".join(text.split()))).split())
    return seen if any(not is_unseen(character) for character in seen) else ""


def is_kept(character: str) -> bool:
    return character in JOINERS or unicodedata.category(character) not in {"Cc", "Cf"}


def is_unseen(character: str) -> bool:
    return (
        character.isspace()
        or character in BLANK | JOINERS
        or VARIATION_SELECTORS.match(character) is not None
        or unicodedata.category(character) in INVISIBLE_CATEGORIES
    )


def validate_name(text: str) -> None:
    """Raises `ValidationError` with a sentence about the first character that a name cannot have."""
    refuse(text, refused_kind)


def validate_text(text: str) -> None:
    """As `validate_name`, for a text of several lines: pictures are welcome, and what they are joined by."""
    refuse(text, refused_in_text)


def validate_letter(text: str) -> None:
    """Raises `ValidationError` for „-“ or „12345“: a name has a letter, of whichever script."""
    if not any(character.isalpha() for character in text):
        raise ValidationError(
            f"„{text[:40]}“ enthält keinen Buchstaben. Bitte schreiben Sie den Namen aus.",
            code="letter",
        )


def refuse(text: str, kind_of: Callable[[str], str]) -> None:
    for character in text:
        if kind := kind_of(character):
            raise ValidationError(
                f"Das Zeichen {describe(character)} {kind}. Bitte löschen Sie es oder tippen Sie die Angabe neu.",
                code="character",
            )


def refused_kind(character: str) -> str:
    """What is wrong with a character, in German; empty when it is welcome."""
    category = unicodedata.category(character)
    if character in DIRECTION:
        return "ändert die Schreibrichtung"
    if category == "Cc":
        return "ist ein Steuerzeichen"
    if category in INVISIBLE_CATEGORIES or character in BLANK or VARIATION_SELECTORS.match(character):
        return "ist unsichtbar"
    if category == "So" and character not in KNOWN_SYMBOLS:
        return "ist ein Bildzeichen"
    return ""


def refused_in_text(character: str) -> str:
    is_refused = character in DIRECTION or unicodedata.category(character) in UNREADABLE_CATEGORIES
    return refused_kind(character) if is_refused and character not in LAYOUT else ""


def describe(character: str) -> str:
    """The code of a character and what it is called; itself only where it can be seen."""
    code = f"U+{ord(character):04X}"
    if unicodedata.category(character) == "So" and character not in BLANK:
        return f"„{character}“ ({code})"
    name = CONTROL_NAMES.get(character) or unicodedata.name(character, "")
    return f"{code} ({name})" if name else code
