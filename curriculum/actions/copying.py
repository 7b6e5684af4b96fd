"""All parts of an edition once more, in another edition: keys kept, references turned to the copies."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from curriculum.models import (
    Competence,
    CompetenceProfile,
    Edition,
    LearningGoal,
    Module,
    TandemProfile,
    Unit,
)

M = TypeVar("M", bound=Model)
Keys = dict[int, int]


def copy_parts(old: Edition, new: Edition) -> None:
    """Store every part of `old` in `new`; two statements per table, however many rows there are."""
    edition = {old.pk: new.pk}
    tracks = copies(old.tracks.all(), edition_id=edition)
    levels = copies(old.responsibility_levels.all(), edition_id=edition)
    areas = copies(old.competence_areas.all(), edition_id=edition)
    competences = copies(Competence.objects.filter(area__edition=old), area_id=areas)
    copies(old.aims.all(), edition_id=edition)
    copy_profiles(old, tracks=tracks, levels=levels, competences=competences)
    modules = copies(old.modules.all(), edition_id=edition)
    copies(Module.tracks.through.objects.filter(module__edition=old), module_id=modules, track_id=tracks)
    copies(
        Competence.modules.through.objects.filter(module__edition=old), competence_id=competences, module_id=modules
    )
    goals = copies(
        LearningGoal.objects.filter(module__edition=old),
        module_id=modules,
        competence_id=competences,
        responsibility_level_id=levels,
    )
    copy_units(old, edition, modules=modules, goals=goals)


def copy_profiles(old: Edition, *, tracks: Keys, levels: Keys, competences: Keys) -> None:
    parents = {"competence_id": competences, "responsibility_level_id": levels}
    copies(CompetenceProfile.objects.filter(track__edition=old), track_id=tracks, **parents)
    copies(TandemProfile.objects.filter(responsibility_level__edition=old), **parents)


def copy_units(old: Edition, edition: Keys, *, modules: Keys, goals: Keys) -> None:
    topics = copies(old.topics.all(), edition_id=edition)
    methods = copies(old.methods.all(), edition_id=edition)
    units = copies(Unit.objects.filter(module__edition=old), module_id=modules)
    for field, column, keys in (
        (Unit.topics, "topic_id", topics),
        (Unit.methods, "method_id", methods),
        (Unit.learning_goals, "learninggoal_id", goals),
        (Unit.glossary_terms, "glossaryterm_id", copy_glossary(old, edition)),
    ):
        copies(field.through.objects.filter(unit__module__edition=old), **{"unit_id": units, column: keys})


def copy_glossary(old: Edition, edition: Keys) -> Keys:
    """Terms above first: the ones below refer to them."""
    above = copies(old.glossary.filter(parent__isnull=True), edition_id=edition)
    below = copies(old.glossary.filter(parent__isnull=False), edition_id=edition, parent_id=above)
    return above | below


def copies(rows: QuerySet[M], **parents: Keys) -> Keys:
    """Store a copy of each row; `parents` says for each column what the old keys became.

    Returns what the rows' own keys became.
    """
    originals = list(rows)
    stored = rows.model._default_manager.bulk_create(copy_of(row, parents) for row in originals)
    return {original.pk: copy.pk for original, copy in zip(originals, stored, strict=True)}


def copy_of(row: M, parents: dict[str, Keys]) -> M:
    fields = row._meta.concrete_fields
    values = {field.attname: getattr(row, field.attname) for field in fields if not field.primary_key}
    for column, keys in parents.items():
        if values[column] is not None:
            values[column] = keys[values[column]]
    return type(row)(**values)
