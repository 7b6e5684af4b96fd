"""60 surveys: whoever sees every mail and every invitation guesses whose an answer is no better than by lot.

The attacker has the outbox as it is stored – who got what and when, in which row – and the table of invitations. He
knows who was reminded and so had not answered yet, and who asked for the own link in the room and when. From each
order that he can make of that he assigns the answers, in each order in which the counted survey shows them.
"""

import datetime
import random
from statistics import correlation, mean

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from post_office.models import Email

from evaluation import ballots
from evaluation.actions.answering import submit
from evaluation.actions.counting import count_survey
from evaluation.actions.inviting import invite, remind_missing
from evaluation.actions.room import send_room_link
from evaluation.models import Invitation, Purpose, QuestionKind, Response, Survey
from evaluation.queries.rules import usual_rule
from evaluation.questionnaires import default_questionnaire
from netzkoord.lib import mail
from tests.evaluation import scenes
from tests.evaluation.again import SAID, number_said, orders_after, ranked, start_again
from tests.evaluation.databases import physical_order

pytestmark = pytest.mark.slow

PEOPLE = 5
SURVEYS = 60
LEAKING_SURVEYS = 12
THANKS = "Das haben Sie gesagt: Alles"
# By lot one of n is guessed right, with a variance of one, and the rank correlation has a variance of 1 / (n - 1):
# so many standard deviations are passed by chance in one of 10,000 runs, over all pairs of orders together.
BOUND = 5.5
# Part of those who have not answered yet do so between two days on which others are reminded.
DAYS = ((0, 0.4), (4, 0.5), (10, 1.0))


@pytest.fixture
def people(database):
    """The invitations of a survey with reminders by its cohort's rule, in the order of their keys."""
    survey = scenes.open_survey(PEOPLE)
    Survey.objects.filter(pk=survey.pk).update(opens_at=timezone.now(), closes_at=timezone.now() + 14 * scenes.DAY)
    rule = usual_rule(survey.cohort, Purpose.FEEDBACK)
    rule.questionnaire = default_questionnaire(Purpose.FEEDBACK)
    rule.save()
    invited = survey.invitations.select_related("registration", "survey__cohort", "survey__session__module")
    return list(invited.order_by("pk"))


def test_nobody_guesses_from_mails_and_invitations_whose_an_answer_is(database, people):
    assert best_guesses(database, people, surveys=SURVEYS) == {}


def test_the_attack_finds_mails_that_say_what_was_counted_in_the_order_of_counting(database, people):
    """As if each of those who answered were told so when their ballot is opened."""

    def thank_in_the_order_of_counting(people):
        by_place = physical_order(database, "evaluation_response", "id")
        said = {str(r.pk).replace("-", ""): number_said(r.answers.get().text) for r in Response.objects.all()}
        for key in by_place:
            thank(people[said[str(key).replace("-", "")]])

    found = best_guesses(database, people, surveys=LEAKING_SURVEYS, after_counting=thank_in_the_order_of_counting)

    assert found[THANKS, "responses by place"] > BOUND
    assert found["last mail by time", "responses by place"] > BOUND


def test_the_attack_finds_mails_at_handing_in_where_answers_lie_as_they_came(database, people):
    """As if handing in were confirmed by mail, and the count did not shuffle."""
    arrived = []

    def confirm(invitation, number):
        thank(invitation)
        arrived.append(number)

    def write_as_they_came(people):
        responses = {number_said(r.answers.get().text): r for r in Response.objects.all()}
        answers = {number: response.answers.get() for number, response in responses.items()}
        Response.objects.all().delete()
        for number in arrived:
            responses[number].save(force_insert=True)
            answers[number].save(force_insert=True)
        arrived.clear()

    found = best_guesses(
        database, people, surveys=LEAKING_SURVEYS, at_handing_in=confirm, after_counting=write_as_they_came
    )

    assert found[THANKS, "responses by place"] > BOUND


def thank(invitation):
    mail.send(
        invitation.registration.email,
        "evaluation/mail/result_returned.txt",
        {"name": invitation.registration.full_name, "about": "Alles", "cohort": "", "link": "https://a.example/"},
    )


def best_guesses(database, people, *, surveys, at_handing_in=None, after_counting=None):
    """Each pair of an order known from mails and one shown of the answers that says more than chance would."""
    chance = random.Random(5)  # noqa: S311 -- who answers when in this test
    question = scenes.question(people[0].survey, QuestionKind.TEXT).pk
    seen = {}
    for _ in range(surveys):
        run_survey(people, question, chance, at_handing_in)
        if after_counting:
            after_counting(people)
        for known, order in orders_known(database, people).items():
            for view, shown in orders_after(database).items():
                seen.setdefault((known, view), []).append((order, shown))
        ask_again(people)
    assert len(seen) >= 45
    return {pair: told for pair, orders in seen.items() if (told := deviation(orders)) > BOUND}


def run_survey(people, question, chance, at_handing_in):
    """From its opening to the count, with all mails that go out meanwhile."""
    survey, waiting = people[0].survey, list(range(PEOPLE))
    opened = timezone.now()
    for day, share in DAYS:
        with time_machine.travel(opened + day * scenes.DAY + datetime.timedelta(hours=3)):
            invite(survey)
            remind_missing()
            for number in chance.sample(range(PEOPLE), PEOPLE):
                if chance.random() < 0.2:
                    send_room_link.func(survey.pk, people[number].registration.email)
                if number in waiting and chance.random() < share:
                    waiting.remove(number)
                    hand_in(people[number], number, question, at_handing_in)
    with time_machine.travel(opened + 15 * scenes.DAY):
        assert count_survey(survey)


def hand_in(invitation, number, question, at_handing_in):
    answers = scenes.said({question: f"{SAID}{number}"})
    submit(invitation=invitation, answers=answers, receipt=ballots.random_receipt())
    if at_handing_in:
        at_handing_in(invitation, number)


def orders_known(database, people):
    """For each person the place in every order that mails and invitations give."""
    mails = {n: list(Email.objects.filter(to=[i.registration.email]).order_by("pk")) for n, i in enumerate(people)}
    rows = {row.pk: row for row in Invitation.objects.filter(survey=people[0].survey)}
    lying = physical_order(database, "evaluation_invitation", "id")
    known = {
        "last mail by row": lambda n: mails[n][-1].pk,
        "last mail by time": lambda n: mails[n][-1].created,
        "last mail by change": lambda n: mails[n][-1].last_updated,
        "number of mails": lambda n: len(mails[n]),
        "subjects": lambda n: sorted(each.subject for each in mails[n]),
        "reminders": lambda n: rows[people[n].pk].reminders,
        "links": lambda n: people[n].link_key,
        "invitations by place": lambda n: lying.index(people[n].pk),
    }
    to_all = set.intersection(*({each.subject for each in own} for own in mails.values()))
    known |= {subject: lambda n, s=subject: next(m.pk for m in mails[n] if m.subject == s) for subject in to_all}
    return {name: ranked(sorted(range(PEOPLE), key=key)) for name, key in known.items()}


def deviation(orders):
    """How far right guesses, or ranks, by two orders are from those by lot, in standard deviations."""
    right = [sum(a == b for a, b in zip(order, shown, strict=True)) for order, shown in orders]
    ranks = [correlation(order, shown) for order, shown in orders]
    number = len(orders)
    return max(abs(mean(right) - 1) * number**0.5, abs(mean(ranks)) * ((PEOPLE - 1) * number) ** 0.5)


def ask_again(people):
    """The same people once more, as if nobody had been written to."""
    survey = people[0].survey
    start_again(survey)
    survey.invitations.update(mailed_on=None, reminders=0)
    Email.objects.all().delete()
    cache.clear()
