"""The anonymous answer: one page, nothing obligatory, but something must be said."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms

from evaluation.ballots import TEXT_LIMIT
from evaluation.models import Question, QuestionKind, Section
from evaluation.results import SCALES

# Control characters other than the line break: no font has them, and they mean nothing in a sentence.
CONTROL = re.compile(r"[\x01-\x09\x0b-\x1f\x7f]")

NO_NAMES = "Bitte nennen Sie keine Namen und nichts, woran man jemanden erkennt."


class FreeTextField(forms.CharField):
    """A text of at most TEXT_LIMIT characters, counted as the browser counts: a line break is one."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(max_length=TEXT_LIMIT, required=False, widget=widget, **kwargs)

    def to_python(self, value: object) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return super().to_python(CONTROL.sub(" ", text)) or ""


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

    def answers(self) -> dict[int, int | str]:
        """Question → number or text, for those that were answered."""
        said = {question.pk: self.cleaned_data.get(field_name(question)) for question in self.questions}
        return {pk: value for pk, value in said.items() if value}

    def sections(self) -> Iterator[AskedSection]:
        for section, questions in groupby(self.questions, key=lambda question: question.section):
            yield AskedSection(section, [AskedQuestion(q, self[field_name(q)]) for q in questions])


def field_name(question: Question) -> str:
    return f"q{question.pk}"


def field_for(question: Question) -> forms.Field:
    if question.kind == QuestionKind.TEXT:
        return FreeTextField(label=question.text, help_text=f"{question.hint} {NO_NAMES}".strip())
    return forms.TypedChoiceField(
        label=question.text,
        help_text=question.hint,
        choices=[(value, str(value)) for value in SCALES[question.kind].values],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
