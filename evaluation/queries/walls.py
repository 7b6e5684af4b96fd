"""What phones and the projector show of a wall."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from evaluation.models import (
    Card,
    Cluster,
    GuidingQuestion,
    Hand,
    Poll,
    PollSheet,
    Recommendation,
    RecommendationState,
    Round,
    Step,
    Workshop,
)
from evaluation.models.surveys import CODE_LENGTH
from evaluation.phones import mark_in_poll, mark_in_round
from evaluation.queries.boards import board_of
from evaluation.queries.needs import needs_survey_of, texts_of
from evaluation.queries.polls import Weighed, Weighing, columns_of, running_polls, weighings_of
from evaluation.similar import similar_cards
from netzkoord.lib import codes

# Where codes of walls are signed and typed, see `netzkoord.lib.codes`.
WALL = "wall"
# Of a statement and a question follows the key of its card: it hangs once, whoever hangs it up and however often.
SURVEY_CARDS = uuid.UUID("5b0c6f0e-6c1f-4b8e-9a55-2f3d7f1f8a41")
# The key of the recommendation that a card became, and of the one that was taken back.
OF_CARD = Recommendation.objects.filter(card=OuterRef("pk"))
ENTRIES = {
    "entered_as": Subquery(OF_CARD.exclude(state=RecommendationState.WITHDRAWN).values("pk")[:1]),
    "taken_back_as": Subquery(OF_CARD.filter(state=RecommendationState.WITHDRAWN).values("pk")[:1]),
}


def plain_code(typed: str) -> str:
    """A code as it is stored, typed with or without blanks, hyphen and capitals."""
    return "".join(character for character in typed.upper() if character.isalnum())[: CODE_LENGTH + 1]


def workshop_of(code: str) -> Workshop | None:
    """The workshop with this code, typed in any way; one query."""
    return Workshop.objects.filter(code=plain_code(code)).select_related("asked", "asked_in").first()


def signed_code(workshop: Workshop) -> str:
    """The code as the QR code says it, and every page that it has opened."""
    return codes.signed(workshop.code, place=WALL)


@dataclass(frozen=True)
class PhonePage:
    """What a phone is asked at this moment: a card, points, or nothing."""

    workshop: Workshop
    poll: Poll | None
    columns: list[Cluster]
    hung: int
    has_set_points: bool

    @property
    def question(self) -> GuidingQuestion | None:
        return self.workshop.open_question

    @property
    def cards_left(self) -> int | None:
        """How many cards this phone may still hang up; None without a limit."""
        if self.question is None or self.question.cards_each is None:
            return None
        return max(0, self.question.cards_each - self.hung)

    @property
    def code(self) -> str:
        """What the links of the page carry on, so that who is in stays in."""
        return signed_code(self.workshop)

    @property
    def most_points(self) -> int:
        """How many points one column may get from this phone."""
        return self.poll.most_per_column if self.poll else 0

    @property
    def state(self) -> str:
        return state_of(self.workshop, self.poll)


def state_of(workshop: Workshop, poll: Poll | None) -> str:
    """Changes when something else is asked, and with nothing else; tells a phone whether to load anew.

    While points are set, phones show nothing else, whatever question is opened meanwhile.
    """
    asked = (None, None, poll) if poll else (workshop.open_question, workshop.open_round, None)
    return "-".join(str(each.pk if each else None) for each in asked)


def phone_page(workshop: Workshop, phone: str) -> PhonePage:
    poll = open_poll_of(workshop)
    columns = columns_of(poll) if poll else []
    return PhonePage(
        workshop, poll, columns, cards_hung(workshop, phone), bool(poll and has_set_points(phone, poll))
    )


def has_set_points(phone: str, poll: Poll) -> bool:
    return PollSheet.objects.filter(poll=poll, key=mark_in_poll(phone, poll)).exists()


def cards_hung(workshop: Workshop, phone: str) -> int:
    """How many cards the phone has hung up under what is asked."""
    question, in_round = workshop.open_question, workshop.open_round
    if question is None or in_round is None:
        return 0
    mark = mark_in_round(phone, question, in_round)
    hands = Hand.objects.filter(guiding_question=question, round=in_round, phone=mark)
    return hands.values_list("cards", flat=True).first() or 0


def open_poll_of(workshop: Workshop) -> Poll | None:
    """On which phones set points: none once the day is over."""
    return None if workshop.is_over else running_polls(workshop).first()


def is_entered(cards: Sequence[int]) -> bool:
    """Whether one of these cards stands in the register of recommendations."""
    return Recommendation.objects.filter(card__in=cards).exclude(state=RecommendationState.WITHDRAWN).exists()


@dataclass(frozen=True)
class Pile:
    """A column of the wall with the cards that everybody may see; without a title for those that hang loose."""

    pk: int | None
    title: str
    cards: list[Card]


@dataclass(frozen=True)
class Screen(Weighed):
    """The wall on the projector: one question, its cards, the poll that runs, or else the result that counts.

    `in_round`: the cards are those of this round alone; `has_rounds`: there is more than one.
    """

    workshop: Workshop
    question: GuidingQuestion | None
    piles: list[Pile]
    poll: Poll | None
    weighings: list[Weighing]
    in_round: Round | None = None
    has_rounds: bool = False

    @property
    def names_rounds(self) -> bool:
        return self.has_rounds and self.in_round is None

    @property
    def cards(self) -> int:
        return sum(len(pile.cards) for pile in self.piles)


ALL_ROUNDS = "alle"


def screen_of(workshop: Workshop, question: GuidingQuestion | None, asked_for: str = "") -> Screen:
    """`question` as chosen, or else where points are set, what is asked, or the first; constant queries.

    Its cards are those of the round that is `asked_for` by its number, or else of the one in which it is open;
    those of all rounds while points are set, since these count for all, and where all are asked for.
    """
    running = running_polls(workshop).with_voters().first()
    weighed = running.guiding_question if running else None
    shown = question or weighed or workshop.asked or workshop.guiding_questions.first()
    if shown is None:
        return Screen(workshop, None, [], None, [])
    rounds = list(workshop.rounds.all())
    in_round, has_rounds = round_named(rounds, asked_for), len(rounds) > 1
    if running and shown == weighed:
        return Screen(workshop, shown, piles_of(shown, in_round), running, [], in_round, has_rounds)
    if asked_for != ALL_ROUNDS and has_rounds and shown == workshop.open_question:
        in_round = in_round or workshop.open_round
    weighings = weighings_of(shown.polls.all())[shown.pk]
    return Screen(workshop, shown, piles_of(shown, in_round), None, weighings, in_round, has_rounds)


def round_named(rounds: Sequence[Round], number: str) -> Round | None:
    """The round with the number that stands in an address; None for anything else, and where there is only one."""
    if len(rounds) < 2:
        return None
    return next((each for each in rounds if str(each.position) == number), None)


def piles_of(question: GuidingQuestion, in_round: Round | None = None) -> list[Pile]:
    """The loose cards first, since they are new; hidden cards and empty heaps of loose ones are left out.

    Of one round, or of all.
    """
    board = board_of(question)
    hung = Card.objects.filter(guiding_question=question).select_related("round").annotate(**ENTRIES)
    cards = {card.pk: card for card in hung}
    rows = [(None, "", board.loose), *((column.pk, column.title, column.cards) for column in board.columns)]
    seen = {pk for pk, card in cards.items() if in_round in (None, card.round) and pk not in board.hidden}
    piles = [Pile(pk, title, [cards[card] for card in row if card in seen]) for pk, title, row in rows]
    return [pile for pile in piles if pile.cards or pile.pk]


@dataclass(frozen=True)
class Steps:
    """In front of which card one goes that is moved up or down by one; 0: to the end, None: it is there already."""

    up: int | None = None
    down: int | None = None


def steps_of(question: GuidingQuestion, card: Card, asked_for: str = "") -> Steps:
    """Within its column, as the page shows it that is asked for: a card of another round is passed over."""
    in_round = round_named(list(question.workshop.rounds.all()), asked_for)
    row = next((pile.cards for pile in piles_of(question, in_round) if pile.pk and card in pile.cards), [card])
    at = row.index(card)
    behind = [each.pk for each in row[at + 2 : at + 3]] or [0]
    return Steps(row[at - 1].pk if at else None, behind[0] if at + 1 < len(row) else None)


@dataclass(frozen=True)
class BoardPage:
    """The wall for its moderators: with hidden cards, the step that can be taken back, and the poll that runs.

    `chosen`: the cards are those of this round alone.
    """

    question: GuidingQuestion
    piles: list[Pile]
    hidden: list[Card]
    last_step: Step | None
    rounds: list[Round]
    poll: Poll | None
    chosen: Round | None = None

    @property
    def workshop(self) -> Workshop:
        return self.question.workshop

    @property
    def has_rounds(self) -> bool:
        return len(self.rounds) > 1

    @property
    def names_rounds(self) -> bool:
        return self.has_rounds and self.chosen is None

    @property
    def query(self) -> str:
        """What the addresses of the page carry on, so that the choice of a round stays."""
        return f"?runde={self.chosen.position}" if self.chosen else ""

    @property
    def is_poll_elsewhere(self) -> bool:
        """Whether phones set points on another wall of the workshop, and so hang up no cards on this one."""
        return not self.workshop.is_over and self.poll is not None and self.poll.guiding_question != self.question

    @property
    def columns(self) -> list[Pile]:
        return [pile for pile in self.piles if pile.pk]

    @property
    def is_asked(self) -> bool:
        return self.workshop.asked_id == self.question.pk and not self.workshop.is_over


def board_page(question: GuidingQuestion, asked_for: str = "") -> BoardPage:
    """Of all rounds, or of the one with the number that is asked for."""
    rounds = list(question.workshop.rounds.all())
    chosen = round_named(rounds, asked_for)
    hidden = question.cards.filter(is_hidden=True).annotate(**ENTRIES)
    return BoardPage(
        question,
        piles_of(question, chosen),
        list(hidden.filter(round=chosen) if chosen else hidden),
        question.steps.filter(is_undone=False).last(),
        rounds,
        running_polls(question.workshop).with_voters().first(),
        chosen,
    )


def other_questions(pk: int) -> list[tuple[int, GuidingQuestion]]:
    """The other guiding questions of the same workshop, with their numbers. One query."""
    questions = GuidingQuestion.objects.filter(workshop__guiding_questions=pk)
    return [(number, question) for number, question in enumerate(questions, start=1) if question.pk != pk]


@dataclass(frozen=True)
class Statement:
    """What was said in the needs survey, without a name; `key` is the one of the card that it is, or would be."""

    key: uuid.UUID
    text: str
    is_hung: bool


def survey_statements(question: GuidingQuestion) -> list[Statement]:
    """Of the closed needs survey of the cohort to whose session the workshop belongs.

    In the order of letters, each wording once; one hangs when its card does, or another of the same words.
    """
    session = question.workshop.session
    survey = needs_survey_of(session.cohort_id) if session else None
    if survey is None or survey.is_open:
        return []
    hanging = {value for card in question.cards.values_list("key", "text") for value in card}
    said = {" ".join(text.text.split()) for asked in texts_of(survey, named=False) for text in asked.texts}
    keys = {text: card_key(question.pk, text) for text in sorted(said, key=str.casefold)}
    return [Statement(key, text, bool({key, text} & hanging)) for text, key in keys.items()]


def card_key(question_pk: int, text: str) -> uuid.UUID:
    """Of the card that a statement, in one line, becomes under a question, in these words or in shorter ones."""
    return uuid.uuid5(SURVEY_CARDS, f"{question_pk} {text}")


@dataclass(frozen=True)
class SimilarGroup:
    """Cards that may belong together, and a heading to begin with."""

    title: str
    cards: list[Card]


def similar_groups(question: GuidingQuestion) -> list[SimilarGroup]:
    """Proposals for the cards that hang in no column yet. One query."""
    loose = {card.pk: card for card in question.cards.filter(cluster=None, is_hidden=False)}
    found = similar_cards({pk: card.text for pk, card in loose.items()})
    return [SimilarGroup(group.word, [loose[card] for card in group.cards]) for group in found]
