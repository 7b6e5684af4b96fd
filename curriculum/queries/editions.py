"""Editions as they are read: the list, the overview of one, and what a participant reads of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import PROTECT, Count, Q, QuerySet, Sum

from curriculum.models import (
    Aim,
    Audience,
    Edition,
    EditionStatus,
    GlossaryTerm,
    LearningGoal,
    Method,
    Module,
    Programme,
    Track,
    Unit,
)
from curriculum.queries.competences import Cascade, cascade_of
from netzkoord.lib.sentences import rows_in_words
from netzkoord.models import User


@dataclass(frozen=True)
class EditionRow:
    """An edition in the list; `draft` is what was last copied from it and is still a draft, for who may see it."""

    edition: Edition
    cohorts: int
    draft: Edition | None = None


@dataclass(frozen=True)
class ProgrammeRow:
    programme: Programme
    editions: tuple[EditionRow, ...]

    @property
    def latest(self) -> EditionRow | None:
        """The newest edition that is no draft: the next draft is copied from it."""
        return next((row for row in self.editions if not row.edition.is_draft), None)


@dataclass(frozen=True)
class Feature:
    """Whether a module has what it requires: an Erlebnisbericht, a unit on Haltung."""

    label: str
    is_required: bool
    is_present: bool

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.is_present


@dataclass(frozen=True)
class ModuleRow:
    """A module as the overview lists it."""

    module: Module
    audiences: tuple[Audience, ...]
    units: int
    minutes: int
    goals: int
    features: tuple[Feature, ...]


@dataclass(frozen=True)
class TrackPart:
    """What one audience is offered."""

    track: Track
    audience: Audience
    modules: tuple[Module, ...]
    minutes: int


@dataclass(frozen=True)
class EditionOverview:
    """What the first page of an edition shows; nothing of it asks the database again."""

    edition: Edition
    aims: tuple[Aim, ...]
    tracks: tuple[TrackPart, ...]
    modules: tuple[ModuleRow, ...]

    @property
    def units(self) -> int:
        return sum(row.units for row in self.modules)

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.modules)


@dataclass(frozen=True)
class EditionPage:
    """What a participant reads of an edition on one page; units stand on the pages of the modules."""

    overview: EditionOverview
    methods: tuple[Method, ...]
    glossary: tuple[GlossaryTerm, ...]
    cascade: Cascade


def programme_rows(user: User) -> tuple[ProgrammeRow, ...]:
    """Every programme with the editions that the user may see, the newest first; two queries."""
    editions = Edition.objects.visible_to(user).select_related("programme", "replaces")
    counts = dict(
        Edition.objects.filter(cohorts__isnull=False).annotate(count=Count("cohorts")).values_list("pk", "count")
    )
    found = list(editions.order_by("programme__title", "programme", "-number"))
    drafts = {edition.replaces_id: edition for edition in reversed(found) if edition.is_draft}
    rows: dict[Programme, list[EditionRow]] = {}
    for edition in found:
        row = EditionRow(edition, counts.get(edition.pk, 0), drafts.get(edition.pk))
        rows.setdefault(edition.programme, []).append(row)
    return tuple(ProgrammeRow(programme, tuple(own)) for programme, own in rows.items())


def superseded_by(edition: Edition) -> QuerySet[Edition]:
    """The editions of its programme that are published now."""
    return Edition.objects.filter(programme=edition.programme_id, status=EditionStatus.PUBLISHED).exclude(
        pk=edition.pk
    )


def edition_users(edition: Edition) -> tuple[str, ...]:
    """What keeps an edition from being deleted, in words; apps that this one does not know are asked, too."""
    protected = [field for field in Edition._meta.related_objects if field.on_delete is PROTECT]
    return rows_in_words(
        row
        for field in protected
        for row in field.related_model._base_manager.filter(**{field.field.name: edition})
    )


def edition_overview(edition: Edition) -> EditionOverview:
    """Aims, tracks and modules with their sums; six queries, however large the edition is."""
    modules = module_rows(edition)
    return EditionOverview(
        edition=edition,
        aims=tuple(edition.aims.all()),
        tracks=track_parts(edition, modules),
        modules=modules,
    )


def module_rows(edition: Edition) -> tuple[ModuleRow, ...]:
    """Four queries: modules, their tracks, sums of their units, numbers of their learning goals."""
    sums = (
        Unit.objects.filter(module__edition=edition)
        .order_by()
        .values("module")
        .annotate(
            count=Count("pk"),
            total=Sum("minutes"),
            reports=Count("pk", filter=Q(has_practice_report=True)),
            attitudes=Count("pk", filter=Q(is_about_attitude=True)),
        )
    )
    units = {key: own for key, *own in sums.values_list("module", "count", "total", "reports", "attitudes")}
    goals = LearningGoal.objects.filter(module__edition=edition).order_by()
    goal_counts = dict(goals.values("module").annotate(count=Count("pk")).values_list("module", "count"))
    return tuple(
        module_row(module, units.get(module.pk, (0, 0, 0, 0)), goal_counts.get(module.pk, 0))
        for module in edition.modules.prefetch_related("tracks")
    )


def module_row(module: Module, sums: Sequence[int], goals: int) -> ModuleRow:
    count, minutes, reports, attitudes = sums
    return ModuleRow(
        module=module,
        audiences=module.audiences,
        units=count,
        minutes=minutes,
        goals=goals,
        features=(
            Feature("Erlebnisbericht", module.requires_practice_report, bool(reports)),
            Feature("Haltung", module.requires_attitude_unit, bool(attitudes)),
        ),
    )


def edition_page(edition: Edition) -> EditionPage:
    """Reads an edition for participants; the number of queries does not depend on the number of its parts."""
    return EditionPage(
        overview=edition_overview(edition),
        methods=tuple(edition.methods.all()),
        glossary=tuple(edition.glossary.all()),
        cascade=cascade_of(edition),
    )


def minutes_by_module(modules: Iterable[Module | int]) -> dict[int, int]:
    """Minutes of all units, breaks excluded, by the module's key; one query, and no unit is read."""
    sums = Unit.objects.filter(module__in=list(modules)).order_by().values_list("module").annotate(Sum("minutes"))
    return dict(sums)


def planned_minutes(module: Module) -> int:
    """Minutes of all units of a module, breaks excluded; reads the prefetched units."""
    return sum(unit.minutes for unit in module.units.all())


def track_parts(edition: Edition, rows: Sequence[ModuleRow]) -> tuple[TrackPart, ...]:
    """The tracks with their modules out of `rows`; one query."""
    return tuple(track_part(track, rows) for track in edition.tracks.all())


def track_part(track: Track, rows: Iterable[ModuleRow]) -> TrackPart:
    audience = Audience(track.audience)
    own = [row for row in rows if audience in row.audiences]
    return TrackPart(
        track=track,
        audience=audience,
        modules=tuple(row.module for row in own),
        minutes=sum(row.minutes for row in own),
    )
