"""One step of a survey, as its participants fill it in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from evaluation import codes
from evaluation.forms.fields import FreeTextField
from evaluation.models import SCALE_KINDS, Question, QuestionKind
from evaluation.queries.asking import AskedQuestion, Step
from evaluation.ratings import RatedItem, RatingScale
from evaluation.results import SCALES
from evaluation.said import Answers, Key, Said

NO_NAMES = "Bitte nennen Sie keine Namen und nichts, woran man jemanden erkennt."
Choices = Sequence[tuple[int | str, str]]
# Stands in a field for „kann ich nicht beurteilen“.
ABSTENTION = "x"
ANSWER_MISSING = "Bitte beantworten Sie diese Frage."


@dataclass(frozen=True)
class ItemFields:
    """A topic, competence or need with one field for each of its scales."""

    item: RatedItem
    fields: list[BoundField]


@dataclass(frozen=True)
class QuestionFields:
    """What one question is answered with: one field, or the fields of each item that it lets people rate."""

    asked: AskedQuestion
    field: BoundField | None
    items: list[ItemFields]

    @property
    def question(self) -> Question:
        return self.asked.question

    @property
    def is_scale(self) -> bool:
        return self.asked.kind in SCALE_KINDS

    @property
    def none_label(self) -> str:
        """The choice apart from the scale; empty where an answer is needed."""
        if self.question.can_abstain:
            return "kann ich nicht beurteilen"
        return "" if self.question.is_required else "keine Angabe"

    @property
    def none_value(self) -> str:
        return ABSTENTION if self.question.can_abstain else ""


class AnswerStepForm(forms.Form):
    """The questions of one step; what was saved stands in the fields."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        step: Step,
        answers: Answers,
        text_limit: int,
        hint: str = "",
    ) -> None:
        super().__init__(data)
        self.step, self.text_limit, self.hint = step, text_limit, hint
        for asked in step.questions:
            for name, field, said in self.fields_for(asked, answers):
                field.initial = said
                self.fields[name] = field

    def fields_for(self, asked: AskedQuestion, answers: Answers) -> Iterator[tuple[str, forms.Field, Any]]:
        """(name, field, initial value) of every field of a question."""
        question = asked.question
        for item in asked.items:
            said = answers.get((question.pk, item.pk), Said())
            for scale in item.scales:
                offered = with_abstention(question, list(scale.choices.items()))
                field = choices_field(scale.label or item.name, offered, hint=item.description)
                yield item_name(question, item, scale), field, rating_of(scale, said)
        if not asked.is_rated:
            said = answers.get((question.pk, None), Said())
            yield field_name(question), self.field_for(asked), initial_of(asked, said)

    def field_for(self, asked: AskedQuestion) -> forms.Field:
        question = asked.question
        if question.kind == QuestionKind.TEXT:
            return FreeTextField(
                label=question.text,
                help_text=f"{question.hint} {self.hint}".strip(),
                max_length=self.text_limit,
                is_required=question.is_required,
            )
        if question.kind == QuestionKind.CODE:
            return CodeField(label=question.text, help_text=question.hint, required=question.is_required)
        if question.kind == QuestionKind.MULTIPLE:
            return several_field(asked)
        offered = with_abstention(question, offered_by(asked))
        return choices_field(question.text, offered, hint=question.hint, is_required=question.is_required)

    def questions(self) -> Iterator[QuestionFields]:
        for asked in self.step.questions:
            question = asked.question
            items = [
                ItemFields(item, [self[item_name(question, item, scale)] for scale in item.scales])
                for item in asked.items
            ]
            yield QuestionFields(asked, None if asked.is_rated else self[field_name(question)], items)

    def said(self) -> dict[Key, Said]:
        """What the step says; nothing for what was left out."""
        said = {key: said for asked in self.step.questions for key, said in self.said_to(asked)}
        return {key: value for key, value in said.items() if not value.is_empty}

    def said_to(self, asked: AskedQuestion) -> Iterator[tuple[Key, Said]]:
        question, values = asked.question, self.cleaned_data
        for item in asked.items:
            chosen = {scale.field: values[item_name(question, item, scale)] for scale in item.scales}
            yield (question.pk, item.pk), rating_said(chosen)
        if not asked.is_rated:
            yield (question.pk, None), value_said(asked, values[field_name(question)])


def field_name(question: Question) -> str:
    return f"q{question.pk}"


def item_name(question: Question, item: RatedItem, scale: RatingScale) -> str:
    return "-".join([field_name(question), str(item.pk), *([scale.name] if scale.name else [])])


def number(value: str) -> int | None:
    return int(value) if value else None


def rating_of(scale: RatingScale, said: Said) -> int | str | None:
    return ABSTENTION if said.is_abstention else scale.value_in(said)


def rating_said(chosen: Mapping[str, str]) -> Said:
    """What the values chosen for an item say, by the fields of `Said`."""
    if ABSTENTION in chosen.values():
        return Said(is_abstention=True)
    return Said(number(chosen.get("number", "")), number(chosen.get("skill", "")))


def value_said(asked: AskedQuestion, value: Any) -> Said:
    """What a field's value says."""
    if value in (ABSTENTION, [ABSTENTION]):
        return Said(is_abstention=True)
    if asked.kind in (QuestionKind.TEXT, QuestionKind.CODE):
        return Said(text=value)
    if asked.kind == QuestionKind.MULTIPLE:
        return Said(options=tuple(int(option) for option in value))
    if asked.kind == QuestionKind.SINGLE:
        return Said(options=(int(value),)) if value else Said()
    return Said(number(value))


def initial_of(asked: AskedQuestion, said: Said) -> Any:
    if said.is_abstention:
        return [ABSTENTION] if asked.kind == QuestionKind.MULTIPLE else ABSTENTION
    if asked.kind == QuestionKind.MULTIPLE:
        return list(said.options)
    if asked.kind == QuestionKind.SINGLE:
        return said.options[0] if said.options else None
    return said.text or said.number


def offered_by(asked: AskedQuestion) -> Choices:
    if asked.options:
        return [(option.pk, option.label) for option in asked.options]
    return [(value, str(value)) for value in SCALES[asked.kind].values]


def with_abstention(question: Question, offered: Choices) -> Choices:
    return [*offered, (ABSTENTION, "kann ich nicht beurteilen")] if question.can_abstain else offered


def choices_field(label: str, choices: Choices, *, hint: str = "", is_required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=is_required,
        widget=forms.RadioSelect,
        error_messages={"required": ANSWER_MISSING},
    )


class SeveralField(forms.MultipleChoiceField):
    def clean(self, value: Any) -> list[str]:
        chosen: list[str] = super().clean(value)
        if ABSTENTION in chosen and len(chosen) > 1:
            raise forms.ValidationError(
                "Bitte wählen Sie entweder Antworten oder „kann ich nicht beurteilen“, nicht beides."
            )
        return chosen


def several_field(asked: AskedQuestion) -> SeveralField:
    return SeveralField(
        label=asked.question.text,
        help_text=asked.question.hint,
        choices=with_abstention(asked.question, offered_by(asked)),
        required=asked.question.is_required,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": ANSWER_MISSING},
    )


class CodeField(forms.CharField):
    """The self-made code, brought into one form: „ma 07-kö“ is „MA07KO“."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": ANSWER_MISSING}, **kwargs)

    def clean(self, value: Any) -> str:
        code = codes.normalised(super().clean(value) or "")
        if code and len(code) != codes.CODE_LENGTH:
            raise forms.ValidationError(
                f"Der Code hat {codes.CODE_LENGTH} Zeichen, hier sind es {len(code)}. Bitte prüfen Sie ihn."
            )
        return code
