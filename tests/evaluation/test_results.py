import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import results
from evaluation.models import QuestionKind
from evaluation.results import Asked, ResponseRate, question_result

AGREEMENT = Asked("Die Ziele waren klar.", QuestionKind.AGREEMENT)
GRADE = Asked("Gesamtnote", QuestionKind.GRADE)
MIDDLE = Asked("Tempo", QuestionKind.MIDDLE, "zu langsam", "zu schnell")


def counts_of(values):
    return {value: values.count(value) for value in set(values)}


def agreement(text, mean):
    return question_result(Asked(text, QuestionKind.AGREEMENT), {mean: 6}, minimum=5, responses=6)


@given(st.lists(st.integers(1, 6), min_size=5, max_size=200), st.integers(0, 50))
def test_question_result_equals_statistics_of_the_single_values(values, silent):
    result = question_result(AGREEMENT, counts_of(values), minimum=5, responses=len(values) + silent)

    assert result.n == len(values)
    assert result.abstained + result.left_out == silent
    assert result.mean == pytest.approx(statistics.mean(values))
    assert result.median == statistics.median(values)
    assert result.deviation == pytest.approx(statistics.stdev(values), abs=1e-9)
    assert result.top_share == pytest.approx(sum(value >= 5 for value in values) / len(values))
    assert sum(share.share for share in result.shares) == pytest.approx(1)
    assert [share.value for share in result.shares] == [1, 2, 3, 4, 5, 6]
    assert sum(share.count for share in result.shares) == len(values)


@given(st.lists(st.integers(1, 6), max_size=4), st.integers(0, 50))
def test_question_result_of_fewer_than_five_carries_no_number(values, silent):
    result = question_result(AGREEMENT, counts_of(values), minimum=5, responses=len(values) + silent)

    assert result == results.QuestionResult(AGREEMENT, is_withheld=True)


def test_question_result_refuses_value_off_the_scale():
    with pytest.raises(ValueError, match="not on the scale"):
        question_result(MIDDLE, {6: 5}, minimum=5, responses=5)


def test_only_agreement_has_a_top_share():
    assert question_result(GRADE, {1: 5}, minimum=5, responses=5).top_share is None


def test_direction_is_labelled_for_every_scale():
    assert "klein ist gut" in GRADE.scale.direction
    assert "hoch ist gut" in AGREEMENT.scale.direction
    assert "die Mitte (3) ist ideal" in MIDDLE.scale.direction


def test_response_rate_without_invitations_is_zero():
    assert ResponseRate(0, 0).share == 0


def test_summary_names_rate_strongest_weakest_and_mark():
    grade = question_result(GRADE, {1: 3, 2: 3}, minimum=5, responses=6)

    sentences = results.summary(
        ResponseRate(6, 8), [agreement("A.", 4), agreement("B.", 6), agreement("C.", 3), grade]
    )

    assert sentences == [
        "6 von 8 Befragten haben geantwortet (75\u00a0%).",
        "Am meisten Zustimmung fand „B“ (im Mittel 6,0 von 6), am wenigsten „C“ (3,0).",
        "„Gesamtnote“: im Mittel 1,5 als Schulnote.",
    ]


def test_summary_names_no_extremes_when_all_are_equal():
    assert len(results.summary(ResponseRate(6, 8), [agreement("A.", 4), agreement("B.", 4)])) == 1


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({4: 6}, "„Tempo“ liegt bei 4,0 (ideal ist 3), also eher bei „zu schnell“."),
        ({2: 6}, "„Tempo“ liegt bei 2,0 (ideal ist 3), also eher bei „zu langsam“."),
        ({3: 6}, ""),
        ({4: 4}, ""),
    ],
)
def test_off_middle_sentence(counts, sentence):
    assert results.off_middle_sentence(question_result(MIDDLE, counts, minimum=5, responses=6)) == sentence


def test_strengths_and_needing_action_follow_the_thresholds():
    rows = [agreement("A.", 5), agreement("B.", 4), agreement("C.", 3)]

    assert [row.asked.text for row in results.strengths(rows)] == ["A."]
    assert [row.asked.text for row in results.needing_action(rows)] == ["C."]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=40))
def test_topic_need_is_withheld_below_five_and_else_the_difference_of_the_means(ratings):
    need = results.topic_need("Rolle", ratings, minimum=5)

    if len(ratings) < 5:
        assert need == results.TopicNeed("Rolle", is_withheld=True)
        assert need.gap is None
    else:
        assert need.n == len(ratings)
        assert -3 <= need.gap <= 3
        assert need.gap == pytest.approx(
            statistics.mean(r[0] for r in ratings) - statistics.mean(r[1] for r in ratings)
        )


def test_ranked_puts_greatest_need_first_and_withheld_last():
    needs = [
        results.topic_need("klein", [(4, 1)] * 4, minimum=5),
        results.topic_need("gekonnt", [(2, 4)] * 5, minimum=5),
        results.topic_need("nötig", [(4, 1)] * 5, minimum=5),
    ]

    assert [need.name for need in results.ranked(needs)] == ["nötig", "gekonnt", "klein"]
