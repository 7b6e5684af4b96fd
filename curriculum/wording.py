"""Two wordings woven into one, word by word, as a reader compares them."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

# Beyond this the search for equal words takes seconds; such texts are compared by paragraphs.
MOST_COMPARISONS = 2_000_000
LEAST_IN_COMMON = 0.4
WORD = re.compile(r"\w+|\s+|[^\w\s]")
PARAGRAPH = re.compile(r"[^\n]*\n|[^\n]+")


class Turn(Enum):
    """What became of a run of words."""

    REMOVED = auto()
    ADDED = auto()


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, went or came; `turn` is None for what stayed."""

    text: str
    turn: Turn | None = None

    @property
    def is_removed(self) -> bool:
        return self.turn is Turn.REMOVED

    @property
    def is_added(self) -> bool:
        return self.turn is Turn.ADDED


def pieces_of(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts woven into one, by words: what stayed and went is the old one, what stayed and came the new."""
    was, now = WORD.findall(old), WORD.findall(new)
    if len(was) * len(now) > MOST_COMPARISONS:
        was, now = PARAGRAPH.findall(old), PARAGRAPH.findall(new)
    if len(was) * len(now) > MOST_COMPARISONS:
        was, now = [old], [new]
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    runs = [
        (tag == "equal", "".join(was[i1:i2]), "".join(now[j1:j2])) for tag, i1, i2, j1, j2 in matcher.get_opcodes()
    ]
    pieces = tuple(woven(joined(runs)))
    return pieces if has_enough_in_common(pieces, old, new) else tuple(woven([(False, old, new)]))


def has_enough_in_common(pieces: Iterable[Piece], old: str, new: str) -> bool:
    """Below this share of equal text single words tell a reader nothing: the whole was written anew."""
    stayed = sum(len(piece.text) for piece in pieces if piece.turn is None)
    return stayed >= LEAST_IN_COMMON * min(len(old), len(new))


def joined(runs: Sequence[tuple[bool, str, str]]) -> Iterator[tuple[bool, str, str]]:
    """A space alone between two changed runs belongs to them: „alte Fassung“ → „neue Form“ is one replacement."""
    was = now = ""
    for at, (is_same, old, new) in enumerate(runs):
        is_between = 0 < at < len(runs) - 1
        if is_same and not (is_between and not old.strip()):
            if was or now:
                yield False, was, now
            yield True, old, new
            was = now = ""
        else:
            was, now = was + old, now + new
    if was or now:
        yield False, was, now


def woven(runs: Iterable[tuple[bool, str, str]]) -> Iterator[Piece]:
    for is_same, old, new in runs:
        if is_same:
            yield Piece(old)
        else:
            yield from (Piece(text, turn) for text, turn in ((old, Turn.REMOVED), (new, Turn.ADDED)) if text)
