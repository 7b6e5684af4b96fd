"""The minimum of answers that a survey has promised holds for ever, whatever the operator sets later."""

import pytest
from django.urls import reverse

from evaluation.actions.counting import count_due_surveys
from evaluation.models import Answer, Outcome, QuestionKind, Survey, SurveyPool
from evaluation.queries.comparisons import means_of
from evaluation.queries.needs import needs_aggregated
from evaluation.queries.results import survey_result
from evaluation.queries.trends import sessions_compared
from netzkoord import roles
from tests import factories
from tests.evaluation import scenes
from tests.evaluation.test_pooling import withheld

PROMISED = 8


@pytest.fixture
def lowered(settings):
    """Surveys are opened under a minimum of eight; what it returns sets it to a smaller one."""
    settings.MINIMUM_ANSWERS = PROMISED

    def lower():
        settings.MINIMUM_ANSWERS = 3

    return lower


def counted(answers, *, leaving_out=0):
    """A survey with so many answers, some of which leave out its first question."""
    survey = scenes.open_survey(answers)
    first, second = [q.pk for q in survey.questionnaire.questions() if q.kind == QuestionKind.AGREEMENT][:2]
    contents = [{first: 4, second: 5}] * (answers - leaving_out) + [{second: 5}] * leaving_out
    scenes.hand_in(survey, contents)
    scenes.end(survey)
    return survey


def with_counts(survey):
    return list(Survey.objects.with_counts().filter(pk=survey.pk))


def count(survey):
    count_due_surveys()
    survey.refresh_from_db()
    return survey_result(survey)


def test_a_survey_stays_sealed_below_what_it_has_promised(db, lowered):
    survey = counted(PROMISED - 1)
    lowered()

    assert count(survey) is None
    assert survey.outcome in (Outcome.WITHHELD, Outcome.DESTROYED)


def test_a_question_stays_withheld_below_what_its_survey_has_promised(db, lowered):
    survey = counted(PROMISED, leaving_out=1)
    lowered()

    result = count(survey)

    assert [question.is_withheld for question in result.questions[:2]] == [True, False]
    assert result.minimum == PROMISED
    assert len(means_of(with_counts(survey))[survey.pk]) == 1
    assert [row.cells[0].is_withheld for row in sessions_compared(survey.cohort).rows[:2]] == [True, False]


def test_a_larger_minimum_hides_what_was_shown(db, settings):
    survey = counted(6)
    assert count(survey)

    settings.MINIMUM_ANSWERS = 7

    assert survey_result(survey) is None
    assert not means_of(with_counts(survey))[survey.pk]


def test_a_pool_keeps_the_largest_promise_of_its_surveys(db, settings):
    settings.MINIMUM_ANSWERS = 6
    first = withheld(answers=5)
    settings.MINIMUM_ANSWERS = 4
    second = withheld(first.cohort, answers=3)

    count_due_surveys()
    second.refresh_from_db()

    assert SurveyPool.objects.get().minimum_answers == 6
    assert survey_result(second).minimum == 6


def test_surveys_stay_apart_below_the_largest_promise_of_all(db, settings):
    settings.MINIMUM_ANSWERS = PROMISED
    first = withheld(answers=5)
    settings.MINIMUM_ANSWERS = 3
    withheld(first.cohort, answers=2)

    count_due_surveys()

    assert not SurveyPool.objects.exists()
    assert not Answer.objects.exists()


def test_needs_are_aggregated_from_what_was_promised_on(db, lowered):
    survey = scenes.needs_survey(PROMISED - 1)
    text = scenes.question(survey, QuestionKind.TEXT).pk
    for invitation in survey.invitations.all():
        scenes.send(invitation, {text: "Zeit"})
    Survey.objects.update(opens_at=survey.opens_at - scenes.DAY)
    scenes.end(survey)
    lowered()
    count_due_surveys()
    survey.refresh_from_db()

    assert survey.wrapped_private_key is None
    assert needs_aggregated(survey).topics is None


def test_pages_of_answering_name_the_minimum_of_the_survey(client, db, lowered):
    survey = scenes.open_survey(2)
    lowered()
    answering, answered = survey.invitations.order_by("pk")
    scenes.send(answered, {scenes.question(survey, QuestionKind.AGREEMENT).pk: 4})

    first = client.get(scenes.link_of(answering)).content.decode()
    last = client.get(f"{scenes.link_of(answered)}fertig/").content.decode()

    assert f"erst ab {PROMISED} Antworten" in first
    assert f"weniger als {PROMISED} Antworten" in last


def test_the_list_of_several_surveys_names_no_minimum_and_each_page_its_own(client, db, lowered):
    survey = scenes.open_survey(2)
    lowered()
    client.force_login(factories.staff(roles.ORGANISATION))

    of_all = client.get(reverse("evaluation:feedback_list", args=[survey.cohort_id])).content.decode()
    of_one = client.get(survey.get_absolute_url()).content.decode()

    assert "erst nach dem Schließen und wenn so viele geantwortet haben, wie bei der Erhebung steht." in of_all
    assert f"mindestens {PROMISED}\N{NO-BREAK SPACE}Personen geantwortet haben" in of_one.replace("&nbsp;", "\xa0")


@pytest.mark.parametrize(("answering", "is_withheld"), [(6, True), (7, False)])
def test_sheets_beside_links_make_no_question_of_fewer_than_k(client, db, answering, is_withheld):
    """Two sheets may be of people who answered by link, too, and who typed them in knows them."""
    survey = scenes.open_survey(6)
    first, second = [q.pk for q in survey.questionnaire.questions() if q.kind == QuestionKind.AGREEMENT][:2]
    scenes.hand_in(survey, [{first: 4}] * (answering - 2) + [{second: 4}] * (8 - answering))
    scenes.type_in(survey, [1, 2], by=scenes.author())
    scenes.end(survey)

    result = count(survey)

    assert (result.minimum, result.needed) == (5, 7)
    assert result.questions[0].is_withheld is is_withheld
    assert (len(means_of(with_counts(survey))[survey.pk]) == 0) is is_withheld
    assert sessions_compared(survey.cohort).rows[0].cells[0].is_withheld is is_withheld
    client.force_login(factories.staff(roles.ORGANISATION))
    assert "ab 7 Antworten ausgewertet" in client.get(survey.get_absolute_url()).content.decode()
