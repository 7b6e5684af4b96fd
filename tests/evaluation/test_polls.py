import pytest

from evaluation.actions.polls import NotCounted, close_poll, open_poll, set_points
from evaluation.actions.walls import (
    change_wall,
    drop_column,
    merge_columns,
    open_column,
    rename_column,
    shift_column,
    undo_step,
)
from evaluation.boards import Drop, NotPossible
from evaluation.models import Poll, PollSheet
from tests.evaluation.workshops import guiding_question, open_columns

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(organiser):
    question = guiding_question(people=3)
    open_columns(question, "Rolle", "Zeit", "Geld", by=organiser)
    return question


@pytest.fixture
def columns(question):
    return {cluster.title: cluster.pk for cluster in question.clusters.all()}


def points_of(poll):
    return {dot.cluster.title: dot.points for dot in poll.dots.select_related("cluster")}


def test_points_of_all_are_added(question, columns):
    poll = open_poll(question=question, people=1, may_accumulate=True)

    set_points(poll=poll, points={columns["Rolle"]: 2, columns["Zeit"]: 1}, key="a")
    set_points(poll=poll, points={columns["Rolle"]: 1}, key="b")
    set_points(poll=poll, points={columns["Geld"]: 1}, key="a")

    assert poll.points_each == 3
    assert points_of(poll) == {"Rolle": 3, "Zeit": 1, "Geld": 0}
    assert PollSheet.objects.count() == 2


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ({"Rolle": 2}, "höchstens 1"),
        ({}, "mindestens einen"),
        ({"anderswo": 1}, "gibt es nicht mehr"),
    ],
)
def test_points_that_break_the_rules_are_not_counted(question, columns, points, sentence):
    poll = open_poll(question=question, people=3, may_accumulate=False)

    with pytest.raises(NotCounted, match=sentence):
        set_points(poll=poll, points={columns.get(title, 999): number for title, number in points.items()}, key="a")

    assert points_of(poll) == {"Rolle": 0, "Zeit": 0, "Geld": 0}
    assert not PollSheet.objects.exists()


def test_closed_poll_counts_no_more_but_remembers_who_was_counted(question, columns):
    poll = open_poll(question=question, people=3, may_accumulate=False)
    set_points(poll=poll, points={columns["Rolle"]: 1}, key="a")
    close_poll(poll=poll)

    set_points(poll=poll, points={columns["Rolle"]: 1}, key="a")
    with pytest.raises(NotCounted, match="beendet"):
        set_points(poll=poll, points={columns["Rolle"]: 1}, key="b")

    assert points_of(poll) == {"Rolle": 1, "Zeit": 0, "Geld": 0}


def test_one_poll_runs_however_often_it_is_started(question):
    first = open_poll(question=question, people=3, may_accumulate=False)

    assert open_poll(question=question, people=5, may_accumulate=True) == first
    assert Poll.objects.get().people == 3


def test_wall_with_one_column_has_nothing_to_choose(question, columns, organiser):
    gone = [Drop(columns["Rolle"]), Drop(columns["Zeit"])]
    change_wall(question=question, changes=gone, words="abgenommen", by=organiser)

    with pytest.raises(NotCounted, match="mindestens zwei Spalten"):
        open_poll(question=question, people=3, may_accumulate=False)


def test_no_column_comes_goes_or_is_renamed_while_points_are_set(question, columns, organiser):
    poll = open_poll(question=question, people=3, may_accumulate=False)
    gone = [Drop(columns["Rolle"])]
    role, time, _ = question.clusters.all()

    for refused in (
        lambda: open_column(question=question, title="Neu", by=organiser),
        lambda: change_wall(question=question, changes=gone, words="abgenommen", by=organiser),
        lambda: drop_column(column=role, by=organiser),
        lambda: merge_columns(into=role, column=time, by=organiser),
        lambda: rename_column(column=role, title="Auftrag", by=organiser),
        lambda: undo_step(question=question),
    ):
        with pytest.raises(NotPossible, match="Beenden Sie zuerst die Punktabfrage"):
            refused()

    assert [str(column) for column in question.clusters.filter(is_dropped=False)] == ["Rolle", "Zeit", "Geld"]
    assert question.clusters.count() == 3
    assert shift_column(column=role, before=None, by=organiser)
    undo_step(question=question)
    close_poll(poll=poll)
    assert undo_step(question=question).words == "Spalte „Geld“ angelegt"
