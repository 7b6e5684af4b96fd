"""A trainer moderates the workshop of the own session, and no other."""

import pytest
from django.urls import reverse

from evaluation.models import Card, CardSource, Poll, Step
from tests import factories
from tests.evaluation.workshops import guiding_question, open_columns

pytestmark = pytest.mark.django_db

PAGES = ["wall_board", "wall_board_state", "wall_paper", "wall_similar", "wall_poll"]
POSTS = ["wall_step", "wall_ask", "wall_paper", "wall_poll", "wall_poll_sheet", "wall_poll_close"]


@pytest.fixture
def session(trainer):
    return factories.SessionFactory(trainers=[trainer])


@pytest.fixture
def question(session):
    question = guiding_question(purpose="RECOMMENDATION")
    question.workshop.session = session
    question.workshop.save()
    Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text="Mehr Zeit")
    return question


@pytest.fixture
def moderator(client, trainer):
    client.force_login(trainer)
    return client


def address(question, name="wall_board"):
    return reverse(f"evaluation:{name}", args=[question.pk])


def send(client, question, name, **fields):
    """With a key that the page of a form has given out."""
    key = client.get(address(question, name)).context["form"]["key"].value()
    return client.post(address(question, name), {"key": key} | fields, follow=True).content.decode()


def test_trainer_opens_a_question_sorts_hides_and_undoes(moderator, trainer, question):
    in_round, card = question.workshop.rounds.get(), question.cards.get()

    moderator.post(address(question, "wall_ask"), {"round": in_round.pk})
    moderator.post(address(question, "wall_step"), {"do": "new", "title": "Zeit", "card": [card.pk]})
    moderator.post(address(question, "wall_step"), {"do": f"hide:{card.pk}"})
    undone = moderator.post(address(question, "wall_step"), {"do": f"undo:{Step.objects.last().pk}"}, follow=True)

    question.workshop.refresh_from_db()
    card.refresh_from_db()
    assert question.workshop.asked == question
    assert (card.cluster.title, card.is_hidden) == ("Zeit", False)
    assert set(Step.objects.values_list("by", flat=True)) == {trainer.pk}
    assert "Rückgängig: Spalte „Zeit“ angelegt" in undone.content.decode()


def test_trainer_types_in_paper_and_counts_points(moderator, trainer, question):
    send(moderator, question, "wall_paper", lines="Geld", round=question.workshop.rounds.get().pk)
    open_columns(question, "Zeit", "Geld", by=trainer)

    moderator.post(address(question, "wall_poll"), {"people": 8})
    running = moderator.get(address(question, "wall_poll"))
    points = {f"c{question.clusters.get(title='Geld').pk}": 1, "key": running.context["sheet"]["key"].value()}
    points["poll"] = Poll.objects.get().pk
    moderator.post(address(question, "wall_poll_sheet"), points)
    moderator.post(address(question, "wall_poll_close"))

    assert Card.objects.get(text="Geld").source == CardSource.PAPER
    assert not Poll.objects.get().is_open
    assert "1 Punkt" in moderator.get(address(question, "wall_poll")).content.decode()


def test_trainer_prints_the_record(moderator, question):
    response = moderator.get(reverse("evaluation:workshop_record", args=[question.workshop_id]))

    assert response.headers["Content-Type"] == "application/pdf"


def test_trainer_is_offered_what_works_for_trainers(moderator, question):
    workshop = moderator.get(question.workshop.get_absolute_url()).content.decode()
    board = moderator.get(address(question)).content.decode()

    assert address(question) in workshop
    for name in ("guiding_question_edit", "guiding_question_order"):
        assert address(question, name) not in workshop
    assert address(question, "wall_paper") in board
    assert address(question, "wall_survey") not in board
    assert "als Empfehlung aufnehmen" not in board
    assert "als Empfehlung aufnehmen" not in moderator.get(address(question, "wall_board_state")).content.decode()


def test_organiser_is_offered_the_needs_survey_and_the_register(client, organiser, question):
    client.force_login(organiser)

    board = client.get(address(question)).content.decode()

    assert address(question, "wall_survey") in board
    assert "als Empfehlung aufnehmen" in board
    assert "als Empfehlung aufnehmen" in client.get(address(question, "wall_board_state")).content.decode()


def test_planning_a_workshop_stays_with_the_organisers(moderator, question):
    workshop, in_round = question.workshop, question.workshop.rounds.get()
    addresses = [
        reverse("evaluation:workshop_add"),
        reverse("evaluation:workshop_edit", args=[workshop.pk]),
        reverse("evaluation:round_add", args=[workshop.pk]),
        reverse("evaluation:round_edit", args=[in_round.pk]),
        reverse("evaluation:guiding_question_add", args=[workshop.pk]),
        address(question, "guiding_question_edit"),
        address(question, "wall_survey"),
    ]

    assert {moderator.post(each).status_code for each in addresses} == {403}


def nobody_of_these(client, question):
    """Every page and every step of the wall is not found, and nothing has changed."""
    card = question.cards.get()
    sent = {"do": f"hide:{card.pk}", "round": question.workshop.rounds.get().pk, "lines": "Geld", "people": 8}

    assert {client.get(address(question, name)).status_code for name in PAGES} == {404}
    assert {client.post(address(question, name), sent).status_code for name in POSTS} == {404}
    assert not Step.objects.exists()
    assert Card.objects.get() == card
    question.workshop.refresh_from_db()
    assert question.workshop.revision == 0


def test_trainer_of_another_session_moderates_nothing_of_it(client, question, session):
    other = factories.staff("Trainer/in", email="andere@stadt.example")
    factories.SessionFactory(cohort=session.cohort, trainers=[other])
    client.force_login(other)

    nobody_of_these(client, question)
    assert address(question) not in client.get(question.workshop.get_absolute_url()).content.decode()


def test_workshop_of_no_session_is_moderated_by_no_trainer(moderator, question):
    question.workshop.session = None
    question.workshop.save()

    nobody_of_these(moderator, question)


def test_reader_moderates_nothing(client, reader, question):
    client.force_login(reader)

    nobody_of_these(client, question)


def test_trainer_who_has_lost_the_session_moderates_no_more(moderator, trainer, session, question):
    tag = moderator.get(address(question, "wall_board_state")).headers["ETag"]
    session.trainers.remove(trainer)

    assert moderator.get(address(question, "wall_board_state"), headers={"if-none-match": tag}).status_code == 404
    nobody_of_these(moderator, question)
    assert "Workshop moderieren" not in moderator.get(reverse("start")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_start_and_session_lead_to_the_workshops(moderator, session, question, count, django_assert_num_queries):
    for _ in range(count - 1):
        more = guiding_question().workshop
        more.session = session
        more.save()

    with django_assert_num_queries(11):
        start = moderator.get(reverse("start")).content.decode()
    detail = moderator.get(session.get_absolute_url()).content.decode()

    assert start.count("Workshop moderieren: Netzwerke") == count
    assert detail.count("Workshop: Netzwerke") == count
    assert question.workshop.get_absolute_url() in start
    assert question.workshop.get_absolute_url() in detail
