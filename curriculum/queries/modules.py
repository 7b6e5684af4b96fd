"""A module as it is read and written: its goals, its units with running sums, what is scheduled of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from curriculum.models import (
    Audience,
    Cohort,
    Edition,
    GlossaryTerm,
    LearningGoal,
    Method,
    Module,
    Session,
    Topic,
    Unit,
)
from curriculum.queries.schedule import ScheduleRow, schedule_rows
from netzkoord.models import User


@dataclass(frozen=True)
class Feature:
    """One feature of delivery: whether the module asks for it, and which units bring it."""

    name: str
    is_required: bool
    units: tuple[Unit, ...]

    @property
    def kind(self) -> str:
        """Which sign stands with it."""
        if self.units:
            return "done" if self.is_required else "info"
        return "due" if self.is_required else "neutral"

    @property
    def sentence(self) -> str:
        wanted = "verlangt" if self.is_required else "nicht verlangt"
        if self.units:
            return f"{wanted}, vorgesehen in {', '.join(f'„{unit}“' for unit in self.units)}"
        return f"{wanted}, aber noch in keinem Baustein vorgesehen" if self.is_required else wanted


@dataclass(frozen=True)
class UnitRow:
    """One unit with what it treats, and the minutes of the module up to its end."""

    unit: Unit
    topics: tuple[Topic, ...]
    methods: tuple[Method, ...]
    goals: tuple[int, ...]  # by their number in the module
    terms: tuple[GlossaryTerm, ...]
    minutes_so_far: int


@dataclass(frozen=True)
class GoalRow:
    """One learning goal; `units` counts those that serve it."""

    goal: LearningGoal
    units: int


@dataclass(frozen=True)
class ModulePage:
    """Everything that the page of a module shows; nothing of it asks the database again."""

    module: Module
    edition: Edition
    audiences: tuple[Audience, ...]
    goals: tuple[GoalRow, ...]
    units: tuple[UnitRow, ...]
    features: tuple[Feature, ...]
    sessions: tuple[ScheduleRow, ...]

    @property
    def minutes(self) -> int:
        return self.units[-1].minutes_so_far if self.units else 0


def module_page(module: Module, *, user: User) -> ModulePage:
    """Reads a module whose edition is loaded; sessions are those that this person may see and that are held."""
    goals = list(module.learning_goals.select_related("competence", "responsibility_level"))
    units = list(module.units.prefetch_related("topics", "methods", "learning_goals", "glossary_terms"))
    served = [goal.pk for unit in units for goal in unit.learning_goals.all()]
    return ModulePage(
        module=module,
        edition=module.edition,
        audiences=module.audiences,
        goals=tuple(GoalRow(goal, served.count(goal.pk)) for goal in goals),
        units=unit_rows(units, goals),
        features=features_of(module, units),
        sessions=schedule_rows(Session.objects.visible_to(user).not_cancelled().filter(module=module)),
    )


def unit_rows(units: Sequence[Unit], goals: Sequence[LearningGoal]) -> tuple[UnitRow, ...]:
    numbers = {goal.pk: number for number, goal in enumerate(goals, start=1)}
    sums = accumulate(unit.minutes for unit in units)
    return tuple(
        UnitRow(
            unit=unit,
            topics=tuple(unit.topics.all()),
            methods=tuple(unit.methods.all()),
            goals=tuple(numbers[goal.pk] for goal in unit.learning_goals.all() if goal.pk in numbers),
            terms=tuple(unit.glossary_terms.all()),
            minutes_so_far=so_far,
        )
        for unit, so_far in zip(units, sums, strict=True)
    )


def features_of(module: Module, units: Sequence[Unit]) -> tuple[Feature, ...]:
    reports = tuple(unit for unit in units if unit.has_practice_report)
    attitude = tuple(unit for unit in units if unit.is_about_attitude)
    return (
        Feature("Erlebnisbericht", module.requires_practice_report, reports),
        Feature("Haltung", module.requires_attitude_unit, attitude),
    )


def cohorts_with_module(module: Module) -> list[Cohort]:
    """Cohorts that hold the module, or meant to: their sessions keep it from being deleted."""
    return list(Cohort.objects.filter(sessions__module=module).distinct())


def cohorts_with_unit(unit: Unit) -> list[Cohort]:
    """Cohorts in whose agenda the unit stands, which keeps it from being deleted."""
    return list(Cohort.objects.filter(sessions__days__agenda__unit=unit).distinct())
