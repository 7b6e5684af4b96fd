"""An edition as it is read: aims, tracks, modules, competences and the Verantwortungskaskade."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curriculum.models import (
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Edition,
    LearningGoal,
    Method,
    Module,
    ResponsibilityLevel,
    Topic,
    Track,
    Unit,
)

# What a target level means, from 0 to 4.
LEVEL_WORDS = ("nicht verlangt", "kennen", "verstehen", "anwenden", "gestalten")


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
class Target:
    """A cell of the Verantwortungskaskade: the level to reach and its word; None where nothing is said."""

    level: int | None

    @property
    def word(self) -> str:
        return "keine Angabe" if self.level is None else LEVEL_WORDS[self.level]


@dataclass(frozen=True)
class CascadeRow:
    """One competence with its targets, in the order of the columns."""

    competence: Competence
    modules: tuple[Module, ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class CascadeArea:
    area: CompetenceArea
    rows: tuple[CascadeRow, ...]


@dataclass(frozen=True)
class Cascade:
    """Responsibility levels × competences for all audiences: columns are audience by audience, level by level."""

    audiences: tuple[Audience, ...]
    levels: tuple[ResponsibilityLevel, ...]
    areas: tuple[CascadeArea, ...]

    @property
    def target_columns(self) -> int:
        return len(self.audiences) * len(self.levels)


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
    level_words: tuple[str, ...] = LEVEL_WORDS

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
        cascade=cascade_of(edition, tracks),
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


def cascade_of(edition: Edition, tracks: Sequence[Track]) -> Cascade:
    """The matrix of the edition, one column for each track and level."""
    levels = tuple(edition.responsibility_levels.all())
    profiles = CompetenceProfile.objects.filter(track__edition=edition).values_list(
        "competence", "track", "responsibility_level", "target_level"
    )
    targets = {(competence, track, level): target for competence, track, level, target in profiles}

    def row(competence: Competence) -> CascadeRow:
        cells = ((competence.pk, track.pk, level.pk) for track in tracks for level in levels)
        return CascadeRow(
            competence=competence,
            modules=tuple(competence.modules.all()),
            targets=tuple(Target(targets.get(cell)) for cell in cells),
        )

    areas = edition.competence_areas.prefetch_related("competences__modules")
    return Cascade(
        audiences=tuple(Audience(track.audience) for track in tracks),
        levels=levels,
        areas=tuple(CascadeArea(area, tuple(row(each) for each in area.competences.all())) for area in areas),
    )
