"""Results of counted surveys; nothing is read here that was not counted, and nothing answer by answer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from curriculum.models import Competence, Topic
from evaluation import results
from evaluation.judgements import NeedResult, need_sentences
from evaluation.models import (
    CHOICE_KINDS,
    Option,
    Question,
    QuestionKind,
    Survey,
    SurveyComment,
)
from evaluation.queries.counted import is_counted, may_see_result
from evaluation.queries.counts import counts_of
from evaluation.queries.judgements import heard_of
from evaluation.queries.people import asked_people, people_of, surplus_in
from evaluation.queries.pools import pool_of, pool_rate, pooled_surveys
from evaluation.queries.texts import OpenAnswers, open_answers
from evaluation.queries.told import told_of
from evaluation.results import AGREEMENTS, Asked, QuestionResult, ResponseRate, TopicNeed
from evaluation.tallies import (
    ChoiceResult,
    LevelResult,
    Tally,
    TallyRow,
    choice_result,
    item_sentences,
    level_result,
    scale_result,
    topic_result,
)
from evaluation.withholding import WHY_POOL_UNDIVIDED, RoleCounts, why_more, why_undivided
from netzkoord.models import User

GROUP_TITLES: dict[str, str] = {
    QuestionKind.AGREEMENT: "Zustimmung",
    QuestionKind.AGREEMENT_FIVE: "Zustimmung auf fünf Stufen",
    QuestionKind.GRADE: "Gesamturteil in Schulnoten",
    QuestionKind.TEN: "Einschätzung von 0 bis 10",
    QuestionKind.TARGET: "Zielscheibe",
    QuestionKind.MIDDLE: "Zu wenig, zu viel, genau richtig",
}


@dataclass(frozen=True)
class ScaleGroup:
    """Questions of one kind of scale: only what runs in one direction stands together."""

    kind: str
    title: str
    direction: str
    results: list[QuestionResult]

    @property
    def has_top_share(self) -> bool:
        return self.kind in AGREEMENTS

    @property
    def top_label(self) -> str:
        highest = results.SCALES[self.kind].highest
        return f"{highest - 1} oder {highest}"

    @property
    def is_middle_ideal(self) -> bool:
        return self.kind == QuestionKind.MIDDLE

    @property
    def has_bands(self) -> bool:
        return any(result.band for result in self.results)

    @property
    def divided(self) -> list[QuestionResult]:
        """Those of which the roles may stand side by side."""
        return [result for result in self.results if result.by_role]


@dataclass(frozen=True)
class RatedItems:
    """The topics or competences that one question asks about; `whom` as for `Asked`."""

    question: str
    whom: str
    topics: list[TopicNeed]
    levels: list[LevelResult]


@dataclass(frozen=True)
class SurveyResult:
    """What a counted survey says; `people` are those who answered, by role as far as it is known.

    `needs` are those of the cohort that they have judged; empty where it was not asked, and `needs_whom` as for
    `Asked`.
    """

    survey: Survey
    minimum: int
    surplus: int
    rate: ResponseRate
    people: RoleCounts
    questions: list[QuestionResult]
    choices: list[ChoiceResult]
    rated: list[RatedItems]
    needs: list[NeedResult]
    needs_whom: str
    texts: list[OpenAnswers]
    comment: SurveyComment | None
    pooled: list[Survey]
    needs_role: bool

    @property
    def summary(self) -> list[str]:
        first, *others = results.summary(self.rate, self.questions)
        levels = [level for rated in self.rated for level in rated.levels]
        topics = [topic for rated in self.rated for topic in rated.topics]
        return [first, *others, *item_sentences(self.choices, levels, topics), *need_sentences(self.needs)]

    @property
    def groups(self) -> list[ScaleGroup]:
        return [
            ScaleGroup(kind, title, results.SCALES[kind].direction, rows)
            for kind, title in GROUP_TITLES.items()
            if (rows := [result for result in self.questions if result.asked.kind == kind])
        ]

    @property
    def why_undivided(self) -> str:
        if self.pooled:
            return WHY_POOL_UNDIVIDED
        return why_undivided(self.people, self.minimum, self.surplus, needs_role=self.needs_role)

    @property
    def needed(self) -> int:
        """How many answers a question needs."""
        return self.minimum + self.surplus

    @property
    def why_more(self) -> str:
        return why_more(self.minimum, self.surplus)


def response_rate(survey: Survey) -> ResponseRate:
    """How many were invited and how many took part, with a link or on paper; one query."""
    counted = Survey.objects.with_counts().get(pk=survey.pk)
    return ResponseRate(counted.answered, counted.invited, counted.on_paper)


def survey_result(survey: Survey) -> SurveyResult | None:
    """The result of a counted survey of so many answers as were promised; None for every other.

    A fixed number of queries for each questionnaire, however many have answered.
    """
    if not is_counted(survey):
        return None
    people = people_of(survey)
    pool = pool_of(survey)
    minimum = (pool or survey).minimum
    if results.is_too_small(people.total, minimum):
        return None
    rate = pool_rate(pool) if pool else response_rate(survey)
    surplus = surplus_in(pool or survey, people.total, rate.on_paper)
    questions = (pool or survey).questionnaire.questions()
    asked = asked_people(survey, questions, people)
    tallies = Tallies(survey, questions, people, asked, minimum, surplus)
    return SurveyResult(
        survey=survey,
        minimum=minimum,
        surplus=surplus,
        rate=rate,
        people=people,
        questions=[
            scale_result(asked_of(question), tallies.of(question), survey=people)
            for question in questions
            if question.kind in results.SCALES
        ],
        choices=choice_results(survey, questions, tallies, people),
        rated=rated_items(survey, questions, tallies),
        needs=need_results(survey, questions, minimum + surplus),
        needs_whom=next((each.whom for each in questions if each.kind == QuestionKind.COVERAGE), ""),
        texts=open_answers(
            survey,
            [(question, tallies.of(question)) for question in questions if question.kind == QuestionKind.TEXT],
        ),
        comment=SurveyComment.objects.filter(survey=survey).select_related("written_by").first(),
        pooled=list(pooled_surveys(pool)) if pool else [],
        needs_role=told_of(questions, survey.cohort.edition_id).needs_role(survey.purpose),
    )


def visible_result(survey: Survey, user: User) -> SurveyResult | None:
    """The result, for somebody who sees the survey; of a pool only where all of its surveys are theirs."""
    return survey_result(survey) if may_see_result(user, survey) else None


def may_comment(user: User, survey: Survey) -> bool:
    """Organisers, and the trainers of the session."""
    if user.has_perm("evaluation.change_survey"):
        return True
    return survey.session is not None and survey.session.trainers.filter(pk=user.pk).exists()


def asked_of(question: Question) -> Asked:
    return Asked(
        question.text,
        question.kind,
        question.low_label,
        question.high_label,
        None if question.good_within is None else float(question.good_within),
        None if question.poor_beyond is None else float(question.poor_beyond),
        question.whom,
    )


class Tallies:
    """What was said to each question, and to each topic or competence in it."""

    def __init__(
        self,
        survey: Survey,
        questions: Sequence[Question],
        people: RoleCounts,
        asked: dict[int, RoleCounts],
        minimum: int,
        surplus: int,
    ) -> None:
        self.asked, self.minimum, self.surplus = asked, minimum, surplus
        said = counts_of(survey, questions, people=people.total)
        self.rows: dict[tuple[int, int | None], list[TallyRow]] = defaultdict(list)
        for row in said.rows:
            self.rows[row.question, row.topic or row.competence].append(row)
        self.chose: dict[int, dict[str, int]] = defaultdict(dict)
        for question, role, count in said.chose:
            self.chose[question][role] = count

    def of(self, question: Question, item: int | None = None) -> Tally:
        rows, chose = self.rows[question.pk, item], self.chose[question.pk]
        return Tally(self.asked[question.pk], rows, chose, self.minimum, self.surplus)


def choice_results(
    survey: Survey, questions: list[Question], tallies: Tallies, people: RoleCounts
) -> list[ChoiceResult]:
    choices = [question for question in questions if question.kind in CHOICE_KINDS]
    if not choices:
        return []
    labels: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for option in Option.objects.filter(question__in=choices):
        labels[option.question_id].append((option.pk, option.label))
    return [choice_result(asked_of(q), labels[q.pk], tallies.of(q), survey=people) for q in choices]


def rated_items(survey: Survey, questions: list[Question], tallies: Tallies) -> list[RatedItems]:
    """Topics with the greatest need first; competences in the order of the profile."""
    return [
        RatedItems(question.text, question.whom, topics_of(survey, question, tallies), [])
        if question.kind == QuestionKind.TOPICS
        else RatedItems(question.text, question.whom, [], levels_of(survey, question, tallies))
        for question in questions
        if question.kind in (QuestionKind.TOPICS, QuestionKind.COMPETENCES)
    ]


def need_results(survey: Survey, questions: Sequence[Question], needed: int) -> list[NeedResult]:
    """In the order in which they were asked; a query where they were."""
    if not any(question.kind == QuestionKind.COVERAGE for question in questions):
        return []
    return [heard_of(need, needed) for need in survey.judged_needs.all()]


def topics_of(survey: Survey, question: Question, tallies: Tallies) -> list[TopicNeed]:
    topics = Topic.objects.filter(edition=survey.cohort.edition_id)
    return results.ranked([topic_result(topic.name, tallies.of(question, topic.pk)) for topic in topics])


def levels_of(survey: Survey, question: Question, tallies: Tallies) -> list[LevelResult]:
    competences = Competence.objects.filter(area__edition=survey.cohort.edition_id, profiles__isnull=False)
    return [
        level_result(competence.name, tallies.of(question, competence.pk)) for competence in competences.distinct()
    ]
