"""Which parts of the answers may be shown, and which only together; k is 5 here."""

import pytest

from evaluation.withholding import (
    RoleCounts,
    may_be_opened,
    may_be_pooled,
    may_divide,
    people_behind,
    shows_texts,
    summed,
    surplus_of,
    why_more,
    why_undivided,
)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (RoleCounts(5, 5), True),
        (RoleCounts(5, 4), False),
        (RoleCounts(4, 9), False),
        (RoleCounts(10, 0), False),
        (RoleCounts(5, 5, 1), False),
        (RoleCounts(5, 5, 4), False),
        (RoleCounts(5, 5, 5), True),
    ],
)
def test_roles_are_divided_only_when_every_part_is_large_enough(counts, expected):
    assert may_divide(counts, minimum=5) is expected
    assert (why_undivided(counts, 5) == "") is expected


def test_an_item_is_divided_only_when_its_own_parts_are_large_enough():
    survey = RoleCounts(9, 9, 6)

    assert may_divide(survey, RoleCounts(5, 5, 5), minimum=5)
    assert may_divide(survey, RoleCounts(5, 5), minimum=5)
    assert not may_divide(survey, RoleCounts(5, 4), minimum=5)
    assert not may_divide(survey, RoleCounts(5, 5, 3), minimum=5)
    assert not may_divide(RoleCounts(9, 9, 1), RoleCounts(9, 9), minimum=5)


def test_reason_names_paper_only_when_paper_is_the_reason():
    assert "auf Papier" in why_undivided(RoleCounts(5, 5, 1), 5)
    assert "auf Papier" not in why_undivided(RoleCounts(5, 4, 1), 5)


def test_roles_are_counted_from_the_responses():
    assert RoleCounts.of(["MANAGER", "", "COORDINATOR", "MANAGER"]) == RoleCounts(2, 1, 1)
    assert RoleCounts(2, 1, 1).total == 4


def test_a_sum_leaves_out_what_is_withheld_by_itself():
    assert summed([({6: 5}, 5), ({1: 4}, 5), ({5: 3, 6: 3}, 5)]) == {6: 8, 5: 3}
    assert summed([({1: 4}, 5), ({2: 4}, 5)]) == {}
    assert summed([({1: 7}, 8), ({2: 7}, 7)]) == {2: 7}


@pytest.mark.parametrize(
    ("answers", "people", "expected"),
    [
        ([4, 1], 5, True),
        ([4], 4, False),
        ([4, 0], 4, False),
        ([2, 2], 4, False),
        ([3, 0, 3], 5, True),
        ([4, 4], 4, False),
        ([4, 4], 0, False),
    ],
)
def test_surveys_are_pooled_from_two_and_from_the_minimum_of_people_on(answers, people, expected):
    assert may_be_pooled(answers, people, 5) is expected


@pytest.mark.parametrize(
    ("by_link", "on_paper", "expected"),
    [(5, 0, True), (4, 0, False), (0, 5, True), (0, 4, False), (5, 1, True), (4, 20, False), (1, 4, False)],
)
def test_what_was_typed_in_from_paper_cannot_be_subtracted_to_fewer_than_k(by_link, on_paper, expected):
    assert may_be_opened(by_link, on_paper, 5) is expected


def test_texts_are_shown_by_the_number_of_those_who_were_asked():
    assert not shows_texts(4, 5)
    assert shows_texts(5, 5)


@pytest.mark.parametrize(
    ("by_link", "on_paper", "surplus"), [(20, 0, 0), (0, 20, 0), (20, 3, 3), (6, 30, 30), (5, 5, 5)]
)
def test_sheets_beside_links_may_be_of_the_same_people(by_link, on_paper, surplus):
    assert surplus_of(by_link + on_paper, people_behind(by_link, on_paper)) == surplus
    assert bool(why_more(5, surplus)) is bool(surplus)


def test_reason_names_how_many_answers_a_question_needs():
    assert "ab 8 Antworten" in why_more(5, 3)
    assert "mindestens 5 Personen" in why_more(5, 3)


def test_sheets_that_tell_a_role_may_be_of_its_people():
    assert may_divide(RoleCounts(5, 5, 5), minimum=5, surplus=5)
    assert not may_divide(RoleCounts(7, 7, 5), minimum=5, surplus=8)
    assert may_divide(RoleCounts(8, 8, 5), minimum=5, surplus=8)
    assert "weniger als 8" in why_undivided(RoleCounts(7, 9, 5), 5, 8)
