"""Editions and what the other apps know of them: the causes of changes, and what hangs on a cohort's edition."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from curriculum.difference import Change, Difference, Extent, summary
from curriculum.models import Cohort, Edition
from curriculum.queries.cohort_edition import CohortMove, cohort_move
from curriculum.queries.comparison import compared, predecessor, steps_between
from evaluation.models import ChangeCause, Survey
from evaluation.queries.causes import causes_in
from participants.models import Attendance, Registration

NEEDS_STARTED = (
    "Die Bedarfserhebung hat begonnen: Sie fragt nach den Themen der jetzigen Fassung. "
    "Der Durchgang bleibt deshalb bei ihr."
)


@dataclass(frozen=True)
class ChangeRow:
    """One change with the recommendations that led to it."""

    change: Change
    causes: Sequence[ChangeCause]


@dataclass(frozen=True)
class ChangeGroup:
    title: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class Comparison:
    """The page of two editions: what makes the newer one out of the older one, and why."""

    old: Edition
    new: Edition
    difference: Difference
    summary: str
    groups: tuple[ChangeGroup, ...]
    # The edition before the newer one: causes are noted where the two stand side by side.
    previous: Edition | None

    @property
    def is_one_step(self) -> bool:
        return self.previous == self.old

    @property
    def extents(self) -> list[Extent]:
        """UE of every module before and after; nothing where no module became longer or shorter."""
        modules = self.difference.modules()
        return modules if any(row.is_changed for row in modules) else []

    @property
    def track_extents(self) -> list[Extent]:
        return self.difference.tracks()


def comparison(old: Edition, new: Edition, editions: Sequence[Edition]) -> Comparison:
    """`editions` are all that the person may see. Queries: those of `compared`, and one."""
    found = compared(old, new)
    causes = causes_in(steps_between(old, new, editions))
    groups = tuple(
        ChangeGroup(group.title, tuple(ChangeRow(change, causes.get(change.key, [])) for change in group.changes))
        for group in found.groups()
    )
    return Comparison(old, new, found, summary(found), groups, predecessor(new, editions))


def change_in(edition: Edition, key: uuid.UUID, editions: Sequence[Edition]) -> ChangeRow | None:
    """How the edition changed this part of the one before it; None where it did not."""
    before = predecessor(edition, editions)
    change = compared(before, edition).by_key.get(key) if before else None
    return ChangeRow(change, causes_in([edition]).get(key, [])) if change else None


@dataclass(frozen=True)
class CohortConsequences:
    """What the move to another edition does to a cohort, and every sentence that stands against it."""

    move: CohortMove
    registrations: int
    obstacles: tuple[str, ...]


def cohort_consequences(cohort: Cohort, edition: Edition) -> CohortConsequences:
    move = cohort_move(cohort, edition)
    return CohortConsequences(
        move=move,
        registrations=Registration.objects.active().filter(cohort=cohort).count(),
        obstacles=(*move.obstacles, *participation_obstacles(move)),
    )


def participation_obstacles(move: CohortMove) -> list[str]:
    """What people have said or done that refers to the old edition."""
    sessions = {step.session.pk: str(step.session.module) for step in move.dropped}
    attended = Attendance.objects.filter(day__session__in=sessions).values_list("day__session", flat=True)
    asked = Survey.objects.filter(session__in=sessions).values_list("session", flat=True)
    obstacles = [NEEDS_STARTED] if Survey.objects.needs().filter(cohort=move.cohort).exists() else []
    obstacles += [f"Zu „{sessions[pk]}“ ist Anwesenheit eingetragen." for pk in sorted(set(attended))]
    obstacles += [f"Zu „{sessions[pk]}“ gibt es eine Rückmeldung." for pk in sorted({pk for pk in asked if pk})]
    return obstacles


def changes_of(edition: Edition, editions: Sequence[Edition]) -> list[Change]:
    """Everything that the edition changed of the one before it; nothing where there is none."""
    before = predecessor(edition, editions)
    return [change for group in compared(before, edition).groups() for change in group.changes] if before else []
