"""Who moves up, and until when: the pure calculation."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from participants.waiting import (
    SHORTEST_BY_HAND,
    SHORTEST_BY_ITSELF,
    Waiting,
    ahead,
    deadline,
    held_until,
    in_turn,
    is_next,
    next_up,
    remind_at,
)

NOW = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)


def tandem(key, **fields):
    return Waiting(key=key, places=2, is_complete=True, **fields)


def single(key, **fields):
    return Waiting(key=key, places=1, is_complete=False, **fields)


def keys(rows):
    return [row.key for row in rows]


def local(day, hour, minute=0):
    return timezone.make_aware(datetime.datetime.combine(datetime.date(2026, 11, day), datetime.time(hour, minute)))


@pytest.mark.parametrize(
    ("free", "expected"),
    [(0, []), (1, [1]), (2, [2]), (3, [2, 1]), (4, [2, 4]), (5, [2, 4, 1]), (6, [2, 4, 1, 3]), (9, [2, 4, 1, 3])],
)
def test_two_places_go_to_the_next_tandem_and_singles_fill_what_tandems_cannot(free, expected):
    assert keys(next_up([single(1), tandem(2), single(3), tandem(4)], free=free)) == expected


def test_without_a_complete_tandem_singles_get_both_places():
    assert keys(next_up([single(1), single(2), single(3)], free=2)) == [1, 2]


@pytest.mark.parametrize("fields", [{"was_asked": True}, {"has_offer": True}])
def test_who_was_asked_is_not_asked_again_by_itself(fields):
    assert keys(next_up([tandem(1, **fields), tandem(2)], free=4)) == [2]


def test_a_complete_tandem_that_needs_one_place_only_comes_before_singles():
    shared = Waiting(key=3, places=1, is_complete=True)

    assert keys(next_up([single(1), tandem(2), shared], free=1)) == [3]


def test_it_is_the_turn_of_the_first_and_not_of_the_second():
    rows = [tandem(1), tandem(2), single(3)]

    assert [is_next(row, rows, free=2) for row in rows] == [True, False, False]
    assert [is_next(row, rows, free=3) for row in rows] == [True, False, True]


def test_who_was_asked_before_has_the_old_turn_when_the_organiser_asks_again():
    rows = [tandem(1, was_asked=True), tandem(2)]

    assert is_next(rows[0], rows, free=2)
    assert is_next(rows[1], rows, free=2)


def test_ahead_are_those_who_may_be_asked_or_are_being_asked():
    rows = [tandem(1, was_asked=True), tandem(2, has_offer=True), single(3), tandem(4), single(5)]

    assert ahead(in_turn(rows)) == {1: 0, 2: 0, 4: 1, 3: 2, 5: 3}


waiting_lists = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=14).map(
    lambda rows: [
        Waiting(key=number, places=2 if complete else 1, is_complete=complete, was_asked=asked, has_offer=offered)
        for number, (complete, asked, offered) in enumerate(rows)
    ]
)
places = st.integers(min_value=0, max_value=30)


@given(waiting_lists, places)
def test_never_more_than_is_free_and_nobody_twice(rows, free):
    chosen = next_up(rows, free=free)

    assert sum(row.places for row in chosen) <= free
    assert len(set(keys(chosen))) == len(chosen)
    assert all(row.may_be_asked for row in chosen)


@given(waiting_lists, places)
def test_nobody_who_fits_is_passed_over(rows, free):
    chosen = next_up(rows, free=free)
    left = free - sum(row.places for row in chosen)

    assert [row for row in rows if row.may_be_asked and row not in chosen and row.places <= left] == []


@given(waiting_lists, places)
def test_no_tandem_is_left_out_for_a_later_one_or_for_a_single(rows, free):
    chosen = next_up(rows, free=free)
    asked = [row for row in in_turn(rows) if row.may_be_asked]
    tandems = [row for row in asked if row.is_complete]

    assert [row for row in chosen if row.is_complete] == tandems[: free // 2]
    singles = [row for row in asked if not row.is_complete]
    assert [row for row in chosen if not row.is_complete] == singles[: free - 2 * min(len(tandems), free // 2)]


@given(waiting_lists, places)
def test_a_further_place_takes_nobody_a_tandem_s_place_away(rows, free):
    few = {row.key for row in next_up(rows, free=free) if row.is_complete}
    more = {row.key for row in next_up(rows, free=free + 1) if row.is_complete}

    assert few <= more


@given(waiting_lists, places)
def test_who_comes_last_takes_no_place_away_from_those_before(rows, free):
    late = Waiting(key=99, places=1, is_complete=False)

    assert [key for key in keys(next_up([*rows, late], free=free)) if key != 99] == keys(next_up(rows, free=free))


def test_an_offer_ends_at_the_end_of_its_last_day():
    assert deadline(NOW, days=5, first_on=None, shortest=SHORTEST_BY_ITSELF) == local(7, 23, 59)


def test_an_offer_ends_in_the_evening_before_the_first_day_at_the_latest():
    first_on = datetime.date(2026, 11, 5)

    assert deadline(NOW, days=5, first_on=first_on, shortest=SHORTEST_BY_ITSELF) == local(4, 20)


def test_without_time_to_answer_there_is_no_offer():
    first_on = datetime.date(2026, 11, 3)

    assert deadline(NOW, days=5, first_on=first_on, shortest=SHORTEST_BY_ITSELF) is None
    assert deadline(NOW, days=5, first_on=first_on, shortest=SHORTEST_BY_HAND) == local(2, 20)
    assert deadline(NOW, days=5, first_on=datetime.date(2026, 11, 2), shortest=SHORTEST_BY_HAND) is None


def test_a_deadline_is_local_time_on_both_sides_of_a_change_of_the_clock():
    before = datetime.datetime(2027, 3, 27, 12, 0, tzinfo=datetime.UTC)

    end = timezone.localtime(deadline(before, days=2, first_on=None, shortest=SHORTEST_BY_HAND))

    assert (end.day, end.hour, end.minute) == (29, 23, 59)


@given(
    days=st.integers(min_value=1, max_value=30),
    first_in=st.none() | st.integers(min_value=-10, max_value=60),
    minutes=st.integers(min_value=0, max_value=60 * 24 * 400),
)
def test_a_deadline_leaves_time_and_keeps_before_the_first_day(days, first_in, minutes):
    now = NOW + datetime.timedelta(minutes=minutes)
    first_on = None if first_in is None else timezone.localdate(now) + datetime.timedelta(days=first_in)

    end = deadline(now, days=days, first_on=first_on, shortest=SHORTEST_BY_ITSELF)

    if end is not None:
        assert end - now >= SHORTEST_BY_ITSELF
        assert timezone.localdate(end) <= timezone.localdate(now) + datetime.timedelta(days=days)
        assert first_on is None or timezone.localdate(end) < first_on


def test_the_reminder_comes_a_day_before_or_half_way():
    assert remind_at(NOW, NOW + datetime.timedelta(days=5)) == NOW + datetime.timedelta(days=4)
    assert remind_at(NOW, NOW + datetime.timedelta(hours=30)) == NOW + datetime.timedelta(hours=15)


def test_a_place_is_kept_for_a_week_and_not_beyond_the_start():
    assert held_until(NOW, first_on=None) == local(9, 23, 59)
    assert held_until(NOW, first_on=datetime.date(2026, 11, 6)) == local(5, 20)
    assert held_until(NOW, first_on=datetime.date(2026, 10, 20)) == local(9, 23, 59)
