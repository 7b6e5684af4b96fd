"""A sheet of paper as it is typed in: one field for each cross, digits only, and comparing two entries."""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField

from evaluation.ballots import text_limit
from evaluation.entries import Entry
from evaluation.forms.answering import (
    ABSTENTION,
    CodeField,
    field_name,
    item_name,
)
from evaluation.forms.fields import FreeTextField
from evaluation.models import CHOICE_KINDS, QuestionKind, Section, Survey
from evaluation.queries.printed import PrintedQuestion, PrintedSheet
from evaluation.ratings import RatingScale
from evaluation.said import Answers, Key, Said

HIGHEST_NUMBER = 9999
TEXTS = (QuestionKind.TEXT, QuestionKind.CODE)
NO_NUMBER = f"Die Nummer ist eine Zahl von 1 bis {HIGHEST_NUMBER}. Bitte prüfen Sie sie."
EMPTY_SHEET = "Der Bogen ist leer. Leere Bögen zählen nicht; bitte legen Sie ihn beiseite."


class TypedField(forms.CharField):
    """Digits as they stand beside the boxes, x for „kann ich nicht beurteilen“, nothing for no answer.

    Cleaned to the numbers that were typed, or to ABSTENTION.
    """

    def __init__(
        self, *, allowed: Sequence[int], can_abstain: bool = False, takes_several: bool = False, **kwargs: Any
    ) -> None:
        self.allowed, self.can_abstain, self.takes_several = allowed, can_abstain, takes_several
        super().__init__(required=False, **kwargs)
        self.widget.attrs |= {"pattern": self.pattern, "title": self.sentence, "size": 6, "autocomplete": "off"}

    @property
    def pattern(self) -> str:
        """What a browser may refuse before it is sent."""
        one = "|".join(str(value) for value in reversed(self.allowed))
        abstention = f"|[{ABSTENTION}{ABSTENTION.upper()}]" if self.can_abstain else ""
        return f"((({one})[ ,.]*)+){abstention}" if self.takes_several else f"({one}){abstention}"

    @property
    def sentence(self) -> str:
        span = f"{self.allowed[0]} bis {self.allowed[-1]}"
        several = ", auch mehrere hintereinander" if self.takes_several else ""
        abstention = ", x für „kann ich nicht beurteilen“" if self.can_abstain else ""
        return f"{span}{several}{abstention}; leer für keine Angabe."

    def clean(self, value: Any) -> str | list[int]:
        text = super().clean(value).lower()
        if text == ABSTENTION and self.can_abstain:
            return ABSTENTION
        numbers = self.numbers_in(text)
        if any(each not in self.allowed for each in numbers) or (len(numbers) > 1 and not self.takes_several):
            raise forms.ValidationError(f"Bitte {self.sentence}")
        return sorted(set(numbers))

    def numbers_in(self, text: str) -> list[int]:
        """-1 stands for what is no number at all."""
        if self.takes_several:
            found = re.findall(r"[0-9]" if self.allowed[-1] < 10 else r"[0-9]{1,4}", text)
            return [-1] if re.search(r"[^0-9 ,.]", text) else [int(each) for each in found]
        if not text:
            return []
        return [int(text)] if re.fullmatch(r"[0-9]{1,4}", text) else [-1]


@dataclass(frozen=True)
class Line:
    """One field of the page; the number of its question, where it is the first of several."""

    label: str
    field: BoundField
    number: int | None = None
    about: str = ""


class PaperSheetForm(forms.Form):
    """The whole sheet on one page; `page` tells a double click from another sheet with the same number."""

    page = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.IntegerField(
        label="Nummer auf dem Bogen",
        min_value=1,
        max_value=HIGHEST_NUMBER,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
        error_messages={"required": "Bitte geben Sie die Nummer ein, die auf dem Bogen steht."}
        | dict.fromkeys(("invalid", "min_value", "max_value"), NO_NUMBER),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, survey: Survey, printed: PrintedSheet) -> None:
        super().__init__(data, initial={"page": uuid.uuid4()})
        self.printed = printed
        limit = text_limit(survey)
        for question in printed.questions():
            for name, _, field in fields_of(question, limit):
                self.fields[name] = field

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and not self.answers():
            raise forms.ValidationError(EMPTY_SHEET)
        return cleaned

    def answers(self) -> dict[Key, Said]:
        """What the sheet says and counts: nothing to questions that the earlier answers left out."""
        said = dict(pair for question in self.printed.questions() for pair in said_to(question, self.cleaned_data))
        return self.printed.sheet.relevant({key: value for key, value in said.items() if not value.is_empty})

    def entry(self) -> Entry:
        return Entry(self.answers(), str(self.cleaned_data["page"]))

    def typing_starts(self) -> str:
        """Name of the first field that is wrong, or of the number: there the cursor stands."""
        return next((name for name in self.fields if name in self.errors and name != "page"), "number")

    def parts(self) -> Iterator[tuple[Section, list[Line]]]:
        for part in self.printed.sections:
            yield part.section, [line for question in part.questions for line in self.lines_of(question)]

    def lines_of(self, question: PrintedQuestion) -> Iterator[Line]:
        for place, (name, label, _) in enumerate(fields_of(question, 0)):
            is_first = place == 0
            text = question.question.text
            about = text if label != text and is_first else ""
            yield Line(label, self[name], question.number if is_first else None, about)


def fields_of(question: PrintedQuestion, limit: int) -> Iterator[tuple[str, str, forms.Field]]:
    """(name, label, field) of every field of a question, in the order of the paper."""
    asked = question.asked
    can_abstain = asked.question.can_abstain
    for item in asked.items:
        for scale in item.scales:
            label = f"{item}: {scale.short}" if scale.short else item.name
            field = TypedField(allowed=list(scale.choices), can_abstain=can_abstain, label=label)
            yield item_name(asked.question, item, scale), label, field
    if not asked.is_rated:
        yield field_name(asked.question), asked.question.text, single_field(question, limit)


def single_field(question: PrintedQuestion, limit: int) -> forms.Field:
    label = question.question.text
    if question.question.kind == QuestionKind.TEXT:
        field = FreeTextField(label=label, max_length=limit)
        field.widget.attrs["rows"] = 1
        return field
    if question.question.kind == QuestionKind.CODE:
        return CodeField(label=label, required=False)
    options = question.asked.options
    return TypedField(
        label=label,
        allowed=[option.position for option in options] if options else question.values,
        can_abstain=question.question.can_abstain,
        takes_several=question.question.kind == QuestionKind.MULTIPLE,
    )


def said_to(question: PrintedQuestion, values: Mapping[str, Any]) -> Iterator[tuple[Key, Said]]:
    """What the cleaned fields of a question say."""
    asked = question.asked
    pk = asked.question.pk
    for item in asked.items:
        typed = {scale.field: values[item_name(asked.question, item, scale)] for scale in item.scales}
        yield (pk, item.pk), typed_rating(typed)
    if not asked.is_rated:
        yield (pk, None), typed_said(question, values[field_name(asked.question)])


def single(numbers: Sequence[int]) -> int | None:
    return numbers[0] if numbers else None


def typed_rating(typed: Mapping[str, Any]) -> Said:
    """What was typed for an item, by the fields of `Said`."""
    if ABSTENTION in typed.values():
        return Said(is_abstention=True)
    return Said(single(typed.get("number", [])), single(typed.get("skill", [])))


def typed_said(question: PrintedQuestion, value: Any) -> Said:
    if value == ABSTENTION and question.question.kind not in TEXTS:
        return Said(is_abstention=True)
    if question.question.kind in TEXTS:
        return Said(text=value)
    if question.question.kind in CHOICE_KINDS:
        options = {option.position: option.pk for option in question.asked.options}
        return Said(options=tuple(sorted(options[position] for position in value)))
    return Said(single(value))


class Difference(NamedTuple):
    """A place where two entries of a sheet say different things, in words."""

    key: Key
    label: str
    first: str
    second: str


def differences(printed: PrintedSheet, first: Answers, second: Answers) -> list[Difference]:
    """In the order of the paper."""
    return [
        Difference(key, label, words(question, one), words(question, other))
        for question in printed.questions()
        for key, label in places_of(question)
        if (one := first.get(key, Said())) != (other := second.get(key, Said()))
    ]


def places_of(question: PrintedQuestion) -> Iterator[tuple[Key, str]]:
    about = f"{question.number} {question.question.text}"
    for item in question.asked.items:
        yield (question.question.pk, item.pk), f"{about} – {item}"
    if not question.asked.is_rated:
        yield (question.question.pk, None), about


def words(question: PrintedQuestion, said: Said) -> str:
    if said.is_empty:
        return "keine Angabe"
    if said.is_abstention:
        return "kann ich nicht beurteilen"
    if said.options:
        return ", ".join(option.label for option in question.asked.options if option.pk in said.options)
    if question.asked.is_rated:
        return ", ".join(typed_words(scale, said) for scale in question.asked.items[0].scales)
    return said.text or str(said.number)


def typed_words(scale: RatingScale, said: Said) -> str:
    """„wichtig: 3“, or the digit alone where there is one scale."""
    value = scale.value_in(said)
    words = "keine Angabe" if value is None else str(value)
    return f"{scale.short}: {words}" if scale.short else words


class SheetDecisionForm(forms.Form):
    """Which of two entries is right, place by place."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, found: Sequence[Difference]) -> None:
        super().__init__(data)
        self.found = found
        for difference in found:
            self.fields[place_name(difference)] = forms.ChoiceField(
                label=difference.label,
                choices=[("first", difference.first), ("second", difference.second)],
                widget=forms.RadioSelect,
                error_messages={"required": "Bitte wählen Sie, was auf dem Bogen steht."},
            )

    def rows(self) -> list[BoundField]:
        return [self[place_name(difference)] for difference in self.found]

    def chosen(self, first: Answers, second: Answers) -> dict[Key, Said]:
        """The first entry, with what was chosen of the second."""
        taken = [each.key for each in self.found if self.cleaned_data[place_name(each)] == "second"]
        answers = {**first, **{key: second.get(key, Said()) for key in taken}}
        return {key: said for key, said in answers.items() if not said.is_empty}


def place_name(difference: Difference) -> str:
    question, item = difference.key
    return f"q{question}-{item}" if item else f"q{question}"
