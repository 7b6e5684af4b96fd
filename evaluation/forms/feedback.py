"""The anonymous answer: one page, nothing obligatory, but something must be said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms

from evaluation.ballots import TEXT_LIMIT
from evaluation.forms.fields import FreeTextField
from evaluation.models import Question, QuestionKind, Section
from evaluation.results import SCALES
from evaluation.said import Key, Said

NO_NAMES = "Bitte nennen Sie keine Namen und nichts, woran man jemanden erkennt."


@dataclass(frozen=True)
class AskedQuestion:
    """A question with the field that it is answered in."""

    question: Question
    field: forms.BoundField

    @property
    def is_text(self) -> bool:
        return self.question.kind == QuestionKind.TEXT


@dataclass(frozen=True)
class AskedSection:
    section: Section
    questions: list[AskedQuestion]


class FeedbackForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None = None, *, questions: Sequence[Question]) -> None:
        super().__init__(data)
        self.questions = questions
        for question in questions:
            self.fields[field_name(question)] = field_for(question)

    def clean(self) -> None:
        if not self.errors and not self.answers():
            raise forms.ValidationError(
                "Das Formular ist noch leer. Bitte beantworten Sie mindestens eine Frage, bevor Sie es senden."
            )

    def answers(self) -> dict[Key, Said]:
        """For those questions that were answered."""
        said = {question.pk: self.cleaned_data.get(field_name(question)) for question in self.questions}
        return {(pk, None): value_said(value) for pk, value in said.items() if value}

    def sections(self) -> Iterator[AskedSection]:
        for section, questions in groupby(self.questions, key=lambda question: question.section):
            yield AskedSection(section, [AskedQuestion(q, self[field_name(q)]) for q in questions])


def value_said(value: int | str) -> Said:
    return Said(text=value) if isinstance(value, str) else Said(number=value)


def field_name(question: Question) -> str:
    return f"q{question.pk}"


def field_for(question: Question) -> forms.Field:
    if question.kind == QuestionKind.TEXT:
        hint = f"{question.hint} {NO_NAMES}".strip()
        return FreeTextField(label=question.text, help_text=hint, max_length=TEXT_LIMIT)
    return forms.TypedChoiceField(
        label=question.text,
        help_text=question.hint,
        choices=[(value, str(value)) for value in SCALES[question.kind].values],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
