"""Which needs are the same, and how many cohorts in a row none has covered one: rules on plain values."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.recurrence import Named, recurrence_sentence, same_needs, streaks

# A busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

titles = st.sampled_from(["Rolle", "rolle ", "Ro lle", "Mittel", "MITTEL", "Haltung", "Ziele"])
topics = st.frozensets(st.sampled_from("abc"), max_size=2)


@st.composite
def several(draw):
    return [
        Named(key, draw(st.integers(0, 4)), draw(titles), draw(topics), draw(st.booleans()))
        for key in range(draw(st.integers(0, 9)))
    ]


def named(key, place, title="Rolle", topics=(), is_covered=False):
    return Named(key, place, title, frozenset(topics), is_covered)


def groups(found):
    return {frozenset(each.key for each in group) for group in same_needs(found)}


def reachable(found):
    """By hand: whoever is reached from a need by steps between needs that share a mark."""
    sets = {need.key: {need.key} for need in found}
    for _, one, other in itertools.product(found, found, found):
        if one.marks & other.marks:
            joined = sets[one.key] | sets[other.key]
            for key in joined:
                sets[key] = joined
    return {frozenset(each) for each in sets.values()}


def test_the_same_title_is_the_same_need_whatever_case_and_white_space():
    assert groups([named(1, 0, "Rolle und Mandat"), named(2, 1, " ROLLE  und mandat"), named(3, 1, "Rolle")]) == {
        frozenset([1, 2]),
        frozenset([3]),
    }


def test_the_same_topic_is_the_same_need_whatever_it_is_called():
    assert groups([named(1, 0, "Streit", ["konflikte"]), named(2, 1, "Macht", ["konflikte"])]) == {
        frozenset([1, 2])
    }


def test_needs_are_the_same_when_a_third_joins_them():
    by_title, by_topic = named(1, 0, "Streit"), named(3, 2, "Macht", ["konflikte"])

    assert len(groups([by_title, by_topic])) == 2
    assert groups([by_title, by_topic, named(2, 1, "Streit", ["konflikte"])]) == {frozenset([1, 2, 3])}


@PATIENT
@given(several())
def test_each_need_is_in_one_group_with_all_that_can_be_reached_from_it(found):
    assert groups(found) == reachable(found)


@PATIENT
@given(several(), st.randoms(use_true_random=False))
def test_the_order_in_which_needs_are_read_does_not_matter(found, chance):
    shuffled = list(found)
    chance.shuffle(shuffled)

    assert groups(shuffled) == groups(found)
    assert streaks(shuffled) == streaks(found)


def test_three_cohorts_in_a_row_are_counted_and_one_that_did_not_name_it_ends_the_row():
    assert streaks([named(1, 0), named(2, 1), named(3, 2)]) == {1: 1, 2: 2, 3: 3}
    assert streaks([named(1, 0), named(2, 1), named(3, 3)]) == {1: 1, 2: 2, 3: 1}


def test_a_cohort_that_covered_it_ends_the_row():
    assert streaks([named(1, 0), named(2, 1, is_covered=True), named(3, 2), named(4, 3)]) == {
        1: 1,
        2: 0,
        3: 1,
        4: 2,
    }


def test_of_two_in_one_cohort_the_covered_one_counts():
    assert streaks([named(1, 0), named(2, 0, is_covered=True), named(3, 1)]) == {1: 0, 2: 0, 3: 1}


@PATIENT
@given(several())
def test_a_streak_is_no_longer_than_there_were_cohorts_and_zero_where_covered(found):
    times = streaks(found)

    assert times.keys() == {need.key for need in found}
    assert all(0 <= times[need.key] <= need.place + 1 for need in found)
    assert all(times[need.key] == 0 for need in found if need.is_covered)


@PATIENT
@given(several())
def test_every_streak_is_one_more_than_that_of_the_same_need_one_cohort_before(found):
    times = streaks(found)
    for group in same_needs(found):
        before = {need.place: times[need.key] for need in group}
        assert all(before[place] in (0, before.get(place - 1, 0) + 1) for place in before)


@PATIENT
@given(several())
def test_covering_one_need_lengthens_no_streak(found):
    times = streaks(found)
    for place, need in enumerate(found):
        covered = Named(need.key, need.place, need.title, need.topics, is_covered=True)
        after = streaks([*found[:place], covered, *found[place + 1 :]])
        assert all(after[key] <= times[key] for key in times)


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        (0, ""),
        (1, ""),
        (2, "Im zweiten Durchgang in Folge genannt und nie gedeckt."),
        (3, "Im dritten Durchgang in Folge genannt und nie gedeckt."),
        (9, "Im neunten Durchgang in Folge genannt und nie gedeckt."),
        (10, "Im 10. Durchgang in Folge genannt und nie gedeckt."),
    ],
)
def test_it_is_said_from_the_second_cohort_on(times, sentence):
    assert recurrence_sentence(times) == sentence
