"""How the plan of a cohort covers its needs: the matrix, and one need in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from curriculum.models import AgendaItem, Audience, Cohort, Module, Session, Unit
from evaluation.coverage import Cells, Degree, Judged, Offer, Summary, Verdict, Wanted, judged, summary_of
from evaluation.life_line import Delivery, Serving
from evaluation.models import Coverage, CoverageDegree, Need

DEGREES = {CoverageDegree.FULL: Degree.FULL, CoverageDegree.PARTLY: Degree.PARTLY}
GAPS = {
    Verdict.UNCOVERED: "Für {} in keinem Modul gedeckt.",
    Verdict.PARTLY: "Für {} nur teilweise gedeckt.",
}


@dataclass(frozen=True)
class PlannedModule:
    """A module of the cohort's edition, with its sessions in this cohort; cancelled ones are among them."""

    module: Module
    sessions: list[Session]

    @property
    def held(self) -> list[Session]:
        return [session for session in self.sessions if session.cancelled_at is None]

    @property
    def is_cancelled(self) -> bool:
        return bool(self.sessions) and not self.held

    @property
    def audiences(self) -> frozenset[Audience]:
        """Who attends: as the sessions say, and where none is dated yet, as the edition says."""
        if not self.sessions:
            return frozenset(self.module.audiences)
        return frozenset(audience for session in self.held for audience in session.audiences)

    @property
    def note(self) -> str:
        if self.is_cancelled:
            return "abgesagt"
        return "" if self.sessions else "noch kein Termin"


@dataclass(frozen=True)
class Cell:
    """What a module gives to a need; `is_for` says whether anybody who has the need attends the module."""

    module: Module
    coverage: Coverage | None
    is_for: bool

    @property
    def kind(self) -> str:
        if self.coverage is None:
            return "none"
        return "full" if self.coverage.degree == CoverageDegree.FULL else "partial"

    @property
    def label(self) -> str:
        return {"none": "nicht", "partial": "teilweise", "full": "ganz"}[self.kind]


@dataclass(frozen=True)
class MatrixRow:
    need: Need
    verdict: Verdict
    cells: list[Cell]

    @property
    def is_uncovered(self) -> bool:
        return self.verdict is Verdict.UNCOVERED

    @property
    def is_over(self) -> bool:
        return self.verdict is Verdict.OVER


@dataclass(frozen=True)
class Matrix:
    """Needs down, modules across, for these audiences."""

    modules: list[PlannedModule]
    rows: list[MatrixRow]
    summary: Summary


# The coverages of a need by the key of their module: a cohort may have moved to a newer edition.
Stored = Mapping[int, Mapping[UUID, Coverage]]


def matrix_of(cohort: Cohort, audience: Audience | None = None) -> Matrix:
    """For one audience or for both; the number of queries depends on neither needs nor modules."""
    audiences = [audience] if audience else list(Audience)
    needs = {need.pk: need for need in Need.objects.filter(cohort=cohort).with_weight()}
    stored = stored_coverages(Need.objects.filter(cohort=cohort))
    modules = [planned for planned in planned_modules(cohort) if attended(planned, audience)]
    rows = judged_needs(needs.values(), modules, stored, audiences)
    return Matrix(
        modules,
        [
            MatrixRow(needs[row.need.key], row.verdict, cells_of(needs[row.need.key], modules, stored))
            for row in rows
        ],
        summary_of(rows),
    )


def attended(planned: PlannedModule, audience: Audience | None) -> bool:
    return audience is None or audience in planned.audiences or audience in planned.module.audiences


def planned_modules(cohort: Cohort) -> list[PlannedModule]:
    """In the order of the edition; three queries."""
    sessions: dict[UUID, list[Session]] = defaultdict(list)
    for session in cohort.sessions.with_dates().select_related("module"):
        sessions[session.module.key].append(session)
    modules = Module.objects.filter(edition=cohort.edition_id).prefetch_related("tracks")
    return [PlannedModule(module, sessions[module.key]) for module in modules]


def stored_coverages(needs: QuerySet[Need]) -> Stored:
    """One query."""
    found: dict[int, dict[UUID, Coverage]] = defaultdict(dict)
    for coverage in Coverage.objects.filter(need__in=needs).select_related("module", "unit"):
        found[coverage.need_id][coverage.module.key] = coverage
    return found


def judged_needs(
    needs: Iterable[Need], modules: Sequence[PlannedModule], stored: Stored, audiences: Sequence[Audience]
) -> list[Judged]:
    wanted = [Wanted(need.pk, need.title, need.weight, frozenset(need.audiences)) for need in needs]
    offers = [Offer(planned.module.pk, frozenset(planned.audiences)) for planned in modules]
    return judged(wanted, offers, degrees_of(wanted, modules, stored), audiences)


def degrees_of(needs: Iterable[Wanted], modules: Sequence[PlannedModule], stored: Stored) -> Cells:
    return {
        (need.key, planned.module.pk): DEGREES[CoverageDegree(coverage.degree)]
        for need in needs
        for planned in modules
        if (coverage := stored.get(need.key, {}).get(planned.module.key))
    }


def cells_of(need: Need, modules: Sequence[PlannedModule], stored: Stored) -> list[Cell]:
    own = stored.get(need.pk, {})
    return [
        Cell(planned.module, own.get(planned.module.key), bool(planned.audiences & set(need.audiences)))
        for planned in modules
    ]


def cell_of(need: Need, module: Module) -> Coverage | None:
    """What is stored of this cell, of whichever edition its module is."""
    return Coverage.objects.filter(need=need, module__key=module.key).select_related("unit").first()


@dataclass(frozen=True)
class NeedPlan:
    """The modules that are to serve a need, whether they were held, and for whom it is not covered for all that."""

    servings: list[Serving]
    gaps: list[str]


def plan_of(need: Need) -> NeedPlan:
    """Of a need `with_weight`; five queries."""
    stored = stored_coverages(Need.objects.filter(pk=need.pk))
    own, modules = stored.get(need.pk, {}), planned_modules(need.cohort)
    planned = [each for each in modules if each.module.key in own]
    placed = placed_units([session for each in planned for session in each.held])
    servings = [serving_of(each, own[each.module.key], set(need.audiences), placed) for each in planned]
    found = {one: judged_needs([need], modules, stored, [one])[0].verdict for one in need.audiences}
    return NeedPlan(
        servings, [GAPS[verdict].format(one.label) for one, verdict in found.items() if verdict in GAPS]
    )


# Session → keys of the units in its course; a session without a course is missing.
Placed = Mapping[int, set[UUID | None]]


def placed_units(sessions: Sequence[Session]) -> Placed:
    found: dict[int, set[UUID | None]] = defaultdict(set)
    items = AgendaItem.objects.filter(day__session__in=sessions).values_list("day__session", "unit__key")
    for session, key in items:
        found[session].add(key)
    return found


def serving_of(planned: PlannedModule, coverage: Coverage, audiences: set[Audience], placed: Placed) -> Serving:
    """By the first session that those attend who have the need."""
    session = next((one for one in planned.held if audiences & set(one.audiences)), None)
    return Serving(
        module=str(planned.module),
        degree=coverage.get_degree_display(),
        unit=str(coverage.unit or ""),
        delivery=delivery_of(planned, session, coverage.unit, placed),
        on=session.last_on if session else None,
    )


def delivery_of(planned: PlannedModule, session: Session | None, unit: Unit | None, placed: Placed) -> Delivery:
    if planned.is_cancelled:
        return Delivery.CANCELLED
    if session is None or session.last_on is None:
        return Delivery.UNDATED
    if unit and session.pk in placed and unit.key not in placed[session.pk]:
        return Delivery.LEFT_OUT
    return Delivery.HELD if session.last_on < timezone.localdate() else Delivery.AHEAD
