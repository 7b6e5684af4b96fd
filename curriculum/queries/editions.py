"""An edition as it is read: aims, tracks, modules, competences and the Verantwortungskaskade."""

from collections.abc import Iterable
from dataclasses import dataclass

from curriculum.models import (
    Audience,
    Edition,
    LearningGoal,
    Method,
    Module,
    Topic,
    Track,
    Unit,
)
from curriculum.queries.competences import Cascade, cascade_of


@dataclass(frozen=True)
class TrackPart:
    """What one audience is offered."""

    track: Track
    audience: Audience
    modules: tuple[Module, ...]
    minutes: int


@dataclass(frozen=True)
class UnitPart:
    unit: Unit
    topics: tuple[Topic, ...]
    methods: tuple[Method, ...]


@dataclass(frozen=True)
class ModulePart:
    module: Module
    audiences: tuple[Audience, ...]
    goals: tuple[LearningGoal, ...]
    units: tuple[UnitPart, ...]
    minutes: int

    @property
    def has_practice_report(self) -> bool:
        return any(part.unit.has_practice_report for part in self.units)


@dataclass(frozen=True)
class EditionPage:
    """Everything that the page of an edition shows; nothing of it asks the database again."""

    edition: Edition
    aims: tuple[str, ...]
    tracks: tuple[TrackPart, ...]
    modules: tuple[ModulePart, ...]
    topics: tuple[Topic, ...]
    methods: tuple[Method, ...]
    cascade: Cascade

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.modules)


def edition_page(edition: Edition) -> EditionPage:
    """Reads an edition with all its parts; the number of queries does not depend on their number."""
    modules = modules_of(edition)
    tracks = tuple(edition.tracks.all())
    methods = {method.pk: method for part in modules for unit in part.units for method in unit.methods}
    return EditionPage(
        edition=edition,
        aims=tuple(aim.text for aim in edition.aims.all()),
        tracks=tuple(track_part(track, modules) for track in tracks),
        modules=modules,
        topics=tuple(edition.topics.all()),
        methods=tuple(sorted(methods.values(), key=lambda method: method.name)),
        cascade=cascade_of(edition),
    )


def planned_minutes(module: Module) -> int:
    """Minutes of all units of a module, breaks excluded; reads the prefetched units."""
    return sum(unit.minutes for unit in module.units.all())


def modules_of(edition: Edition) -> tuple[ModulePart, ...]:
    modules = edition.modules.prefetch_related("tracks", "learning_goals", "units__topics", "units__methods")
    return tuple(
        ModulePart(
            module=module,
            audiences=module.audiences,
            goals=tuple(module.learning_goals.all()),
            units=tuple(
                UnitPart(unit, tuple(unit.topics.all()), tuple(unit.methods.all())) for unit in module.units.all()
            ),
            minutes=planned_minutes(module),
        )
        for module in modules
    )


def track_part(track: Track, modules: Iterable[ModulePart]) -> TrackPart:
    audience = Audience(track.audience)
    own = [part for part in modules if audience in part.audiences]
    return TrackPart(
        track=track,
        audience=audience,
        modules=tuple(part.module for part in own),
        minutes=sum(part.minutes for part in own),
    )
