"""Hanging up cards, from phones and from paper. A card that is sent again hangs once."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Max

from evaluation.actions.walls import lock, turn
from evaluation.models import Card, CardSource, GuidingQuestion, Hand, Round, Workshop

CLOSED = "Diese Frage ist nicht mehr offen. Ihre Karte wurde nicht aufgehängt; der Text steht noch hier."
ENOUGH = "Sie haben zu dieser Frage schon alle Ihre Karten aufgehängt; mehr sind nicht vorgesehen."


class NotHung(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A card that was not hung up; the message is one German sentence for the person who wrote it."""


@transaction.atomic
def hang_from_phone(*, question: GuidingQuestion, text: str, key: uuid.UUID, phone: str) -> Card:
    """One thought of somebody in the room, in the round that is asked at this moment.

    `phone` is the hash that stands for the phone, for the number of cards only. Raises `NotHung`.
    """
    lock(question.workshop_id)
    if card := Card.objects.filter(guiding_question=question, key=key).first():
        return card
    workshop = Workshop.objects.select_related("asked_in").get(pk=question.workshop_id)
    if workshop.asked_id != question.pk or workshop.asked_in is None:
        raise NotHung(CLOSED)
    count_card(question, workshop.asked_in, phone)
    return hang(question, workshop.asked_in, text=text, key=key, source=CardSource.PHONE)


@transaction.atomic
def hang_list(
    *, question: GuidingQuestion, in_round: Round, texts: Sequence[str], key: uuid.UUID, source: CardSource
) -> None:
    """Cards that the moderator brings along; in any round, open or not, and without a limit.

    `key` stands for the whole list: sent twice, each card hangs once.
    """
    lock(question.workshop_id)
    for number, text in enumerate(texts):
        card_key = uuid.uuid5(key, str(number))
        if not Card.objects.filter(key=card_key).exists():
            hang(question, in_round, text=text, key=card_key, source=source)


def count_card(question: GuidingQuestion, in_round: Round, phone: str) -> None:
    """One card more of this phone; raises `NotHung` when it was the last one before."""
    hand, _ = Hand.objects.get_or_create(guiding_question=question, round=in_round, phone=phone)
    if question.cards_each is not None and hand.cards >= question.cards_each:
        raise NotHung(ENOUGH)
    Hand.objects.filter(pk=hand.pk).update(cards=F("cards") + 1)


def hang(question: GuidingQuestion, in_round: Round, *, text: str, key: uuid.UUID, source: CardSource) -> Card:
    """Behind all others that hang in no column yet."""
    last = Card.objects.filter(guiding_question=question, cluster=None).aggregate(last=Max("position"))["last"] or 0
    card = Card.objects.create(
        guiding_question=question, round=in_round, text=text, key=key, source=source, position=last + 1
    )
    turn(question.workshop_id)
    return card
