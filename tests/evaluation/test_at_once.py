"""200 people send at the same instant, all of them twice: nothing is lost, nothing counts twice, no error."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from evaluation import ballots
from evaluation.models import Draft, Envelope, Participation, QuestionKind
from tests.evaluation import scenes

pytestmark = pytest.mark.slow

PEOPLE = 200
# As many requests as a server works on together; the others wait in front of it. PostgreSQL lets in 100.
AT_ONCE = 50


def test_200_people_who_send_at_once_are_counted_once_each(database):
    survey = scenes.open_survey(PEOPLE)
    text = scenes.question(survey, QuestionKind.TEXT).pk
    addresses = []
    for invitation in survey.invitations.select_related("survey__cohort", "survey__questionnaire"):
        scenes.save(invitation, scenes.said({text: f"Person {invitation.pk}"}))
        addresses.append(f"{scenes.link_of(invitation)}pruefen/")
    twice = random.sample(addresses * 2, PEOPLE * 2)

    with ThreadPoolExecutor(AT_ONCE) as people:
        outcomes = list(people.map(sent, twice))

    assert Counter(status for status, _ in outcomes) == {200: PEOPLE, 302: PEOPLE}
    assert all(location.endswith("/fertig/") for status, location in outcomes if status == 302)
    assert (Envelope.objects.count(), Participation.objects.count()) == (PEOPLE, PEOPLE)
    assert not Draft.objects.exists()
    said = Counter(value.text for ballot in ballots.open_all(survey) for value in ballot.answers.values())
    assert said == Counter(f"Person {pk}" for pk in survey.invitations.values_list("pk", flat=True))


def sent(address):
    try:
        response = Client(raise_request_exception=False).post(address)
        return response.status_code, response.headers.get("Location", "")
    finally:
        connection.close()
