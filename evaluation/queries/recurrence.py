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
from evaluation.models import Need, NeedSource, Survey
from evaluation.queries.judgements import JudgedRow, Stage, end_surveys, rows_of, share_of_rows, stage_of
from evaluation.queries.recurring import Naming, RecurringNeed
from evaluation.recurrence import RECURRING_FROM, Named, recurrence_sentence, same_needs, streaks, streaks_of


@dataclass(frozen=True)
class CohortShare:
    """How many of a cohort's needs were covered; where nobody has judged, how many are planned to be."""

    cohort: Cohort
    rows: Sequence[JudgedRow]
    stage: Stage

    @property
    def unjudged_words(self) -> str:
        """Why there is no share."""
        is_missing = self.stage is Stage.NO_SURVEY and self.cohort.is_over
        return "keine Abschlusserhebung" if is_missing else self.stage.words

    @property
    def share(self) -> Share:
        return share_of_rows(self.rows)

    @property
    def planned(self) -> int:
        return sum(row.is_planned for row in self.rows)


@dataclass(frozen=True)
class NeedTrend:
    """Cohorts in the order of time; the needs that recur longest first, each where it was named last."""

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
    needs: Mapping[int, Need]

    @property
    def recurring(self) -> dict[int, RecurringNeed]:
        return {
            one.key: RecurringNeed(
                self.needs[one.key], self.cohorts[one.place], times, self.before(one, group, times)
            )
            for group in same_needs(self.named)
            for counted in [streaks_of(group)]
            for one in group
            if (times := counted[one.place]) >= RECURRING_FROM
        }

    def before(self, one: Named, group: Sequence[Named], times: int) -> list[Naming]:
        row = [each for each in group if one.place - times < each.place < one.place]
        return [
            Naming(self.cohorts[each.place], self.needs[each.key], each.title if each.title != one.title else "")
            for each in sorted(row, key=lambda each: (each.place, each.key))
        ]


def recurrences(visible: CohortQuerySet) -> dict[int, RecurringNeed]:
    """Need of these cohorts → that it recurs. Eleven queries, or one where no cohort has needs."""
    lines, _ = lines_of(visible)
    return {key: each for line in lines for key, each in line.recurring.items()}


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
    shown = [cohort for line in lines for cohort in line.cohorts if cohort.pk in rows]
    surveys = end_surveys(shown)
    shares = [share_in(cohort, rows[cohort.pk], surveys.get(cohort.pk)) for cohort in shown]
    recurring = [each for line in lines for each in lasting(line)]
    return NeedTrend(
        sorted(shares, key=lambda each: in_time(each.cohort)),
        sorted(recurring, key=lambda each: (-each.times, each.need.title.casefold())),
    )


def share_in(cohort: Cohort, rows: Sequence[JudgedRow], survey: Survey | None) -> CohortShare:
    return CohortShare(cohort, rows, stage_of(survey, any(row.heard for row in rows)))


def lasting(line: Line) -> list[RecurringNeed]:
    """Each need that recurs, where it was named last; one that was covered then recurs no more."""
    recurring = line.recurring
    latest = [max(group, key=lambda need: (need.place, -need.key)) for group in same_needs(line.named)]
    return [recurring[need.key] for need in latest if need.key in recurring]


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
    needs = {row.need.pk: row.need for each in rows.values() for row in each}
    return [Line(each, named_of(each, rows, topics), needs) for each in by_programme.values()], rows


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
