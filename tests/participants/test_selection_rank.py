"""The rule as pure calculation: examples that a person can follow, and what must hold for every input."""

import datetime
from dataclasses import replace
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum.models import Criterion, RuleMethod, TieBreak
from curriculum.rules import Rule, Weighted
from participants.selection import Candidate, Group, Person, Trait, fitting, lot, rank
from participants.selection_words import behind, explanation

MORNING = datetime.datetime(2026, 10, 3, 7, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
PUBLIC, CIVIC = Person("MANAGER", "PUBLIC"), Person("COORDINATOR", "CIVIC")


def by(*criteria, **fields):
    return Rule(criteria=tuple(Weighted(criterion) for criterion in criteria), **fields)


def candidate(key, town="Moers", **fields):
    values = {
        "keys": (key,),
        "arrived_at": MORNING + key * MINUTE,
        "people": (PUBLIC, CIVIC),
        "municipalities": (Trait(town, town),),
        "states": (Trait("05", "Nordrhein-Westfalen"),),
    }
    return Candidate(**values | fields)


def keys(rows):
    return [row.candidate.key for row in rows]


def about(field):
    return (replace(PUBLIC, field=Trait(field, field)),)


def test_complete_tandems_come_first_then_the_earlier_one():
    nobody = candidate(1, group=Group.UNCONFIRMED, people=())
    single = candidate(2, group=Group.HALF, people=(PUBLIC,))
    gone = candidate(0, group=Group.DISSOLVED, people=())

    assert keys(rank([gone, nobody, single, candidate(4), candidate(3)], Rule())) == [3, 4, 2, 1, 0]


def test_the_arrival_decides_and_not_the_number():
    late = candidate(1, arrived_at=MORNING + 9 * MINUTE)

    assert keys(rank([late, candidate(2)], Rule())) == [2, 1]


def test_a_municipality_that_is_not_represented_comes_first():
    rows = rank([candidate(1), candidate(2), candidate(3, "Köln")], by(Criterion.NEW_MUNICIPALITY))

    assert keys(rows) == [1, 3, 2]


def test_who_has_a_place_already_represents_the_municipality():
    late = candidate(9, placed=2)

    assert keys(rank([candidate(1), candidate(2, "Köln"), late], by(Criterion.NEW_MUNICIPALITY))) == [9, 2, 1]


def test_an_incomplete_one_takes_nothing_from_complete_ones():
    single = candidate(1, group=Group.HALF, people=(PUBLIC,))

    assert keys(rank([single, candidate(2), candidate(3, "Köln")], by(Criterion.NEW_MUNICIPALITY))) == [2, 3, 1]


def test_the_next_criterion_decides_where_the_first_is_equal():
    first, second = candidate(1, "Moers"), candidate(2, "Köln", was_declined=True)

    assert keys(rank([first, second], by(Criterion.NEW_MUNICIPALITY, Criterion.DECLINED_BEFORE))) == [2, 1]


def test_a_latecomer_does_not_become_the_first_of_a_municipality_by_the_next_criterion():
    first, other, late = candidate(1), candidate(2, "Bonn"), candidate(3, was_declined=True)

    assert keys(rank([first, other, late], by(Criterion.NEW_MUNICIPALITY, Criterion.DECLINED_BEFORE))) == [1, 2, 3]


def test_laender_take_turns():
    bavarian = {"states": (Trait("09", "Bayern"),)}
    rows = rank(
        [candidate(1), candidate(2), candidate(3), candidate(4, **bavarian), candidate(5, **bavarian)],
        by(Criterion.STATE_SPREAD),
    )

    assert keys(rows) == [1, 4, 2, 5, 3]


def test_with_two_fields_the_rarer_one_counts():
    both = about("Bildung") + about("Quartier")
    rows = rank(
        [candidate(1, people=about("Bildung")), candidate(2, people=about("Bildung")), candidate(3, people=both)],
        by(Criterion.FIELD_SPREAD),
    )

    assert keys(rows) == [1, 3, 2]
    assert rows[1].counts[0].trait.label == "Quartier"


def test_administration_and_civil_society_take_turns():
    civic = {"people": (CIVIC, CIVIC)}
    public = {"people": (PUBLIC, PUBLIC)}
    rows = rank(
        [candidate(1, **public), candidate(2, **public), candidate(3, **public), candidate(4, **civic)],
        by(Criterion.SECTOR_BALANCE),
    )

    assert keys(rows) == [1, 4, 2, 3]


def test_by_weight_all_criteria_count_together():
    rule = Rule(
        method=RuleMethod.WEIGHT,
        criteria=(Weighted(Criterion.NEW_MUNICIPALITY, 1), Weighted(Criterion.DECLINED_BEFORE, 5)),
    )
    rows = rank([candidate(1), candidate(2, "Köln"), candidate(3, was_declined=True)], rule)

    assert keys(rows) == [3, 1, 2]
    assert [row.score for row in rows] == [(2,), (6,), (6,)]


def test_the_lot_is_the_beginning_of_a_checksum():
    """`printf 'abc:7' | sha256sum` says so, too."""
    assert lot("abc", 7) == "b490d822e84f"


def test_the_lot_decides_among_equals_only_when_it_is_drawn():
    candidates = [candidate(number, f"Stadt {number}") for number in range(1, 9)]
    waiting = Rule(tie_break=TieBreak.LOT)
    drawn = replace(waiting, seed="abc")

    assert keys(rank(candidates, waiting)) == list(range(1, 9))
    assert keys(rank(candidates, drawn)) == sorted(range(1, 9), key=lambda number: lot("abc", number))


def test_an_explanation_says_what_has_counted():
    rule = by(Criterion.NEW_MUNICIPALITY, Criterion.STATE_SPREAD)
    rows = rank([candidate(1), candidate(2, "Köln")], rule)

    assert explanation(rows[1], rule) == (
        "vollständiges Tandem; erste Anmeldung aus Köln; 2. im Land Nordrhein-Westfalen; "
        "Eingang Sa, 3.\u00a0Oktober 2026, 9:14\u00a0Uhr"
    )
    assert behind(rows[0], rows[1], rule) == (
        "hinter Rang\u00a01 (Moers): dort erste Anmeldung im Land Nordrhein-Westfalen, "
        "hier 2. im Land Nordrhein-Westfalen"
    )


def test_an_explanation_by_weight_names_the_sum():
    rule = Rule(method=RuleMethod.WEIGHT, criteria=(Weighted(Criterion.NEW_MUNICIPALITY, 3),))
    rows = rank([candidate(1), candidate(2)], rule)

    assert "; 2. aus Moers; zusammen 6\u00a0Punkte; " in explanation(rows[1], rule)
    assert behind(rows[0], rows[1], rule).endswith(": dort 3\u00a0Punkte, hier 6\u00a0Punkte")


def test_what_stands_behind_says_why():
    rule = by(Criterion.DECLINED_BEFORE)
    placed, again = candidate(5, placed=2), candidate(4, "Köln", was_declined=True)
    early, late = candidate(1, "Bonn"), candidate(2, "Essen")
    single = candidate(0, "Trier", group=Group.HALF, people=(PUBLIC,))

    rows = rank([placed, again, early, late, single], rule)

    assert keys(rows) == [5, 4, 1, 2, 0]
    assert [behind(one, other, rule).partition(": ")[2] for one, other in pairwise(rows)] == [
        "dort ist der Platz schon vergeben",
        "dort früher ohne Platz",
        "sonst gleich, später eingegangen",
        "dort vollständiges Tandem, hier eine Person bestätigt",
    ]


def test_fitting_passes_over_what_is_too_big():
    first, second, single = candidate(1), candidate(2), candidate(3, people=(PUBLIC,))

    assert fitting([first, second, single], free_places=3) == [first, single]


def test_fitting_counts_only_places_that_are_not_taken_yet():
    placed, half_placed = candidate(1, placed=2), candidate(2, placed=1)

    assert fitting([placed, half_placed, candidate(3)], free_places=1) == [placed, half_placed]


# What must hold for every input; a machine that has other work to do is no finding.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)

TOWNS = st.sampled_from([Trait(name, name) for name in ("Bonn", "Essen", "Köln", "Moers", "Trier")])
STATES = st.sampled_from([Trait(name, name) for name in ("Bayern", "Hessen", "Saarland")])
PEOPLE = st.builds(
    Person,
    role=st.sampled_from(["MANAGER", "COORDINATOR"]),
    sector=st.sampled_from(["", "PUBLIC", "CIVIC", "OTHER"]),
    field=st.none() | st.sampled_from([Trait(name, name) for name in ("Bildung", "Quartier")]),
)
RULES = st.builds(
    Rule,
    method=st.sampled_from(list(RuleMethod)),
    criteria=st.lists(
        st.builds(Weighted, st.sampled_from(list(Criterion)), st.integers(1, 10)),
        max_size=5,
        unique_by=lambda weighted: weighted.criterion,
    ).map(tuple),
    tie_break=st.sampled_from(list(TieBreak)),
    seed=st.sampled_from(["", "a", "b"]),
)
BY_ARRIVAL = RULES.map(lambda rule: replace(rule, tie_break=TieBreak.ARRIVAL))


@st.composite
def candidates_of_one(draw, key):
    group = draw(st.sampled_from(list(Group)))
    least, most = {Group.COMPLETE: (2, 3), Group.HALF: (1, 1)}.get(group, (0, 0))
    people = tuple(draw(st.lists(PEOPLE, min_size=least, max_size=most)))
    return Candidate(
        keys=(key, 1000 + key) if draw(st.booleans()) else (key,),
        arrived_at=MORNING + draw(st.integers(0, 5)) * MINUTE,
        group=group,
        people=people,
        municipalities=tuple(draw(st.lists(TOWNS, min_size=1, max_size=2, unique=True))),
        states=(draw(STATES),),
        was_declined=draw(st.booleans()),
        placed=draw(st.sampled_from([0, len(people)])),
    )


@st.composite
def cohorts(draw, least=0):
    count = draw(st.integers(least, 12))
    return [draw(candidates_of_one(key)) for key in range(1, count + 1)]


@PATIENT
@given(cohorts(), RULES, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter_and_nobody_is_lost(candidates, rule, random):
    shuffled = candidates.copy()
    random.shuffle(shuffled)

    rows = rank(shuffled, rule)

    assert rows == rank(candidates, rule)
    assert [row.rank for row in rows] == list(range(1, len(candidates) + 1))
    assert sorted(keys(rows)) == [one.key for one in candidates]


@PATIENT
@given(cohorts(), RULES)
def test_ranking_what_is_ranked_changes_nothing(candidates, rule):
    rows = rank(candidates, rule)

    assert rank([row.candidate for row in rows], rule) == rows


@PATIENT
@given(cohorts(), RULES)
def test_places_and_complete_tandems_come_before_every_criterion(candidates, rule):
    order = [(row.candidate.placed == 0, row.candidate.group) for row in rank(candidates, rule)]

    assert order == sorted(order)


@PATIENT
@given(cohorts(), RULES, st.integers(0, 20))
def test_no_better_candidate_is_left_out_and_none_is_split(candidates, rule, free_places):
    order = [row.candidate for row in rank(candidates, rule)]
    chosen = fitting(order, free_places=free_places)

    left = free_places
    for one in order:
        if one in chosen:
            left -= one.needed
        else:
            assert not one.people or one.needed > left
    assert left >= 0


def latest(candidates, newcomer):
    """The newcomer as one that has no place and came after all others, no more complete than they are."""
    group = max((one.group for one in candidates), default=Group.COMPLETE)
    return replace(newcomer, arrived_at=MORNING + 60 * MINUTE, group=max(group, newcomer.group), placed=0)


@PATIENT
@given(cohorts(), candidates_of_one(99), BY_ARRIVAL)
def test_a_later_registration_never_changes_the_order_of_the_earlier_ones(candidates, newcomer, rule):
    before = keys(rank(candidates, rule))

    after = keys(rank([*candidates, latest(candidates, newcomer)], rule))

    assert [key for key in after if key != 99] == before


@PATIENT
@given(cohorts(least=1), st.data(), BY_ARRIVAL)
def test_a_later_registration_never_passes_an_equal_earlier_one(candidates, data, rule):
    twin = data.draw(st.sampled_from(candidates))
    newcomer = replace(twin, keys=(99,), arrived_at=MORNING + 60 * MINUTE)

    after = keys(rank([*candidates, newcomer], rule))

    assert after.index(twin.key) < after.index(99)


@PATIENT
@given(cohorts(), candidates_of_one(99), st.sampled_from(["", "a", "b"]))
def test_without_criteria_nobody_changes_the_order_of_others(candidates, newcomer, seed):
    for rule in (Rule(), Rule(tie_break=TieBreak.LOT, seed=seed)):
        before = keys(rank(candidates, rule))

        assert [key for key in keys(rank([*candidates, newcomer], rule)) if key != 99] == before


@PATIENT
@given(cohorts(), RULES)
def test_every_rank_has_its_reason_in_words(candidates, rule):
    rows = rank(candidates, rule)

    assert all(explanation(row, rule) for row in rows)
    assert all(behind(one, other, rule) for one, other in pairwise(rows))
