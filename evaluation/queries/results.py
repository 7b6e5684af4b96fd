"""Results of feedback surveys; nothing is read here that was not counted."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from evaluation import results
from evaluation.models import Answer, Outcome, Question, QuestionKind, Response, Survey
from evaluation.results import Asked, QuestionResult, ResponseRate


@dataclass(frozen=True)
class ScaleGroup:
    """Questions of one kind of scale: only what runs in one direction stands together."""

    kind: str
    title: str
    direction: str
    results: list[QuestionResult]

    @property
    def has_top_share(self) -> bool:
        return self.kind == QuestionKind.AGREEMENT


@dataclass(frozen=True)
class OpenAnswers:
    """Texts to one open question in the order of their letters, so that no order of arrival remains."""

    question: str
    texts: list[str]


@dataclass(frozen=True)
class SurveyResult:
    """What a counted survey says."""

    survey: Survey
    rate: ResponseRate
    questions: list[QuestionResult]
    texts: list[OpenAnswers]

    @property
    def summary(self) -> list[str]:
        return results.summary(self.rate, self.questions)

    @property
    def groups(self) -> list[ScaleGroup]:
        titles = {
            QuestionKind.AGREEMENT.value: "Zustimmung",
            QuestionKind.GRADE.value: "Gesamturteil",
            QuestionKind.MIDDLE.value: "Tempo und Niveau",
        }
        return [
            ScaleGroup(kind, title, results.SCALES[kind].direction, rows)
            for kind, title in titles.items()
            if (rows := [result for result in self.questions if result.asked.kind == kind])
        ]


def response_rate(survey: Survey) -> ResponseRate:
    """How many were invited and how many took part, with a link or on paper; one query."""
    counted = Survey.objects.with_counts().get(pk=survey.pk)
    return ResponseRate(counted.answered, counted.invited, counted.on_paper)


def survey_result(survey: Survey) -> SurveyResult | None:
    """The result of a counted survey of five answers or more; None for every other. Five queries."""
    if survey.outcome != Outcome.COUNTED:
        return None
    responses = Response.objects.filter(survey=survey).count()
    if results.is_too_small(responses):
        return None
    counts = counts_per_value(survey)
    questions = survey.questionnaire.questions()
    return SurveyResult(
        survey,
        response_rate(survey),
        [
            results.question_result(asked(question), counts[question.pk], responses=responses)
            for question in questions
            if question.kind in results.SCALES
        ],
        open_answers(survey, questions),
    )


def asked(question: Question) -> Asked:
    return Asked(question.text, question.kind, question.low_label, question.high_label)


def counts_per_value(survey: Survey) -> dict[int, dict[int, int]]:
    """How often each value was given, per question."""
    rows = (
        Answer.objects.filter(response__survey=survey, number__isnull=False)
        .values_list("question", "number")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    for question, number, count in rows:
        counts[question][number] = count
    return counts


def open_answers(survey: Survey, questions: list[Question]) -> list[OpenAnswers]:
    texts: dict[int, list[str]] = defaultdict(list)
    rows = Answer.objects.filter(response__survey=survey).exclude(text="")
    for question, text in rows.values_list("question", "text"):
        texts[question].append(text)
    return [
        OpenAnswers(question.text, sorted(texts[question.pk], key=str.casefold))
        for question in questions
        if question.kind == QuestionKind.TEXT
    ]
