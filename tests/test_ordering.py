"""Rows with a position: what a page may ask for, and that no row is lost on the way."""

import pytest
from django.http import QueryDict

from curriculum.models import Topic, Unit
from netzkoord.lib.ordering import NotTheSameRows, next_position, set_order
from netzkoord.lib.sorting import Sorting, button_fragment, read_sorting
from tests import factories


@pytest.fixture
def units(db):
    """Three units, whose positions are unique in their module, and one of another module."""
    module = factories.ModuleFactory()
    factories.UnitFactory(position=1)
    return [factories.UnitFactory(module=module, position=place, title=f"B{place}") for place in (1, 2, 3)]


def titles(units):
    return list(Unit.objects.filter(module=units[0].module).values_list("title", flat=True))


def positions(units):
    return list(Unit.objects.filter(module=units[0].module).values_list("position", flat=True))


def test_next_position_is_behind_all_others(units):
    assert next_position(units[0].module.units.all()) == 4
    assert next_position(Unit.objects.none()) == 1


def test_set_order_swaps_positions_that_are_unique(units):
    first, second, third = (unit.pk for unit in units)

    set_order(units[0].module.units.all(), [third, first, second])

    assert titles(units) == ["B3", "B1", "B2"]
    assert positions(units) == [1, 2, 3]


def test_set_order_leaves_other_rows_alone(units):
    other = Unit.objects.exclude(module=units[0].module).get()

    set_order(units[0].module.units.all(), [unit.pk for unit in reversed(units)])

    other.refresh_from_db()
    assert other.position == 1


def test_set_order_mends_equal_positions(db):
    edition = factories.EditionFactory()
    topics = [Topic.objects.create(edition=edition, position=1, name=name) for name in "ABC"]

    set_order(edition.topics.all(), [topic.pk for topic in reversed(topics)])

    assert list(edition.topics.values_list("name", "position")) == [("C", 1), ("B", 2), ("A", 3)]


@pytest.mark.parametrize("choose", [lambda keys: keys[:2], lambda keys: [*keys, 999], lambda keys: [keys[0]] * 3])
def test_set_order_refuses_other_rows_than_there_are(units, choose):
    keys = choose([unit.pk for unit in units])

    with pytest.raises(NotTheSameRows):
        set_order(units[0].module.units.all(), keys)

    assert titles(units) == ["B1", "B2", "B3"]


def test_a_row_is_moved_to_a_place_so_that_a_second_click_changes_nothing(units):
    sorting = read_sorting(QueryDict(f"down={units[0].pk}:2&list=units"))

    sorting.apply(units[0].module.units.all())
    sorting.apply(units[0].module.units.all())

    assert titles(units) == ["B2", "B1", "B3"]


def test_the_whole_order_is_read(units):
    keys = [unit.pk for unit in reversed(units)]

    read_sorting(QueryDict("&".join(f"order={key}" for key in keys))).apply(units[0].module.units.all())

    assert titles(units) == ["B3", "B2", "B1"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "order=",
        "order=1&order=x",
        "order=²",
        "up=",
        "up=1",
        "up=1:-1",
        "up=x:1",
        "up=%00:1",
        "down=9999999999999999999999:1",
        "up=١:١",
    ],
)
def test_nonsense_is_no_order(query):
    with pytest.raises(NotTheSameRows):
        read_sorting(QueryDict(query))


def test_a_row_of_another_list_is_not_moved():
    with pytest.raises(NotTheSameRows):
        Sorting(moved=4, place=1).arrange([1, 2, 3])


@pytest.mark.parametrize("place", [0, 1])
def test_a_place_before_the_first_is_the_first(place):
    assert Sorting(moved=3, place=place).arrange([1, 2, 3]) == [3, 1, 2]


@pytest.mark.parametrize(
    ("query", "fragment"),
    [
        ("up=7:1&list=units", "#units-up-7"),
        ("down=7:1&list=units", "#units-down-7"),
        ("order=7&list=units", ""),
        ("up=7:1", ""),
        ('up=7:1&list="><b>', ""),
        ("up=7&list=units", ""),
    ],
)
def test_the_focus_returns_to_the_button_that_was_pressed(query, fragment):
    assert button_fragment(QueryDict(query)) == fragment
