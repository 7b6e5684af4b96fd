"""One person in front of one survey: what is asked, and what was saved so far or sent."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from curriculum.models import Cohort
from evaluation import drafts
from evaluation.drafts import DraftContent
from evaluation.mentions import Name, mentioned, ways_of_naming
from evaluation.models import (
    SCALE_KINDS,
    UNKEPT_KINDS,
    Invitation,
    Option,
    Participation,
    QuestionKind,
    Survey,
)
from evaluation.queries.asking import AskedQuestion, Sheet, Step, last_day, survey_sheet
from evaluation.results import SCALES
from evaluation.said import Answers, Key, Said, read_back, without
from netzkoord.models import User
from participants.models import Registration


@dataclass(frozen=True)
class CheckedQuestion:
    """A question with what was said to it: once, or about each item in words."""

    asked: AskedQuestion
    said: Said
    rated: list[tuple[str, list[str]]]
    options: list[Option]

    @property
    def scale_words(self) -> str:
        """What the ends of the scale mean: „1 trifft nicht zu, 6 trifft voll zu“; empty where it has no words."""
        question = self.asked.question
        if self.asked.kind not in SCALE_KINDS or not (question.low_label and question.high_label):
            return ""
        scale = SCALES[self.asked.kind]
        return f"{scale.lowest} {question.low_label}, {scale.highest} {question.high_label}"


@dataclass(frozen=True)
class Sitting:
    """One person in front of one survey: what is asked, and what was saved so far or sent."""

    invitation: Invitation
    token: str

    @property
    def survey(self) -> Survey:
        return self.invitation.survey

    @property
    def is_answered(self) -> bool:
        return self.invitation.is_answered

    def was_answered_meanwhile(self) -> bool:
        """Asks the database anew: another request may have sent the answers since this one began."""
        return Participation.objects.filter(invitation=self.invitation).exists()

    @property
    def can_answer(self) -> bool:
        return self.survey.takes_ballots and not self.is_answered

    @property
    def last_day(self) -> datetime.date:
        return last_day(self.survey)

    @cached_property
    def sheet(self) -> Sheet:
        return survey_sheet(self.survey, role=self.invitation.registration.role)

    @cached_property
    def draft(self) -> DraftContent:
        if self.can_answer:
            return drafts.load(self.invitation)
        return DraftContent(read_back(self.invitation.personal_answers.all()))

    @property
    def answers(self) -> Answers:
        return self.draft.answers

    @cached_property
    def relevant(self) -> dict[Key, Said]:
        """What is sent: the answers to what is asked."""
        return self.sheet.relevant(self.answers)

    @cached_property
    def steps(self) -> list[Step]:
        return self.sheet.steps(self.answers)

    @property
    def next_step(self) -> Step | None:
        """The first step that was not saved yet; None when all were."""
        return next((step for step in self.steps if step.section.pk not in self.draft.sections), None)

    @cached_property
    def missing(self) -> list[tuple[Step, AskedQuestion]]:
        """Questions that must be answered and are not."""
        return [
            (step, asked)
            for step in self.steps
            for asked in step.questions
            if asked.question.is_required and not asked.is_answered_by(self.relevant)
        ]

    @property
    def is_complete(self) -> bool:
        return bool(self.relevant) and not self.missing

    @property
    def checked(self) -> list[tuple[Step, list[CheckedQuestion]]]:
        return [(step, [self.checked_question(asked) for asked in step.questions]) for step in self.steps]

    def checked_question(self, asked: AskedQuestion) -> CheckedQuestion:
        said = self.answers.get((asked.question.pk, None), Said())
        rated = [
            (item.name, item.words_of(self.answers.get((asked.question.pk, item.pk), Said())))
            for item in asked.items
        ]
        return CheckedQuestion(asked, said, rated, [o for o in asked.options if o.pk in said.options])

    @property
    def code_questions(self) -> list[int]:
        return self.questions_of(QuestionKind.CODE)

    @property
    def kept(self) -> Answers:
        """What of an anonymous survey is stored, and what its fingerprint is of."""
        return without(self.relevant, self.questions_of(*UNKEPT_KINDS))

    def questions_of(self, *kinds: QuestionKind) -> list[int]:
        return [asked.question.pk for step in self.steps for asked in step.questions if asked.kind in kinds]

    @property
    def mentions(self) -> list[str]:
        """Names and towns of the cohort that stand in the texts of an anonymous survey."""
        return self.mentioned_in(
            "\n".join(said.text for said in without(self.relevant, self.code_questions).values())
        )

    def mentioned_in(self, text: str) -> list[str]:
        return mentioned(text, names_of(self.survey.cohort)) if self.survey.is_anonymous and text else []


def names_of(cohort: Cohort) -> list[Name]:
    """The towns and the people of a cohort and its trainers, as a text could name them. Three queries."""
    people = Registration.objects.active().filter(cohort=cohort).order_by("pk")
    towns = people.values_list("tandem__municipality__name", flat=True)
    trainers = User.objects.filter(sessions__cohort=cohort)
    persons = [
        *people.values_list("family_name", "given_names"),
        *trainers.values_list("family_name", "given_names"),
    ]
    names = [*ways_to_name(town for town in towns if town)]
    for family, given in persons:
        names += [*ways_to_name([family]), *ways_to_name(given.split(), are_given=True)]
    return list(dict.fromkeys(names))


def ways_to_name(names: Iterable[str], *, are_given: bool = False) -> list[Name]:
    return [Name(way, is_given=are_given) for name in names for way in ways_of_naming(name)]
