import hashlib
import uuid

import pytest

from evaluation.actions.hanging import NotHung, hang_from_phone, hang_list
from evaluation.actions.polls import close_poll, open_poll, set_points
from evaluation.actions.walls import open_column
from evaluation.models import Card, CardSource, Hand, PollSheet
from evaluation.phones import mark_in_poll
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


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_cards_takes_as_many_queries_whatever_its_length(count, django_assert_num_queries):
    question = guiding_question()
    texts = [f"Gedanke {number}" for number in range(count)]
    sent = {"question": question, "in_round": question.workshop.rounds.get(), "key": uuid.uuid4()}

    with django_assert_num_queries(9):
        hang_list(texts=texts, source=CardSource.PAPER, **sent)

    question.workshop.refresh_from_db()
    assert (Card.objects.count(), question.workshop.revision) == (count, 1)
    assert list(Card.objects.values_list("position", flat=True)) == [*range(1, count + 1)]


def test_card_that_is_sent_to_another_question_stays_where_it_hangs(question):
    card = hang(question, key=uuid.uuid4())
    other = question.workshop.guiding_questions.create(position=2, purpose="FREE", text="Und sonst?")

    assert hang(ask(other), key=card.key) == card
    assert Card.objects.get().guiding_question == question


def test_what_is_stored_of_a_phone_is_never_the_same_in_two_places(question, organiser):
    """Its cards under two questions and its points are counted, and nothing stored brings them together."""
    phone = "c" * 32
    hang(question, phone=phone)
    other = question.workshop.guiding_questions.create(position=2, purpose="FREE", text="Und sonst?")
    hang(ask(other), phone=phone)
    polls = []
    for asked in (question, other):
        for title in ("Rolle", "Zeit"):
            open_column(question=asked, title=title, by=organiser)
        poll = open_poll(question=asked, people=3, may_accumulate=False)
        column = asked.clusters.first()
        set_points(poll=poll, points={column.pk: 1}, key=mark_in_poll(phone, poll))
        close_poll(poll=poll)
        polls.append(poll)

    marks = [*Hand.objects.values_list("phone", flat=True), *PollSheet.objects.values_list("key", flat=True)]
    assert len(set(marks)) == 4
    assert phone not in marks
    assert hashlib.sha256(phone.encode()).hexdigest() not in marks
