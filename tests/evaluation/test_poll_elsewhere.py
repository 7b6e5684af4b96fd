"""A poll that still runs on one wall while its moderators have gone on to the next question."""

import pytest
from django.urls import reverse

from evaluation.actions.polls import open_poll, set_points
from evaluation.models import Poll
from tests.evaluation.workshops import ask, guiding_question, open_columns

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll(organiser):
    question = guiding_question(people=22)
    open_columns(question, "Rolle", "Zeit", by=organiser)
    return open_poll(question=question, people=22, may_accumulate=False)


@pytest.fixture
def other(poll):
    return poll.guiding_question.workshop.guiding_questions.create(position=2, purpose="FREE", text="Und sonst?")


def page_of(client, question, name="wall_board"):
    return client.get(reverse(f"evaluation:{name}", args=[question.pk])).content.decode()


def open_in(client, question):
    in_round = question.workshop.rounds.get()
    url = reverse("evaluation:wall_ask", args=[question.pk])
    return client.post(url, {"round": in_round.pk}, follow=True).content.decode()


def end(client, question, number):
    url = reverse("evaluation:wall_step", args=[question.pk])
    return client.post(url, {"do": f"end:{number}"}, follow=True).content.decode()


def test_who_opens_a_question_is_told_which_poll_the_phones_still_show(staff, poll, other):
    page = open_in(staff, other)

    assert "Auf den Telefonen läuft noch die Punktabfrage zu „Was brauchen Sie?“" in page
    assert "0 von 22 Personen sind fertig" in page
    assert f'value="end:{poll.pk}"' in page


def test_poll_is_ended_from_the_wall_of_the_next_question_once(staff, poll, other):
    column = poll.guiding_question.clusters.first()
    set_points(poll=poll, points={column.pk: 1}, key="x")
    open_in(staff, other)

    pages = [end(staff, other, poll.pk) for _ in range(2)]

    poll.refresh_from_db()
    assert not poll.is_open
    assert poll.is_chosen
    for page in pages:
        assert "Auf den Telefonen läuft noch" not in page
        assert reverse("evaluation:wall_step", args=[other.pk]) in page


def test_script_is_told_that_the_poll_has_ended(staff, poll, other):
    url = reverse("evaluation:wall_step", args=[other.pk])

    told = staff.post(url, {"do": f"end:{poll.pk}"}, headers={"accept": "text/plain"})

    assert told.status_code == 200
    assert told.content.decode() == "Die Punktabfrage ist beendet."


def test_poll_of_another_workshop_is_not_ended(staff, poll):
    foreign = ask(guiding_question())

    end(staff, foreign, poll.pk)

    poll.refresh_from_db()
    assert poll.is_open


def test_wall_on_which_points_are_set_has_no_such_notice(staff, poll):
    assert "läuft noch die Punktabfrage" not in page_of(staff, poll.guiding_question)


@pytest.mark.parametrize(
    ("may_accumulate", "rule"),
    [(False, ", auf jede Spalte höchstens einen."), (True, " und darf mehrere auf dieselbe Spalte setzen.")],
)
def test_projector_says_the_rule_to_who_has_no_phone(staff, poll, may_accumulate, rule):
    Poll.objects.filter(pk=poll.pk).update(points_each=2, may_accumulate=may_accumulate)

    page = staff.get(reverse("evaluation:wall_screen", args=[poll.guiding_question.workshop_id])).content.decode()

    assert f"Jede Person hat <strong>2 Punkte</strong>{rule}" in page


def test_page_of_points_offers_to_end_the_poll_of_the_other_question_first(staff, poll, other, organiser):
    page = page_of(staff, other, "wall_poll")

    assert "Noch läuft die Punktabfrage zu „Was brauchen Sie?“" in page
    assert f'action="{reverse("evaluation:wall_poll_close", args=[poll.guiding_question_id])}"' in page
    assert "Abfrage beginnen" not in page
    staff.post(reverse("evaluation:wall_poll_close", args=[poll.guiding_question_id]))
    assert "Abfrage beginnen" in page_of(staff, other, "wall_poll")


def test_open_wall_without_cards_does_not_ask_to_be_opened(staff, other):
    before, after = page_of(staff, other), open_in(staff, other)

    assert "Öffnen Sie die Frage" in before
    assert "Öffnen Sie die Frage" not in after
    assert "Noch hängt keine Karte. Zeigen Sie die Leinwand" in after
