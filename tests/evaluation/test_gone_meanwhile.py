"""A guiding question or a round that somebody deletes while others work with it: a sentence, never an error."""

import uuid

import pytest
from django.db import connection
from django.urls import reverse

from evaluation.actions.hanging import hang_cards
from evaluation.actions.photos import NotAdded, add_photo
from evaluation.actions.polls import open_poll
from evaluation.actions.walls import Gone, ask, open_column
from evaluation.actions.workshops import delete_guiding_question, delete_round
from evaluation.boards import NotPossible
from evaluation.models import CardSource
from tests.evaluation.photos import photo
from tests.evaluation.workshops import guiding_question, open_columns

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return guiding_question()


def opened(question, in_round, by):
    ask(question=question, in_round=in_round)


def weighed(question, in_round, by):
    open_poll(question=question, people=4, may_accumulate=False, in_round=in_round)


def hung(question, in_round, by):
    hang_cards(question=question, in_round=in_round, texts={uuid.uuid4(): "Mandat"}, source=CardSource.PAPER)


def sorted_anew(question, in_round, by):
    open_column(question=question, title="Auftrag", by=by)


@pytest.mark.parametrize("act", [opened, weighed, hung, sorted_anew])
def test_action_with_a_question_that_is_gone_changes_nothing(question, organiser, act):
    in_round = question.workshop.rounds.get()
    stale = type(question).objects.select_related("workshop").get()
    delete_guiding_question(question=question)

    with pytest.raises(Gone, match="Diese Leitfrage hat inzwischen jemand gelöscht"):
        act(stale, in_round, organiser)

    connection.check_constraints()


@pytest.mark.parametrize("act", [opened, weighed, hung])
def test_action_with_a_round_that_is_gone_changes_nothing(question, organiser, act):
    open_columns(question, "Rolle", "Auftrag", by=organiser)
    stale = question.workshop.rounds.get()
    delete_round(in_round=question.workshop.rounds.get())

    with pytest.raises(NotPossible, match="Diese Runde hat inzwischen jemand gelöscht") as refusal:
        act(question, stale, organiser)

    assert not isinstance(refusal.value, Gone)
    connection.check_constraints()


def test_photo_of_a_round_that_is_gone_is_not_added(question):
    stale = question.workshop.rounds.get()
    delete_round(in_round=question.workshop.rounds.get())

    with pytest.raises(NotAdded, match="Diese Runde hat inzwischen jemand gelöscht"):
        add_photo(workshop=question.workshop, photo=photo(), alt="Packpapier", in_round=stale)

    connection.check_constraints()


TYPED = "Das kommt zu kurz"
TO_A_QUESTION = [
    ("evaluation:wall_ask", {"round": ""}),
    ("evaluation:wall_paper", {"lines": TYPED}),
    ("evaluation:wall_poll", {"people": "8"}),
    ("evaluation:guiding_question_edit", {"text": TYPED, "purpose": "NEED"}),
    ("evaluation:guiding_question_result", {"result": TYPED}),
]


@pytest.mark.parametrize(("name", "fields"), TO_A_QUESTION)
def test_what_was_typed_for_a_question_that_is_gone_is_shown(staff, question, name, fields):
    address = reverse(name, args=[question.pk])
    delete_guiding_question(question=question)

    response = staff.post(address, fields)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Diese Leitfrage hat inzwischen jemand gelöscht." in page
    assert (TYPED in page) is (TYPED in fields.values())
    assert staff.get(address).status_code in (404, 405)


def test_what_was_typed_for_a_round_that_is_gone_is_shown(staff, question):
    in_round = question.workshop.rounds.get()
    address = reverse("evaluation:round_edit", args=[in_round.pk])
    delete_round(in_round=in_round)

    response = staff.post(address, {"people_present": "23"})

    assert response.status_code == 409
    assert "<p>23</p>" in response.content.decode()
    assert staff.get(address).status_code == 404


def test_paper_of_a_round_that_is_gone_stays_typed(staff, question):
    in_round = question.workshop.rounds.get().pk
    delete_round(in_round=question.workshop.rounds.get())

    page = staff.post(
        reverse("evaluation:wall_paper", args=[question.pk]),
        {"round": in_round, "lines": TYPED, "key": str(uuid.uuid4())},
    ).content.decode()

    assert "Wählen Sie die Runde" in page
    assert TYPED in page
    assert not question.cards.exists()


def test_trainer_of_another_course_is_told_nothing_of_a_question(client, trainer, question):
    client.force_login(trainer)

    assert client.post(reverse("evaluation:wall_paper", args=[question.pk]), {"lines": TYPED}).status_code == 404
