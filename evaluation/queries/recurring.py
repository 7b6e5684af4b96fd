"""A need that recurs cohort after cohort, and under which name each of them has it."""

from dataclasses import dataclass

from curriculum.models import Cohort
from evaluation.models import Need
from evaluation.recurrence import recurrence_sentence


@dataclass(frozen=True)
class Naming:
    """A cohort, and the same need as that cohort has named it; `other_title` where that is another name."""

    cohort: Cohort
    need: Need
    other_title: str

    def __str__(self) -> str:
        return f"{self.cohort} (dort „{self.other_title}“)" if self.other_title else str(self.cohort)


@dataclass(frozen=True)
class RecurringNeed:
    """A need of one cohort; `before` are those in a row before it that named it, `times` counts its own, too."""

    need: Need
    cohort: Cohort
    times: int
    before: list[Naming]

    @property
    def sentence(self) -> str:
        return recurrence_sentence(self.times)
