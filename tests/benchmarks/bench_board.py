"""A wall of 400 cards in 30 columns against one of 40 in 3: processor time, queries and size. Run by name:

pytest tests/benchmarks/bench_board.py -s
"""

import itertools
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import Card, Cluster
from tests.evaluation.workshops import ask, guiding_question

SMALL, LARGE = (40, 3), (400, 30)
ROUNDS = 15
TEXT = "Wir wissen zu spät, wer über die Mittel entscheidet und bis wann ein Antrag da sein muss."


def wall_of(cards, columns):
    question = ask(guiding_question())
    Cluster.objects.bulk_create(
        Cluster(guiding_question=question, title=f"Spalte {number}", position=number) for number in range(columns)
    )
    clusters = itertools.cycle(question.clusters.all())
    in_round = question.workshop.rounds.get()
    Card.objects.bulk_create(
        Card(guiding_question=question, round=in_round, text=f"{number}: {TEXT}", cluster=next(clusters))
        for number in range(cards)
    )
    return question


def cost(work, status=200):
    """Milliseconds of processor time, the least of all rounds; queries; bytes of the answer."""
    assert work().status_code == status
    with CaptureQueriesContext(connection) as captured:
        size = len(work().content)
        queries = len(captured)
    return min(milliseconds(work, depth) for depth in range(0, ROUNDS * 10, 10)), queries, size


def milliseconds(work, depth):
    """Some calls deeper: where a loop of Python 3.11 steps past the room for frames, it takes thrice as long."""
    if depth:
        return milliseconds(work, depth - 1)
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def costs(client, question):
    board, state, step = (
        reverse(f"evaluation:{name}", args=[question.pk])
        for name in ("wall_board", "wall_board_state", "wall_step")
    )
    screen = reverse("evaluation:wall_screen_state", args=[question.workshop_id])
    card, column = question.cards.first().pk, question.clusters.first().pk
    card_menu = reverse("evaluation:wall_card", args=[question.pk, card])
    column_menu = reverse("evaluation:wall_column", args=[question.pk, column])
    tag = {"headers": {"if-none-match": client.get(state)["ETag"]}}
    text = {"headers": {"accept": "text/plain"}}
    targets = itertools.cycle(question.clusters.values_list("pk", flat=True))
    return {
        "state of the board": cost(lambda: client.get(state)),
        "nothing new": cost(lambda: client.get(state, **tag), 304),
        "page of the board": cost(lambda: client.get(board)),
        "projector": cost(lambda: client.get(screen)),
        "menu of a card": cost(lambda: client.get(card_menu)),
        "menu of a column": cost(lambda: client.get(column_menu)),
        "a card is moved": cost(lambda: client.post(step, {"do": f"move:{card}:{next(targets)}"}, **text)),
    }


@pytest.mark.django_db
def test_ten_times_as_many_cards(client, organiser):
    client.force_login(organiser)
    small, large = (costs(client, wall_of(*size)) for size in (SMALL, LARGE))

    print(
        f"\n{'':20}{'ms of ' + str(SMALL[0]):>10}{'ms of ' + str(LARGE[0]):>12}{'times':>7}{'queries':>9}{'KiB':>8}"
    )
    for name, (before, _, _) in small.items():
        ms, queries, size = large[name]
        print(f"{name:20}{before:10.1f}{ms:12.1f}{ms / before:7.1f}{queries:9}{size / 1024:8.1f}")

    assert {name: queries for name, (_, queries, _) in large.items()} == {
        name: queries for name, (_, queries, _) in small.items()
    }
    assert max(large[name][0] / small[name][0] for name in small) < LARGE[0] / SMALL[0]
