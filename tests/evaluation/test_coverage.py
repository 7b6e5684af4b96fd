"""Rules of coverage on plain values."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.coverage import Degree, Offer, Verdict, Wanted, changes, judged, summary_of, varied, verdict

M, C = "MANAGER", "COORDINATOR"
BOTH = frozenset({M, C})
FOR_MANAGERS, FOR_COORDINATORS, FOR_ALL = (
    Offer(1, frozenset({M})),
    Offer(2, frozenset({C})),
    Offer(3, BOTH),
)
OFFERS = [FOR_MANAGERS, FOR_COORDINATORS, FOR_ALL]

# A busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
audiences = st.sampled_from([frozenset({M}), frozenset({C}), BOTH])
degrees = st.sampled_from(Degree)


@st.composite
def plans(draw):
    offers = [Offer(key, draw(audiences)) for key in range(draw(st.integers(0, 4)))]
    needs = [
        Wanted(key, f"Bedarf {key}", draw(st.integers(0, 20)), draw(audiences))
        for key in range(draw(st.integers(0, 6)))
    ]
    cells = {(need.key, offer.key): draw(degrees) for need in needs for offer in offers}
    return needs, offers, cells, draw(audiences)


def wanted(audiences=BOTH):
    return Wanted(7, "Rolle", 3, audiences)


def test_two_halves_are_no_whole():
    cells = {(7, 1): Degree.PARTLY, (7, 3): Degree.PARTLY}

    assert verdict(wanted(frozenset({M})), OFFERS, cells, BOTH) is Verdict.PARTLY


def test_what_only_managers_hear_leaves_the_need_of_both_uncovered():
    cells = {(7, 1): Degree.FULL}

    assert verdict(wanted(), OFFERS, cells, BOTH) is Verdict.UNCOVERED
    assert verdict(wanted(), OFFERS, cells, [M]) is Verdict.COVERED
    assert verdict(wanted(frozenset({M})), OFFERS, cells, BOTH) is Verdict.COVERED


def test_two_modules_that_serve_fully_are_more_than_needed():
    cells = {(7, 1): Degree.FULL, (7, 2): Degree.FULL, (7, 3): Degree.FULL}

    assert verdict(wanted(), OFFERS, cells, BOTH) is Verdict.OVER
    assert verdict(wanted(), OFFERS, cells | {(7, 1): Degree.NONE}, BOTH) is Verdict.COVERED


def test_without_modules_nothing_is_covered():
    assert verdict(wanted(), [], {}, BOTH) is Verdict.UNCOVERED


@PATIENT
@given(plans())
def test_uncovered_first_and_over_covered_last_and_the_heavier_first_in_each(plan):
    needs, offers, cells, asked = plan

    rows = judged(needs, offers, cells, asked)

    order = [list(Verdict).index(row.verdict) for row in rows]
    assert order == sorted(order)
    for one, other in itertools.pairwise(rows):
        assert one.verdict is not other.verdict or one.need.weight >= other.need.weight
    assert {row.need.key for row in rows} == {need.key for need in needs if need.audiences & asked}


@PATIENT
@given(plans())
def test_summary_counts_every_need_once(plan):
    rows = judged(*plan)

    summary = summary_of(rows)

    assert summary.total == len(rows)
    assert 0 <= summary.share <= 1


@PATIENT
@given(plans(), st.data())
def test_more_in_one_cell_never_makes_a_need_worse(plan, data):
    needs, offers, cells, asked = plan
    if not cells:
        return
    cell = data.draw(st.sampled_from(sorted(cells)))
    need = next(need for need in needs if need.key == cell[0])
    order = list(Verdict)

    before = verdict(need, offers, cells, asked)
    after = verdict(need, offers, cells | {cell: Degree.FULL}, asked)

    assert order.index(after) >= order.index(before)


@PATIENT
@given(plans())
def test_a_module_that_nobody_attends_changes_nothing(plan):
    needs, offers, cells, asked = plan
    empty = Offer(99, frozenset())

    assert judged(needs, offers, cells, asked) == judged(
        needs, [*offers, empty], cells | {(need.key, 99): Degree.FULL for need in needs}, asked
    )


@PATIENT
@given(plans(), st.data())
def test_what_a_variant_gains_makes_no_cell_and_no_need_worse(plan, data):
    needs, offers, cells, asked = plan
    gained = {cell: data.draw(degrees) for cell in data.draw(st.sets(st.sampled_from(sorted(cells) or [(0, 0)])))}

    after = varied(cells, gained)

    assert all(after[cell] >= degree for cell, degree in cells.items())
    found = changes(judged(needs, offers, cells, asked), judged(needs, offers, after, asked))
    assert all(change.is_better for change in found)


@PATIENT
@given(plans())
def test_a_variant_without_anything_changes_nothing(plan):
    needs, offers, cells, asked = plan

    rows = judged(needs, offers, varied(cells, {}), asked)

    assert changes(judged(needs, offers, cells, asked), rows) == []
