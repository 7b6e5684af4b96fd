import pytest

from evaluation.dots import Ranked, points_each, problem_of, ranked


# The two rounds of 2017 with seven clusters, and the edges.
@pytest.mark.parametrize(
    ("options", "people", "points"), [(7, 22, 1), (7, 8, 3), (5, 5, 2), (1, 20, 1), (0, 0, 1), (4, 0, 6)]
)
def test_points_of_a_person_follow_from_columns_and_people(options, people, points):
    assert points_each(options, people) == points


@pytest.mark.parametrize(
    ("points", "may_accumulate", "sentence"),
    [
        ({1: 2, 2: 1}, True, None),
        ({1: 1, 2: 1}, False, None),
        ({1: 2}, False, "höchstens einen Punkt"),
        ({1: 2, 2: 2}, True, "Sie haben 4 Punkte gesetzt, es sind höchstens 3. Nehmen Sie 1 weg."),
        ({}, True, "mindestens einen"),
        ({1: 0}, True, "mindestens einen"),
    ],
)
def test_sheet_of_points_is_checked(points, may_accumulate, sentence):
    problem = problem_of(points, allowed=3, may_accumulate=may_accumulate)

    assert problem is None if sentence is None else sentence in (problem or "")


def test_equal_columns_share_a_rank():
    assert ranked({1: 2, 2: 5, 3: 2, 4: 0}) == [
        Ranked(1, 2, 5, False),
        Ranked(2, 1, 2, True),
        Ranked(2, 3, 2, True),
        Ranked(4, 4, 0, False),
    ]
