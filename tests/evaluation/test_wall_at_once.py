"""100 phones write, each card sent twice, while screens look and moderators sort: no error, nothing lost."""

import random
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from evaluation.actions.polls import open_poll
from evaluation.models import Card, Dot, Hand, PollSheet
from evaluation.queries.boards import board_of
from tests.evaluation.workshops import ask, guiding_question, open_columns

pytestmark = pytest.mark.slow

PHONES = 100
CARDS_EACH = 2
# As many requests as a server works on together; the others wait in front of it. PostgreSQL lets in 100.
AT_ONCE = 30  # with more, a machine that is busy besides lets SQLite wait longer than its twenty seconds
MODERATORS = 4


@pytest.fixture
def question(database):
    return ask(guiding_question(people=PHONES, cards_each=CARDS_EACH))


def wall(question, name):
    return reverse(f"evaluation:{name}", args=[question.workshop.code])


def answered(requests, *, at_once=AT_ONCE):
    """The statuses of all requests, each a function of a client, sent in a random order, so many at once."""
    shuffled = random.sample(requests, len(requests))
    with ThreadPoolExecutor(at_once) as people:
        return Counter(people.map(status_of, shuffled))


def status_of(request):
    try:
        return request(Client(raise_request_exception=False)).status_code
    finally:
        connection.close()


def card(question, phone, number):
    sent = {"text": f"Gedanke {phone}-{number}", "key": uuid.uuid4(), "question": question.pk}

    def post(client):
        client.cookies["wand"] = f"{phone:032x}"
        return client.post(wall(question, "wall_card_add"), sent, headers={"accept": "application/json"})

    return post


def test_cards_of_a_full_room_hang_once_each(question, organiser):
    cards = [card(question, phone, number) for phone in range(PHONES) for number in range(CARDS_EACH)]
    looks = [lambda client: client.get(wall(question, "wall_phone_state"))] * PHONES
    columns = [moderator(organiser, question, f"Spalte {number}") for number in range(10)]

    statuses = answered([*cards, *cards, *looks, *columns])

    assert statuses == {201: 2 * len(cards), 200: len(looks), 302: len(columns)}
    texts = Counter(Card.objects.values_list("text", flat=True))
    expected = {f"Gedanke {phone}-{number}" for phone in range(PHONES) for number in range(CARDS_EACH)}
    assert texts == Counter(expected)
    assert set(Hand.objects.values_list("cards", flat=True)) == {CARDS_EACH}
    assert sorted(board_of(question).cards()) == sorted(Card.objects.values_list("pk", flat=True))


def moderator(organiser, question, title):
    def post(client):
        client.force_login(organiser)
        return client.post(reverse("evaluation:wall_step", args=[question.pk]), {"do": "new", "title": title})

    return post


def test_moderators_who_move_at_once_lose_and_double_nothing(question, organiser):
    in_round = question.workshop.rounds.get()
    for number in range(20):
        Card.objects.create(guiding_question=question, round=in_round, text=f"Gedanke {number}")
    open_columns(question, "Rolle", "Zeit", "Geld", by=organiser)
    cards, columns = list(Card.objects.all()), list(question.clusters.all())
    moves = [f"move:{random.choice(cards).pk}:{random.choice(columns).pk}" for _ in range(100)]  # noqa: S311

    def press(do):
        def post(client):
            client.force_login(organiser)
            return client.post(reverse("evaluation:wall_step", args=[question.pk]), {"do": do})

        return post

    statuses = answered([press(do) for do in moves], at_once=MODERATORS)

    assert statuses == {302: len(moves)}
    assert sorted(board_of(question).cards()) == sorted(each.pk for each in cards)


def test_points_of_a_full_room_count_once_each(question, organiser):
    open_columns(question, "Rolle", "Zeit", "Geld", by=organiser)
    poll = open_poll(question=question, people=PHONES, may_accumulate=False)
    columns = list(question.clusters.all())

    def points(phone):
        def post(client):
            client.cookies["wand"] = f"{phone:032x}"
            return client.post(wall(question, "wall_points_add"), {"poll": poll.pk, f"c{columns[phone % 3].pk}": 1})

        return post

    sheets = [points(phone) for phone in range(PHONES)]
    statuses = answered([*sheets, *sheets])

    assert statuses == {302: 2 * PHONES}
    assert PollSheet.objects.count() == PHONES
    assert sorted(Dot.objects.values_list("points", flat=True)) == [33, 33, 34]
