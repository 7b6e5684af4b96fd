"""Closing a survey of 5,000 ballots, and sending one among few and among many. Run by name:

pytest tests/benchmarks/bench_counting.py -s
"""

import statistics
import time
from functools import partial

from django.db import connection

from evaluation.actions.counting import count_survey
from evaluation.ballots import Ballot, random_receipt, seal
from evaluation.models import Answer, Envelope, Invitation, Participation, QuestionKind, Response
from evaluation.said import Said
from evaluation.traces import forget_traces
from netzkoord.models import User
from participants.models import Registration, Selection, Tandem
from tests import factories
from tests.evaluation import scenes
from tests.evaluation.conftest import database  # noqa: F401 -- a fixture

BALLOTS = 5000
LIMIT_SECONDS = 60


def survey_of(ballots):
    """A survey to which so many people of one (invented, large) cohort have answered all questions."""
    survey = scenes.open_survey(1)
    town = factories.MunicipalityFactory()
    first = User.objects.count()
    accounts = User.objects.bulk_create(User(email=f"p{first + n}@stadt.example") for n in range(ballots))
    tandems = Tandem.objects.bulk_create(
        Tandem(cohort=survey.cohort, municipality=town, selection=Selection.WAITING) for _ in accounts
    )
    people = Registration.objects.bulk_create(
        Registration(cohort=survey.cohort, tandem=tandem, person=one, role="COORDINATOR", email=one.email)
        for one, tandem in zip(accounts, tandems, strict=True)
    )
    invited = Invitation.objects.bulk_create(Invitation(survey=survey, registration=each) for each in people)
    questions = survey.questionnaire.questions()
    answers = {
        (q.pk, None): Said(text="Mehr Zeit für eigene Fälle.") if q.kind == QuestionKind.TEXT else Said(3)
        for q in questions
    }
    Participation.objects.bulk_create(Participation(invitation=each) for each in invited)
    Envelope.objects.bulk_create(
        Envelope(
            survey=survey,
            sealed=seal(survey, Ballot(answers, "COORDINATOR", random_receipt())),
        )
        for each in invited
    )
    return survey, len(questions)


def seconds(call):
    began, used = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - began, time.process_time() - used


def test_counting_5000_ballots(database):  # noqa: F811
    survey, questions = survey_of(BALLOTS)
    scenes.end(survey)

    counting = seconds(lambda: count_survey(survey))
    forgetting = seconds(forget_traces)

    assert (Response.objects.count(), Answer.objects.count()) == (BALLOTS, BALLOTS * questions)
    print(f"\n{BALLOTS} ballots of {questions} questions on {connection.vendor}")
    print("counting: {:.1f} s, {:.1f} s of processor time".format(*counting))
    print("forgetting: {:.1f} s, {:.1f} s of processor time".format(*forgetting))
    assert counting[0] < LIMIT_SECONDS


def test_sending_costs_the_same_among_few_and_among_many(database):  # noqa: F811
    for number in (10, BALLOTS):
        survey, _ = survey_of(number)
        question = scenes.question(survey, QuestionKind.AGREEMENT).pk
        people = [scenes.attend(survey.session) for _ in range(21)]
        invited = Invitation.objects.bulk_create(Invitation(survey=survey, registration=each) for each in people)
        times = [seconds(partial(scenes.send, each, {question: 4}))[1] for each in invited]
        print(f"\nsending after {number} others: {statistics.median(times) * 1000:.1f} ms of processor time")
