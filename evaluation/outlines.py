"""A questionnaire as a whole: its sections, their questions and options, and what depends on what. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from evaluation.models import CHOICE_KINDS, SCALE_KINDS, Option, Question, Questionnaire, Section
from evaluation.results import SCALES


@dataclass(frozen=True)
class PlannedQuestion:
    """A question with its options, its section, and its number in the whole questionnaire."""

    question: Question
    section: Section
    number: int
    options: Sequence[Option] = ()

    @property
    def is_scale(self) -> bool:
        return self.question.kind in SCALE_KINDS

    @property
    def is_choice(self) -> bool:
        return self.question.kind in CHOICE_KINDS

    @property
    def answers(self) -> dict[int, str]:
        """What a later question may depend on: the values of the scale or the places of the options, in words."""
        if self.is_choice:
            return {option.position: option.label for option in self.options}
        if not self.is_scale:
            return {}
        lowest, *_, highest = values = SCALES[self.question.kind].values
        ends = {lowest: self.question.low_label, highest: self.question.high_label}
        return {value: f"{value} ({ends[value]})" if ends.get(value) else str(value) for value in values}


@dataclass(frozen=True)
class PlannedSection:
    section: Section
    questions: Sequence[PlannedQuestion]


@dataclass(frozen=True)
class Outline:
    questionnaire: Questionnaire
    sections: Sequence[PlannedSection]

    @cached_property
    def by_pk(self) -> dict[int, PlannedQuestion]:
        return {planned.question.pk: planned for planned in self.questions()}

    def questions(self) -> Iterator[PlannedQuestion]:
        return (planned for part in self.sections for planned in part.questions)

    def asks(self, kind: str) -> bool:
        return any(planned.question.kind == kind for planned in self.questions())

    def condition_of(self, question: Question) -> PlannedQuestion | None:
        """The question on whose answer this one depends."""
        return self.by_pk.get(question.condition_question_id) if question.condition_question_id else None

    def depending_on(self, question: Question) -> list[PlannedQuestion]:
        return [planned for planned in self.questions() if planned.question.condition_question_id == question.pk]

    def condition_sentence(self, question: Question) -> str:
        """„Nur wer bei „Haben Sie …?“ geantwortet hat: Ja oder Teils“; empty without a condition."""
        earlier = self.condition_of(question)
        if earlier is None:
            return ""
        words = [earlier.answers.get(value, str(value)) for value in question.condition_values]
        return f"Nur wer bei „{earlier.question}“ geantwortet hat: {' oder '.join(words)}"

    def may_condition(self, question: Question) -> list[PlannedQuestion]:
        """The questions of earlier sections on whose answers this one may depend.

        Only of earlier ones: a section is one page, and which questions stand on it is known when it opens.
        """
        own = self.by_pk[question.pk].section
        return [
            planned for planned in self.questions() if planned.section.position < own.position and planned.answers
        ]


def outline_from(
    questionnaire: Questionnaire,
    sections: Sequence[Section],
    questions: Sequence[Question],
    options: Sequence[Option],
) -> Outline:
    """Put together what was read; questions in the order of the page."""
    of_question: dict[int, list[Option]] = {question.pk: [] for question in questions}
    for option in options:
        of_question[option.question_id].append(option)
    by_pk = {section.pk: section for section in sections}
    of_section: dict[int, list[PlannedQuestion]] = {section.pk: [] for section in sections}
    for number, question in enumerate(questions, start=1):
        planned = PlannedQuestion(question, by_pk[question.section_id], number, of_question[question.pk])
        of_section[question.section_id].append(planned)
    return Outline(questionnaire, [PlannedSection(section, of_section[section.pk]) for section in sections])
