"""What phones and the projector show of a wall."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from evaluation.dots import Ranked, ranked
from evaluation.models import (
    Card,
    Cluster,
    GuidingQuestion,
    Hand,
    Poll,
    PollSheet,
    Recommendation,
    Round,
    Step,
    Workshop,
)
from evaluation.models.surveys import CODE_LENGTH
from evaluation.phones import mark_in_poll, mark_in_round
from evaluation.queries.boards import board_of
from evaluation.queries.needs import needs_survey_of, texts_of
from evaluation.similar import similar_cards
from netzkoord.lib import codes
from netzkoord.lib.sentences import counted

# Where codes of walls are signed and typed, see `netzkoord.lib.codes`.
WALL = "wall"
# Of a statement and a question follows the key of its card: it hangs once, whoever hangs it up and however often.
SURVEY_CARDS = uuid.UUID("5b0c6f0e-6c1f-4b8e-9a55-2f3d7f1f8a41")
# The key of the recommendation that a card became.
ENTERED_AS = Subquery(Recommendation.objects.filter(card=OuterRef("pk")).values("pk")[:1])


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
        return self.workshop.asked

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
    """Changes when something else is asked, and with nothing else; tells a phone whether to load anew."""
    return f"{workshop.asked_id}-{workshop.asked_in_id}-{poll.pk if poll else None}"


def phone_page(workshop: Workshop, phone: str) -> PhonePage:
    poll = open_poll_of(workshop)
    columns = columns_of(poll) if poll else []
    has_set_points = bool(poll and PollSheet.objects.filter(poll=poll, key=mark_in_poll(phone, poll)).exists())
    return PhonePage(workshop, poll, columns, cards_hung(workshop, phone), has_set_points)


def cards_hung(workshop: Workshop, phone: str) -> int:
    """How many cards the phone has hung up under what is asked."""
    if workshop.asked is None or workshop.asked_in is None:
        return 0
    mark = mark_in_round(phone, workshop.asked, workshop.asked_in)
    hands = Hand.objects.filter(guiding_question=workshop.asked, round=workshop.asked_in, phone=mark)
    return hands.values_list("cards", flat=True).first() or 0


def open_poll_of(workshop: Workshop) -> Poll | None:
    polls = Poll.objects.open().filter(guiding_question__workshop=workshop)
    return polls.select_related("guiding_question").order_by("-pk").first()


@dataclass(frozen=True)
class Pile:
    """A column of the wall with the cards that everybody may see; without a title for those that hang loose."""

    pk: int | None
    title: str
    cards: list[Card]


@dataclass(frozen=True)
class Result:
    """A column and the points that it got."""

    title: str
    place: Ranked
    percent_of_best: int

    @property
    def label(self) -> str:
        return f"{self.place.rank}.\N{NO-BREAK SPACE}{self.title}"

    @property
    def points(self) -> str:
        tied = " (gleichauf)" if self.place.is_tied else ""
        return f"{counted(self.place.points, 'Punkt', 'Punkte')}{tied}"


@dataclass(frozen=True)
class Screen:
    """The wall on the projector: one question, its cards, and the points once they are counted."""

    workshop: Workshop
    question: GuidingQuestion | None
    piles: list[Pile]
    poll: Poll | None
    sheets: int
    results: list[Result]

    @property
    def cards(self) -> int:
        return sum(len(pile.cards) for pile in self.piles)


def screen_of(workshop: Workshop, question: GuidingQuestion | None) -> Screen:
    """`question` as chosen, or else what is asked, or the first; constant number of queries."""
    shown = question or workshop.asked or workshop.guiding_questions.first()
    poll = shown.polls.last() if shown else None
    results = results_of(poll) if poll and not poll.is_open else []
    return Screen(
        workshop,
        shown,
        piles_of(shown) if shown else [],
        poll,
        poll.sheets.count() if poll else 0,
        results,
    )


def piles_of(question: GuidingQuestion) -> list[Pile]:
    """The loose cards first, since they are new; hidden cards and empty heaps of loose ones are left out."""
    board = board_of(question)
    hung = Card.objects.filter(guiding_question=question).select_related("round").annotate(entered_as=ENTERED_AS)
    cards = {card.pk: card for card in hung}
    rows = [(None, "", board.loose), *((column.pk, column.title, column.cards) for column in board.columns)]
    piles = [Pile(pk, title, [cards[card] for card in row if card not in board.hidden]) for pk, title, row in rows]
    return [pile for pile in piles if pile.cards or pile.pk]


def results_of(poll: Poll) -> list[Result]:
    """Most points first; equal ones share a place."""
    dots = {dot.cluster: dot.points for dot in poll.dots.select_related("cluster").order_by("cluster__position")}
    titles: Mapping[int, str] = {cluster.pk: cluster.title for cluster in dots}
    best = max(dots.values(), default=0) or 1
    places = ranked({cluster.pk: points for cluster, points in dots.items()})
    return [Result(titles[place.column], place, round(100 * place.points / best)) for place in places]


@dataclass(frozen=True)
class BoardPage:
    """The wall for its moderators: with hidden cards, and with the step that can be taken back."""

    question: GuidingQuestion
    piles: list[Pile]
    hidden: list[Card]
    last_step: Step | None
    rounds: list[Round]

    @property
    def workshop(self) -> Workshop:
        return self.question.workshop

    @property
    def columns(self) -> list[Pile]:
        return [pile for pile in self.piles if pile.pk]

    @property
    def is_asked(self) -> bool:
        return self.workshop.asked_id == self.question.pk


def board_page(question: GuidingQuestion) -> BoardPage:
    return BoardPage(
        question,
        piles_of(question),
        list(question.cards.filter(is_hidden=True)),
        question.steps.filter(is_undone=False).last(),
        list(question.workshop.rounds.all()),
    )


def other_questions(pk: int) -> list[tuple[int, GuidingQuestion]]:
    """The other guiding questions of the same workshop, with their numbers. One query."""
    questions = GuidingQuestion.objects.filter(workshop__guiding_questions=pk)
    return [(number, question) for number, question in enumerate(questions, start=1) if question.pk != pk]


@dataclass(frozen=True)
class PollPage:
    """The last poll of a wall for its moderators; results only once it is closed."""

    question: GuidingQuestion
    poll: Poll | None
    columns: list[Cluster]
    sheets: int
    results: list[Result]


def poll_page(question: GuidingQuestion) -> PollPage:
    poll = question.polls.last()
    if poll is None:
        return PollPage(question, None, [], 0, [])
    results = [] if poll.is_open else results_of(poll)
    return PollPage(question, poll, columns_of(poll), poll.sheets.count(), results)


def columns_of(poll: Poll) -> list[Cluster]:
    return list(Cluster.objects.filter(dots__poll=poll).order_by("position", "pk"))


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
    keys = {text: uuid.uuid5(SURVEY_CARDS, f"{question.pk} {text}") for text in sorted(said, key=str.casefold)}
    return [Statement(key, text, bool({key, text} & hanging)) for text, key in keys.items()]


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
