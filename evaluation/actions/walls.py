"""Sorting the cards of a wall. What changes a wall locks its workshop first, so that steps follow each other."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import F

from evaluation.boards import (
    Board,
    Change,
    NotPossible,
    Open,
    Place,
    change,
    merged,
    packed,
    split,
    unpacked,
)
from evaluation.models import Card, Cluster, GuidingQuestion, Step, Workshop
from evaluation.queries.boards import board_of
from netzkoord.models import User

NOTHING_TO_UNDO = "Es gibt keinen Schritt mehr, der rückgängig gemacht werden kann."


def lock(workshop_pk: int) -> None:
    Workshop.objects.select_for_update().get(pk=workshop_pk)


def turn(workshop_pk: int) -> None:
    """Tell every screen that asks that there is something new."""
    Workshop.objects.filter(pk=workshop_pk).update(revision=F("revision") + 1)


@transaction.atomic
def change_wall(*, question: GuidingQuestion, changes: Sequence[Change], words: str, by: User) -> Step | None:
    """Carry out what a moderator did in one go, as one step; None where it changes nothing.

    Raises `NotPossible` with the sentence for the moderator; then nothing has changed.
    """
    return take_step(question, lambda board: list(changes), words=words, by=by)


@transaction.atomic
def open_column(*, question: GuidingQuestion, title: str, cards: Sequence[int] = (), by: User) -> Step | None:
    """A new column at the end, with cards from anywhere on the wall."""
    lock(question.workshop_id)
    new = new_column(question, title)
    changes: list[Change] = [Open(new, title), Place(tuple(cards), new)]
    return take_step(question, lambda board: changes, words=f"Spalte „{title}“ angelegt", by=by)


@transaction.atomic
def split_column(*, column: Cluster, cards: Sequence[int], title: str, by: User) -> Step | None:
    question = column.guiding_question
    lock(question.workshop_id)
    new = new_column(question, title)
    return take_step(
        question,
        lambda board: split(board, column=column.pk, cards=cards, new=new, title=title),
        words=f"Aus „{column}“ die Spalte „{title}“ gemacht",
        by=by,
    )


@transaction.atomic
def merge_columns(*, into: Cluster, column: Cluster, by: User) -> Step | None:
    return take_step(
        into.guiding_question,
        lambda board: merged(board, into=into.pk, column=column.pk),
        words=f"„{column}“ mit „{into}“ zusammengelegt",
        by=by,
    )


@transaction.atomic
def undo_step(*, question: GuidingQuestion) -> Step:
    """Take back the last step that was not taken back yet, whoever took it; the step.

    Raises `NotPossible` when there is none, or when what came after it stands against it.
    """
    lock(question.workshop_id)
    step = question.steps.filter(is_undone=False).last()
    if step is None:
        raise NotPossible(NOTHING_TO_UNDO)
    store(question, change(board_of(question), unpacked(step.undo))[0])
    step.is_undone = True
    step.save(update_fields=["is_undone"])
    turn(question.workshop_id)
    return step


def take_step(
    question: GuidingQuestion, plan: Callable[[Board], list[Change]], *, words: str, by: User
) -> Step | None:
    lock(question.workshop_id)
    before = board_of(question)
    after, undo = change(before, plan(before))
    if after == before:
        return None
    store(question, after)
    turn(question.workshop_id)
    return Step.objects.create(guiding_question=question, by=by, words=words, undo=packed(undo))


def new_column(question: GuidingQuestion, title: str) -> int:
    """A row for a column that is not on the wall yet; `Open` puts it there."""
    return Cluster.objects.create(guiding_question=question, title=title, position=0, is_dropped=True).pk


def store(question: GuidingQuestion, board: Board) -> None:
    """Write what differs from the rows; at most four queries, however many cards hang there."""
    cards, columns = card_places(board), column_places(board)
    moved = []
    for card in Card.objects.filter(guiding_question=question):
        if (card.cluster_id, card.position, card.is_hidden) != cards[card.pk]:
            card.cluster_id, card.position, card.is_hidden = cards[card.pk]
            moved.append(card)
    Card.objects.bulk_update(moved, ["cluster", "position", "is_hidden"])
    changed = []
    for cluster in Cluster.objects.filter(guiding_question=question):
        if (cluster.position, cluster.title, cluster.is_dropped) != columns[cluster.pk]:
            cluster.position, cluster.title, cluster.is_dropped = columns[cluster.pk]
            changed.append(cluster)
    Cluster.objects.bulk_update(changed, ["position", "title", "is_dropped"])


def card_places(board: Board) -> dict[int, tuple[int | None, int, bool]]:
    rows: list[tuple[int | None, tuple[int, ...]]] = [(None, board.loose)]
    rows += [(column.pk, column.cards) for column in board.columns]
    return {
        card: (column, position, card in board.hidden)
        for column, cards in rows
        for position, card in enumerate(cards, start=1)
    }


def column_places(board: Board) -> dict[int, tuple[int, str, bool]]:
    shown = {column.pk: (position, column.title, False) for position, column in enumerate(board.columns, start=1)}
    return shown | {column.pk: (0, column.title, True) for column in board.dropped}
