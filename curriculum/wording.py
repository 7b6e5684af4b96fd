"""Two wordings woven into one, word by word, as a reader compares them."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate, groupby
from operator import itemgetter

# In comparisons of two words, some five million a second. A text that would cost more is compared by paragraphs, or
# not at all: then it is shown as it was and as it is. So are the texts of a page after its last comparison.
MOST_OF_A_TEXT = 300_000
MOST_OF_A_PAGE = 2_000_000
# What is done with a word before the first comparison takes as long as so many of them.
COST_OF_A_WORD = 3
LEAST_IN_COMMON = 0.4
# A word with the space before it; the end of the text counts as one, for the space that stands there.
WORD = re.compile(r"(\s*)(\w+|[^\w\s]|\Z)")
PARAGRAPH = re.compile(r"()([^\n]*\n|[^\n]+)")

# Whether it stayed, the old text, the new one.
Run = tuple[bool, str, str]


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


@dataclass
class Effort:
    """Comparisons that the texts of one page may still cost; they take from it in the order they are shown."""

    left: int = MOST_OF_A_PAGE


class TooMuchEffort(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The comparison would cost more than the text or its page may."""


class Matcher(difflib.SequenceMatcher[str]):
    """Counts what each search will cost before it begins; raises `TooMuchEffort`.

    A search compares each word of the old text with all equal ones of the new, and every run that is found leads to
    two more: where one word stands everywhere, the time grows with the third power of the length.
    """

    def __init__(self, was: Sequence[str], now: Sequence[str], effort: Effort) -> None:
        self.effort, self.most = effort, MOST_OF_A_TEXT
        effort.left -= COST_OF_A_WORD * (len(was) + len(now))
        super().__init__(None, was, now, autojunk=False)
        count = Counter(now)
        self.cost_before = list(accumulate((1 + count[word] for word in was), initial=0))

    def take(self, comparisons: int) -> None:
        if comparisons > min(self.most, self.effort.left):
            raise TooMuchEffort
        self.most -= comparisons
        self.effort.left -= comparisons

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> difflib.Match:
        self.take(self.cost_before[-1 if ahi is None else ahi] - self.cost_before[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)


def pieces_of(old: str, new: str, effort: Effort | None = None) -> tuple[Piece, ...]:
    """The two texts woven into one, by words: what stayed and went is the old one, what stayed and came the new."""
    pieces = tuple(woven(runs_of(old, new, effort or Effort())))
    return pieces if has_enough_in_common(pieces, old, new) else tuple(woven([(False, old, new)]))


def runs_of(old: str, new: str, effort: Effort) -> list[Run]:
    """By words or by paragraphs, whichever the effort allows; towards its end not even the words are counted."""
    for pattern in (WORD, PARAGRAPH):
        if len(old) + len(new) <= effort.left:
            with suppress(TooMuchEffort):
                return joined(with_lone_spaces(joined(compared(old, new, pattern, effort))))
    return [(False, old, new)]


def compared(old: str, new: str, pattern: re.Pattern[str], effort: Effort) -> Iterator[Run]:
    """Words are the same whatever space stands before them; where that changed, it is a run of its own."""
    was, now = pattern.findall(old), pattern.findall(new)
    matcher = Matcher([word for _, word in was], [word for _, word in now], effort)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            for (old_space, word), (new_space, _) in zip(was[i1:i2], now[j1:j2], strict=True):
                yield old_space == new_space, old_space, new_space
                yield True, word, word
        else:
            went, came = text_of(was[i1:i2]), text_of(now[j1:j2])
            space = was[i1][0] if tag == "replace" and was[i1][0] == now[j1][0] else ""
            yield True, space, space
            yield False, went.removeprefix(space), came.removeprefix(space)


def text_of(tokens: Iterable[tuple[str, str]]) -> str:
    return "".join(space + word for space, word in tokens)


def joined(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of the same kind become one run; empty ones go."""
    found = []
    for is_same, group in groupby((run for run in runs if run[1] or run[2]), key=itemgetter(0)):
        _, olds, news = zip(*group, strict=True)
        found.append((is_same, "".join(olds), "".join(news)))
    return found


def with_lone_spaces(runs: Sequence[Run]) -> Iterator[Run]:
    """An empty line alone between two changed paragraphs belongs to them: together they are one replacement."""
    for at, (is_same, old, new) in enumerate(runs):
        is_between = 0 < at < len(runs) - 1
        yield is_same and not (is_between and not old.strip()), old, new


def has_enough_in_common(pieces: Iterable[Piece], old: str, new: str) -> bool:
    """Below this share of equal text single words tell a reader nothing: the whole was written anew."""
    stayed = sum(len(piece.text) for piece in pieces if piece.turn is None)
    return stayed >= LEAST_IN_COMMON * min(len(old), len(new))


def woven(runs: Iterable[Run]) -> Iterator[Piece]:
    for is_same, old, new in runs:
        if is_same:
            yield Piece(old)
        else:
            yield from (Piece(text, turn) for text, turn in ((old, Turn.REMOVED), (new, Turn.ADDED)) if text)
