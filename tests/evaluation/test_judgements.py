"""How participants judge their needs: rules on plain values."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.coverage import Verdict
from evaluation.judgements import (
    PLANNED,
    JudgedCounts,
    Judgement,
    Share,
    attention,
    counts_sentence,
    difference,
    differs,
    is_covered,
    is_worse,
    judgement_of,
    share_of,
    share_sentence,
    total_of,
)

# A busy machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

numbers = st.integers(0, 30)
judgements = st.sampled_from(Judgement)
verdicts = st.sampled_from(Verdict)
shares = st.lists(judgements, max_size=12).map(share_of)


@st.composite
def counts(draw):
    fully, partly, uncovered = draw(numbers), draw(numbers), draw(numbers)
    return JudgedCounts(fully + partly + uncovered + draw(numbers), fully, partly, uncovered)


@pytest.mark.parametrize(
    ("fully", "partly", "uncovered", "judgement"),
    [
        (0, 0, 0, Judgement.UNKNOWN),
        (3, 1, 1, Judgement.COVERED),
        (2, 1, 1, Judgement.PARTLY),
        (1, 1, 3, Judgement.UNCOVERED),
        (3, 0, 3, Judgement.PARTLY),
        (0, 5, 0, Judgement.PARTLY),
    ],
)
def test_more_than_half_decides(fully, partly, uncovered, judgement):
    assert judgement_of(JudgedCounts(20, fully, partly, uncovered)) is judgement


@PATIENT
@given(counts())
def test_a_need_is_covered_or_uncovered_only_by_a_majority_and_never_both(judged):
    found = judgement_of(judged)

    assert (found is Judgement.COVERED) == (judged.fully > judged.concerned - judged.fully)
    assert (found is Judgement.UNCOVERED) == (judged.uncovered > judged.concerned - judged.uncovered)
    assert (found is Judgement.UNKNOWN) == (judged.concerned == 0)


@PATIENT
@given(counts(), numbers)
def test_those_whose_need_it_was_not_change_nothing(judged, others):
    more = JudgedCounts(judged.people + others, judged.fully, judged.partly, judged.uncovered)

    assert judgement_of(more) is judgement_of(judged)


@PATIENT
@given(counts())
def test_one_more_who_is_content_never_makes_it_worse(judged):
    order = list(Judgement)
    better = JudgedCounts(judged.people + 1, judged.fully + 1, judged.partly, judged.uncovered)

    assert order.index(judgement_of(better)) >= order.index(judgement_of(judged))


@PATIENT
@given(st.lists(judgements, max_size=12))
def test_every_need_is_judged_or_unknown_and_no_more_are_covered_than_judged(found):
    share = share_of(found)

    assert share.judged + share.unknown == len(found)
    assert 0 <= share.covered <= share.judged
    assert share.value is None if not share.judged else 0 <= share.value <= 1


@PATIENT
@given(st.lists(st.lists(judgements, max_size=6), max_size=5))
def test_the_share_over_all_cohorts_is_that_of_all_their_needs(cohorts):
    assert total_of(share_of(found) for found in cohorts) == share_of(each for found in cohorts for each in found)


@PATIENT
@given(verdicts, judgements)
def test_a_sentence_names_the_difference_and_nothing_else(plan, judgement):
    sentence = difference(plan, judgement, ["K1"])

    assert bool(sentence) == differs(plan, judgement)
    assert ("zu prüfen mit dem Training von K1" in sentence) == is_worse(plan, judgement)


@PATIENT
@given(verdicts, judgements)
def test_the_judgement_goes_before_the_plan(plan, judgement):
    expected = PLANNED[plan] if judgement is Judgement.UNKNOWN else judgement

    assert is_covered(plan, judgement) == (expected is Judgement.COVERED)


@PATIENT
@given(st.lists(st.tuples(verdicts, judgements), max_size=12))
def test_what_is_judged_worse_than_planned_comes_first_and_what_agrees_last(pairs):
    ordered = sorted(pairs, key=lambda pair: attention(*pair))

    ranks = [0 if is_worse(*pair) else 1 if differs(*pair) else 2 for pair in ordered]
    assert ranks == sorted(ranks)


def test_what_nobody_has_judged_stands_as_the_plan_has_it_behind_all_that_was_judged():
    unknown = [(plan, Judgement.UNKNOWN) for plan in Verdict]

    assert sorted([*unknown[::-1], (Verdict.OVER, Judgement.COVERED)], key=lambda pair: attention(*pair)) == [
        (Verdict.OVER, Judgement.COVERED),
        *unknown,
    ]


def test_sentences_of_a_difference():
    assert difference(Verdict.COVERED, Judgement.UNCOVERED, ["F", "K1"]) == (
        "Geplant als gedeckt, beurteilt als nicht gedeckt: zu prüfen mit dem Training von F und K1."
    )
    assert difference(Verdict.UNCOVERED, Judgement.COVERED, []) == (
        "Geplant als nicht gedeckt, beurteilt als gedeckt: "
        "zu klären, was ihn gedeckt hat, und für die nächste Fassung festzuhalten."
    )
    assert difference(Verdict.OVER, Judgement.COVERED, ["F"]) == ""


def test_the_counts_say_of_how_many_whose_need_it_was():
    assert counts_sentence(JudgedCounts(18, 9, 3, 2)) == (
        "Ganz gedeckt: 9 von 14, deren Bedarf es war; teilweise 3, nicht 2."
    )


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (
            Share(7, 10, 2),
            "7 von 10 beurteilten Bedarfen sind gedeckt; 2 konnten nicht beurteilt werden, "
            "weil weniger als 5 Personen geurteilt haben, deren Bedarf es war.",
        ),
        (
            Share(1, 3, 1),
            "1 von 3 beurteilten Bedarfen ist gedeckt; 1 konnte nicht beurteilt werden, "
            "weil weniger als 5 Personen geurteilt haben, deren Bedarf es war.",
        ),
        (Share(0, 3, 0), "Keiner von 3 beurteilten Bedarfen ist gedeckt."),
        (Share(1, 1, 0), "Der einzige beurteilte Bedarf ist gedeckt."),
        (Share(0, 1, 0), "Der einzige beurteilte Bedarf ist nicht ganz gedeckt."),
        (
            Share(0, 0, 2),
            "Kein Bedarf konnte beurteilt werden: "
            "Zu jedem haben weniger als 5 Personen geurteilt, deren Bedarf es war.",
        ),
    ],
)
def test_the_share_in_a_sentence(share, sentence):
    assert share_sentence(share, "weniger als 5 Personen") == sentence
