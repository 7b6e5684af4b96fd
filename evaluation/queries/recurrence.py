"""The needs of all cohorts side by side: how many of them were covered, and which recur and are never covered.

Everything is told of the cohorts that the reader may see only; a cohort between them that has needs ends a row.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curriculum.models import Cohort
from curriculum.models.schedule import CohortQuerySet
from evaluation.judgements import Share, share_sentence, total_of
from evaluation.models import Need, NeedSource
from evaluation.queries.judgements import JudgedRow, rows_of, share_of_rows
from evaluation.recurrence import RECURRING_FROM, Named, recurrence_sentence, same_needs, streaks


@dataclass(frozen=True)
class CohortShare:
    """How many of a cohort's needs were covered; where nobody has judged, how many are planned to be."""

    cohort: Cohort
    rows: Sequence[JudgedRow]

    @property
    def share(self) -> Share:
        return share_of_rows(self.rows)

    @property
    def planned(self) -> int:
        return sum(row.is_planned for row in self.rows)


@dataclass(frozen=True)
class RecurringNeed:
    """A need where it was named last; `cohorts` are those in a row that named it and did not cover it."""

    need: Need
    cohorts: list[Cohort]

    @property
    def sentence(self) -> str:
        return recurrence_sentence(len(self.cohorts))


@dataclass(frozen=True)
class NeedTrend:
    """Cohorts in the order of time; the needs that recur longest first."""

    cohorts: list[CohortShare]
    recurring: list[RecurringNeed]

    @property
    def is_judged(self) -> bool:
        return bool(self.share.judged or self.share.unknown)

    @property
    def share(self) -> Share:
        return total_of(each.share for each in self.cohorts)

    @property
    def sentence(self) -> str:
        return share_sentence(self.share, "zu wenige Personen")


@dataclass(frozen=True)
class Line:
    """The cohorts of one programme that have needs, and those needs that the reader may see."""

    cohorts: list[Cohort]
    named: list[Named]

    def row_up_to(self, need: Named, times: int) -> list[Cohort]:
        return self.cohorts[need.place - times + 1 : need.place + 1]


def recurrences(visible: CohortQuerySet) -> dict[int, str]:
    """Need of these cohorts → the sentence that it recurs. Eleven queries, or one where no cohort has needs."""
    lines, _ = lines_of(visible)
    return {
        key: recurrence_sentence(times)
        for line in lines
        for key, times in streaks(line.named).items()
        if times >= RECURRING_FROM
    }


def open_recurrences() -> dict[int, dict[str, str]]:
    """Cohort → title of each need that recurs, and the sentence; where nobody has held what became of it.

    Of all cohorts. Eleven queries, or one where no cohort has needs.
    """
    lines, rows = lines_of(Cohort.objects.all())
    times = {key: count for line in lines for key, count in streaks(line.named).items()}
    return {
        cohort: {
            row.need.title: recurrence_sentence(times[row.need.pk])
            for row in found
            if times[row.need.pk] >= RECURRING_FROM and not row.need.outcome
        }
        for cohort, found in rows.items()
    }


def need_trend(visible: CohortQuerySet) -> NeedTrend:
    """The number of queries depends on neither cohorts nor needs."""
    lines, rows = lines_of(visible)
    needs = {row.need.pk: row.need for each in rows.values() for row in each}
    shares = [
        CohortShare(cohort, rows[cohort.pk]) for line in lines for cohort in line.cohorts if cohort.pk in rows
    ]
    recurring = [
        RecurringNeed(needs[last.key], line.row_up_to(last, times))
        for line in lines
        for last, times in lasting(line)
    ]
    return NeedTrend(
        sorted(shares, key=lambda each: in_time(each.cohort)),
        sorted(recurring, key=lambda each: (-len(each.cohorts), each.need.title.casefold())),
    )


def lasting(line: Line) -> list[tuple[Named, int]]:
    """Each need that recurs, where it was named last; one that was covered then recurs no more."""
    times = streaks(line.named)
    latest = [max(group, key=lambda need: (need.place, -need.key)) for group in same_needs(line.named)]
    return [(need, times[need.key]) for need in latest if times[need.key] >= RECURRING_FROM]


def lines_of(visible: CohortQuerySet) -> tuple[list[Line], dict[int, list[JudgedRow]]]:
    """One line for each programme, and the needs of the cohorts that may be seen."""
    naming = Cohort.objects.filter(pk__in=Need.objects.values("cohort"), cancelled_at__isnull=True)
    cohorts = list(naming.with_dates().select_related("edition"))
    if not cohorts:
        return [], {}
    seen = set(visible.order_by().values_list("pk", flat=True))
    rows = rows_of([cohort for cohort in cohorts if cohort.pk in seen])
    topics = topics_of(row.need for each in rows.values() for row in each)
    by_programme: dict[int, list[Cohort]] = defaultdict(list)
    for cohort in sorted(cohorts, key=in_time):
        by_programme[cohort.edition.programme_id].append(cohort)
    return [Line(each, named_of(each, rows, topics)) for each in by_programme.values()], rows


def in_time(cohort: Cohort) -> tuple[datetime.date, int]:
    """By the first session; those without a date come last."""
    return cohort.first_on or datetime.date.max, cohort.pk


def named_of(
    cohorts: Sequence[Cohort], rows: Mapping[int, Sequence[JudgedRow]], topics: Mapping[int, frozenset[str]]
) -> list[Named]:
    return [
        Named(row.need.pk, place, row.need.title, topics[row.need.pk], row.is_covered)
        for place, cohort in enumerate(cohorts)
        for row in rows.get(cohort.pk, [])
    ]


def topics_of(needs: Iterable[Need]) -> dict[int, frozenset[str]]:
    """Need → the keys of the topics that it comes from, the same in every edition. One query."""
    found: dict[int, set[str]] = {need.pk: set() for need in needs}
    sources = NeedSource.objects.filter(need__in=found, topic__isnull=False)
    for need, key in sources.values_list("need", "topic__key"):
        found[need].add(str(key))
    return {need: frozenset(keys) for need, keys in found.items()}
