"""Forms of the needs survey: starting it, and one step of it."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from curriculum.models import Topic
from evaluation.forms.fields import FreeTextField, require_day_between
from evaluation.models import Question, QuestionKind
from evaluation.queries.needs import NeedsStep
from evaluation.results import SCALES
from evaluation.said import Answers, Said

TEXT_LENGTH = 2000
IMPORTANCE = [(1, "unwichtig"), (2, "eher unwichtig"), (3, "wichtig"), (4, "sehr wichtig")]
SKILL = [(1, "noch nicht"), (2, "etwas"), (3, "gut"), (4, "sehr gut")]


class NeedsSurveyForm(forms.Form):
    closes_on = forms.DateField(
        label="Letzter Tag zum Antworten",
        help_text="Die Erhebung öffnet sofort und schließt an diesem Tag um 24 Uhr.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_closes_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["closes_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError("Dieser Tag ist vorbei. Bitte wählen Sie heute oder einen späteren Tag.")
        require_day_between(day, today, today)
        return day

    @property
    def closes_at(self) -> datetime.datetime:
        """Midnight at the end of the last day, in local time."""
        next_day = self.cleaned_data["closes_on"] + datetime.timedelta(days=1)
        return timezone.make_aware(datetime.datetime.combine(next_day, datetime.time.min))


@dataclass(frozen=True)
class TopicFields:
    """The two scales of one topic."""

    topic: Topic
    importance: BoundField
    skill: BoundField


@dataclass(frozen=True)
class QuestionFields:
    """What one question is answered with: a field of its own, or two scales for each topic."""

    question: Question
    field: BoundField | None
    topics: list[TopicFields]

    @property
    def is_scale(self) -> bool:
        return self.question.kind != QuestionKind.TEXT


class NeedsStepForm(forms.Form):
    """The questions of one step; nothing is obligatory, what was saved stands in the fields."""

    def __init__(self, data: Any = None, *, step: NeedsStep, answers: Answers) -> None:
        super().__init__(data)
        self.step = step
        for question in step.questions:
            if question.kind == QuestionKind.TOPICS:
                for topic in step.topics:
                    self.add_ratings(question, topic, answers.get((question.pk, topic.pk), Said()))
            else:
                self.add_question(question, answers.get((question.pk, None), Said()))

    def add_ratings(self, question: Question, topic: Topic, said: Said) -> None:
        name = f"q{question.pk}-t{topic.pk}"
        self.fields[f"{name}-importance"] = choice_field("Wie wichtig ist Ihnen das?", IMPORTANCE, said.number)
        self.fields[f"{name}-skill"] = choice_field("Wie gut können Sie das schon?", SKILL, said.skill)

    def add_question(self, question: Question, said: Said) -> None:
        if question.kind == QuestionKind.TEXT:
            field: forms.Field = FreeTextField(
                label=question.text, help_text=question.hint, max_length=TEXT_LENGTH, initial=said.text
            )
        else:
            field = choice_field(question.text, scale_choices(question), said.number, hint=question.hint)
        self.fields[f"q{question.pk}"] = field

    def questions(self) -> Iterator[QuestionFields]:
        for question in self.step.questions:
            if question.kind == QuestionKind.TOPICS:
                yield QuestionFields(question, None, [self.topic_fields(question, t) for t in self.step.topics])
            else:
                yield QuestionFields(question, self[f"q{question.pk}"], [])

    def topic_fields(self, question: Question, topic: Topic) -> TopicFields:
        name = f"q{question.pk}-t{topic.pk}"
        return TopicFields(topic, self[f"{name}-importance"], self[f"{name}-skill"])

    def said(self) -> dict[tuple[int, int | None], Said]:
        """What the step says, with an entry for every question, empty ones too."""
        values = self.cleaned_data
        step: dict[tuple[int, int | None], Said] = {}
        for question in self.step.questions:
            if question.kind == QuestionKind.TOPICS:
                for topic in self.step.topics:
                    name = f"q{question.pk}-t{topic.pk}"
                    step[question.pk, topic.pk] = Said(values[f"{name}-importance"], values[f"{name}-skill"])
            elif question.kind == QuestionKind.TEXT:
                step[question.pk, None] = Said(text=values[f"q{question.pk}"])
            else:
                step[question.pk, None] = Said(values[f"q{question.pk}"])
        return step


def scale_choices(question: Question) -> list[tuple[int, str]]:
    """The values of the question's scale, with its words at both ends."""
    scale = SCALES[question.kind]
    words = {scale.lowest: question.low_label, scale.highest: question.high_label}
    return [(value, f"{value} {words.get(value, '')}".strip()) for value in scale.values]


def choice_field(
    label: str, choices: list[tuple[int, str]], initial: int | None, *, hint: str = ""
) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        coerce=int,
        empty_value=None,
        required=False,
        initial=initial,
        widget=forms.RadioSelect,
    )
