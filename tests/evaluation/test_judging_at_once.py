"""Many begin at the same instant, before anybody was invited, while a need is taken apart: all judge the same."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from evaluation.actions.needs import take_back
from evaluation.models import Invitation, JudgedNeed, Need, NeedSource, QuestionKind
from tests.evaluation import judging, scenes

pytestmark = pytest.mark.slow

PEOPLE = 12


def test_needs_are_fixed_once_whoever_comes_first(database):
    survey = judging.planned_survey(judging.cohort_with_needs(PEOPLE))
    question = scenes.question(survey, QuestionKind.AGREEMENT).pk
    source = NeedSource.objects.get(need__cohort=survey.cohort, need__title="Wirkung zeigen")
    steps = [partial(hand_in, invitation.pk, question) for invitation in survey.invitations.all()]
    steps.insert(PEOPLE // 2, partial(take_back, source=source))

    with ThreadPoolExecutor(len(steps)) as people:
        outcomes = list(people.map(done, steps))

    assert outcomes == [None] * len(steps)
    asked = set(JudgedNeed.objects.filter(survey=survey).values_list("need", flat=True))
    assert asked == set(Need.objects.filter(cohort=survey.cohort).values_list("pk", flat=True))
    assert len({len(bytes(sealed)) for sealed in survey.envelopes.values_list("sealed", flat=True)}) == 1


def hand_in(pk, question):
    invitation = Invitation.objects.select_related("survey", "registration").get(pk=pk)
    scenes.submit(invitation=invitation, answers=scenes.said({question: 3}), receipt="")


def done(step):
    try:
        step()
    finally:
        connection.close()
