"""Counts of very many answers are kept; the texts, which are released one by one, are counted anew."""

import pytest

from curriculum.models import Audience
from evaluation.models import Answer, QuestionKind, TextState
from evaluation.queries import counts
from evaluation.queries.results import survey_result
from tests.evaluation import scenes
from tests.evaluation.counted import counted, counted_survey, questionnaire_of, released, survey_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(monkeypatch):
    monkeypatch.setattr(counts, "MANY", 6)
    return counted_survey(6)


def test_numbers_are_read_once_and_the_state_of_texts_each_time(survey):
    first = survey_result(survey)
    Answer.objects.filter(question__kind=QuestionKind.AGREEMENT).update(number=1)
    Answer.objects.exclude(text="").update(text_state=TextState.RELEASED)

    second = survey_result(survey)

    assert second.questions == first.questions
    assert [len(answers.texts) for answers in first.texts] == [0] * len(first.texts)
    assert sum(len(answers.texts) for answers in second.texts) == Answer.objects.exclude(text="").count() > 0


def test_kept_counts_say_the_same_as_those_read_anew(survey, monkeypatch):
    for _ in range(2):
        kept = survey_result(survey)
    monkeypatch.setattr(counts, "MANY", 7)

    anew = survey_result(survey)

    assert (kept.questions, kept.choices, kept.texts) == (anew.questions, anew.choices, anew.texts)


def test_what_was_kept_with_other_fields_is_not_read(survey, monkeypatch):
    first = survey_result(survey)
    Answer.objects.filter(question__kind=QuestionKind.AGREEMENT).update(number=1)
    monkeypatch.setattr(counts.Counts, "_fields", (*counts.Counts._fields, "new"))

    assert survey_result(survey).questions != first.questions


def test_as_many_as_answered_the_survey_are_many_though_its_question_is_for_fewer(monkeypatch):
    monkeypatch.setattr(counts, "MANY", 10)
    questionnaire = released(questionnaire_of(["AGREEMENT"], AGREEMENT={"audience": Audience.MANAGER}))
    survey = survey_of(questionnaire, scenes.held_session(), [*Audience] * 5)
    scenes.hand_in(survey, [{questionnaire.questions()[0].pk: 5}, {}] * 5)
    first = survey_result(counted(survey))
    Answer.objects.update(number=1)

    assert survey_result(survey).questions == first.questions


def test_few_answers_leave_nothing_in_the_cache(survey, monkeypatch):
    monkeypatch.setattr(counts, "MANY", 7)
    before = survey_result(survey)
    Answer.objects.filter(question__kind=QuestionKind.AGREEMENT).update(number=1)

    assert survey_result(survey).questions != before.questions
