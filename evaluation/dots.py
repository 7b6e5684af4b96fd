"""Points on a wall (Mehrpunktabfrage): how many each person has, what a sheet may say, and what comes out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

TOO_MANY = "Sie haben {points} Punkte gesetzt, es sind höchstens {allowed}. Nehmen Sie {over} weg."
NO_HEAPS = "Jede Spalte bekommt von Ihnen höchstens einen Punkt."
NONE_SET = "Setzen Sie mindestens einen Punkt."


def points_each(options: int, people: int) -> int:
    """The least number of points a person needs so that all pairs of options can be told apart: ceil(a(a-1)/2 / n).

    For 7 options and 22 people 1, and 3 for 8 people. At least 1, also where there is nothing to choose.
    """
    return max(1, math.ceil(options * (options - 1) / 2 / max(people, 1)))


def problem_of(points: Mapping[int, int], *, allowed: int, may_accumulate: bool) -> str | None:
    """What is wrong with the points that one person set per column; one German sentence, or None."""
    total = sum(points.values())
    if total < 1:
        return NONE_SET
    if total > allowed:
        return TOO_MANY.format(points=total, allowed=allowed, over=total - allowed)
    if not may_accumulate and max(points.values()) > 1:
        return NO_HEAPS
    return None


@dataclass(frozen=True)
class Ranked:
    """`rank` counts like at sports: after two seconds comes the fourth."""

    rank: int
    column: int
    points: int
    is_tied: bool


def ranked(points: Mapping[int, int]) -> list[Ranked]:
    """Most points first; among equal ones the order of `points`."""
    amounts = list(points.values())
    return [
        Ranked(1 + sum(other > amount for other in amounts), column, amount, amounts.count(amount) > 1)
        for column, amount in sorted(points.items(), key=lambda entry: -entry[1])
    ]
