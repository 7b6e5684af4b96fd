"""How the plan of a cohort covers its needs: the matrix, and one need in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from curriculum.models import AgendaItem, AgendaKind, Audience, Cohort, Module, Session
from evaluation.coverage import Degree, Judged, Offer, Summary, Verdict, Wanted, judged, summary_of
from evaluation.life_line import Delivery, Serving
from evaluation.models import Coverage, CoverageDegree, Need
from evaluation.queries.sources import weighed

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
    """What a module gives to a need; `is_for` says whether anybody who has the need attends the module.

    `is_left_out`: its unit or point stands in no course, so that it gives nothing.
    """

    module: Module
    coverage: Coverage | None
    is_for: bool
    is_left_out: bool
    is_cancelled: bool

    @property
    def kind(self) -> str:
        if self.coverage is None or self.is_left_out:
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


@dataclass(frozen=True)
class Course:
    """What stands in the course of a session: keys of units, and of the points themselves."""

    units: AbstractSet[UUID]
    points: AbstractSet[int]


# By session; one without a course is missing.
Placed = Mapping[int, Course]


@dataclass(frozen=True)
class Plan:
    """The modules of a cohort, what they are to give to its needs, and what stands in the courses."""

    modules: list[PlannedModule]
    stored: Stored
    placed: Placed

    @property
    def is_over(self) -> bool:
        """Whether the last session has been."""
        days = [session.last_on for planned in self.modules for session in planned.held if session.last_on]
        return bool(days) and max(days) < timezone.localdate()

    def coverage(self, need: int, planned: PlannedModule) -> Coverage | None:
        return self.stored.get(need, {}).get(planned.module.key)

    def is_left_out(self, planned: PlannedModule, coverage: Coverage) -> bool:
        """Whether what is to serve the need stands in no course of the module's sessions."""
        if not planned.held:
            return coverage.has_lost_point
        return all(lacks(self.placed, session, coverage) for session in planned.held)

    def degree(self, need: int, planned: PlannedModule) -> Degree:
        """What counts: nothing by a unit or point that is left out."""
        coverage = self.coverage(need, planned)
        if coverage is None or self.is_left_out(planned, coverage):
            return Degree.NONE
        return DEGREES[CoverageDegree(coverage.degree)]

    def cells(self, needs: Iterable[int]) -> dict[tuple[int, int], Degree]:
        return {(need, each.module.pk): self.degree(need, each) for need in needs for each in self.modules}

    def judged(self, needs: Iterable[Need], audiences: Sequence[Audience]) -> list[Judged]:
        wanted = wanted_of(needs)
        return judged(wanted, offers_of(self.modules), self.cells(need.key for need in wanted), audiences)


def lacks(placed: Placed, session: Session, coverage: Coverage) -> bool:
    """A unit is expected where no course is made yet; a point stands in the one session that it was added to."""
    course = placed.get(session.pk)
    if coverage.point_title and (course is None or coverage.point_id not in course.points):
        return True
    return coverage.unit is not None and course is not None and coverage.unit.key not in course.units


def wanted_of(needs: Iterable[Need]) -> list[Wanted]:
    """Of needs `with_weight`."""
    return [Wanted(need.pk, need.title, need.weight, frozenset(need.audiences)) for need in needs]


def offers_of(modules: Iterable[PlannedModule]) -> list[Offer]:
    return [Offer(planned.module.pk, frozenset(planned.audiences)) for planned in modules]


def plan_of(cohort: Cohort) -> Plan:
    """Five queries."""
    return plans_of([cohort])[cohort.pk]


def plans_of(cohorts: Sequence[Cohort]) -> dict[int, Plan]:
    """Five queries for all of them."""
    modules = modules_of(cohorts)
    placed = courses_of([session for each in modules.values() for planned in each for session in planned.held])
    stored = stored_coverages(Need.objects.filter(cohort__in=cohorts))
    return {cohort.pk: Plan(modules[cohort.pk], stored, placed) for cohort in cohorts}


def matrix_of(cohort: Cohort, audience: Audience | None = None) -> Matrix:
    """For one audience or for both; the number of queries depends on neither needs nor modules."""
    audiences = [audience] if audience else list(Audience)
    needs = {need.pk: need for need in weighed(Need.objects.filter(cohort=cohort))}
    plan = plan_of(cohort)
    rows, modules = plan.judged(needs.values(), audiences), [one for one in plan.modules if attended(one, audience)]
    return Matrix(
        modules,
        [MatrixRow(needs[row.need.key], row.verdict, cells_of(needs[row.need.key], modules, plan)) for row in rows],
        summary_of(rows),
    )


def attended(planned: PlannedModule, audience: Audience | None) -> bool:
    return audience is None or audience in planned.audiences or audience in planned.module.audiences


def planned_modules(cohort: Cohort) -> list[PlannedModule]:
    """In the order of the edition; three queries."""
    return modules_of([cohort])[cohort.pk]


def modules_of(cohorts: Sequence[Cohort]) -> dict[int, list[PlannedModule]]:
    """Cohort → the modules of its edition, in their order; three queries for all of them."""
    sessions: dict[tuple[int, UUID], list[Session]] = defaultdict(list)
    for session in Session.objects.filter(cohort__in=cohorts).with_dates().select_related("module"):
        sessions[session.cohort_id, session.module.key].append(session)
    modules: dict[int, list[Module]] = defaultdict(list)
    of_editions = Module.objects.filter(edition__in={cohort.edition_id for cohort in cohorts})
    for module in of_editions.prefetch_related("tracks"):
        modules[module.edition_id].append(module)
    return {
        cohort.pk: [PlannedModule(one, sessions[cohort.pk, one.key]) for one in modules[cohort.edition_id]]
        for cohort in cohorts
    }


def stored_coverages(needs: QuerySet[Need]) -> Stored:
    """One query."""
    found: dict[int, dict[UUID, Coverage]] = defaultdict(dict)
    for coverage in Coverage.objects.filter(need__in=needs).select_related("module", "unit", "point"):
        found[coverage.need_id][coverage.module.key] = coverage
    return found


def cells_of(need: Need, modules: Sequence[PlannedModule], plan: Plan) -> list[Cell]:
    return [cell_in(need, planned, plan) for planned in modules]


def cell_in(need: Need, planned: PlannedModule, plan: Plan) -> Cell:
    coverage, is_for = plan.coverage(need.pk, planned), bool(planned.audiences & set(need.audiences))
    is_left_out = coverage is not None and plan.is_left_out(planned, coverage)
    return Cell(planned.module, coverage, is_for, is_left_out, planned.is_cancelled)


def cell_of(need: Need, module: Module) -> Coverage | None:
    """What is stored of this cell, of whichever edition its module is."""
    return Coverage.objects.filter(need=need, module__key=module.key).select_related("unit", "point").first()


def own_points(cohort: Cohort, module: Module) -> QuerySet[AgendaItem]:
    """Points of the module's courses that are neither unit nor break; what is called off is not among them."""
    sessions = cohort.sessions.not_cancelled().filter(module__key=module.key)
    return AgendaItem.objects.filter(day__session__in=sessions, kind__in=[AgendaKind.REPORT, AgendaKind.OTHER])


@dataclass(frozen=True)
class NeedPlan:
    """The modules that are to serve a need, whether they were held, and for whom it is not covered for all that."""

    servings: list[Serving]
    gaps: list[str]
    is_over: bool


def need_plan(need: Need) -> NeedPlan:
    """Of a need `with_weight`; five queries."""
    plan = plan_of(need.cohort)
    servings = [serving_of(each, one, need, plan) for each in plan.modules if (one := plan.coverage(need.pk, each))]
    found = {one: plan.judged([need], [one])[0].verdict for one in need.audiences}
    return NeedPlan(servings, gaps_in(found), plan.is_over)


def gaps_in(found: Mapping[Audience, Verdict]) -> list[str]:
    return [GAPS[verdict].format(audience.label) for audience, verdict in found.items() if verdict in GAPS]


def courses_of(sessions: Sequence[Session]) -> Placed:
    """One query."""
    found: dict[int, dict[int, UUID | None]] = defaultdict(dict)
    items = AgendaItem.objects.filter(day__session__in=sessions).values_list("day__session", "pk", "unit__key")
    for session, point, unit in items:
        found[session][point] = unit
    return {session: Course({unit for unit in own.values() if unit}, own.keys()) for session, own in found.items()}


def serving_of(planned: PlannedModule, coverage: Coverage, need: Need, plan: Plan) -> Serving:
    """By the first session that those attend who have the need, and that has what serves it."""
    attended_by = [one for one in planned.held if set(need.audiences) & set(one.audiences)]
    session = min(attended_by, key=lambda one: lacks(plan.placed, one, coverage), default=None)
    return Serving(
        module=str(planned.module),
        degree=coverage.get_degree_display(),
        means=coverage.means,
        delivery=delivery_of(planned, session, coverage, plan),
        on=session.last_on if session else None,
    )


def delivery_of(planned: PlannedModule, session: Session | None, coverage: Coverage, plan: Plan) -> Delivery:
    if planned.is_cancelled:
        return Delivery.CANCELLED
    if planned.held and session is None:
        return Delivery.NOT_FOR
    if session is None or session.last_on is None:
        return Delivery.LEFT_OUT if coverage.has_lost_point else Delivery.UNDATED
    if lacks(plan.placed, session, coverage):
        return Delivery.LEFT_OUT
    return Delivery.HELD if session.last_on < timezone.localdate() else Delivery.AHEAD
