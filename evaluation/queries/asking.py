"""What one person is asked in a survey, step by step."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from curriculum.models import Competence, Topic
from evaluation.models import Invitation, Option, Question, QuestionKind, Questionnaire, Section, Survey
from evaluation.said import Answers, Key, Said
from netzkoord.models import User
from participants.models import Registration


@dataclass(frozen=True)
class AskedQuestion:
    """A question with what it offers: options to choose from, topics or competences to be rated."""

    question: Question
    options: list[Option] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    competences: list[Competence] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.question.kind

    @property
    def keys(self) -> list[tuple[int, int | None]]:
        """Where the answers to this question stand."""
        rated = [*self.topics, *self.competences]
        return [(self.question.pk, item.pk) for item in rated] or [(self.question.pk, None)]

    @property
    def has_something_to_answer(self) -> bool:
        offers = {
            QuestionKind.TOPICS: self.topics,
            QuestionKind.COMPETENCES: self.competences,
            QuestionKind.SINGLE: self.options,
            QuestionKind.MULTIPLE: self.options,
        }
        return bool(offers.get(QuestionKind(self.kind), True))

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
    """What the questions of a survey offer to one role."""

    options: Mapping[int, list[Option]]
    topics: list[Topic]
    competences: list[Competence]

    def asked(self, question: Question) -> AskedQuestion:
        return AskedQuestion(
            question,
            self.options.get(question.pk, []),
            self.topics if question.kind == QuestionKind.TOPICS else [],
            self.competences if question.kind == QuestionKind.COMPETENCES else [],
        )


def sheet_of(questionnaire: Questionnaire, edition_pk: int, *, role: str = "") -> Sheet:
    """What people of this role are asked; without a role what is asked of anybody, as on paper. Five queries."""
    offer = offer_of(questionnaire, edition_pk, role)
    questions = Question.objects.filter(section__questionnaire=questionnaire).select_related("section")
    by_section: dict[Section, list[AskedQuestion]] = {section: [] for section in questionnaire.sections.all()}
    for question in questions:
        asked = offer.asked(question)
        if question.audience in ("", role or question.audience) and asked.has_something_to_answer:
            by_section[question.section].append(asked)
    positions = {option.pk: option.position for options in offer.options.values() for option in options}
    return Sheet(list(by_section.items()), positions)


def offer_of(questionnaire: Questionnaire, edition_pk: int, role: str) -> Offer:
    options: dict[int, list[Option]] = defaultdict(list)
    for option in Option.objects.filter(question__section__questionnaire=questionnaire):
        options[option.question_id].append(option)
    competences = Competence.objects.filter(area__edition=edition_pk, profiles__isnull=False)
    if role:
        competences = competences.filter(profiles__track__audience=role)
    return Offer(options, list(Topic.objects.filter(edition=edition_pk)), list(competences.distinct()))


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
