"""Hanging up cards, from phones and from paper. A card that is sent again hangs once."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import F, Max

from evaluation.actions.walls import lock, lock_question, turn
from evaluation.models import Card, CardSource, GuidingQuestion, Hand, Round, Workshop
from evaluation.phones import mark_in_round, mark_of_words

CLOSED = "Diese Frage ist nicht mehr offen. Ihre Karte wurde nicht aufgehängt; der Text steht noch hier."
SAME = "Diese Karte von Ihnen hängt schon. Dieselben Worte hängen von jedem Telefon einmal."
ENOUGH = "Sie haben zu dieser Frage schon alle Ihre Karten aufgehängt; mehr sind nicht vorgesehen."


class NotHung(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A card that was not hung up; the message is one German sentence for the person who wrote it."""


@transaction.atomic
def hang_from_phone(
    *, question: GuidingQuestion, text: str, key: uuid.UUID, phone: str, said: Collection[str] = ()
) -> Card:
    """One thought of somebody in the room, in the round that is asked at this moment.

    `phone` is what its cookie says, for the number of cards only; `said` are the marks of the words that it hung up
    before, which only the phone remembers. Raises `NotHung`.
    """
    lock(question.workshop_id)
    if card := Card.objects.filter(key=key).first():
        return card
    workshop = Workshop.objects.select_related("asked", "asked_in").get(pk=question.workshop_id)
    if workshop.open_question != question or workshop.open_round is None:
        raise NotHung(CLOSED)
    if mark_of_words(text, phone, question, workshop.open_round) in said:
        raise NotHung(SAME)
    count_card(question, workshop.open_round, phone)
    [card] = hang(question, workshop.open_round, {key: text}, CardSource.PHONE)
    return card


def hang_list(
    *, question: GuidingQuestion, in_round: Round, texts: Sequence[str], key: uuid.UUID, source: CardSource
) -> None:
    """As `hang_cards`, and raises as it does; `key` stands for the whole list: sent twice, each card hangs once."""
    keyed = {uuid.uuid5(key, str(number)): text for number, text in enumerate(texts)}
    hang_cards(question=question, in_round=in_round, texts=keyed, source=source)


@transaction.atomic
def hang_cards(
    *, question: GuidingQuestion, in_round: Round, texts: Mapping[uuid.UUID, str], source: CardSource
) -> None:
    """Cards that the moderator brings along, by their keys; in any round, open or not, and without a limit.

    A card of which the key hangs already is not hung again. Raises `NotPossible` when the question or the round is
    gone.
    """
    lock_question(question, in_round)
    known = set(Card.objects.filter(key__in=texts).values_list("key", flat=True))
    hang(question, in_round, {key: text for key, text in texts.items() if key not in known}, source)


def count_card(question: GuidingQuestion, in_round: Round, phone: str) -> None:
    """One card more of this phone; raises `NotHung` when it was the last one before."""
    mark = mark_in_round(phone, question, in_round)
    hand, _ = Hand.objects.get_or_create(guiding_question=question, round=in_round, phone=mark)
    if question.cards_each is not None and hand.cards >= question.cards_each:
        raise NotHung(ENOUGH)
    Hand.objects.filter(pk=hand.pk).update(cards=F("cards") + 1)


def hang(
    question: GuidingQuestion, in_round: Round, texts: Mapping[uuid.UUID, str], source: CardSource
) -> list[Card]:
    """Behind all others that hang in no column yet."""
    loose = Card.objects.filter(guiding_question=question, cluster=None)
    behind = loose.aggregate(last=Max("position"))["last"] or 0
    cards = Card.objects.bulk_create(
        Card(guiding_question=question, round=in_round, text=text, key=key, source=source, position=position)
        for position, (key, text) in enumerate(texts.items(), start=behind + 1)
    )
    if cards:
        turn(question.workshop_id)
    return cards
