"""Whose ratings of the joined ones are shown, and what follows; k is 5 here."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.change import Joining, development, may_take
from evaluation.pairing import Pair
from evaluation.withholding import are_blocks

MANAGER, COORDINATOR = "MANAGER", "COORDINATOR"
ROLES = (MANAGER, COORDINATOR)


def people(before, after, pairs, roles=ROLES):
    """Levels before (1) and after (3) of so many, of whom so many are pairs of alternating roles."""
    ones = [uuid.UUID(int=number) for number in range(before)]
    others = [uuid.UUID(int=1000 + number) for number in range(after)]
    joined = [Pair(ones[place], others[place], roles[place % len(roles)]) for place in range(pairs)]
    return joining_of(joined, before, after), dict.fromkeys(ones, 1), dict.fromkeys(others, 3)


def joining_of(pairs, before, after):
    return Joining(before, after, tuple(pairs), {pair.after: pair.role for pair in pairs})


# Withholding


@pytest.mark.parametrize(
    ("size", "available", "expected"),
    [(20, 3, [0]), (20, 6, [0, 5, 6]), (9, 9, [0, 9]), (10, 8, [0, 5]), (3, 3, [0]), (0, 0, [0])],
)
def test_may_take_leaves_none_or_enough(size, available, expected):
    assert may_take(size, available, 5) == expected


@pytest.mark.parametrize(
    ("before", "after", "pairs", "shown"),
    [
        (20, 18, 16, 13),
        (16, 16, 16, 16),
        (20, 16, 16, 11),
        (22, 16, 16, 16),
        (9, 9, 9, 9),
        (9, 9, 8, 0),
        (20, 20, 4, 0),
    ],
)
def test_pairs_are_left_out_until_the_others_are_none_or_enough(before, after, pairs, shown):
    result = development(*people(before, after, pairs), minimum=5)

    assert result.shown == shown
    assert result.joined == pairs
    assert (result.why_fewer == "") is (shown == pairs)


def test_what_is_reached_stands_apart_by_role_where_both_have_enough_pairs():
    apart = development(*people(22, 22, 14), minimum=5)
    together = development(*people(22, 22, 9), minimum=5)

    assert {role: group.n for role, group in apart.reached.items()} == {COORDINATOR: 7, MANAGER: 7}
    assert {role: group.n for role, group in together.reached.items()} == {"": 9}


def test_what_is_reached_is_of_all_where_no_pairs_are_shown():
    result = development(*people(9, 9, 8), minimum=5)

    assert result.change is None
    assert {role: (group.n, group.mean) for role, group in result.reached.items()} == {"": (9, 3)}


def test_change_counts_who_has_risen_and_fallen():
    joining, before, after = people(6, 6, 6, roles=("",))
    levels = dict(zip(after, [1, 1, 0, 2, 3, 4], strict=True))

    change = development(joining, before, levels, minimum=5).change

    assert (change.fallen, change.equal, change.risen) == (1, 2, 3)
    assert change.steps == {-1: 1, 0: 2, 1: 1, 2: 1, 3: 1}
    assert change.difference == pytest.approx(5 / 6)


def test_everybody_is_withheld_below_the_minimum():
    result = development(*people(4, 5, 4), minimum=5)

    assert (result.before.n, result.before.mean) == (4, None)
    assert (result.after.n, result.after.mean) == (5, 3)


def test_levels_that_one_of_the_two_did_not_give_join_nobody():
    joining, before, after = people(12, 12, 12)

    assert development(joining, dict(list(before.items())[:6]), after, minimum=5).joined == 6


levels = st.integers(0, 4)
answering = st.sets(st.integers(0, 25), max_size=26)


@given(start=answering, end=answering, transfer=answering, managers=answering, chance=st.randoms())
def test_nothing_that_is_shown_tells_fewer_than_the_minimum_apart(start, end, transfer, managers, chance):
    def key(survey, person):
        return uuid.UUID(int=survey * 1000 + person)

    def ratings(survey, members):
        return {key(survey, person): chance.randrange(5) for person in members}

    def pairs(survey, members):
        both = start & members
        return [Pair(key(0, p), key(survey, p), ROLES[p in managers]) for p in sorted(both)]

    before = ratings(0, start)
    first_pairs, later_pairs = pairs(1, end), pairs(2, transfer)
    first = development(joining_of(first_pairs, 0, 0), before, ratings(1, end), minimum=5)
    later = development(
        joining_of(later_pairs, 0, 0), before, ratings(2, transfer), minimum=5, told_apart=first.blocks
    )

    assert are_blocks((len(block) for block in later.blocks), 5) or 0 < len(before) < 5
    assert sum(len(block) for block in later.blocks) == len(before)
    assert are_blocks([first.shown, len(before) - first.shown], 5) or not first.shown
    for shown, result, everybody in ((first_pairs, first, end), (later_pairs, later, transfer)):
        assert are_blocks([result.shown, len(everybody) - result.shown], 5) or not result.shown
        assert sum(group.n for group in result.reached.values()) in (result.shown or len(everybody), 0)
        assert are_blocks((group.n for group in result.reached.values()), 5) or len(everybody) < 5
        assert result.shown <= len(shown)
