"""The same people asked again and again, and every order in which the database shows what they said.

Each of them says „Person 0“, „Person 1“, … in a text, so that the tests, and nobody else, know whose an answer is.
"""

import uuid

from evaluation import ballots
from evaluation.models import Answer, Envelope, Outcome, Participation, Response, Survey
from tests.evaluation.databases import physical_order

SAID = "Person "


def number_said(text):
    return int(text[len(SAID) :])


def orders_after(database):
    said = {key: number_said(text) for key, text in Answer.objects.values_list("response_id", "text")}
    lying = [uuid.UUID(str(key)) for key in physical_order(database, "evaluation_response", "id")]
    prints = Response.objects.order_by("fingerprint").values_list("pk", flat=True)
    receipts = Response.objects.order_by("receipt_print").values_list("pk", flat=True)
    return {
        "responses by place": ranked([said[key] for key in lying]),
        "responses by key": ranked([said[key] for key in sorted(said)]),
        "responses by fingerprint": ranked([said[key] for key in prints]),
        "responses by print of the receipt": ranked([said[key] for key in receipts]),
        "answers by place": ranked(
            [number_said(text) for text in physical_order(database, "evaluation_answer", "text")]
        ),
        "answers by key": ranked(
            [number_said(text) for text in Answer.objects.order_by("pk").values_list("text", flat=True)]
        ),
    }


def ranked(order):
    """For each person the place in an order."""
    assert sorted(order) == list(range(len(order)))
    return [order.index(number) for number in range(len(order))]


def start_again(survey):
    """The same people are asked once more, under new keys."""
    Answer.objects.all().delete()
    Response.objects.all().delete()
    Participation.objects.all().delete()
    assert not Envelope.objects.exists()
    keys = ballots.new_key_pair()
    survey.public_key, survey.wrapped_private_key = keys.public, keys.wrapped_private
    Survey.objects.filter(pk=survey.pk).update(
        outcome=Outcome.PENDING,
        closes_at=survey.closes_at,
        public_key=keys.public,
        wrapped_private_key=keys.wrapped_private,
    )
