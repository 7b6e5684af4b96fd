"""Comparing with earlier sessions and other cohorts: the same question by its key, from k answers each."""

import datetime

import pytest
from django.utils import timezone

from evaluation.models import Survey
from evaluation.queries.comparisons import comparisons_of
from tests import factories
from tests.evaluation import counted as made
from tests.evaluation import scenes


def session_on(days_ago, **fields):
    return factories.SessionFactory(days=[timezone.localdate() - datetime.timedelta(days=days_ago)], **fields)


def counted_on(session, days_ago, **fields):
    survey = made.counted_survey(session=session, **fields)
    opened = timezone.now() - datetime.timedelta(days=days_ago)
    Survey.objects.filter(pk=survey.pk).update(opens_at=opened)
    survey.refresh_from_db()
    return survey


@pytest.fixture
def cohort(db):
    return factories.CohortFactory()


@pytest.fixture
def latest(cohort, trainer):
    return counted_on(session_on(2, cohort=cohort, trainers=[trainer]), 2)


def test_earlier_sessions_of_the_cohort_stand_beside(latest, cohort, organiser):
    earlier = counted_on(session_on(30, cohort=cohort), 30, value=3)

    [comparison] = comparisons_of(latest, organiser)

    assert comparison.title == "Frühere Termine des Durchgangs"
    assert comparison.headings == ["diese Erhebung", str(earlier.session)]
    first = comparison.rows[0]
    assert (first.text, first.scale, first.means) == (
        "Die Ziele des Moduls waren mir klar.",
        "Zustimmung 1–6",
        [5.0, 3.0],
    )
    assert comparisons_of(earlier, organiser) == []


def test_same_module_of_another_cohort_stands_beside_by_its_key(latest, organiser):
    module = factories.ModuleFactory(key=latest.session.module.key)
    other = counted_on(session_on(60, module=module), 60, value=2)
    counted_on(session_on(61), 61)

    [comparison] = comparisons_of(latest, organiser)

    assert comparison.title == "Dasselbe in anderen Durchgängen"
    assert comparison.headings == ["diese Erhebung", other.cohort.title]
    assert comparison.rows[0].means == [5.0, 2.0]


def test_withheld_surveys_are_not_compared(latest, cohort, organiser):
    counted_on(session_on(30, cohort=cohort), 30, answers=4)

    assert comparisons_of(latest, organiser) == []


def test_question_answered_by_four_elsewhere_has_no_mean(latest, cohort, organiser):
    survey = scenes.open_survey(people=6, session=session_on(30, cohort=cohort))
    questions = [q for q in survey.questionnaire.questions() if q.kind != "TEXT"][:2]
    both, one = {q.pk: 4 for q in questions}, {questions[1].pk: 4}
    scenes.hand_in(survey, [both] * 4 + [one] * 2)
    Survey.objects.filter(pk=survey.pk).update(opens_at=timezone.now() - datetime.timedelta(days=30))
    made.counted(survey)

    [comparison] = comparisons_of(latest, organiser)

    assert [(row.text, row.means) for row in comparison.rows] == [(questions[1].text, [5.0, 4.0])]


def test_trainers_compare_with_their_own_sessions_only(latest, cohort, trainer):
    counted_on(session_on(30, cohort=cohort), 30)
    assert comparisons_of(latest, trainer) == []

    own = counted_on(session_on(40, cohort=cohort, trainers=[trainer]), 40)
    [comparison] = comparisons_of(latest, trainer)
    assert comparison.headings == ["diese Erhebung", str(own.session)]


@pytest.mark.parametrize("count", [1, 3])
def test_comparison_query_count(latest, cohort, organiser, django_assert_num_queries, count):
    for number in range(count):
        counted_on(session_on(30 + number, cohort=cohort), 30 + number, answers=5)

    with django_assert_num_queries(10):
        comparisons_of(latest, organiser)
