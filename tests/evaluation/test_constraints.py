"""What the tables of answers refuse, whoever writes into them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum.models import Competence, CompetenceArea, Topic
from evaluation.actions.surveys import start_needs_survey
from evaluation.models import (
    RATED_KINDS,
    Answer,
    Outcome,
    PersonalAnswer,
    Purpose,
    QuestionKind,
    Questionnaire,
    Response,
    Survey,
    SurveyPool,
)
from participants.models import Selection
from tests import factories
from tests.evaluation import scenes


def answer(kind=QuestionKind.AGREEMENT, **said):
    survey = scenes.open_survey(1)
    response = Response.objects.create(survey=survey)
    return Answer(response=response, question=scenes.question(survey, kind), **said)


def item(**said):
    """Values in which a topic or a competence is named: in their place stands one that exists."""
    edition = factories.EditionFactory()
    if "topic" in said:
        said["topic"] = Topic.objects.create(edition=edition, position=1, name="Moderation")
    if "competence" in said:
        area = CompetenceArea.objects.create(edition=edition, position=1, name="Haltung")
        said["competence"] = Competence.objects.create(area=area, position=1, name="Zuhören")
    return said


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"number": 5, "text": "Gut"},
        {"number": 11},
        {"number": 5, "skill": 2},
        {"skill": 2},
        {"text": "Gut", "is_abstention": True},
        {"number": 3, "is_abstention": True},
        {"topic": True},
        {"topic": True, "number": 5},
        {"topic": True, "number": 4, "skill": 0},
        {"topic": True, "text": "Gut"},
        {"topic": True, "competence": True, "number": 1},
        {"competence": True, "number": 5},
        {"competence": True, "skill": 2},
    ],
)
def test_answer_is_said_in_exactly_one_way(db, said):
    refused = answer(**item(**said))

    with pytest.raises(IntegrityError), transaction.atomic():
        refused.save()
    with pytest.raises(ValidationError, match="Eine Antwort ist eine Zahl"):
        refused.full_clean()


@pytest.mark.parametrize(
    "said",
    [
        {"number": 0},
        {"number": 10},
        {"text": "Gut"},
        {"is_abstention": True},
        {"topic": True, "number": 4, "skill": 1},
        {"topic": True, "skill": 1},
        {"competence": True, "number": 0},
        {"competence": True, "is_abstention": True},
    ],
)
def test_answer_may_be_said_in_each_way(db, said):
    answer(**item(**said)).save()

    assert Answer.objects.count() == 1


def test_question_is_answered_once_by_a_response(db):
    first = answer(number=3)
    first.save()

    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(response=first.response, question=first.question, number=4)


def test_personal_answer_is_said_in_exactly_one_way(organiser):
    tandem = factories.TandemFactory(selection=Selection.ACCEPTED)
    factories.RegistrationFactory(tandem=tandem)
    survey = start_needs_survey(cohort=tandem.cohort, closes_at=timezone.now() + scenes.DAY, by=organiser)
    question = scenes.question(survey, QuestionKind.TOPICS)
    said = PersonalAnswer(invitation=survey.invitations.get(), question=question, number=3, text="Gut")

    with pytest.raises(IntegrityError), transaction.atomic():
        said.save()


def test_response_belongs_to_a_survey_or_to_a_pool(db):
    survey = scenes.open_survey(0)
    pool = SurveyPool.objects.create(cohort=survey.cohort, questionnaire=survey.questionnaire, people=5)

    for both in ({}, {"survey": survey, "pool": pool}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.create(**both)
    Response.objects.create(survey=survey)
    Response.objects.create(pool=pool)


def test_a_cohort_has_one_pool_for_a_questionnaire(db):
    survey = scenes.open_survey(0)
    SurveyPool.objects.create(cohort=survey.cohort, questionnaire=survey.questionnaire, people=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyPool.objects.create(cohort=survey.cohort, questionnaire=survey.questionnaire, people=5)


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": Outcome.POOLED},
        {"outcome": Outcome.COUNTED},
        {"outcome": Outcome.DESTROYED},
        {"purpose": Purpose.NEEDS},
    ],
)
def test_survey_refuses_to_be_pooled_without_a_pool_to_keep_its_keys_or_to_change_its_kind(db, values):
    survey = scenes.open_survey(0)

    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(**values)


@pytest.mark.parametrize("bands", [{"good_within": 1}, {"poor_beyond": 2}, {"good_within": 2, "poor_beyond": 1}])
def test_bands_of_a_question_come_together_and_in_order(db, bands):
    questionnaire = Questionnaire.objects.create(purpose=Purpose.FEEDBACK, title="Neu")
    section = questionnaire.sections.create(position=1, title="Inhalt")

    with pytest.raises(IntegrityError), transaction.atomic():
        section.questions.create(position=1, kind=QuestionKind.AGREEMENT, text="Frage", **bands)


@pytest.mark.parametrize("kind", RATED_KINDS)
def test_of_what_is_rated_one_by_one_everything_may_be_left_out(db, kind):
    questionnaire = Questionnaire.objects.create(purpose=Purpose.END, title="Neu")
    section = questionnaire.sections.create(position=1, title="Inhalt")

    with pytest.raises(IntegrityError), transaction.atomic():
        section.questions.create(position=1, kind=kind, text="Frage", is_required=True)
