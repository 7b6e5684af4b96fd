"""Codes of a wall, typed and scanned, while somebody guesses them."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.queries.walls import WALL, signed_code
from netzkoord.lib import codes
from tests.evaluation.workshops import ask, guiding_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return ask(guiding_question())


def address(question, name="wall_phone"):
    """As the QR code leads to it."""
    return reverse(f"evaluation:{name}", args=[signed_code(question.workshop)])


def typed(question):
    """As somebody would type it who puts the code into the address."""
    return reverse("evaluation:wall_phone", args=[question.workshop.code])


def hang(client, question):
    fields = {"text": "Rolle klären", "key": str(uuid.uuid4()), "question": question.pk}
    return client.post(address(question, "wall_card_add"), fields, follow=True)


def guess_codes(times=31, network="198.51.100.1"):
    """Wrong ones within a minute; the last is one more than a network is allowed."""
    joker = Client(REMOTE_ADDR=network)
    url = reverse("evaluation:wall_phone", args=["ZZZZZZ"])
    return [joker.get(url).status_code for _ in range(times)]


@pytest.fixture
def beside(question, time_machine):
    """A phone in the network from which somebody guesses; a minute has an end."""
    time_machine.move_to(timezone.now(), tick=False)
    return Client(REMOTE_ADDR="198.51.100.1")


def test_typed_codes_are_refused_after_thirty_wrong_ones_whether_right_or_wrong(question, beside):
    assert guess_codes() == [404] * 30 + [429]
    url = reverse("evaluation:wall_join")
    refused = [beside.get(typed(question)), beside.post(url, {"code": question.workshop.code})]
    wrong = beside.post(url, {"code": "ZZZZZZ"})

    assert {answer.status_code for answer in [*refused, wrong]} == {429}
    assert wrong.headers["Retry-After"] == "60"
    page = refused[1].content.decode()
    assert page.replace(question.workshop.code, "ZZZZZZ") == wrong.content.decode().replace(
        csrf_of(wrong), csrf_of(refused[1])
    )
    assert f'value="{question.workshop.code}"' in page
    assert "Scannen Sie den QR-Code" in page
    assert "Konto" not in page.partition("<main")[2].partition("</main")[0]


def csrf_of(response):
    return response.content.decode().partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]


def test_who_scans_the_code_gets_in_while_somebody_beside_guesses(question, beside):
    guess_codes()

    assert beside.get(address(question)).status_code == 200
    assert "Ihre Karte hängt." in hang(beside, question).content.decode()


def test_who_typed_the_code_goes_on_while_somebody_beside_guesses(question, beside):
    page = beside.post(reverse("evaluation:wall_join"), {"code": question.workshop.code}, follow=True)
    guess_codes()
    [form] = [line for line in page.content.decode().splitlines() if "data-card" in line]
    url = form.partition('action="')[2].partition('"')[0]

    told = beside.post(url, {"text": "Rolle", "question": question.pk}, follow=True)

    assert "Ihre Karte hängt." in told.content.decode()
    assert beside.get(address(question, "wall_phone_state")).status_code == 200


def test_who_typed_the_code_into_the_address_goes_on_too(question, beside):
    page = beside.get(typed(question), follow=True)
    guess_codes()

    assert page.redirect_chain == [(address(question), 302)]
    assert beside.get(page.request["PATH_INFO"]).status_code == 200


def test_one_network_does_not_keep_another_out(question, beside):
    guess_codes()

    assert Client(REMOTE_ADDR="203.0.113.7").get(typed(question)).url == address(question)


def test_codes_guessed_from_many_networks_are_refused_everywhere(question, beside):
    answers = [guess_codes(30, f"198.51.100.{network}") for network in range(2, 12)]
    fresh = Client(REMOTE_ADDR="203.0.113.7")

    assert answers == [[404] * 30] * 10
    assert fresh.get(typed(question)).status_code == 429
    assert fresh.get(address(question)).status_code == 200


def test_after_a_minute_typed_codes_are_looked_up_again(question, beside, time_machine):
    guess_codes()
    time_machine.shift(60)

    assert beside.get(typed(question)).url == address(question)


@pytest.mark.parametrize("forged", ["{code}.x", "{code}.", "{code}:{signature}", "{other}.{signature}", "{room}"])
def test_forged_signature_is_no_scan(question, beside, forged):
    code, signature = signed_code(question.workshop).split(".")
    other = ask(guiding_question()).workshop.code
    guess_codes()

    text = forged.format(code=code, signature=signature, other=other, room=codes.signed(code, place="room"))

    assert beside.get(reverse("evaluation:wall_phone", args=[text])).status_code == 429


def test_scanned_code_of_a_wall_that_is_gone_counts_as_no_guess(question, beside):
    url = reverse("evaluation:wall_phone", args=[codes.signed("ZZZZZZ", place=WALL)])

    pages = [beside.get(url) for _ in range(40)]

    assert {page.status_code for page in pages} == {404}
    assert 'value="ZZZZZZ"' in pages[0].content.decode()
    assert beside.get(typed(question)).url == address(question)


def test_moderators_are_told_while_codes_are_refused(client, organiser, question, beside, time_machine):
    client.force_login(organiser)
    url = reverse("evaluation:wall_board_state", args=[question.pk])
    before = client.get(url)
    guess_codes(30)

    during = client.get(url, headers={"if-none-match": before.headers["ETag"]})
    time_machine.shift(60)
    after = client.get(url, headers={"if-none-match": during.headers["ETag"]})

    told = "keinen getippten Code an"
    assert [told in page.content.decode() for page in (before, during, after)] == [False, True, False]
