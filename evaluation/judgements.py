"""How participants judge at the end whether their needs were covered: rules on plain values, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, IntEnum

from evaluation.coverage import Verdict


class NeedAnswer(IntEnum):
    """What one person says of one need."""

    NOT_MINE = 0
    UNCOVERED = 1
    PARTLY = 2
    FULLY = 3


class Judgement(Enum):
    """What those whose need it was say together; UNKNOWN where too few have said it."""

    UNKNOWN = "UNKNOWN"
    UNCOVERED = "UNCOVERED"
    PARTLY = "PARTLY"
    COVERED = "COVERED"


@dataclass(frozen=True)
class JudgedCounts:
    """How many of those whose need it was say what; `people` have said whether it was."""

    people: int
    fully: int
    partly: int
    uncovered: int

    @property
    def concerned(self) -> int:
        return self.fully + self.partly + self.uncovered


def judgement_of(judged: JudgedCounts | None) -> Judgement:
    """More than half decides; where neither „ganz“ nor „nicht“ has them, it was covered partly."""
    if judged is None or not judged.concerned:
        return Judgement.UNKNOWN
    if 2 * judged.fully > judged.concerned:
        return Judgement.COVERED
    return Judgement.UNCOVERED if 2 * judged.uncovered > judged.concerned else Judgement.PARTLY


PLANNED = {
    Verdict.UNCOVERED: Judgement.UNCOVERED,
    Verdict.PARTLY: Judgement.PARTLY,
    Verdict.COVERED: Judgement.COVERED,
    Verdict.OVER: Judgement.COVERED,
}


def differs(plan: Verdict, judgement: Judgement) -> bool:
    """Whether the participants judge otherwise than the organisers have planned."""
    return judgement is not Judgement.UNKNOWN and PLANNED[plan] is not judgement


@dataclass(frozen=True)
class Share:
    """How many of the needs that could be judged were covered; `unknown` were too few people's."""

    covered: int
    judged: int
    unknown: int

    @property
    def value(self) -> float | None:
        return self.covered / self.judged if self.judged else None


def share_of(judgements: Iterable[Judgement]) -> Share:
    found = list(judgements)
    unknown = found.count(Judgement.UNKNOWN)
    return Share(found.count(Judgement.COVERED), len(found) - unknown, unknown)
