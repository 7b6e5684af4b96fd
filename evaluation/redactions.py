"""Blackening words of a text without ever rewriting it: what is stored are ranges of characters."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from evaluation.mentions import Name
from netzkoord.lib.folding import words

WORD = re.compile(r"\S+")
# What stands where a text was blackened; always the same, so that its length tells nothing.
MARK = "[geschwärzt]"

# Start and end of characters, as JSON stores a pair.
Range = list[int]


@dataclass(frozen=True)
class Word:
    """A word of a text with what stands close to it, and its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A part of a text as others read it; one that is blackened carries nothing of it."""

    text: str
    is_blackened: bool = False


def words_of(text: str) -> list[Word]:
    return [Word(match.group(), match.start(), match.end()) for match in WORD.finditer(text)]


def ranges_of(text: str, chosen: Collection[int]) -> list[list[int]]:
    """The ranges of the words with these numbers, neighbours as one; numbers of no word are left out."""
    ranges: list[list[int]] = []
    previous = -1
    for number, word in enumerate(words_of(text)):
        if number not in chosen:
            continue
        if ranges and previous == number - 1:
            ranges[-1][1] = word.end
        else:
            ranges.append([word.start, word.end])
        previous = number
    return ranges


def chosen_in(text: str, ranges: Iterable[Range]) -> set[int]:
    """The numbers of the words that lie in these ranges; the opposite of `ranges_of`."""
    stored = list(ranges)
    return {
        number
        for number, word in enumerate(words_of(text))
        if any(start < word.end and word.start < end for start, end in stored)
    }


def pieces(text: str, ranges: Iterable[Range]) -> list[Piece]:
    """What others read: the text with its blackened parts taken out."""
    found: list[Piece] = []
    place = 0
    for start, end in sorted(ranges):
        if start > place:
            found.append(Piece(text[place:start]))
        found.append(Piece(MARK, is_blackened=True))
        place = max(place, end)
    return [*found, Piece(text[place:])] if place < len(text) else found


def proposed(text: str, names: Iterable[Name]) -> set[int]:
    """The numbers of the words in which one of these names stands, by the rules of `mentions`."""
    parts = [(number, part) for number, word in enumerate(words_of(text)) for part in words(word.text)]
    said = [part for _, part in parts]
    return {parts[place][0] for name in names for places in name.places_in(said) for place in places}
