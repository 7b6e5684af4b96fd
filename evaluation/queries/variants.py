"""„Was wäre, wenn“: how another course of one session would change the coverage of the cohort's needs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from curriculum.models import AgendaItem, AgendaKind, Audience, Cohort, LearningGoal, Session, Unit
from curriculum.queries.agenda import course_print
from curriculum.queries.features import lost_features
from evaluation.coverage import Change, Judged, Summary, Verdict, changes, judged, summary_of, varied
from evaluation.models import CoverageDegree, Need
from evaluation.queries.coverage import DEGREES, Course, Plan, gaps_in, offers_of, plan_of, wanted_of
from evaluation.queries.sources import weighed


@dataclass(frozen=True)
class Variant:
    """In one session a point for a need takes the place of a unit, or makes the session longer.

    `unit` is the unit that gets more time; None for a point of its own, which has a title and may be a report.
    """

    session: Session
    leave_out: Unit | None
    unit: Unit | None
    title: str
    minutes: int
    need: Need
    degree: CoverageDegree
    is_report: bool = False

    @property
    def kind(self) -> AgendaKind:
        if self.unit:
            return AgendaKind.UNIT
        return AgendaKind.REPORT if self.is_report else AgendaKind.OTHER


@dataclass(frozen=True)
class Shift:
    """How the need of a variant stands for one of its audiences, now and then."""

    audience: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True)
class Forecast:
    """What a variant would do; nothing is done yet. `gaps` says for whom its need would still not be covered.

    `shifts` are of a need of both audiences: all in all it may stay as it is, and yet be covered for one of them.
    `course` stands for the course on which all this is reckoned.
    `lost_goals` and `lost_features` tell whether the unit that is left out can be spared; no edition marks one as
    optional.
    """

    before: Summary
    after: Summary
    changes: list[Change]
    shifts: list[Shift]
    gaps: list[str]
    lost_goals: list[LearningGoal]
    lost_features: list[str]
    more_minutes: int
    course: str

    @property
    def better(self) -> list[Change]:
        return [change for change in self.changes if change.is_better]

    @property
    def worse(self) -> list[Change]:
        return [change for change in self.changes if not change.is_better]

    @property
    def fewer_minutes(self) -> int:
        return -self.more_minutes


def changeable_sessions(cohort: Cohort) -> QuerySet[Session]:
    """Sessions with a course that have not begun: only of these another course makes sense."""
    items = AgendaItem.objects.filter(day__session=OuterRef("pk"))
    with_course = cohort.sessions.not_cancelled().filter(Exists(items))
    ahead = with_course.exclude(days__date__lte=timezone.localdate())
    return ahead.with_dates().select_related("module", "cohort")


def units_in_course(session: Session) -> QuerySet[Unit]:
    return Unit.objects.filter(agenda_items__day__session=session).distinct()


def forecast(variant: Variant) -> Forecast:
    """The number of queries depends on neither needs nor modules."""
    plan = plan_of(variant.session.cohort)
    needs = weighed(Need.objects.filter(cohort=variant.session.cohort_id))
    before, after = plan.judged(needs, list(Audience)), judged_after(variant, plan, needs, list(Audience))
    found = {one: judged_after(variant, plan, [variant.need], [one])[0].verdict for one in variant.need.audiences}
    return Forecast(
        summary_of(before),
        summary_of(after),
        changes(before, after),
        shifts_in(plan, variant.need, found),
        gaps_in(found),
        lost_goals(variant),
        lost_features(
            variant.session, leave_out=variant.leave_out, unit=variant.unit, adds_report=variant.is_report
        ),
        more_minutes(variant),
        course_print(variant.session),
    )


def shifts_in(plan: Plan, need: Need, found: Mapping[Audience, Verdict]) -> list[Shift]:
    now = {one: plan.judged([need], [one])[0].verdict for one in found}
    shifts = [Shift(one.label, now[one], verdict) for one, verdict in found.items() if now[one] is not verdict]
    return shifts if len(found) > 1 else []


def judged_after(variant: Variant, plan: Plan, needs: list[Need], audiences: list[Audience]) -> list[Judged]:
    wanted, course = wanted_of(needs), plan_after(variant, plan)
    gained = {(variant.need.pk, variant.session.module_id): DEGREES[variant.degree]}
    cells = varied(course.cells(need.key for need in wanted), gained)
    return judged(wanted, offers_of(plan.modules), cells, audiences)


def plan_after(variant: Variant, plan: Plan) -> Plan:
    """The plan with the units of the session as the variant has them."""
    course = plan.placed.get(variant.session.pk, Course(frozenset(), frozenset()))
    added = {variant.unit.key} if variant.unit else set()
    gone = {variant.leave_out.key} if variant.leave_out else set()
    changed = replace(course, units=course.units - gone | added)
    return replace(plan, placed=dict(plan.placed) | {variant.session.pk: changed})


def lost_goals(variant: Variant) -> list[LearningGoal]:
    """Those that no unit of the course would serve any more without the one that is left out."""
    if variant.leave_out is None:
        return []
    staying = units_in_course(variant.session).exclude(pk=variant.leave_out.pk)
    lost = LearningGoal.objects.filter(units=variant.leave_out).exclude(units__in=staying)
    return list(lost.exclude(units=variant.unit) if variant.unit else lost)


def more_minutes(variant: Variant) -> int:
    """How much longer the session becomes; negative when it becomes shorter."""
    if variant.leave_out is None:
        return variant.minutes
    pieces = AgendaItem.objects.filter(day__session=variant.session, unit=variant.leave_out)
    freed: int = pieces.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    return variant.minutes - freed


def is_adopted(variant: Variant) -> bool:
    """Whether the course has its point, and the unit that gives way to it no more."""
    course = AgendaItem.objects.filter(day__session=variant.session)
    point = {"kind": variant.kind, "unit": variant.unit, "title": variant.title, "minutes": variant.minutes}
    has_point = course.filter(**point).exists()
    return has_point and not (variant.leave_out and course.filter(unit=variant.leave_out).exists())


def is_gain(variant: Variant) -> bool:
    """Whether the variant gives the need more than this module gives without the unit that is left out."""
    plan = plan_after(variant, plan_of(variant.session.cohort))
    planned = next(each for each in plan.modules if each.module.pk == variant.session.module_id)
    return plan.degree(variant.need.pk, planned) < DEGREES[variant.degree]
