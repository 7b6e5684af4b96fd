"""Sorting the cards of a wall. What changes a wall locks its workshop first, so that steps follow each other."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import F
from django.utils.text import Truncator

from evaluation.boards import (
    Board,
    Change,
    Hide,
    NotPossible,
    Place,
    Shift,
    Show,
    change,
    emptied,
    merged,
    opened,
    packed,
    renamed,
    unpacked,
)
from evaluation.models import Card, Cluster, GuidingQuestion, Round, Step, Workshop
from evaluation.queries.boards import board_of
from netzkoord.models import User

OTHER_STEP = (
    "Inzwischen kam ein anderer Schritt dazu. Sie sehen jetzt den neuen Stand; entscheiden Sie noch einmal."
)
POINTS_ARE_SET = "Gerade werden Punkte auf die Spalten gesetzt. Beenden Sie zuerst die Punktabfrage."
DAY_IS_OVER = (
    "Der Tag dieses Workshops ist vorbei, geöffnet ist nichts. Ist er an einem anderen Tag, ändert ihn die "
    "Organisation unter „Bearbeiten“ auf der Seite des Workshops."
)
QUESTION_GONE = "Diese Leitfrage hat inzwischen jemand gelöscht. Gespeichert ist nichts; wählen Sie eine andere."
ROUND_GONE = "Diese Runde hat inzwischen jemand gelöscht. Gespeichert ist nichts; wählen Sie eine andere."
SORTED_MEANWHILE = (
    "Inzwischen hat jemand Karten dieses Vorschlags in die Spalte „{column}“ gehängt. Angelegt ist nichts; sehen "
    "Sie sich unter „Ähnliche Karten“ an, was noch lose hängt."
)
NOTHING_TO_UNDO = "Es gibt keinen Schritt mehr, der rückgängig gemacht werden kann."


class Gone(NotPossible):
    """The guiding question was deleted meanwhile."""


def lock(workshop_pk: int) -> None:
    Workshop.objects.select_for_update().get(pk=workshop_pk)


def lock_question(question: GuidingQuestion, in_round: Round | None = None) -> None:
    """Lock its workshop, and look again whether somebody has deleted it, or the round, while this one waited.

    Raises `Gone` for the question, `NotPossible` for the round.
    """
    lock(question.workshop_id)
    if not GuidingQuestion.objects.filter(pk=question.pk).exists():
        raise Gone(QUESTION_GONE)
    if in_round is not None and not Round.objects.filter(pk=in_round.pk).exists():
        raise NotPossible(ROUND_GONE)


def turn(workshop_pk: int) -> None:
    """Tell every screen that asks that there is something new."""
    Workshop.objects.filter(pk=workshop_pk).update(revision=F("revision") + 1)


@transaction.atomic
def ask(*, question: GuidingQuestion, in_round: Round | None) -> None:
    """Open this question to the phones in a round, and close what was open; without a round close this one.

    Raises `NotPossible` when the day of the workshop is over, or the round or the question is gone.
    """
    lock_question(question, in_round)
    if in_round is not None and question.workshop.is_over:
        raise NotPossible(DAY_IS_OVER)
    workshop = Workshop.objects.filter(pk=question.workshop_id)
    if in_round is None:
        workshop.filter(asked=question).update(asked=None, asked_in=None)
    else:
        workshop.update(asked=question, asked_in=in_round)
    turn(question.workshop_id)


@transaction.atomic
def change_wall(*, question: GuidingQuestion, changes: Sequence[Change], words: str, by: User) -> Step | None:
    """Carry out what a moderator did in one go, as one step that `words` tell; None where it changes nothing.

    Raises `NotPossible` with the sentence for the moderator; then nothing has changed.
    """
    return take_step(question, lambda board: list(changes), words=words, by=by)


def move_cards(
    *, question: GuidingQuestion, cards: Sequence[int], column: Cluster | None, before: int | None = None, by: User
) -> Step | None:
    """Cards into a column, or out of all, in front of another card or at its end."""
    place = Place(tuple(cards), column.pk if column else None, before)
    where = f"nach „{column}“ verschoben" if column else "aus den Spalten genommen"
    return change_wall(question=question, changes=[place], words=f"{card_words(cards)} {where}", by=by)


def hide_cards(*, question: GuidingQuestion, cards: Sequence[int], by: User) -> Step | None:
    words = f"{card_words(cards)} verdeckt"
    return change_wall(question=question, changes=[Hide(card) for card in cards], words=words, by=by)


def show_card(*, question: GuidingQuestion, card: int, by: User) -> Step | None:
    words = f"{card_words([card])} wieder gezeigt"
    return change_wall(question=question, changes=[Show(card)], words=words, by=by)


@transaction.atomic
def rename_column(*, column: Cluster, title: str, by: User) -> Step | None:
    return take_step(
        column.guiding_question,
        lambda board: renamed(board, column=column.pk, title=title),
        words=f"„{column}“ in „{title}“ umbenannt",
        by=by,
    )


def shift_column(*, column: Cluster, before: int | None, by: User) -> Step | None:
    words = f"„{column}“ umgestellt"
    return change_wall(question=column.guiding_question, changes=[Shift(column.pk, before)], words=words, by=by)


@transaction.atomic
def drop_column(*, column: Cluster, by: User) -> Step | None:
    return take_step(
        column.guiding_question,
        lambda board: emptied(board, column=column.pk),
        words=f"Leere Spalte „{column}“ abgenommen",
        by=by,
    )


def card_words(cards: Sequence[int]) -> str:
    """How a step calls its cards: one by its text, more by their number."""
    if len(cards) != 1:
        return f"{len(cards)} Karten"
    text = Card.objects.filter(pk=cards[0]).values_list("text", flat=True).first() or ""
    return f"„{Truncator(text).chars(60)}“"


@transaction.atomic
def open_column(*, question: GuidingQuestion, title: str, cards: Sequence[int] = (), by: User) -> Step | None:
    """A new column with cards from anywhere.

    None when there is a column of this title with these cards: pressed twice, one is opened.
    """
    lock_question(question)
    if is_there(board_of(question), title, cards):
        return None
    new = new_column(question, title)
    return take_step(
        question,
        lambda board: opened(board, cards=cards, new=new, title=title),
        words=f"Spalte „{title}“ angelegt",
        by=by,
    )


@transaction.atomic
def accept_proposal(*, question: GuidingQuestion, title: str, cards: Sequence[int], by: User) -> Step | None:
    """A new column with cards that were proposed because they hung in none; as `open_column` otherwise.

    Raises `NotPossible` where somebody has sorted one of them meanwhile: the proposal would take it away again.
    """
    lock_question(question)
    board = board_of(question)
    sorted_into = [column for column in board.columns if {*cards} & {*column.cards}]
    if sorted_into and not is_there(board, title, cards):
        raise NotPossible(SORTED_MEANWHILE.format(column=sorted_into[0].title))
    return open_column(question=question, title=title, cards=cards, by=by)


def is_there(board: Board, title: str, cards: Sequence[int]) -> bool:
    return any(column.title == title and {*cards} <= {*column.cards} for column in board.columns)


@transaction.atomic
def merge_columns(*, into: Cluster, column: Cluster, by: User) -> Step | None:
    return take_step(
        into.guiding_question,
        lambda board: merged(board, into=into.pk, column=column.pk),
        words=f"„{column}“ mit „{into}“ zusammengelegt",
        by=by,
    )


@transaction.atomic
def undo_step(*, question: GuidingQuestion, expected: int | None = None) -> Step | None:
    """Take back the last step that was not taken back yet, whoever took it; the step.

    None when the `expected` step is taken back already. Raises `NotPossible` when there is none, when another step
    was taken meanwhile, or when what came after stands against it.
    """
    lock(question.workshop_id)
    if expected is not None and question.steps.filter(pk=expected, is_undone=True).exists():
        return None
    step = question.steps.filter(is_undone=False).last()
    if step is None:
        raise NotPossible(NOTHING_TO_UNDO)
    if expected is not None and step.pk != expected:
        raise NotPossible(OTHER_STEP)
    before = board_of(question)
    after, _ = change(before, unpacked(step.undo))
    keep_weighed_columns(question, before, after)
    store(question, after)
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
    keep_weighed_columns(question, before, after)
    store(question, after)
    turn(question.workshop_id)
    return Step.objects.create(guiding_question=question, by=by, words=words, undo=packed(undo))


def keep_weighed_columns(question: GuidingQuestion, before: Board, after: Board) -> None:
    """Raises `NotPossible` for a column that would come, go or be renamed while people set points on them."""
    is_other = {column.pk: column.title for column in before.columns} != {
        column.pk: column.title for column in after.columns
    }
    if is_other and question.polls.open().exists():
        raise NotPossible(POINTS_ARE_SET)


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
