"""Triggers that refuse every change to an edition that is no draft, and to its parts, however it is attempted.

SQLite drops the triggers of a table when a later migration alters that table: such a migration puts them back
with `freeze`. `tests/curriculum/test_frozen.py` looks for each.
"""

from django.db import migrations

# Table → the key of the edition that a row belongs to; {row} is NEW or OLD.
OF_MODULE = "(SELECT edition_id FROM curriculum_module WHERE id = {{row}}.{column})"
OF_UNIT = "(SELECT m.edition_id FROM curriculum_unit u JOIN curriculum_module m ON m.id = u.module_id WHERE u.id = {row}.unit_id)"
OF_AREA = "(SELECT edition_id FROM curriculum_competencearea WHERE id = {row}.area_id)"
OF_COMPETENCE = "(SELECT a.edition_id FROM curriculum_competence c JOIN curriculum_competencearea a ON a.id = c.area_id WHERE c.id = {row}.competence_id)"
PARTS = {
    "curriculum_aim": "{row}.edition_id",
    "curriculum_track": "{row}.edition_id",
    "curriculum_topic": "{row}.edition_id",
    "curriculum_method": "{row}.edition_id",
    "curriculum_glossaryterm": "{row}.edition_id",
    "curriculum_module": "{row}.edition_id",
    "curriculum_module_tracks": OF_MODULE.format(column="module_id"),
    "curriculum_learninggoal": OF_MODULE.format(column="module_id"),
    "curriculum_unit": OF_MODULE.format(column="module_id"),
    "curriculum_unit_topics": OF_UNIT,
    "curriculum_unit_methods": OF_UNIT,
    "curriculum_unit_learning_goals": OF_UNIT,
    "curriculum_unit_glossary_terms": OF_UNIT,
    "curriculum_responsibilitylevel": "{row}.edition_id",
    "curriculum_competencearea": "{row}.edition_id",
    "curriculum_competence": OF_AREA,
    "curriculum_competence_modules": OF_COMPETENCE,
    "curriculum_competenceprofile": OF_COMPETENCE,
    "curriculum_tandemprofile": OF_COMPETENCE,
}
ROWS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}
KEPT = ["id", "programme_id", "number", "title", "abstract", "note", "replaces_id", "published_on"]
# A published edition may be archived, and that is all.
ARCHIVED_ONLY = "OLD.status = 'PUBLISHED' AND NEW.status = 'ARCHIVED' AND " + " AND ".join(
    f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}" for column in KEPT
)
EDITION = {
    "UPDATE": f"OLD.status <> 'DRAFT' AND NOT ({ARCHIVED_ONLY})",
    "DELETE": "OLD.status <> 'DRAFT'",
}
SENTENCE = "A published edition is never changed"
REFUSE = f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation'"


def freeze(apps, schema_editor):
    thaw(apps, schema_editor)
    make = {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]
    for statement in make():
        schema_editor.execute(statement, params=None)


def on_sqlite():
    for table, path in PARTS.items():
        for event, rows in ROWS.items():
            frozen = " OR ".join(
                f"(SELECT status FROM curriculum_edition WHERE id = {path.format(row=row)}) <> 'DRAFT'"  # noqa: S608 -- names of ours
                for row in rows
            )
            yield sqlite_trigger(table, event, frozen)
    for event, condition in EDITION.items():
        # SQLite knows IS DISTINCT FROM from 3.39 on; IS says the same everywhere.
        yield sqlite_trigger("curriculum_edition", event, condition.replace("IS NOT DISTINCT FROM", "IS"))


def sqlite_trigger(table, event, condition):
    return (
        f"CREATE TRIGGER {name(table, event)} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )


def on_postgresql():
    """The edition is locked for reading, so that nobody publishes it between the question and the change."""
    for table, path in PARTS.items():
        for event, rows in ROWS.items():
            check = "".join(
                f"SELECT status INTO found FROM curriculum_edition WHERE id = {path.format(row=row)} FOR SHARE; "  # noqa: S608 -- names of ours
                f"IF found <> 'DRAFT' THEN {REFUSE}; END IF; "
                for row in rows
            )
            yield from postgresql_trigger(table, event, check)
    for event, condition in EDITION.items():
        yield from postgresql_trigger("curriculum_edition", event, f"IF {condition} THEN {REFUSE}; END IF; ")


def postgresql_trigger(table, event, body):
    result = "OLD" if event == "DELETE" else "NEW"
    yield (
        f"CREATE FUNCTION {name(table, event)}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ DECLARE found text; BEGIN {body}RETURN {result}; END $$"
    )
    yield (
        f"CREATE TRIGGER {name(table, event)} BEFORE {event} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name(table, event)}()"
    )


def thaw(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    events = [(table, event) for table in PARTS for event in ROWS]
    for table, event in [*events, *(("curriculum_edition", event) for event in EDITION)]:
        on = f" ON {table}" if is_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name(table, event)}{on}", params=None)
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name(table, event)}()", params=None)


def name(table, event):
    return f"frozen_{table.removeprefix('curriculum_')}_{event.lower()}"


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0015_agenda_reports_material")]

    operations = [migrations.RunPython(freeze, thaw)]
