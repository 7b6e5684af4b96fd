"""The result of a survey with very many answers. Run by name: pytest tests/benchmarks/bench_results.py -s"""

import time
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Answer, Outcome, Response, Survey, TextState
from netzkoord import roles
from tests import factories
from tests.evaluation import scenes

# Responses, and how many of them write something to each of the three open questions.
SIZES = [(59, 0), (1000, 500), (5900, 0), (5900, 500)]
ROUNDS = 5


def counted(responses, writing):
    """A counted survey: 17 numbers from each, and so many texts to each open question."""
    survey = scenes.open_survey(people=5)
    questions = survey.questionnaire.questions()
    rows = Response.objects.bulk_create(
        Response(survey=survey, role=("MANAGER", "COORDINATOR")[number % 2], fingerprint=uuid.uuid4().hex * 2)
        for number in range(responses)
    )
    Answer.objects.bulk_create(
        (
            Answer(response=row, question=question, number=1 + (number + question.pk) % 5)
            for number, row in enumerate(rows)
            for question in questions
            if question.kind != "TEXT"
        ),
        batch_size=1000,
    )
    Answer.objects.bulk_create(
        Answer(response=row, question=question, text=f"Beispiele aus Ort {number}", text_state=TextState.RELEASED)
        for number, row in enumerate(rows[:writing])
        for question in questions
        if question.kind == "TEXT"
    )
    Survey.objects.filter(pk=survey.pk).update(
        closes_at=timezone.now(),
        outcome=Outcome.COUNTED,
        counted_on=timezone.localdate(),
        public_key=None,
        wrapped_private_key=None,
    )
    return survey


@pytest.mark.django_db
def test_results(client):
    client.force_login(factories.staff(roles.ORGANISATION))
    print()
    for responses, writing in SIZES:
        survey = counted(responses, writing)
        address = reverse("evaluation:survey_detail", args=[survey.pk])
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
            queries = len(captured)
        times = []
        for _ in range(ROUNDS):
            began = time.process_time()
            client.get(address)
            times.append(time.process_time() - began)
        print(
            f"{responses} responses, {17 * responses} numbers, {3 * writing} texts: "
            f"{min(times) * 1000:.0f} ms, {queries} queries"
        )
