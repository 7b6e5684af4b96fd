"""What the tables of answers refuse, whoever writes into them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum.models import Topic
from evaluation.actions.needs import start_needs_survey
from evaluation.models import Answer, PersonalAnswer, QuestionKind, Response
from participants.models import Selection
from tests import factories
from tests.evaluation import scenes


def answer(**said):
    survey = scenes.open_survey(1)
    question = scenes.question(survey, QuestionKind.AGREEMENT)
    return Answer(response=Response.objects.create(survey=survey), question=question, **said)


@pytest.mark.parametrize("said", [{}, {"number": 5, "text": "Gut"}, {"number": 0}, {"number": 7}])
def test_answer_is_exactly_one_of_number_and_text(db, said):
    refused = answer(**said)

    with pytest.raises(IntegrityError), transaction.atomic():
        refused.save()
    with pytest.raises(ValidationError, match="entweder eine Zahl von 1 bis 6 oder ein Text"):
        refused.full_clean()


@pytest.mark.parametrize("said", [{"number": 1}, {"number": 6}, {"text": "Gut"}])
def test_answer_may_be_a_number_on_the_scale_or_a_text(db, said):
    answer(**said).save()

    assert Answer.objects.count() == 1


def personal_answer(organiser, *, has_topic, **said):
    tandem = factories.TandemFactory(selection=Selection.ACCEPTED)
    factories.RegistrationFactory(tandem=tandem)
    edition = tandem.cohort.edition
    survey = start_needs_survey(cohort=tandem.cohort, closes_at=timezone.now() + scenes.DAY, by=organiser)
    return PersonalAnswer(
        invitation=survey.invitations.get(),
        question=scenes.question(survey, QuestionKind.TOPICS),
        topic=Topic.objects.create(edition=edition, position=1, name="Moderation") if has_topic else None,
        **said,
    )


@pytest.mark.parametrize(
    ("has_topic", "said"),
    [
        (True, {"number": 5}),
        (True, {"number": 0}),
        (False, {"number": 7}),
        (False, {"number": 0}),
        (True, {"skill": 5}),
        (True, {"number": 4, "skill": 0}),
        (False, {"skill": 3}),
    ],
)
def test_personal_answer_off_the_scale_is_refused(organiser, has_topic, said):
    refused = personal_answer(organiser, has_topic=has_topic, **said)

    with pytest.raises(IntegrityError), transaction.atomic():
        refused.save()
    with pytest.raises(ValidationError, match="von 1 bis 4"):
        refused.full_clean()


@pytest.mark.parametrize(
    ("has_topic", "said"), [(True, {"number": 4, "skill": 1}), (False, {"number": 6}), (False, {}), (True, {})]
)
def test_personal_answer_on_the_scale_is_stored_and_an_empty_one_too(organiser, has_topic, said):
    personal_answer(organiser, has_topic=has_topic, **said).save()

    assert PersonalAnswer.objects.count() == 1
