import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.boards import (
    Board,
    Column,
    Drop,
    Hide,
    NotPossible,
    Open,
    Place,
    Rename,
    Shift,
    Show,
    change,
    merged,
    packed,
    split,
    unpacked,
)

CARDS = list(range(1, 9))
COLUMNS = [101, 102, 103, 104]


def board(*columns, loose=()):
    return Board(tuple(loose), tuple(columns))


def changes():
    card, column = st.sampled_from(CARDS), st.sampled_from(COLUMNS)
    some = st.lists(card, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Place, some, st.none() | column, st.none() | card),
        st.builds(Open, column, st.just("Rolle"), st.none() | column),
        st.builds(Drop, column),
        st.builds(Rename, column, st.sampled_from(["Mandat", "Auftrag"])),
        st.builds(Shift, column, st.none() | column),
        st.builds(Hide, card),
        st.builds(Show, card),
    )


@settings(deadline=None)
@given(st.lists(changes(), max_size=30))
def test_whatever_two_people_do_every_card_hangs_once(steps):
    wall = board(Column(101, "Rolle"), loose=CARDS)

    for step in steps:
        try:
            wall, _ = change(wall, [step])
        except NotPossible:
            continue

    assert sorted(wall.cards()) == CARDS
    assert len({column.pk for column in (*wall.columns, *wall.dropped)}) == len(wall.columns) + len(wall.dropped)


@settings(deadline=None)
@given(st.lists(changes(), max_size=30))
def test_undoing_every_step_leads_back_to_the_start(steps):
    start = board(Column(101, "Rolle", (1, 2, 3)), Column(102, "Zeit", (4,)), loose=(5, 6, 7, 8))
    wall, undos = start, []

    for step in steps:
        try:
            wall, undo = change(wall, [step])
        except NotPossible:
            continue
        undos.append(undo)
    for undo in reversed(undos):
        wall, _ = change(wall, unpacked(json.loads(json.dumps(packed(undo)))))

    assert (wall.loose, wall.columns, wall.hidden) == (start.loose, start.columns, start.hidden)


def test_cards_are_hung_in_front_of_another_or_at_the_end():
    wall = board(Column(101, "Rolle", (1, 2)), loose=(3, 4))

    assert change(wall, [Place((4, 3), 101, before=2)])[0].columns[0].cards == (1, 4, 3, 2)
    assert change(wall, [Place((3,), 101, before=99)])[0].columns[0].cards == (1, 2, 3)
    assert change(wall, [Place((1,), None)])[0].loose == (3, 4, 1)


def test_merging_moves_the_cards_and_drops_the_column():
    wall = board(Column(101, "Rolle", (1, 2)), Column(102, "Mandat", (3,)))

    after, undo = change(wall, merged(wall, into=101, column=102))

    assert after.columns == (Column(101, "Rolle", (1, 2, 3)),)
    assert change(after, undo)[0].columns == wall.columns
    with pytest.raises(NotPossible, match="sich selbst"):
        merged(wall, into=101, column=101)


def test_splitting_puts_the_new_column_behind_the_old_one():
    wall = board(Column(101, "Rolle", (1, 2, 3)), Column(102, "Zeit"))

    after, undo = change(wall, split(wall, column=101, cards=[1, 3], new=103, title="Mandat"))

    assert after.columns == (Column(101, "Rolle", (2,)), Column(103, "Mandat", (1, 3)), Column(102, "Zeit"))
    assert change(after, undo)[0].columns == wall.columns


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (Place((1,), 999), "gibt es nicht mehr"),
        (Place((999,), 101), "nicht zu dieser Wand"),
        (Drop(101), "hängen noch Karten"),
        (Rename(999, "x"), "gibt es nicht mehr"),
        (Hide(999), "nicht zu dieser Wand"),
    ],
)
def test_what_the_wall_does_not_allow_is_said_in_a_sentence(step, sentence):
    with pytest.raises(NotPossible, match=sentence):
        change(board(Column(101, "Rolle", (1,))), [step])
