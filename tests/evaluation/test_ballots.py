import threading
import time

import pytest
from django.db import connection, transaction

from evaluation import ballots
from evaluation.actions.answering import AlreadyAnsweredError, SurveyNotOpenError
from evaluation.actions.counting import count_due_surveys, count_survey
from evaluation.actions.surveys import close_survey
from evaluation.models import (
    Answer,
    Envelope,
    Outcome,
    Participation,
    Purpose,
    QuestionKind,
    Response,
    Survey,
    present_minimum,
)
from evaluation.questionnaires import default_questionnaire
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.evaluation import scenes


def test_ballots_open_to_what_was_sealed(db):
    survey = scenes.open_survey(0)
    number = scenes.question(survey, QuestionKind.AGREEMENT).pk
    text = scenes.question(survey, QuestionKind.TEXT).pk
    said = [{number: 6, text: "Größe „李雷“ 🙂"}, {number: 1}]

    for answers in said:
        Envelope.objects.create(survey=survey, sealed=scenes.seal(survey, answers))

    assert sorted(scenes.opened(survey), key=len) == sorted(said, key=len)


@pytest.mark.parametrize("character", ["a", "ß", "🙂", '"', "\\", "\n", "\u0001", "\u2028"])
def test_longest_ballot_has_the_size_of_the_shortest(db, character):
    survey = scenes.open_survey(0)
    longest = {
        question.pk: character * ballots.TEXT_LIMIT if question.kind == QuestionKind.TEXT else 6
        for question in survey.questionnaire.questions()
    }

    sizes = {len(scenes.seal(survey, answers)) for answers in (longest, {}, {question_of(survey): 1})}

    assert len(sizes) == 1


def question_of(survey):
    return scenes.question(survey, QuestionKind.AGREEMENT).pk


def test_ballot_that_does_not_fit_is_refused(db):
    survey = scenes.open_survey(0)

    with pytest.raises(ValueError, match="do not fit"):
        scenes.seal(survey, {question_of(survey): "x" * 100_000})


def test_ballots_stay_closed_to_another_secret(db, settings):
    survey = scenes.open_survey(5)
    scenes.hand_in(survey, [{question_of(survey): 3}] * 5)
    settings.BALLOT_SECRET = "another one"

    with pytest.raises(ballots.BallotsUnreadableError):
        ballots.open_all(survey)


def test_ballot_cannot_be_moved_to_another_survey(db):
    survey, other = scenes.open_survey(0), scenes.open_survey(0)
    other.public_key, other.wrapped_private_key = survey.public_key, survey.wrapped_private_key
    Envelope.objects.create(survey=other, sealed=scenes.seal(survey, {question_of(survey): 3}))

    with pytest.raises(ballots.BallotsUnreadableError):
        ballots.open_all(other)


def test_second_ballot_of_an_invitation_is_refused_and_changes_nothing(db):
    survey = scenes.open_survey(1)
    invitation = survey.invitations.get()
    scenes.send(invitation, {question_of(survey): 1})

    with pytest.raises(AlreadyAnsweredError):
        scenes.send(invitation, {question_of(survey): 6})

    assert (Participation.objects.count(), Envelope.objects.count()) == (1, 1)
    assert scenes.opened(survey) == [{question_of(survey): 1}]


def test_ballot_after_closing_is_refused(db):
    survey = scenes.open_survey(1)
    scenes.end(survey)

    with pytest.raises(SurveyNotOpenError):
        scenes.send(survey.invitations.get(), {question_of(survey): 1})

    assert not Participation.objects.exists()


def test_handing_in_costs_the_same_for_the_first_and_the_last(db, django_assert_num_queries):
    survey = scenes.open_survey(20)
    answers = {question_of(survey): 1}
    first, *others, last = survey.invitations.order_by("pk")
    cost = 11 if connection.features.has_select_for_update else 10

    with django_assert_num_queries(cost):
        scenes.send(first, answers)
    for invitation in others:
        scenes.send(invitation, answers)
    with django_assert_num_queries(cost):
        scenes.send(last, answers)


def test_counting_writes_what_was_said_and_keeps_neither_ballot_nor_key(db):
    survey = scenes.open_survey(present_minimum())
    number, text = question_of(survey), scenes.question(survey, QuestionKind.TEXT).pk
    scenes.hand_in(survey, [{number: value, text: f"Satz {value}"} for value in range(1, 6)])
    scenes.end(survey)

    count_due_surveys()

    survey.refresh_from_db()
    assert survey.outcome == Outcome.COUNTED
    assert (survey.public_key, survey.wrapped_private_key) == (None, None)
    assert not Envelope.objects.exists()
    pairs = {
        (response.answers.get(question=number).number, response.answers.get(question=text).text)
        for response in Response.objects.filter(survey=survey)
    }
    assert pairs == {(value, f"Satz {value}") for value in range(1, 6)}
    assert Participation.objects.count() == 5


def test_counting_again_changes_nothing(db):
    survey = scenes.open_survey(5)
    scenes.hand_in(survey, [{question_of(survey): 1}] * 5)
    scenes.end(survey)

    assert count_survey(survey) is True
    assert count_survey(survey) is False

    assert Answer.objects.count() == 5


def test_open_survey_is_never_counted(db):
    survey = scenes.open_survey(6)
    scenes.hand_in(survey, [{question_of(survey): 1}] * 6)

    assert count_survey(survey) is False
    count_due_surveys()

    assert not Response.objects.exists()
    assert Envelope.objects.count() == 6


def test_ballots_below_the_minimum_stay_sealed_while_the_cohort_goes_on(db):
    session = scenes.held_session()
    factories.SessionFactory(cohort=session.cohort)
    survey = scenes.open_survey(6, session=session)
    scenes.hand_in(survey, [{question_of(survey): 1}] * (present_minimum() - 1))
    scenes.end(survey)

    count_due_surveys()

    survey.refresh_from_db()
    assert survey.outcome == Outcome.WITHHELD
    assert not Response.objects.exists()
    assert Envelope.objects.count() == present_minimum() - 1


def test_ballots_below_the_minimum_are_destroyed_unopened_when_the_cohort_is_over(db, settings):
    survey = scenes.open_survey(6)
    scenes.hand_in(survey, [{question_of(survey): 1}] * (present_minimum() - 1))
    scenes.end(survey)
    settings.BALLOT_SECRET = "nobody could open them now"

    count_due_surveys()

    survey.refresh_from_db()
    assert survey.outcome == Outcome.DESTROYED
    assert (survey.public_key, survey.wrapped_private_key) == (None, None)
    assert not Envelope.objects.exists()
    assert not Response.objects.exists()
    assert AuditEvent.objects.filter(action=AuditAction.SURVEY_DESTROYED).count() == 1


def test_withheld_ballots_wait_for_the_other_surveys_of_the_cohort(db):
    survey = scenes.open_survey(4)
    other = scenes.open_survey(0, session=scenes.held_session(cohort=survey.cohort))
    scenes.hand_in(survey, [{question_of(survey): 1}] * 4)
    scenes.end(survey)

    count_due_surveys()
    survey.refresh_from_db()
    before = survey.outcome
    scenes.end(other)
    count_due_surveys()
    survey.refresh_from_db()

    assert (before, survey.outcome) == (Outcome.WITHHELD, Outcome.DESTROYED)


def test_survey_that_cannot_be_opened_keeps_the_others_from_nothing(db, caplog):
    broken, sound = scenes.open_survey(5), scenes.open_survey(5)
    for survey in (broken, sound):
        scenes.hand_in(survey, [{question_of(survey): 1}] * 5)
        scenes.end(survey)
    Survey.objects.filter(pk=broken.pk).update(wrapped_private_key=b"x" * 60)

    count_due_surveys()

    outcomes = dict(Survey.objects.values_list("pk", "outcome"))
    assert outcomes == {broken.pk: Outcome.PENDING, sound.pk: Outcome.COUNTED}
    assert Envelope.objects.filter(survey=broken).count() == 5
    assert f"Survey {broken.pk} cannot be counted" in caplog.text


@pytest.mark.parametrize("people", [5, 20])
def test_counting_costs_the_same_for_few_and_many_ballots(db, django_assert_num_queries, people):
    survey = scenes.open_survey(people)
    scenes.hand_in(survey, [{question_of(survey): 1}] * people)
    scenes.end(survey)

    with django_assert_num_queries(23):
        count_survey(survey)


def test_default_questionnaire_is_written_once_and_marked_as_a_proposal(db):
    first = default_questionnaire(Purpose.FEEDBACK)
    second = default_questionnaire(Purpose.FEEDBACK)

    assert first == second
    assert first.is_proposal
    kinds = [question.kind for question in first.questions()]
    assert [kinds.count(kind) for kind in ("AGREEMENT", "MIDDLE", "GRADE", "TEXT")] == [14, 2, 1, 3]


def test_two_counters_at_once_count_once(database):
    survey = scenes.open_survey(6)
    scenes.hand_in(survey, [{question_of(survey): 2}] * 6)
    scenes.end(survey)
    has_counted = threading.Event()

    def count_slowly():
        with transaction.atomic():
            result = count_survey(survey)
            has_counted.set()
            time.sleep(0.5)
        return result

    def count_meanwhile():
        has_counted.wait(60)
        return count_survey(survey)

    results = at_once(count_slowly, count_meanwhile)

    assert sorted(results) == [False, True]
    assert Response.objects.count() == 6


def test_count_waits_for_a_ballot_that_is_being_handed_in(database):
    survey = scenes.open_survey(6)
    scenes.hand_in(survey, [{question_of(survey): 2}] * 5)
    late = survey.invitations.get(participation__isnull=True)
    is_handed_in, may_commit = threading.Event(), threading.Event()

    def hand_in_slowly():
        with transaction.atomic():
            scenes.send(late, {question_of(survey): 2})
            is_handed_in.set()
            may_commit.wait(1)

    def close():
        is_handed_in.wait(60)
        close_survey(survey=survey, by=scenes.author())

    at_once(hand_in_slowly, close)

    assert Response.objects.count() == 6
    assert not Envelope.objects.exists()


def test_one_invitation_sent_twice_at_once_is_one_ballot(database):
    survey = scenes.open_survey(1)
    invitation = survey.invitations.get()

    def send():
        try:
            scenes.send(invitation, {question_of(survey): 2})
        except AlreadyAnsweredError:
            return False
        return True

    assert sorted(at_once(send, send)) == [False, True]
    assert Envelope.objects.count() == 1


def at_once(*calls):
    """Results of the calls, each in a thread and on a connection of its own."""
    results = []

    def run(call):
        try:
            results.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == len(calls)
    return results
