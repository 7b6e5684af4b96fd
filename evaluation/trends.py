"""The same questions side by side – over the sessions of a cohort, or over cohorts. Pure calculation.

Every cell is made of surveys that show this question by themselves: nobody can subtract it to fewer than k people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.results import Asked, Band, band_of, mean_of
from evaluation.withholding import summed


@dataclass(frozen=True)
class Cell:
    """The mean of one question in one column, and how many answered; empty when withheld or never asked."""

    n: int = 0
    mean: float | None = None
    band: Band | None = None
    is_withheld: bool = False

    @property
    def mark(self) -> str:
        return self.band.mark if self.band else ""

    @property
    def word(self) -> str:
        return self.band.value if self.band else ""


def cell_of(asked: Asked, surveys: Iterable[tuple[Mapping[int, int], int]]) -> Cell:
    """From the distribution of the question in each survey of the column, each with the minimum of the survey."""
    answered = [(counts, minimum) for counts, minimum in surveys if counts]
    counts = summed(answered)
    n = sum(counts.values())
    if not n:
        return Cell(is_withheld=bool(answered))
    mean = mean_of(counts)
    return Cell(n, mean, band_of(asked, mean))


@dataclass(frozen=True)
class Row:
    asked: Asked
    cells: Sequence[Cell]

    @property
    def has_trend(self) -> bool:
        """Whether there is anything to compare."""
        return sum(cell.mean is not None for cell in self.cells) > 1
