"""What the line of the selection desk proposes: pure calculation on candidates that are already ranked.

Above the line everybody is accepted who fits as a whole, below it comes the waiting list, then the rest. It never
goes beyond the places: it ends before the first for whom, and for all behind, there is no room any more. Whoever
has been accepted or declined before stays so; who waits goes on waiting or is accepted. An override of the
organiser counts before the line.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from participants.models import Selection
from participants.selection import Candidate, Ranked

UNDECIDED = {Selection.OPEN, Selection.WAITING}


@dataclass(frozen=True)
class Line:
    """Up to which rank to accept, None as far as the places reach; how many may wait; what becomes of the rest."""

    up_to: int | None = None
    waiting: int = 0
    declines_rest: bool = False


@dataclass(frozen=True)
class Outcome:
    """What would become of one candidate."""

    row: Ranked
    after: Selection
    is_override: bool = False
    lacks_room: bool = False

    @property
    def candidate(self) -> Candidate:
        return self.row.candidate

    @property
    def before(self) -> Selection:
        return self.candidate.selection

    @property
    def is_changed(self) -> bool:
        return self.after != self.before


@dataclass(frozen=True)
class Proposal:
    """All outcomes in the order of rank, where the line is, and how many places are left; below zero: too many."""

    outcomes: Sequence[Outcome]
    up_to: int
    room: int

    @property
    def changed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.is_changed]

    @property
    def next_fitting(self) -> Outcome | None:
        """The first below the line for whom the places that are left would do."""
        below = (one for one in self.outcomes if one.row.rank > self.up_to and is_free(one.row, {}))
        return next((one for one in below if one.after != Selection.ACCEPTED and fits(one.row, self.room)), None)


def propose(
    rows: Sequence[Ranked], line: Line, *, overrides: Mapping[int, Selection], free_places: int
) -> Proposal:
    """`overrides` are decisions by the candidates' keys; `free_places` those that nobody has or was offered."""
    room = free_places + sum(change_of_room(row, overrides) for row in rows)
    free = [row for row in rows if is_free(row, overrides)]
    up_to = reach(rows, overrides, room) if line.up_to is None else line.up_to
    accepted: set[int] = set()
    for row in free:
        if row.rank <= up_to and fits(row, room):
            accepted.add(row.candidate.key)
            room -= row.candidate.needed
    left = [row for row in free if row.candidate.key not in accepted]
    decided = dict.fromkeys(accepted, Selection.ACCEPTED) | below_the_line(left, line, rows, overrides)
    up_to = end_of_places([row.rank for row in left if row.rank <= up_to], rows, accepted, up_to)
    passed_over = {row.candidate.key for row in left if row.rank <= up_to}
    outcomes = [
        Outcome(
            row,
            after=overrides.get(row.candidate.key) or decided.get(row.candidate.key, row.candidate.selection),
            is_override=row.candidate.key in overrides,
            lacks_room=row.candidate.key in passed_over,
        )
        for row in rows
    ]
    return Proposal(outcomes, up_to, room)


def end_of_places(
    without_room: Sequence[int], rows: Iterable[Ranked], accepted: Collection[int], up_to: int
) -> int:
    """The rank before all those at the end of the line for whom there is no room."""
    last = max((row.rank for row in rows if row.candidate.key in accepted), default=0)
    return min((rank - 1 for rank in without_room if rank > last), default=up_to)


def is_free(row: Ranked, overrides: Mapping[int, Selection]) -> bool:
    """Whether the line decides: somebody has confirmed, nothing final is decided, no override."""
    one = row.candidate
    return one.is_decidable and one.selection in UNDECIDED and one.key not in overrides


def fits(row: Ranked, room: int) -> bool:
    return 0 < row.candidate.needed <= room


def change_of_room(row: Ranked, overrides: Mapping[int, Selection]) -> int:
    """How many places an override gives back, or takes."""
    override = overrides.get(row.candidate.key)
    if override == Selection.ACCEPTED:
        return -row.candidate.needed
    return row.candidate.placed if override else 0


def reach(rows: Iterable[Ranked], overrides: Mapping[int, Selection], room: int) -> int:
    """The last rank before the first that does not fit."""
    last = 0
    for row in rows:
        if is_free(row, overrides):
            if not fits(row, room):
                return last
            room -= row.candidate.needed
        elif not row.candidate.is_decidable and not row.candidate.placed:
            return last
        last = row.rank
    return last


def below_the_line(
    left: Iterable[Ranked], line: Line, rows: Iterable[Ranked], overrides: Mapping[int, Selection]
) -> dict[int, Selection]:
    """Who waits already goes on waiting; then those who come next, as many as the waiting list takes."""
    left = list(left)
    waiting = [row for row in left if row.candidate.selection == Selection.WAITING]
    added = [row for row in rows if overrides.get(row.candidate.key) == Selection.WAITING]
    others = [row for row in left if row.candidate.selection == Selection.OPEN]
    slots = max(0, line.waiting - len(waiting) - len(added))
    rest = Selection.DECLINED if line.declines_rest else Selection.OPEN
    return {row.candidate.key: Selection.WAITING for row in (*waiting, *others[:slots])} | {
        row.candidate.key: rest for row in others[slots:]
    }
