import uuid

import pytest

from evaluation.actions.hanging import NotHung, hang_from_phone, hang_list
from evaluation.actions.walls import open_column
from evaluation.models import Card, CardSource, Hand
from tests.evaluation.workshops import ask, guiding_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return ask(guiding_question(cards_each=2))


def hang(question, text="Rolle klären", *, key=None, phone="a" * 64):
    return hang_from_phone(question=question, text=text, key=key or uuid.uuid4(), phone=phone)


def test_card_hangs_in_the_round_that_is_asked(question):
    card = hang(question)

    assert (card.round, card.cluster, card.source) == (question.workshop.rounds.get(), None, CardSource.PHONE)


def test_card_that_is_sent_again_hangs_and_counts_once(question):
    key = uuid.uuid4()

    assert hang(question, key=key) == hang(question, key=key)
    assert (Card.objects.count(), Hand.objects.get().cards) == (1, 1)


def test_nobody_hangs_up_more_cards_than_agreed(question):
    hang(question)
    hang(question)

    with pytest.raises(NotHung, match="schon alle Ihre Karten"):
        hang(question)
    hang(question, phone="b" * 64)
    assert Card.objects.count() == 3


def test_limit_counts_for_each_round(question):
    hang(question)
    hang(question)
    ask(question, question.workshop.rounds.create(position=2, people_present=4))

    hang(question)

    assert Card.objects.count() == 3


def test_card_that_was_acknowledged_is_found_after_the_question_was_closed(question):
    key = uuid.uuid4()
    card = hang(question, key=key)
    question.workshop.asked = None
    question.workshop.save()

    assert hang(question, key=key) == card
    with pytest.raises(NotHung, match="nicht mehr offen"):
        hang(question)
    assert Card.objects.count() == 1


def test_cards_from_paper_need_no_open_question_and_know_no_limit():
    question = guiding_question(cards_each=1)
    sent = {"question": question, "in_round": question.workshop.rounds.get(), "key": uuid.uuid4()}

    for texts in (["Rolle", "Zeit"], ["Rolle", "Zeit"], ["Rolle", "Zeit", "Geld"]):
        hang_list(texts=texts, source=CardSource.PAPER, **sent)

    assert [card.text for card in Card.objects.all()] == ["Rolle", "Zeit", "Geld"]
    assert {card.source for card in Card.objects.all()} == {CardSource.PAPER}


def test_new_cards_hang_behind_the_others_and_every_screen_is_told(question, organiser):
    cards = [hang(question, "eins"), hang(question, "zwei")]
    open_column(question=question, title="Rolle", cards=[cards[0].pk], by=organiser)

    hang(question, "drei", phone="b" * 64)

    question.workshop.refresh_from_db()
    loose = Card.objects.filter(cluster=None)
    assert [card.text for card in loose] == ["zwei", "drei"]
    assert question.workshop.revision == 4


def test_what_is_stored_does_not_tell_which_phone_wrote_a_card(question):
    hang(question, phone="c" * 64)

    card = {field.attname for field in Card._meta.fields}
    assert not card & {field.attname for field in Hand._meta.fields} - {"id", "guiding_question_id", "round_id"}
