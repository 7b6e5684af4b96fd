"""What became of the cards of a column that was taken off the wall; no database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from evaluation.boards import Change, Open, Place


def last_cards(undos: Iterable[Sequence[Change]]) -> dict[int, tuple[int, ...]]:
    """Column → the cards that hung in it when it was dropped, from what undoes each step, the oldest first."""
    found: dict[int, tuple[int, ...]] = {}
    for undo in undos:
        for dropped in (change.column for change in undo if isinstance(change, Open)):
            found[dropped] = placed_into(dropped, undo)
    return found


def placed_into(column: int, changes: Iterable[Change]) -> tuple[int, ...]:
    placed = [change.cards for change in changes if isinstance(change, Place) and change.column == column]
    return tuple(card for cards in placed for card in cards)


def column_of_most(cards: Iterable[int], columns: Mapping[int, int]) -> int | None:
    """The column in which most of the cards hang by now; `columns` are those of the cards that hang in one."""
    found = Counter(columns[card] for card in cards if card in columns)
    return min(found, key=lambda column: (-found[column], column), default=None)
