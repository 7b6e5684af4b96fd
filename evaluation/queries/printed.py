"""A questionnaire as it stands on paper: every question has a number, and hints say where to go on.

Nobody knows who fills in a sheet of paper, so it asks what any role is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from evaluation.models import CHOICE_KINDS, SCALE_KINDS, Question, QuestionKind, Section, Survey
from evaluation.queries.asking import AskedQuestion, Sheet, survey_sheet
from evaluation.results import SCALES

# So many columns of options for labels of at most so many characters.
WIDTHS = ((4, 22), (3, 34), (2, 48))


@dataclass(frozen=True)
class PrintedQuestion:
    """A question with its number, and for whom it is or after which answer, where that matters."""

    number: int
    asked: AskedQuestion
    hint: str = ""

    @property
    def question(self) -> Question:
        return self.asked.question

    @property
    def audience(self) -> str:
        """„nur Führungskräfte“; empty where both are asked."""
        return f"nur {self.question.get_audience_display()}" if self.question.audience else ""

    @property
    def columns(self) -> int:
        """How many of the options stand side by side, so that each keeps to one line."""
        longest = max((len(option.label) for option in self.asked.options), default=0)
        return next((columns for columns, most in WIDTHS if longest <= most), 1)

    @property
    def values(self) -> range:
        return SCALES[self.question.kind].values

    @property
    def look(self) -> tuple[str, str, str, bool, str]:
        """Scales that look the same stand in one table; one with a hint begins its own."""
        question = self.question
        return question.kind, question.low_label, question.high_label, question.can_abstain, self.hint


@dataclass(frozen=True)
class Block:
    """Questions that are printed together: scales that look the same, or a single other question."""

    questions: Sequence[PrintedQuestion]

    @property
    def first(self) -> PrintedQuestion:
        return self.questions[0]

    @property
    def shape(self) -> str:
        kind = QuestionKind(self.first.question.kind)
        if kind in SCALE_KINDS:
            return "scale"
        return "choice" if kind in CHOICE_KINDS else kind.lower()


@dataclass(frozen=True)
class PrintedSection:
    section: Section
    questions: Sequence[PrintedQuestion]

    @cached_property
    def blocks(self) -> list[Block]:
        blocks: list[list[PrintedQuestion]] = []
        for question in self.questions:
            is_scale = question.question.kind in SCALE_KINDS
            if is_scale and blocks and continues(question, blocks[-1][0]):
                blocks[-1].append(question)
            else:
                blocks.append([question])
        return [Block(block) for block in blocks]


def continues(question: PrintedQuestion, first: PrintedQuestion) -> bool:
    return question.look[:4] == first.look[:4] and not question.hint


@dataclass(frozen=True)
class PrintedSheet:
    """The whole questionnaire; `sheet` says what counts of what was answered."""

    sheet: Sheet
    sections: Sequence[PrintedSection]

    def questions(self) -> Iterator[PrintedQuestion]:
        return (question for part in self.sections for question in part.questions)


def printed_for(survey: Survey) -> PrintedSheet:
    """What a survey asks, on paper. Five queries, at the end six."""
    return numbered(survey_sheet(survey))


def numbered(sheet: Sheet) -> PrintedSheet:
    asked = [question for _, questions in sheet.sections for question in questions]
    numbers = {question.question.pk: number for number, question in enumerate(asked, start=1)}
    by_pk = {question.question.pk: question for question in asked}
    hints = {question.question.pk: hint_of(place, asked, numbers, by_pk) for place, question in enumerate(asked)}
    return PrintedSheet(
        sheet,
        [
            PrintedSection(
                section,
                [PrintedQuestion(numbers[q.question.pk], q, hints[q.question.pk]) for q in questions],
            )
            for section, questions in sheet.sections
            if questions
        ],
    )


def hint_of(
    place: int, asked: Sequence[AskedQuestion], numbers: dict[int, int], by_pk: dict[int, AskedQuestion]
) -> str:
    """„Nur wenn Sie bei Frage 2 „Noch nichts“ angekreuzt haben – sonst weiter mit Frage 5.“

    Before the first of the questions that depend on the same answer; empty before every other.
    """
    question = asked[place].question
    earlier = by_pk.get(question.condition_question_id or 0)
    if earlier is None or (place and condition(asked[place - 1].question) == condition(question)):
        return ""
    following = (q for q in asked[place + 1 :] if condition(q.question) != condition(question))
    after = next((f"sonst weiter mit Frage {numbers[q.question.pk]}" for q in following), "sonst sind Sie fertig")
    chosen = " oder ".join(words_of(earlier, question.condition_values))
    return f"Nur wenn Sie bei Frage {numbers[earlier.question.pk]} {chosen} angekreuzt haben – {after}."


def condition(question: Question) -> tuple[int | None, list[int]]:
    return question.condition_question_id, sorted(question.condition_values)


def words_of(earlier: AskedQuestion, values: Sequence[int]) -> list[str]:
    labels = {option.position: f"„{option.label}“" for option in earlier.options}
    return [labels.get(value, str(value)) for value in values]
