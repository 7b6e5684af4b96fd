import pytest

from evaluation.actions.walls import change_wall, drop_column, hide_cards, merge_columns, open_column, undo_step
from evaluation.boards import Hide, NotPossible, Place, Rename, Shift
from evaluation.models import Card, Step
from evaluation.queries.boards import board_of
from tests.evaluation.workshops import guiding_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return guiding_question()


@pytest.fixture
def cards(question):
    return hang(question, "Rolle klären", "Mandat", "Zeit", "Geld", "Anerkennung")


def hang(question, *texts):
    """Loose cards as they come from a wall that was never sorted: all at the same place."""
    first = question.workshop.rounds.get()
    return [Card.objects.create(guiding_question=question, round=first, text=text) for text in texts]


def shown(question):
    """Title of each column with its cards, the loose ones under an empty title."""
    board = board_of(question)
    texts = dict(Card.objects.values_list("pk", "text"))
    rows = [("", board.loose), *((column.title, column.cards) for column in board.columns)]
    return {title: [texts[pk] for pk in row if pk not in board.hidden] for title, row in rows}


def test_cards_are_sorted_into_columns_and_every_step_is_undone(question, cards, organiser):
    role, mandate, *_ = [card.pk for card in cards]
    start = shown(question)

    open_column(question=question, title="Auftrag", cards=[mandate], by=organiser)
    auftrag = question.clusters.get()
    change_wall(question=question, changes=[Place((role,), auftrag.pk, mandate)], words="verschoben", by=organiser)
    open_column(question=question, cards=[role], title="Rolle", by=organiser)
    change_wall(question=question, changes=[Rename(auftrag.pk, "Mandat")], words="umbenannt", by=organiser)
    change_wall(question=question, changes=[Hide(cards[4].pk)], words="verdeckt", by=organiser)
    sorted_wall = {"": ["Zeit", "Geld"], "Mandat": ["Mandat"], "Rolle": ["Rolle klären"]}

    assert shown(question) == sorted_wall

    merge_columns(into=question.clusters.get(title="Rolle"), column=auftrag, by=organiser)
    assert shown(question) == {"": ["Zeit", "Geld"], "Rolle": ["Rolle klären", "Mandat"]}

    undo_step(question=question)
    assert shown(question) == sorted_wall
    for _ in range(5):
        undo_step(question=question)
    assert shown(question) == start
    with pytest.raises(NotPossible, match="keinen Schritt mehr"):
        undo_step(question=question)


def test_order_holds_where_places_have_gaps(question, cards, organiser):
    for card, position in zip(cards, (5, 7, 9, 11, 13), strict=True):
        Card.objects.filter(pk=card.pk).update(position=position)

    change_wall(question=question, changes=[Place((cards[4].pk,), None, cards[1].pk)], words="x", by=organiser)

    assert shown(question)[""] == ["Rolle klären", "Anerkennung", "Mandat", "Zeit", "Geld"]


def test_step_that_changes_nothing_leaves_no_trace(question, cards, organiser):
    step = change_wall(question=question, changes=[Place((cards[4].pk,), None)], words="nichts", by=organiser)

    question.workshop.refresh_from_db()
    assert step is None
    assert (Step.objects.count(), question.workshop.revision) == (0, 0)


def test_refused_step_changes_nothing(question, cards, organiser):
    open_column(question=question, title="Rolle", by=organiser)
    before = shown(question)

    with pytest.raises(NotPossible, match="gibt es nicht mehr"):
        change_wall(
            question=question, changes=[Place((cards[0].pk,), None), Shift(999)], words="falsch", by=organiser
        )

    assert shown(question) == before


@pytest.mark.parametrize("count", [2, 40])
def test_sorting_takes_as_many_queries_for_many_cards_as_for_few(
    question, organiser, count, django_assert_num_queries
):
    cards = hang(question, *[f"Gedanke {number}" for number in range(count)])
    open_column(question=question, title="Rolle", by=organiser)
    move = Place(tuple(card.pk for card in cards), question.clusters.get().pk)

    with django_assert_num_queries(10):
        change_wall(question=question, changes=[move], words="verschoben", by=organiser)


def test_column_of_the_same_title_with_the_same_cards_is_opened_once(question, cards, organiser):
    for _ in range(2):
        open_column(question=question, title="Auftrag", cards=[cards[0].pk], by=organiser)
        open_column(question=question, title="Leer", by=organiser)

    assert [column.title for column in board_of(question).columns] == ["Auftrag", "Leer"]
    assert question.clusters.count() == Step.objects.count() == 2


def test_column_of_hidden_cards_goes_and_they_come_back_with_it(question, cards, organiser):
    open_column(question=question, title="Auftrag", cards=[cards[0].pk], by=organiser)
    column = question.clusters.get()
    hide_cards(question=question, cards=[cards[0].pk], by=organiser)
    before = board_of(question)

    drop_column(column=column, by=organiser)

    assert board_of(question).columns == ()
    assert cards[0].pk in board_of(question).loose
    undo_step(question=question)
    assert board_of(question) == before
