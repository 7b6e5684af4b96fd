"""A published or archived edition cannot be changed by any way: the database itself refuses."""

import datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from curriculum.models import (
    Aim,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Edition,
    EditionStatus,
    GlossaryTerm,
    LearningGoal,
    Method,
    Module,
    ResponsibilityLevel,
    TandemProfile,
    Topic,
    Track,
    Unit,
)
from tests import factories
from tests.benchmarks.large_edition import large_edition

pytestmark = pytest.mark.database

# Model → the path from its rows to their edition.
PARTS = {
    Aim: "edition",
    Track: "edition",
    Topic: "edition",
    Method: "edition",
    GlossaryTerm: "edition",
    Module: "edition",
    Module.tracks.through: "module__edition",
    LearningGoal: "module__edition",
    Unit: "module__edition",
    Unit.topics.through: "unit__module__edition",
    Unit.methods.through: "unit__module__edition",
    Unit.learning_goals.through: "unit__module__edition",
    Unit.glossary_terms.through: "unit__module__edition",
    ResponsibilityLevel: "edition",
    CompetenceArea: "edition",
    Competence: "area__edition",
    Competence.modules.through: "competence__area__edition",
    CompetenceProfile: "competence__area__edition",
    TandemProfile: "competence__area__edition",
}
FROZEN = [EditionStatus.PUBLISHED, EditionStatus.ARCHIVED]
EVENTS = ["insert", "update", "delete"]
SENTENCE = "A published edition is never changed"


def table_name(model):
    return model._meta.db_table


def freeze(edition, status):
    """By hand, without the action: the rules of the database are tested here."""
    factories.publish(edition)
    if status == EditionStatus.ARCHIVED:
        edition.status, edition.archived_on = status, datetime.date(2018, 6, 1)
        edition.save()
    return edition


@pytest.fixture(scope="module")
def shared_drafts(module_db):
    """Two editions with a row in every table; the first is to be frozen, the other stays a draft."""
    first = large_edition(modules=3, units_per_module=2, title="Eingefroren")
    return first.pk, large_edition(modules=3, units_per_module=2, title="Entwurf").pk


@pytest.fixture
def drafts(shared_drafts, db):
    return [Edition.objects.get(pk=pk) for pk in shared_drafts]


@pytest.fixture(params=FROZEN)
def editions(request, drafts):
    freeze(drafts[0], request.param)
    return drafts


def rows_of(model, edition):
    return model._base_manager.filter(**{PARTS[model]: edition}).order_by("pk")


def stored(model, edition):
    return list(rows_of(model, edition).values_list())


def refused(change):
    """Whether the database refuses, and does so for our reason and no other."""
    with pytest.raises(IntegrityError, match=SENTENCE), transaction.atomic():
        change()


def some_field(model):
    """A column that may be written with the value it has: even that is a change."""
    return next(field for field in model._meta.concrete_fields if not field.primary_key)


def twin(row):
    """The row once more under new keys, so that nothing but the trigger can refuse it."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values.pop("id")
    values.pop("key", None)
    for field in row._meta.concrete_fields:
        if isinstance(field, models.CharField) and not field.choices and field.max_length:
            values[field.attname] = "anders"
        elif field.name == "position":
            values[field.attname] = 99
    return type(row)(**values)


def raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize("model", PARTS, ids=table_name)
def test_rows_of_a_frozen_edition_are_neither_updated_nor_deleted(editions, model):
    frozen, _ = editions
    before = stored(model, frozen)
    row, rows = rows_of(model, frozen)[0], rows_of(model, frozen)
    column = some_field(model)
    table = table_name(model)

    refused(row.save)
    refused(lambda: rows.order_by().update(**{column.attname: models.F(column.attname)}))
    refused(lambda: model._base_manager.bulk_update([row], [column.name]))
    refused(row.delete)
    refused(rows.delete)
    refused(lambda: raw(f"UPDATE {table} SET {column.column} = {column.column} WHERE id = %s", row.pk))  # noqa: S608
    refused(lambda: raw(f"DELETE FROM {table} WHERE id = %s", row.pk))  # noqa: S608

    assert before
    assert stored(model, frozen) == before


@pytest.mark.parametrize("model", PARTS, ids=table_name)
def test_no_row_comes_into_a_frozen_edition(editions, model):
    frozen, _ = editions
    before = stored(model, frozen)
    row = rows_of(model, frozen)[0]
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]

    refused(twin(row).save)
    refused(lambda: model._base_manager.bulk_create([twin(row)]))
    refused(
        lambda: raw(
            f"INSERT INTO {table_name(model)} (id, {', '.join(columns)}) "  # noqa: S608
            f"SELECT 987654, {', '.join(columns)} FROM {table_name(model)} WHERE id = %s",
            row.pk,
        )
    )

    assert stored(model, frozen) == before


@pytest.mark.parametrize("model", PARTS, ids=table_name)
def test_no_row_moves_between_a_frozen_edition_and_a_draft(editions, model):
    """Neither a part of the draft into the frozen edition nor one of its own out of it."""
    frozen, draft = editions
    inside, outside = rows_of(model, frozen)[0], rows_of(model, draft)[0]
    column = PARTS[model].split("__")[0]

    refused(
        lambda: rows_of(model, draft).filter(pk=outside.pk).order_by().update(**{column: getattr(inside, column)})
    )
    refused(
        lambda: rows_of(model, frozen).filter(pk=inside.pk).order_by().update(**{column: getattr(outside, column)})
    )


@pytest.mark.parametrize("model", PARTS, ids=table_name)
def test_rows_of_a_draft_are_free_beside_a_frozen_edition(editions, model):
    _, draft = editions
    rows = rows_of(model, draft)
    count = rows.count()

    rows.last().save()
    rows.last().delete()

    assert rows.count() == count - 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Anders"},
        {"abstract": "Anders"},
        {"note": "Anders"},
        {"number": 99},
        {"replaces": None, "note": "Anders"},
        {"published_on": datetime.date(2020, 1, 1)},
        {"status": EditionStatus.DRAFT, "archived_on": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_texts_and_state_of_a_frozen_edition_stay(editions, change):
    frozen, _ = editions
    rows = Edition.objects.filter(pk=frozen.pk)
    before = rows.values().get()

    refused(lambda: rows.update(**change))
    for name, value in change.items():
        setattr(frozen, name, value)
    refused(frozen.save)

    assert rows.values().get() == before


def test_frozen_edition_and_its_programme_are_not_deleted(editions):
    frozen, _ = editions

    refused(lambda: raw("DELETE FROM curriculum_edition WHERE id = %s", frozen.pk))
    refused(frozen.delete)
    with pytest.raises(models.ProtectedError):
        frozen.programme.delete()

    assert Edition.objects.filter(pk=frozen.pk).exists()


def test_archived_edition_is_not_published_again(drafts):
    edition = freeze(drafts[0], EditionStatus.ARCHIVED)

    refused(lambda: Edition.objects.filter(pk=edition.pk).update(status="PUBLISHED", archived_on=None))


def test_published_edition_may_be_archived_and_nothing_else_on_the_way(drafts):
    edition = freeze(drafts[0], EditionStatus.PUBLISHED)
    rows = Edition.objects.filter(pk=edition.pk)
    archived = {"status": EditionStatus.ARCHIVED, "archived_on": datetime.date(2018, 6, 1)}

    refused(lambda: rows.update(**archived, title="Anders"))
    rows.update(**archived)

    assert rows.get().status == EditionStatus.ARCHIVED


def test_cohorts_may_still_use_a_frozen_edition(editions):
    frozen, _ = editions

    session = factories.SessionFactory(cohort__edition=frozen, module=frozen.modules.first())

    assert session.cohort.edition == frozen


def test_every_table_of_an_edition_has_its_triggers(db):
    """A migration that alters a table of SQLite drops its triggers: they must be there after the last one."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE name LIKE 'frozen_%' AND tbl_name LIKE 'curriculum_%'",
        "postgresql": (
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE tgname LIKE 'frozen_%' AND relname LIKE 'curriculum_%'"
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {row[0] for row in cursor.fetchall()}

    names = [table_name(model).removeprefix("curriculum_") for model in PARTS]
    expected = {f"frozen_{name}_{event}" for name in names for event in EVENTS}
    # The one of the cohort is the rule for certificates (test_rule_frozen).
    assert found == expected | {"frozen_edition_update", "frozen_edition_delete", "frozen_cohort_update"}


def test_no_table_of_an_edition_is_forgotten():
    """Whatever refers to a part of an edition is a part itself, or stands here as referring from outside."""
    outside = {"Edition", "Cohort", "Session", "AgendaItem", "PracticeReport"}
    known = {model.__name__ for model in PARTS} | {"Edition"}
    models_here = apps.get_app_config("curriculum").get_models(include_auto_created=True)

    referring = {
        model.__name__
        for model in models_here
        for field in model._meta.concrete_fields
        if field.related_model and field.related_model.__name__ in known
    }

    assert referring - outside == known - {"Edition"}
