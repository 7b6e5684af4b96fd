"""What opened ballots say about who gave them, and how it is taken away before they are stored. Pure calculation.

Who answered is on record, with the role. So a role that is stored with an answer joins the two when only one
person of that role has answered, and so does an answer to a question that only this role is asked. What a page does
not show is not enough: it must not be in the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from evaluation.ballots import Ballot, random_receipt
from evaluation.models import MOMENTS, QuestionKind
from evaluation.said import Answers, Key
from evaluation.withholding import RoleCounts, are_blocks


@dataclass(frozen=True)
class Told:
    """Which questions and which competences only one role is asked, by their primary keys, and which role."""

    questions: Mapping[int, str] = field(default_factory=dict)
    competences: Mapping[int, str] = field(default_factory=dict)
    kinds: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_any_role_told(self) -> bool:
        return bool(self.questions or self.competences)

    def is_joined(self, purpose: str) -> bool:
        """Whether a code joins a survey for this purpose with others of its cohort."""
        return purpose in MOMENTS and QuestionKind.CODE in self.kinds.values()

    def needs_role(self, purpose: str) -> bool:
        """Where a code joins, a role is stored for what only one role is asked.

        It would divide those who have no partner, and so leave too few pairs (`evaluation.pairing`).
        """
        return self.is_any_role_told or not self.is_joined(purpose)

    def role(self, key: Key) -> str:
        """The role that an answer tells; empty when both are asked."""
        question, item = key
        if item is not None and self.kinds.get(question) == QuestionKind.COMPETENCES:
            return self.questions.get(question) or self.competences.get(item, "")
        return self.questions.get(question, "")


def unlinked(ballots: Sequence[Ballot], told: Told, minimum: int, *, needs_role: bool = True) -> list[Ballot]:
    """The ballots as they may be stored, in the same order: none tells more than k others do.

    With their roles when each role that occurs has k ballots; otherwise without roles, and without the answers to
    what only one role is asked. A ballot on paper gets a receipt that nobody has, so that it looks like the others.
    No role is stored that is not needed (`Told.needs_role`).
    """
    known = [replace(b, role=role_of(b, told), receipt=b.receipt or random_receipt()) for b in ballots]
    counts = RoleCounts.of(ballot.role for ballot in known)
    may_be_told = are_blocks([counts.managers, counts.coordinators, counts.unknown], minimum)
    return known if may_be_told and needs_role else without_roles(known, told)


def without_roles(ballots: Sequence[Ballot], told: Told) -> list[Ballot]:
    """Without roles, and without what tells one: always so in a pool, where k ballots may be of fewer people."""
    return [
        replace(b, role="", answers=asked_of_all(b.answers, told), receipt=b.receipt or random_receipt())
        for b in ballots
    ]


def role_of(ballot: Ballot, told: Told) -> str:
    """The role that the ballot names; on paper the one that its answers tell, if they tell one."""
    roles = {role for key in ballot.answers if (role := told.role(key))}
    return ballot.role or (roles.pop() if len(roles) == 1 else "")


def asked_of_all(answers: Answers, told: Told) -> Answers:
    return {key: said for key, said in answers.items() if not told.role(key)}


@dataclass(frozen=True)
class Translation:
    """The questions and options of several versions of a questionnaire in the words of the newest one.

    What is not in every version would tell from which survey an answer comes, and has no place in it.
    """

    questions: Mapping[int, int]
    options: Mapping[int, int]

    def of(self, ballot: Ballot) -> Ballot:
        translated = {
            (self.questions[question], item): replace(
                said,
                options=tuple(sorted(self.options[option] for option in said.options if option in self.options)),
            )
            for (question, item), said in ballot.answers.items()
            if question in self.questions
        }
        return replace(ballot, answers={key: said for key, said in translated.items() if not said.is_empty})
