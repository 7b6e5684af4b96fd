"""200 surveys: no order in which the database shows the answers follows any order that is known of the people.

The attacker has everything: each table with its hidden columns, before and after the count, the secret, and when
everybody answered. He pairs the answers, in every order he can see, with the people, in every order he knows.
"""

import random
from statistics import correlation, mean

import pytest

from evaluation import ballots
from evaluation.actions.answering import submit
from evaluation.actions.counting import count_survey
from evaluation.attacks.orders import KNOWN
from evaluation.models import QuestionKind
from tests.evaluation import scenes
from tests.evaluation.again import SAID, orders_after, ranked, start_again
from tests.evaluation.databases import rows

pytestmark = pytest.mark.slow

PEOPLE = 5
SURVEYS = 200
# The mean rank correlation of 200 random orders of five has a standard deviation of 1 / sqrt(4 * 200) = 0.035; all
# comparisons together pass the bound by chance once in some 100,000 runs.
BOUND = 0.2


def test_no_order_of_the_answers_follows_the_people(database):
    survey = scenes.open_survey(PEOPLE)
    people = list(survey.invitations.select_related("registration", "survey").order_by("pk"))
    question = scenes.question(survey, QuestionKind.TEXT).pk
    chance = random.Random(1)  # noqa: S311 -- the order in which people answer in this test
    fixed = {
        name: ranked(sorted(range(PEOPLE), key=lambda n, key=key: key(people[n]))) for name, key in KNOWN.items()
    }
    seen = {}
    for _ in range(SURVEYS):
        known = fixed | answer_in_any_order(people, question, chance)
        known |= orders_before(database, survey)
        scenes.end(survey)
        count_survey(survey)
        for view, shown in orders_after(database).items():
            for name, order in known.items():
                seen.setdefault((name, view), []).append(correlation(order, shown))
        start_again(survey)

    assert len(seen) >= 50
    assert {pair: round(mean(values), 2) for pair, values in seen.items() if abs(mean(values)) > BOUND} == {}


def answer_in_any_order(people, question, chance):
    sending = chance.sample(range(PEOPLE), PEOPLE)
    for number in sending:
        answers = scenes.said({question: f"{SAID}{number}"})
        submit(invitation=people[number], answers=answers, receipt=ballots.random_receipt())
    return {"time": ranked(sending)}


def orders_before(database, survey):
    """Who has an old copy of the database, and the secret, knows what is in which envelope."""
    private = ballots.unwrapped_private_key(survey)
    where = "SELECT sealed FROM evaluation_envelope ORDER BY "
    return {
        f"envelopes by {name}": ranked(
            [number_in(bytes(sealed), survey, private) for (sealed,) in rows(where + order)]
        )
        for name, order in {"place": database.place, "key": "id"}.items()
    }


def number_in(sealed, survey, private):
    content = ballots.SUITE.decrypt(sealed, private, info=ballots.purpose_of(survey)).decode()
    return int(content[content.index(SAID) + len(SAID)])
