"""What a room hangs on a wall when it means no good, or means it too often."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Card
from evaluation.queries.walls import signed_code, similar_groups
from tests.evaluation.workshops import ask, guiding_question

pytestmark = pytest.mark.django_db
SCRIPT = '"><script>alert(1)</script>'
ESCAPED = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.fixture
def question():
    return ask(guiding_question())


def hang(client, question, text):
    url = reverse("evaluation:wall_card_add", args=[question.workshop.code])
    return client.post(url, {"text": text, "key": str(uuid.uuid4()), "question": question.pk}, follow=True)


@pytest.mark.parametrize("text", ["Mehr Zeit", "Ja", "😀" * 200, "x" * 200])
def test_same_card_of_forty_phones_is_forty_cards_and_one_proposal(client, organiser, question, text):
    for _ in range(40):
        hang(Client(), question, text)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:wall_similar", args=[question.pk])).content.decode()
    [group] = similar_groups(question)
    title = page.partition('name="title" value="')[2].partition('"')[0]
    chosen = {"do": "new", "title": title, "card": [card.pk for card in group.cards]}
    client.post(reverse("evaluation:wall_step", args=[question.pk]), chosen)

    hang(client, question, text)
    assert "Diese Karte von Ihnen hängt schon." in hang(client, question, text).content.decode()
    assert Card.objects.filter(text=text).count() == 41
    assert question.clusters.get().cards.count() == 40


def test_script_on_a_card_is_text_wherever_it_is_read(client, organiser, question):
    hang(client, question, SCRIPT)
    refused = hang(client, question, SCRIPT * 10).content.decode()
    client.force_login(organiser)
    pages = [
        client.get(reverse(f"evaluation:{name}", args=[key])).content.decode()
        for name, key in (
            ("wall_board", question.pk),
            ("wall_board_state", question.pk),
            ("wall_screen", question.workshop_id),
            ("wall_screen_state", question.workshop_id),
            ("workshop_detail", question.workshop_id),
        )
    ]

    for page in (refused, *pages):
        assert ESCAPED in page
        assert SCRIPT not in page


def test_script_in_a_heading_is_text_to_phones_that_set_points(client, organiser, question):
    for number, title in enumerate((SCRIPT, "Zeit")):
        column = question.clusters.create(position=number, title=title)
        question.cards.create(round=question.workshop.rounds.get(), text=title, cluster=column)
    client.force_login(organiser)
    client.post(reverse("evaluation:wall_poll", args=[question.pk]), {"people": 3})

    page = client.get(reverse("evaluation:wall_phone", args=[signed_code(question.workshop)])).content.decode()

    assert ESCAPED in page
    assert SCRIPT not in page


def test_wall_of_400_cards_in_30_columns_does_not_repeat_its_columns_on_each_card(client, organiser, question):
    """Twelve thousand buttons took a browser half a minute with each step."""
    in_round = question.workshop.rounds.get()
    columns = [question.clusters.create(position=number, title=f"Spalte {number}") for number in range(30)]
    Card.objects.bulk_create(
        Card(guiding_question=question, round=in_round, text=f"Gedanke {number}", cluster=columns[number % 30])
        for number in range(400)
    )
    client.force_login(organiser)

    board = client.get(reverse("evaluation:wall_board_state", args=[question.pk])).content.decode()
    screen = client.get(reverse("evaluation:wall_screen_state", args=[question.workshop_id])).content.decode()

    assert board.count("data-card=") == screen.count('class="wall-card"') == 400
    assert board.count("<button") < 2500
