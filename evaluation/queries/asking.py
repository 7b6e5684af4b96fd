"""What one person is asked in a survey, step by step."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from curriculum.models import Competence, Topic
from evaluation.models import (
    CHOICE_KINDS,
    RATED_KINDS,
    Invitation,
    JudgedNeed,
    Need,
    Option,
    Purpose,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    Survey,
)
from evaluation.ratings import RatedItem, rated_competence, rated_need, rated_topic
from evaluation.said import Answers, Key, Said
from netzkoord.models import User
from participants.models import Registration


@dataclass(frozen=True)
class AskedQuestion:
    """A question with what it offers: options to choose from, or items to be rated one by one.

    Of what it needs nothing is known where `is_unknown`: the needs of a cohort, in a preview without one.
    """

    question: Question
    options: list[Option] = field(default_factory=list)
    items: list[RatedItem] = field(default_factory=list)
    is_unknown: bool = False

    @property
    def kind(self) -> str:
        return self.question.kind

    @property
    def is_rated(self) -> bool:
        return self.kind in RATED_KINDS

    @property
    def keys(self) -> list[tuple[int, int | None]]:
        """Where the answers to this question stand."""
        return [(self.question.pk, item.pk) for item in self.items] or [(self.question.pk, None)]

    @property
    def has_something_to_answer(self) -> bool:
        if self.is_rated:
            return bool(self.items) or self.is_unknown
        return bool(self.options) or self.kind not in CHOICE_KINDS

    def is_answered_by(self, answers: Answers) -> bool:
        return any(not answers.get(key, Said()).is_empty for key in self.keys)


@dataclass(frozen=True)
class Step:
    """One page of the form: a section and those of its questions that this person is asked."""

    number: int
    section: Section
    questions: list[AskedQuestion]


@dataclass(frozen=True)
class Sheet:
    """All that may be asked in a survey: sections with their questions; positions of the options by their keys."""

    sections: list[tuple[Section, list[AskedQuestion]]]
    positions: Mapping[int, int]

    def steps(self, answers: Answers) -> list[Step]:
        """The steps that follow from the answers so far: a question whose condition is not met is left out."""
        steps: list[Step] = []
        for section, questions in self.sections:
            asked = [asked for asked in questions if self.is_condition_met(asked.question, answers)]
            if asked:
                steps.append(Step(len(steps) + 1, section, asked))
        return steps

    def is_condition_met(self, question: Question, answers: Answers) -> bool:
        if question.condition_question_id is None:
            return True
        said = answers.get((question.condition_question_id, None), Said())
        given = {said.number, *(self.positions.get(option) for option in said.options)}
        return not given.isdisjoint(question.condition_values)

    def relevant(self, answers: Answers) -> dict[Key, Said]:
        """The answers without those to questions that are not asked (any more)."""
        asked = {key for step in self.steps(answers) for question in step.questions for key in question.keys}
        return {key: said for key, said in answers.items() if key in asked}


@dataclass(frozen=True)
class Offer:
    """What the questions of a survey offer to one role: options by question, items by the kind that rates them.

    A kind that is missing is not known.
    """

    options: Mapping[int, list[Option]]
    items: Mapping[str, list[RatedItem]]

    def asked(self, question: Question) -> AskedQuestion:
        return AskedQuestion(
            question,
            self.options.get(question.pk, []),
            self.items.get(question.kind, []),
            is_unknown=question.kind in RATED_KINDS and question.kind not in self.items,
        )


def survey_sheet(survey: Survey, *, role: str = "") -> Sheet:
    """What this survey asks people of a role; without a role what it asks of anybody. At the end six queries."""
    return sheet_of(survey.questionnaire, survey.cohort.edition_id, role=role, needs=needs_asked(survey))


def needs_asked(survey: Survey) -> list[JudgedNeed]:
    """The needs that people judge, as they were fixed; before that, not stored, as they stand. One query."""
    if survey.purpose != Purpose.END:
        return []
    if survey.needs_fixed_on:
        return list(survey.judged_needs.all())
    return to_be_judged(survey, Need.objects.filter(cohort=survey.cohort_id).with_weight())


def waits_for_needs(survey: Survey) -> bool:
    """Whether it asks about needs that are not fixed yet. A query at the end of a course only."""
    may_wait = survey.purpose == Purpose.END and not survey.needs_fixed_on
    return may_wait and survey.questionnaire.asks(QuestionKind.COVERAGE)


def to_be_judged(survey: Survey | None, needs: Iterable[Need]) -> list[JudgedNeed]:
    """In the order of the needs, not stored."""
    return [JudgedNeed(survey=survey, need=need, title=need.title) for need in needs]


def sheet_of(
    questionnaire: Questionnaire, edition_pk: int, *, role: str = "", needs: Sequence[JudgedNeed] | None = None
) -> Sheet:
    """What people of this role are asked; without a role what is asked of anybody, as on paper. Five queries.

    Without `needs` it is not known yet which ones a cohort has.
    """
    offer = offer_of(questionnaire, edition_pk, role, needs)
    questions = Question.objects.filter(section__questionnaire=questionnaire).select_related("section")
    by_section: dict[Section, list[AskedQuestion]] = {section: [] for section in questionnaire.sections.all()}
    for question in questions:
        asked = offer.asked(question)
        if question.audience in ("", role or question.audience) and asked.has_something_to_answer:
            by_section[question.section].append(asked)
    positions = {option.pk: option.position for options in offer.options.values() for option in options}
    return Sheet(list(by_section.items()), positions)


def offer_of(questionnaire: Questionnaire, edition_pk: int, role: str, needs: Sequence[JudgedNeed] | None) -> Offer:
    options: dict[int, list[Option]] = defaultdict(list)
    for option in Option.objects.filter(question__section__questionnaire=questionnaire):
        options[option.question_id].append(option)
    competences = Competence.objects.filter(area__edition=edition_pk, profiles__isnull=False)
    if role:
        competences = competences.filter(profiles__track__audience=role)
    items: dict[str, list[RatedItem]] = {
        QuestionKind.TOPICS: [rated_topic(topic) for topic in Topic.objects.filter(edition=edition_pk)],
        QuestionKind.COMPETENCES: [rated_competence(competence) for competence in competences.distinct()],
    }
    if needs is not None:
        items[QuestionKind.COVERAGE] = [rated_need(need) for need in needs]
    return Offer(options, items)


def invitation_of(user: User | AnonymousUser, *, key: str | None, token: str) -> Invitation | None:
    """The invitation behind a personal link, or the own one of somebody who is signed in.

    None when the person has withdrawn or was put back.
    """
    related = "survey__cohort__edition", "survey__session__module", "survey__questionnaire", "registration"
    return (
        Invitation.objects.answerable_by(user, key=key, token=token)
        .filter(registration__in=Registration.objects.active())
        .select_related(*related, "participation")
        .first()
    )


def last_day(survey: Survey) -> datetime.date:
    """The last day on which the survey can be answered."""
    return timezone.localdate(survey.closes_at - datetime.timedelta(seconds=1))
