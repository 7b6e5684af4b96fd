"""Free texts of counted surveys: what others read of them, and what an organiser has to look at.

In the order of their random keys, anew for each question: nothing tells who came first, or which texts to two
questions are of one person.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from evaluation.mentions import Name
from evaluation.models import Answer, Question, QuestionKind, Recommendation, Survey, TextState
from evaluation.queries.counted import answers_of, is_counted
from evaluation.queries.people import asked_people, people_of, surplus_in
from evaluation.queries.pools import counted_in
from evaluation.queries.sittings import names_of
from evaluation.redactions import Piece, chosen_in, pieces, proposed, words_of
from evaluation.tallies import Tally
from evaluation.withholding import shows_texts
from evaluation.wording import pattern_of, spoken


@dataclass(frozen=True)
class VisibleText:
    """A released text as others read it."""

    pieces: list[Piece]

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class OpenAnswers:
    """The released texts to one open question, and how many are not released; `whom` as for `Asked`."""

    question: str
    whom: str
    is_withheld: bool
    texts: list[VisibleText]
    pending: int = 0
    held: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.pending or self.held)


def texts_of(survey: Survey) -> QuerySet[Answer]:
    return answers_of(survey).filter(question__kind=QuestionKind.TEXT).exclude(text="").order_by("pk")


def open_answers(survey: Survey, asked: Sequence[tuple[Question, Tally]]) -> list[OpenAnswers]:
    """What others may read of each open question; one query where something is released."""
    shown = {
        question: tally.text_states for question, tally in asked if shows_texts(tally.asked.total, tally.needed)
    }
    has_released = any(states[TextState.RELEASED] for states in shown.values())
    texts = released_texts(survey, list(shown)) if has_released else {}
    return [
        OpenAnswers(
            question.text,
            question.whom,
            is_withheld=question not in shown,
            texts=texts.get(question.pk, []),
            pending=shown.get(question, Counter())[TextState.PENDING],
            held=shown.get(question, Counter())[TextState.HELD],
        )
        for question, _ in asked
    ]


def released_texts(survey: Survey, questions: Collection[Question]) -> dict[int, list[VisibleText]]:
    texts: dict[int, list[VisibleText]] = defaultdict(list)
    rows = texts_of(survey).filter(question__in=questions, text_state=TextState.RELEASED)
    for question, text, redactions in rows.values_list("question", "text", "redactions"):
        texts[question].append(VisibleText(pieces(text, redactions)))
    return texts


# What an organiser looks at


@dataclass(frozen=True)
class MarkedWord:
    """A word that can be blackened."""

    number: int
    text: str
    starts_line: bool
    is_chosen: bool
    is_proposed: bool


@dataclass(frozen=True)
class Quote:
    """An entry of the register in the words of a text; `tells_more` than others may read of the text itself."""

    recommendation: Recommendation
    tells_more: bool


@dataclass(frozen=True)
class FreeText:
    """One text as it was written, with what is blackened in it or proposed to be, and where it is quoted."""

    answer: Answer
    proposed: frozenset[int]
    quotes: tuple[Quote, ...] = ()

    @property
    def state(self) -> TextState:
        return TextState(self.answer.text_state)

    @property
    def sign(self) -> str:
        return {TextState.PENDING: "due", TextState.RELEASED: "done", TextState.HELD: "neutral"}[self.state]

    @property
    def chosen(self) -> set[int]:
        """What was blackened; before anybody has looked at it, what is proposed."""
        if self.state is TextState.PENDING:
            return set(self.proposed)
        return chosen_in(self.answer.text, self.answer.redactions)

    @property
    def words(self) -> list[MarkedWord]:
        text, chosen, previous = self.answer.text, self.chosen, 0
        marked = []
        for number, word in enumerate(words_of(text)):
            starts_line = "\n" in text[previous : word.start]
            marked.append(MarkedWord(number, word.text, starts_line, number in chosen, number in self.proposed))
            previous = word.end
        return marked

    @property
    def is_told_elsewhere(self) -> bool:
        """Whether the register says what is withheld here."""
        return any(quote.tells_more for quote in self.quotes)


def free_texts(survey: Survey, answers: Iterable[Answer]) -> list[FreeText]:
    """As many queries for many texts as for one; an entry of the register is found by its words alone."""
    names = names_of(survey.cohort)
    entries = [(pattern_of(entry.text), entry) for entry in Recommendation.objects.of_cohort(survey.cohort)]
    return [free_text(answer, names, entries) for answer in answers]


def free_text(
    answer: Answer, names: Sequence[Name], entries: Sequence[tuple[re.Pattern[str], Recommendation]]
) -> FreeText:
    is_decided = answer.text_state != TextState.PENDING
    written = spoken(answer.text)
    quotes = tuple(
        Quote(entry, tells_more=tells_more(pattern, answer))
        for pattern, entry in entries
        if is_decided and pattern.fullmatch(written)
    )
    return FreeText(answer, frozenset(proposed(answer.text, names)), quotes)


def tells_more(pattern: re.Pattern[str], answer: Answer) -> bool:
    """Whether an entry in the words of this text tells more than others may read of it."""
    return answer.text_state != TextState.RELEASED or not pattern.fullmatch(spoken(as_released(answer)))


def is_told_by(words: str, answer: Answer) -> bool:
    """Whether these are the words of the text, with some of them that others may not read."""
    pattern = pattern_of(words)
    return bool(pattern.fullmatch(spoken(answer.text))) and tells_more(pattern, answer)


def as_released(answer: Answer) -> str:
    """The text as others read it, or would."""
    return str(VisibleText(pieces(answer.text, answer.redactions)))


def readable_texts(survey: Survey) -> QuerySet[Answer]:
    """The texts that an organiser may read: to questions that enough people were asked; none before counting.

    In the order of the questions, and of their random keys.
    """
    if not is_counted(survey):
        return Answer.objects.none()
    counted = counted_in(survey)
    everybody = people_of(survey)
    needed = counted.minimum + surplus_in(counted, everybody.total, survey.paper_sheets.count())
    asked = asked_people(survey, counted.questionnaire.questions(), everybody)
    shown = [question for question, people in asked.items() if shows_texts(people.total, needed)]
    texts = texts_of(survey).filter(question__in=shown).select_related("question__section")
    return texts.order_by("question__section__position", "question__position", "pk")


def numbers_by_state(texts: QuerySet[Answer]) -> list[tuple[TextState, int]]:
    """How many texts are in which state; one query."""
    counts = dict(texts.order_by().values_list("text_state").annotate(count=Count("pk")))
    return [(state, counts.get(state, 0)) for state in TextState]
