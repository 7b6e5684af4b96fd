import datetime

import pytest

from evaluation.demo.course import fill_course
from evaluation.models import Answer, Outcome, Purpose, SealedCodes, SurveyRule
from participants.models import Selection
from tests import factories


@pytest.fixture
def filled(db):
    session = factories.SessionFactory(days=[datetime.date(2017, 10, 9)])
    for _ in range(11):
        factories.complete_tandem(cohort=session.cohort, selection=Selection.ACCEPTED)
    fill_course(session.cohort)
    return session.cohort


def test_demo_has_before_after_and_transfer_of_the_finished_cohort(filled):
    surveys = {survey.purpose: survey for survey in filled.surveys.all()}
    end, transfer = surveys[Purpose.END], surveys[Purpose.TRANSFER]

    assert {survey.outcome for survey in surveys.values()} == {Outcome.COUNTED}
    assert {survey.follows_rule for survey in surveys.values()} == {True}
    assert SurveyRule.objects.filter(cohort=filled).count() == len(Purpose)
    assert end.responses.filter(pair_before__isnull=False).count() >= 5
    assert not SealedCodes.objects.exists()
    for survey in (end, transfer):
        assert Answer.objects.filter(response__survey=survey).exclude(text="").exists()
    assert transfer.opens_at.date() == datetime.date(2018, 4, 9)
