"""The Verantwortungskaskade: which competence is asked of whom, on which level of responsibility."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from curriculum.models import (
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Edition,
    Module,
    ResponsibilityLevel,
    TandemProfile,
    Track,
)

# What a target level means, from 0 to 4.
LEVEL_WORDS = ("nicht verlangt", "kennen", "verstehen", "anwenden", "gestalten")
UNSAID = "keine Angabe"


@dataclass(frozen=True)
class Target:
    """A cell of the Verantwortungskaskade: the level to reach and its word; None where nothing is said."""

    level: int | None

    @property
    def word(self) -> str:
        return UNSAID if self.level is None else LEVEL_WORDS[self.level]


@dataclass(frozen=True)
class LevelTargets:
    """What one level of responsibility asks: of each audience, and of the tandem together."""

    level: ResponsibilityLevel
    audiences: tuple[Target, ...]
    tandem: Target

    @property
    def cells(self) -> tuple[Target, ...]:
        """In the order of the columns below this level."""
        return (*self.audiences, self.tandem)


@dataclass(frozen=True)
class CascadeRow:
    """One competence with its targets, level by level."""

    competence: Competence
    modules: tuple[Module, ...]
    groups: tuple[LevelTargets, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets of the audiences alone, level by level."""
        return tuple(target for group in self.groups for target in group.audiences)

    @property
    def cells(self) -> tuple[Target, ...]:
        """All columns of the matrix."""
        return tuple(cell for group in self.groups for cell in group.cells)

    @property
    def tandem_targets(self) -> tuple[LevelTargets, ...]:
        """The levels on which something is asked of the tandem."""
        return tuple(group for group in self.groups if group.tandem.level)

    @property
    def behaviours(self) -> tuple[tuple[int, str, str], ...]:
        """Number, word and description of every level that is described."""
        described = enumerate(zip(LEVEL_WORDS, self.competence.behaviours, strict=True))
        return tuple((number, word, text) for number, (word, text) in described if text)


@dataclass(frozen=True)
class CascadeArea:
    area: CompetenceArea
    rows: tuple[CascadeRow, ...]

    @property
    def list_name(self) -> str:
        """A name for its list of competences that has letters only, as `components/sort_form.html` asks."""
        return "bereich-" + "".join(ascii_lowercase[int(digit)] for digit in str(self.area.pk))


@dataclass(frozen=True)
class Cascade:
    """Competences × levels of responsibility: below each level a column per audience and one for the tandem."""

    tracks: tuple[Track, ...]
    levels: tuple[ResponsibilityLevel, ...]
    areas: tuple[CascadeArea, ...]
    level_words: tuple[str, ...] = LEVEL_WORDS

    @property
    def audiences(self) -> tuple[Audience, ...]:
        return tuple(Audience(track.audience) for track in self.tracks)

    @property
    def columns_per_level(self) -> int:
        return len(self.tracks) + 1

    @property
    def target_columns(self) -> int:
        return self.columns_per_level * len(self.levels)

    @property
    def is_empty(self) -> bool:
        return not any(area.rows for area in self.areas)


Cell = tuple[int, int | None, int]


def cascade_of(edition: Edition) -> Cascade:
    """The matrix of an edition; seven queries, however large it is."""
    tracks = tuple(edition.tracks.all())
    levels = tuple(edition.responsibility_levels.all())
    targets = targets_of(edition)
    areas = edition.competence_areas.prefetch_related("competences__modules")
    return Cascade(
        tracks=tracks,
        levels=levels,
        areas=tuple(
            CascadeArea(area, tuple(row(each, tracks, levels, targets) for each in area.competences.all()))
            for area in areas
        ),
    )


def targets_of(edition: Edition) -> dict[Cell, int]:
    """Every stored target by competence, track (None for the tandem) and level; two queries."""
    profiles = CompetenceProfile.objects.filter(track__edition=edition).order_by()
    tandems = TandemProfile.objects.filter(responsibility_level__edition=edition).order_by()
    found: dict[Cell, int] = {
        (competence, track, level): target
        for competence, track, level, target in profiles.values_list(
            "competence", "track", "responsibility_level", "target_level"
        )
    }
    for competence, level, target in tandems.values_list("competence", "responsibility_level", "target_level"):
        found[competence, None, level] = target
    return found


def row(
    competence: Competence,
    tracks: Sequence[Track],
    levels: Sequence[ResponsibilityLevel],
    targets: Mapping[Cell, int],
) -> CascadeRow:
    return CascadeRow(
        competence=competence,
        modules=tuple(competence.modules.all()),
        groups=tuple(
            LevelTargets(
                level=level,
                audiences=tuple(Target(targets.get((competence.pk, track.pk, level.pk))) for track in tracks),
                tandem=Target(targets.get((competence.pk, None, level.pk))),
            )
            for level in levels
        ),
    )
