"""The same questions side by side – over the sessions of a cohort, or over cohorts. Pure calculation.

Every cell is made of surveys that show this question by themselves: nobody can subtract it to fewer than k people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from evaluation.results import Scale, is_too_small
from evaluation.withholding import summed


class Band(models.TextChoices):
    """How near a mean is to the ideal, as the question itself defines it."""

    GOOD = "GOOD", "gut"
    MIDDLE = "MIDDLE", "mittel"
    POOR = "POOR", "kritisch"


# A sign with every word, so that no colour is needed.
SIGNS = {Band.GOOD: "▲", Band.MIDDLE: "■", Band.POOR: "▼"}


@dataclass(frozen=True)
class Cell:
    """The mean of one question in one column, and how many answered; empty when withheld or never asked."""

    n: int = 0
    mean: float | None = None
    band: Band | None = None
    is_withheld: bool = False

    @property
    def sign(self) -> str:
        return SIGNS[self.band] if self.band else ""

    @property
    def word(self) -> str:
        return self.band.label if self.band else ""


@dataclass(frozen=True)
class Item:
    """A question on a scale with its bands; the same one in every version of its questionnaire."""

    text: str
    scale: Scale
    low_label: str = ""
    high_label: str = ""
    good_within: Decimal | None = None
    poor_beyond: Decimal | None = None

    @property
    def has_bands(self) -> bool:
        return self.good_within is not None and self.poor_beyond is not None

    def band_of(self, mean: float) -> Band | None:
        """None where the question defines no bands."""
        if self.good_within is None or self.poor_beyond is None:
            return None
        distance = round(abs(mean - self.scale.ideal), 6)
        if distance <= self.good_within:
            return Band.GOOD
        return Band.POOR if distance > self.poor_beyond else Band.MIDDLE


def cell_of(item: Item, surveys: Iterable[Mapping[int, int]]) -> Cell:
    """From the distribution of the question in each survey of the column."""
    asked = [counts for counts in surveys if counts]
    counts = summed(asked)
    n = sum(counts.values())
    if is_too_small(n):
        return Cell(is_withheld=bool(asked))
    mean = sum(value * count for value, count in counts.items()) / n
    return Cell(n, mean, item.band_of(mean))


@dataclass(frozen=True)
class Row:
    item: Item
    cells: Sequence[Cell]

    @property
    def has_trend(self) -> bool:
        """Whether there is anything to compare."""
        return sum(cell.mean is not None for cell in self.cells) > 1
