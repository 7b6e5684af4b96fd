"""Taking a release back while a survey begins, releasing while a question is added: one after the other."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from evaluation.actions.questionnaires import release_questionnaire, take_back
from evaluation.models import Purpose, Question, Survey
from netzkoord import roles
from tests import factories
from tests.evaluation.forms import ask, branching, release
from tests.evaluation.test_frozen import DRAFT, RELEASED

pytestmark = pytest.mark.postgres


def meanwhile(act, change):
    """Do `act` and hold its locks while somebody else tries `change`; returns what became of it."""
    answers = []

    def attempt():
        try:
            change()
            answers.append("stored")
        except IntegrityError as error:
            answers.append(str(error))
        finally:
            connection.close()

    with transaction.atomic():
        act()
        thread = threading.Thread(target=attempt)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()  # waits for the lock
    thread.join(60)
    return answers


@pytest.mark.postgres
def test_no_survey_begins_on_a_release_that_is_being_taken_back(transactional_db):
    release(branching(title="Der andere", purpose=Purpose.END)[0])
    questionnaire = release(branching(purpose=Purpose.END)[0])
    organiser, cohort = factories.staff(roles.ORGANISATION), factories.CohortFactory()
    now = timezone.now()

    [answer] = meanwhile(
        lambda: take_back(questionnaire=questionnaire, by=organiser),
        lambda: Survey.objects.create(
            cohort=cohort,
            questionnaire=questionnaire,
            purpose=Purpose.END,
            opens_at=now,
            closes_at=now + datetime.timedelta(days=1),
        ),
    )

    assert DRAFT in answer
    assert not Survey.objects.exists()


@pytest.mark.postgres
def test_question_added_while_the_draft_is_released_comes_too_late(transactional_db):
    questionnaire = branching()[0]
    organiser = factories.staff(roles.ORGANISATION)

    [answer] = meanwhile(
        lambda: release_questionnaire(questionnaire=questionnaire, by=organiser),
        lambda: ask(questionnaire, "Zu spät?"),
    )

    assert RELEASED in answer
    assert not Question.objects.filter(text="Zu spät?").exists()
