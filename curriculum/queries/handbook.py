"""Everything that the Modulhandbuch of an edition prints."""

from dataclasses import dataclass

from django.db.models import Prefetch

from curriculum.models import Aim, Edition, GlossaryTerm, LearningGoal, Method, Module, Topic, Track, Unit
from curriculum.queries.competences import Cascade, cascade_of


@dataclass(frozen=True)
class HandbookModule:
    """A module with its units and goals; nothing of it asks the database again."""

    module: Module
    goals: tuple[LearningGoal, ...]
    units: tuple[Unit, ...]

    @property
    def minutes(self) -> int:
        return sum(unit.minutes for unit in self.units)

    @property
    def audiences(self) -> str:
        return " und ".join(audience.label for audience in self.module.audiences)

    @property
    def demands(self) -> tuple[str, ...]:
        """What the module asks of its delivery, in words."""
        demands = {
            "einen Erlebnisbericht aus der Praxis": self.module.requires_practice_report,
            "einen Baustein zur Haltung": self.module.requires_attitude_unit,
        }
        return tuple(word for word, is_required in demands.items() if is_required)


@dataclass(frozen=True)
class HandbookTrack:
    """What one audience is offered, with its modules."""

    track: Track
    modules: tuple[HandbookModule, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.modules)


@dataclass(frozen=True)
class HandbookTerm:
    """A word of the glossary with those that fall under it."""

    term: GlossaryTerm
    children: tuple[GlossaryTerm, ...]


@dataclass(frozen=True)
class Handbook:
    """An edition in the order in which it is printed."""

    edition: Edition
    aims: tuple[Aim, ...]
    tracks: tuple[HandbookTrack, ...]
    cascade: Cascade
    modules: tuple[HandbookModule, ...]
    methods: tuple[Method, ...]
    topics: tuple[Topic, ...]
    glossary: tuple[HandbookTerm, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.modules)


def handbook_of(edition: Edition) -> Handbook:
    """Reads an edition with all its parts; the number of queries does not depend on their number."""
    modules = modules_of(edition)
    return Handbook(
        edition=edition,
        aims=tuple(edition.aims.all()),
        tracks=tuple(track_of(track, modules) for track in edition.tracks.all()),
        cascade=cascade_of(edition),
        modules=modules,
        methods=tuple(edition.methods.all()),
        topics=topics_of(edition),
        glossary=glossary_of(edition),
    )


def modules_of(edition: Edition) -> tuple[HandbookModule, ...]:
    modules = edition.modules.prefetch_related(
        "tracks",
        "learning_goals__competence",
        "learning_goals__responsibility_level",
        "units__topics",
        "units__methods",
        "units__glossary_terms",
    )
    return tuple(
        HandbookModule(module, tuple(module.learning_goals.all()), tuple(module.units.all())) for module in modules
    )


def topics_of(edition: Edition) -> tuple[Topic, ...]:
    """Each with its units in the order of the programme."""
    units = Unit.objects.select_related("module").order_by("module__position", "position")
    return tuple(edition.topics.prefetch_related(Prefetch("units", units)))


def track_of(track: Track, modules: tuple[HandbookModule, ...]) -> HandbookTrack:
    return HandbookTrack(track, tuple(part for part in modules if track in part.module.tracks.all()))


def glossary_of(edition: Edition) -> tuple[HandbookTerm, ...]:
    """Words without a kind above them, each with its own below."""
    terms = list(edition.glossary.all())
    return tuple(
        HandbookTerm(term, tuple(child for child in terms if child.parent_id == term.pk))
        for term in terms
        if term.parent_id is None
    )
