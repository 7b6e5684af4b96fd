"""The wall under one guiding question as a value: columns of cards, what can be changed, and how it is undone.

Calculates without the database. A change names what it moves and in front of what, never the number of a place: so
changes of two people who see different states of the wall follow each other in any order, and no card is lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

GONE_COLUMN = "Diese Spalte gibt es nicht mehr. Wählen Sie eine andere."
GONE_CARD = "Diese Karte gehört nicht zu dieser Wand."
NOT_EMPTY = "In dieser Spalte hängen noch Karten. Verschieben Sie diese zuerst."
SAME_HEADING = (
    "Die Spalte „{column}“ hängt schon. Verschieben Sie die Karten dorthin, oder nehmen Sie ein anderes Wort."
)
WITH_ITSELF = "Eine Spalte lässt sich nicht mit sich selbst zusammenlegen."


class NotPossible(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A change that the wall does not allow; the message is one German sentence for the moderator."""


@dataclass(frozen=True)
class Column:
    """A cluster with its cards, by their primary keys and from top to bottom."""

    pk: int
    title: str
    cards: tuple[int, ...] = ()


@dataclass(frozen=True)
class Board:
    """`loose` cards hang in no column; a `dropped` column is empty and not shown; `hidden` ones stay."""

    loose: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    dropped: tuple[Column, ...] = ()
    hidden: frozenset[int] = frozenset()

    def cards(self) -> list[int]:
        return [*self.loose, *(card for column in self.columns for card in column.cards)]

    def column(self, pk: int) -> Column:
        """Raises `NotPossible` when the column was dropped or is none of this wall."""
        for column in self.columns:
            if column.pk == pk:
                return column
        raise NotPossible(GONE_COLUMN)

    def named(self, title: str, *, other_than: int | None = None) -> Column | None:
        """The column of this heading, whatever capitals it is written with."""
        same = (column for column in self.columns if column.title.casefold() == title.casefold())
        return next((column for column in same if column.pk != other_than), None)

    def column_of(self, card: int) -> int | None:
        """The column of a card, None for a loose one; raises `NotPossible` when the card is none of this wall."""
        for column in self.columns:
            if card in column.cards:
                return column.pk
        if card in self.loose:
            return None
        raise NotPossible(GONE_CARD)


@dataclass(frozen=True)
class Place:
    """Cards go into a column, or into none, in front of a card or at its end."""

    cards: tuple[int, ...]
    column: int | None
    before: int | None = None

    def apply(self, board: Board) -> Board:
        for card in self.cards:
            board.column_of(card)
        if self.column is not None:
            board.column(self.column)
        moving = set(self.cards)
        taken = replace(
            board,
            loose=without(board.loose, moving),
            columns=tuple(replace(column, cards=without(column.cards, moving)) for column in board.columns),
        )
        if self.column is None:
            return replace(taken, loose=inserted(taken.loose, self.cards, self.before))
        return replace(
            taken,
            columns=tuple(
                replace(column, cards=inserted(column.cards, self.cards, self.before))
                if column.pk == self.column
                else column
                for column in taken.columns
            ),
        )

    def undo(self, board: Board) -> list["Change"]:
        """Each card back in front of the one that followed it, the last one first."""
        moving = set(self.cards)
        return [
            Place((card,), board.column_of(card), after(row_of(board, card), card))
            for card in reversed(board.cards())
            if card in moving
        ]


@dataclass(frozen=True)
class Open:
    """A new column, or one that was dropped comes back, in front of another or at the end."""

    column: int
    title: str
    before: int | None = None

    def apply(self, board: Board) -> Board:
        if any(column.pk == self.column for column in board.columns):
            return board
        return replace(
            board,
            columns=in_front(board.columns, Column(self.column, self.title), self.before),
            dropped=tuple(column for column in board.dropped if column.pk != self.column),
        )

    def undo(self, board: Board) -> list["Change"]:
        return [] if any(column.pk == self.column for column in board.columns) else [Drop(self.column)]


@dataclass(frozen=True)
class Drop:
    """An empty column is taken off the wall."""

    column: int

    def apply(self, board: Board) -> Board:
        column = board.column(self.column)
        if column.cards:
            raise NotPossible(NOT_EMPTY)
        return replace(
            board,
            columns=tuple(other for other in board.columns if other.pk != column.pk),
            dropped=(*board.dropped, column),
        )

    def undo(self, board: Board) -> list["Change"]:
        column = board.column(self.column)
        return [Open(column.pk, column.title, after([other.pk for other in board.columns], column.pk))]


@dataclass(frozen=True)
class Rename:
    column: int
    title: str

    def apply(self, board: Board) -> Board:
        renamed = replace(board.column(self.column), title=self.title)
        return replace(
            board, columns=tuple(renamed if column.pk == renamed.pk else column for column in board.columns)
        )

    def undo(self, board: Board) -> list["Change"]:
        return [Rename(self.column, board.column(self.column).title)]


@dataclass(frozen=True)
class Shift:
    """A column goes in front of another or to the end."""

    column: int
    before: int | None = None

    def apply(self, board: Board) -> Board:
        column = board.column(self.column)
        others = tuple(other for other in board.columns if other.pk != column.pk)
        return replace(board, columns=in_front(others, column, self.before))

    def undo(self, board: Board) -> list["Change"]:
        board.column(self.column)
        return [Shift(self.column, after([column.pk for column in board.columns], self.column))]


@dataclass(frozen=True)
class Hide:
    """A card is shown to nobody but the moderators; it is never deleted."""

    card: int

    def apply(self, board: Board) -> Board:
        board.column_of(self.card)
        return replace(board, hidden=board.hidden | {self.card})

    def undo(self, board: Board) -> list["Change"]:
        return [] if self.card in board.hidden else [Show(self.card)]


@dataclass(frozen=True)
class Show:
    card: int

    def apply(self, board: Board) -> Board:
        board.column_of(self.card)
        return replace(board, hidden=board.hidden - {self.card})

    def undo(self, board: Board) -> list["Change"]:
        return [Hide(self.card)] if self.card in board.hidden else []


Change = Place | Open | Drop | Rename | Shift | Hide | Show
KINDS: dict[str, type[Change]] = {kind.__name__: kind for kind in (Place, Open, Drop, Rename, Shift, Hide, Show)}


def change(board: Board, changes: Iterable[Change]) -> tuple[Board, list[Change]]:
    """The wall after all changes, and what undoes them, in order; raises `NotPossible` when one is not allowed."""
    undo: list[Change] = []
    for step in changes:
        undo = [*step.undo(board), *undo]
        board = step.apply(board)
    return board, undo


def renamed(board: Board, *, column: int, title: str) -> list[Change]:
    """Raises `NotPossible` for the heading of another column."""
    refuse_second(board.named(title, other_than=column))
    return [Rename(column, title)]


def opened(board: Board, *, cards: Sequence[int], new: int, title: str) -> list[Change]:
    """Cards from anywhere in a new column: behind the one from which all of them come, otherwise at the end.

    Raises `NotPossible` for a heading that hangs already.
    """
    refuse_second(board.named(title))
    homes = {board.column_of(card) for card in cards}
    home = homes.pop() if len(homes) == 1 else None
    if home is not None:
        return split(board, column=home, cards=cards, new=new, title=title)
    return [Open(new, title), Place(tuple(cards), new)]


def refuse_second(column: Column | None) -> None:
    if column:
        raise NotPossible(SAME_HEADING.format(column=column.title))


def merged(board: Board, *, into: int, column: int) -> list[Change]:
    """All cards of a column to the end of another; the emptied one goes."""
    if into == column:
        raise NotPossible(WITH_ITSELF)
    return [Place(board.column(column).cards, board.column(into).pk), Drop(column)]


def split(board: Board, *, column: int, cards: Sequence[int], new: int, title: str) -> list[Change]:
    """Some cards of a column into a new one, directly behind it."""
    board.column(column)
    behind = after([other.pk for other in board.columns], column)
    return [Open(new, title, behind), Place(tuple(cards), new)]


def emptied(board: Board, *, column: int) -> list[Change]:
    """A column in which no card is seen goes; its hidden ones hang in none from then on."""
    hidden = tuple(card for card in board.column(column).cards if card in board.hidden)
    return [Place(hidden, None), Drop(column)]


def packed(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """For a JSON column; `unpacked` reads it back."""
    return [{"kind": type(step).__name__, **vars(step)} for step in changes]


def unpacked(rows: Sequence[dict[str, Any]]) -> list[Change]:
    return [unpacked_one(**row) for row in rows]


def unpacked_one(kind: str, **fields: Any) -> Change:
    if "cards" in fields:
        fields["cards"] = tuple(fields["cards"])
    return KINDS[kind](**fields)


def without(row: tuple[int, ...], moving: set[int]) -> tuple[int, ...]:
    return tuple(card for card in row if card not in moving)


def inserted(row: tuple[int, ...], cards: tuple[int, ...], before: int | None) -> tuple[int, ...]:
    """In front of `before`; at the end when that card hangs elsewhere by now. A card named twice is hung once."""
    at = row.index(before) if before in row else len(row)
    return (*row[:at], *dict.fromkeys(cards), *row[at:])


def in_front(columns: tuple[Column, ...], column: Column, before: int | None) -> tuple[Column, ...]:
    keys = [other.pk for other in columns]
    at = keys.index(before) if before in keys else len(columns)
    return (*columns[:at], column, *columns[at:])


def row_of(board: Board, card: int) -> tuple[int, ...]:
    column = board.column_of(card)
    return board.loose if column is None else board.column(column).cards


def after(row: Sequence[int], pk: int) -> int | None:
    at = row.index(pk) + 1
    return row[at] if at < len(row) else None
