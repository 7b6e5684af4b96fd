"""Results side by side, over sessions and over cohorts: from five answers, and in no sum otherwise."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from evaluation.actions.counting import count_due_surveys
from evaluation.actions.questionnaires import add_version, release_questionnaire
from evaluation.models import Purpose, Question, QuestionKind, Survey
from evaluation.queries.trends import cohorts_compared, modules_with_feedback, sessions_compared
from evaluation.results import Asked, Band, band_of
from evaluation.trends import Cell, cell_of
from netzkoord import roles
from tests import factories
from tests.evaluation import scenes

AGREE = Asked("Es war gut.", QuestionKind.AGREEMENT, good_within=1.4, poor_beyond=2.0)


@pytest.mark.parametrize(
    ("mean", "band"),
    [(6.0, Band.GOOD), (4.6, Band.GOOD), (4.59, Band.FAIR), (4.0, Band.FAIR), (3.99, Band.POOR)],
)
def test_bands_are_distances_from_the_ideal(mean, band):
    assert band_of(AGREE, mean) == band


def test_middle_is_poor_on_both_sides():
    middle = Asked("Tempo", QuestionKind.MIDDLE, good_within=0.5, poor_beyond=1.0)

    bands = [band_of(middle, mean) for mean in (1.5, 2.5, 3.4, 4.2)]
    assert bands == [Band.POOR, Band.GOOD, Band.GOOD, Band.POOR]


def test_no_band_without_bands():
    assert band_of(Asked("Frage", QuestionKind.GRADE), 2.0) is None


@given(st.lists(st.dictionaries(st.integers(1, 6), st.integers(1, 9), max_size=6), max_size=5))
def test_a_cell_is_made_of_surveys_that_show_the_question_themselves(surveys):
    cell = cell_of(AGREE, [(counts, 5) for counts in surveys])

    shown = [sum(counts.values()) for counts in surveys if sum(counts.values()) >= 5]
    assert cell.n == sum(shown)
    assert (cell.mean is None) == (not shown)
    assert cell.is_withheld == (not shown and any(surveys))


def test_signs_and_words_go_together():
    cells = [Cell(5, 5.0, band) for band in Band]

    assert [(cell.mark, cell.word) for cell in cells] == [("✓", "gut"), ("○", "mittel"), ("▲", "kritisch")]


@pytest.fixture
def organiser(db):
    return factories.staff(roles.ORGANISATION)


def counted(cohort=None, *, days_ago, values, **fields):
    """A counted survey on a session of so many days ago, with these answers to the first question."""
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    session = factories.SessionFactory(days=[day], **({"cohort": cohort} if cohort else {}), **fields)
    survey = scenes.open_survey(len(values), session=session)
    question = scenes.question(survey, QuestionKind.AGREEMENT).pk
    scenes.hand_in(survey, [{question: value} for value in values])
    scenes.end(survey)
    moment = timezone.now() - datetime.timedelta(days=days_ago)
    Survey.objects.filter(pk=survey.pk).update(opens_at=moment)
    count_due_surveys()
    return Survey.objects.get(pk=survey.pk)


def first_cells(comparison):
    return [(cell.n, cell.mean, cell.is_withheld) for cell in comparison.rows[0].cells]


def test_sessions_stand_side_by_side_in_the_order_of_their_days(organiser):
    late = counted(days_ago=3, values=[2] * 5)
    counted(late.cohort, days_ago=30, values=[6] * 6)
    counted(late.cohort, days_ago=10, values=[1] * 4)

    comparison = sessions_compared(late.cohort)

    assert first_cells(comparison) == [(6, 6.0, False), (5, 2.0, False)]
    assert [cell.word for cell in comparison.rows[0].cells] == ["gut", "kritisch"]
    assert comparison.left_out == 1
    assert len(comparison.rows) == 17


def test_cohorts_stand_side_by_side_and_withheld_surveys_are_in_no_sum(organiser):
    early = counted(days_ago=400, values=[4] * 5)
    late = counted(days_ago=30, values=[6] * 5)
    counted(late.cohort, days_ago=10, values=[1] * 4)

    comparison = cohorts_compared(organiser, Purpose.FEEDBACK)

    assert [column.title for column in comparison.columns] == [early.cohort.title, late.cohort.title]
    assert first_cells(comparison) == [(5, 4.0, False), (5, 6.0, False)]


def test_one_module_over_cohorts(organiser):
    early = counted(days_ago=400, values=[4] * 5)
    counted(early.cohort, days_ago=390, values=[1] * 5)
    late = counted(days_ago=30, values=[6] * 5, module=early.session.module)

    comparison = cohorts_compared(organiser, Purpose.FEEDBACK, early.session.module.key)

    assert first_cells(comparison) == [(5, 4.0, False), (5, 6.0, False)]
    assert early.session.module in modules_with_feedback(organiser)
    assert late.session.module == early.session.module


def test_a_question_is_the_same_in_every_version(organiser):
    early = counted(days_ago=400, values=[4] * 5)
    newer = add_version(questionnaire=early.questionnaire, by=organiser)
    Question.objects.filter(section__questionnaire=newer, section__position=1, position=1).update(
        text="Neu gefasst"
    )
    release_questionnaire(questionnaire=newer, by=organiser)
    late = counted(days_ago=30, values=[6] * 5)

    comparison = cohorts_compared(organiser, Purpose.FEEDBACK)

    assert late.questionnaire == newer
    assert (len(comparison.rows), comparison.rows[0].asked.text) == (17, "Neu gefasst")
    assert first_cells(comparison) == [(5, 4.0, False), (5, 6.0, False)]


@pytest.mark.parametrize(
    "query", ["", "?erhebung=NEEDS&modul=unsinn", "?erhebung=END", "?modul='; DROP", "?erhebung=x"]
)
def test_cohort_trend_survives_nonsense(client, organiser, query):
    client.force_login(organiser)

    for url in (reverse("evaluation:cohort_trend"), reverse("evaluation:cohort_trend_export", args=["csv"])):
        assert client.get(url + query).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_cohort_trend_query_count(client, organiser, count, django_assert_num_queries):
    for place in range(count):
        counted(days_ago=30 * (place + 1), values=[5] * 5)
    client.force_login(organiser)

    with django_assert_num_queries(9):
        page = client.get(reverse("evaluation:cohort_trend")).content.decode()

    assert page.count('<th scope="col">') == 1 + count
    assert ("chart-dot" in page) == (count > 1)


@pytest.mark.parametrize("count", [1, 3])
def test_heat_map_query_count(client, organiser, count, django_assert_num_queries):
    cohort = factories.CohortFactory()
    for place in range(count):
        counted(cohort, days_ago=30 * (place + 1), values=[5] * 5)
    client.force_login(organiser)

    with django_assert_num_queries(8):
        page = client.get(reverse("evaluation:heat_map", args=[cohort.pk])).content.decode()

    assert page.count('<th scope="col">') == 1 + count
    assert page.count("✓</span> gut") == count


def test_export_says_what_the_page_says(client, organiser):
    survey = counted(days_ago=30, values=[6, 6, 6, 6, 5])
    client.force_login(organiser)

    csv = client.get(reverse("evaluation:heat_map_export", args=[survey.cohort_id, "csv"]))
    book = client.get(reverse("evaluation:heat_map_export", args=[survey.cohort_id, "xlsx"]))

    line = csv.content.decode("utf-8-sig").splitlines()[1]
    assert line.startswith("Die Ziele des Moduls waren mir klar.;")
    assert line.endswith(";5,80;5;gut")
    rows = list(load_workbook(io.BytesIO(book.content)).active.values)
    assert rows[1][2:] == ("5,80", 5, "gut")


def test_withheld_item_shows_no_number(client, organiser):
    """Five answered, but only four of them this question."""
    survey = scenes.open_survey(5)
    first, second = survey.questionnaire.questions()[:2]
    scenes.hand_in(survey, [{first.pk: 5, second.pk: 2}] * 4 + [{first.pk: 5}])
    scenes.end(survey)
    count_due_surveys()
    client.force_login(organiser)

    comparison = sessions_compared(survey.cohort)
    page = client.get(reverse("evaluation:heat_map", args=[survey.cohort_id])).content.decode()

    assert comparison.rows[1].cells[0] == Cell(is_withheld=True)
    assert page.count('<span class="muted">zu wenige</span>') == 1
