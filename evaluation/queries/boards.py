"""The wall under a guiding question as a `Board`, read from its rows and written back."""

from collections import defaultdict

from evaluation.boards import Board, Column
from evaluation.models import Card, Cluster, GuidingQuestion


def board_of(question: GuidingQuestion) -> Board:
    """Everything that hangs under a question, hidden cards and dropped columns included; two queries."""
    by_column: dict[int | None, list[int]] = defaultdict(list)
    hidden = set()
    for pk, cluster, is_hidden in Card.objects.filter(guiding_question=question).values_list(
        "pk", "cluster", "is_hidden"
    ):
        by_column[cluster].append(pk)
        if is_hidden:
            hidden.add(pk)
    columns: list[Column] = []
    dropped: list[Column] = []
    for pk, title, is_dropped in Cluster.objects.filter(guiding_question=question).values_list(
        "pk", "title", "is_dropped"
    ):
        (dropped if is_dropped else columns).append(Column(pk, title, tuple(by_column[pk])))
    return Board(tuple(by_column[None]), tuple(columns), tuple(dropped), frozenset(hidden))
