"""A survey is taken back while people answer: it goes before the first answer, or it stays with all of them."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from evaluation.actions.answering import SurveyNotOpenError, save_draft, submit
from evaluation.actions.paper import enter_sheet
from evaluation.actions.timetable import take_back
from evaluation.models import Invitation, Participation, Purpose, QuestionKind, Survey
from evaluation.queries.rules import usual_rule
from tests.evaluation import scenes

PEOPLE = 12


def test_what_comes_after_a_survey_was_taken_back_is_refused(db):
    survey = survey_by_hand_only(1)
    invitation, question = survey.invitations.get(), scenes.question(survey, QuestionKind.AGREEMENT)
    entry, answers = scenes.entry(survey), scenes.said({question.pk: 3})
    author = scenes.author()

    assert take_back(survey=Survey.objects.get(pk=survey.pk), by=author)

    for late in (
        partial(submit, invitation=invitation, answers=answers),
        partial(save_draft, invitation=invitation, questions={question.pk}, answers=answers, section=1),
        partial(enter_sheet, survey=survey, number=1, entry=entry, by=author),
    ):
        with pytest.raises(SurveyNotOpenError):
            late()


@pytest.mark.slow
def test_survey_goes_before_the_first_answer_or_stays_with_all(database):
    survey = survey_by_hand_only(PEOPLE)
    question, author = scenes.question(survey, QuestionKind.AGREEMENT).pk, scenes.author()
    steps = [partial(hand_in, invitation.pk, question) for invitation in survey.invitations.all()]
    steps.insert(PEOPLE // 2, partial(take_back, survey=Survey.objects.get(pk=survey.pk), by=author))

    with ThreadPoolExecutor(len(steps)) as people:
        outcomes = list(people.map(done, steps))

    is_gone = outcomes.pop(PEOPLE // 2) is not None
    assert set(outcomes) == {"refused" if is_gone else "sent"}
    assert Survey.objects.filter(pk=survey.pk).exists() is not is_gone
    assert Participation.objects.count() == (0 if is_gone else PEOPLE)


def survey_by_hand_only(people):
    """Its rule is switched off, so it goes when it is taken back."""
    survey = scenes.open_survey(people)
    rule = usual_rule(survey.cohort, Purpose.FEEDBACK)
    rule.questionnaire, rule.is_active = survey.questionnaire, False
    rule.save()
    return survey


def hand_in(pk, question):
    try:
        invitation = Invitation.objects.select_related("survey", "registration").get(pk=pk)
        submit(invitation=invitation, answers=scenes.said({question: 3}))
    except (Invitation.DoesNotExist, SurveyNotOpenError):
        return "refused"
    return "sent"


def done(step):
    try:
        return step()
    finally:
        connection.close()
