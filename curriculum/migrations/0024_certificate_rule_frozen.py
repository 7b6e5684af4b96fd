"""A trigger that keeps the rule for certificates once a cohort is announced: people register because of it.

How long something can be made up may still be set later, which harms nobody. An announced cohort stays announced,
or the rule could be changed meanwhile.

SQLite drops the trigger when a later migration alters the table: such a migration puts it back with `freeze`.
`tests/curriculum/test_rule_frozen.py` looks for it.
"""

from django.db import migrations

KEPT = [
    "attendance_threshold_percent",
    "grants_certificate",
    "certificate_threshold_percent",
    "needs_project",
    "needs_colloquium",
]
CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in KEPT)
SHORTENED = "OLD.make_up_until IS NOT NULL AND (NEW.make_up_until IS NULL OR NEW.make_up_until < OLD.make_up_until)"
REFUSED = f"OLD.announced_at IS NOT NULL AND (NEW.announced_at IS NULL OR {CHANGED} OR ({SHORTENED}))"
SENTENCE = "The rule of an announced cohort is never changed"
NAME = "frozen_cohort_update"


def freeze(apps, schema_editor):
    thaw(apps, schema_editor)
    make = {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]
    for statement in make():
        schema_editor.execute(statement, params=None)


def on_sqlite():
    yield (
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON curriculum_cohort WHEN {REFUSED} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )


def on_postgresql():
    yield (
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {REFUSED} THEN "
        f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    yield (f"CREATE TRIGGER {NAME} BEFORE UPDATE ON curriculum_cohort FOR EACH ROW EXECUTE FUNCTION {NAME}()")


def thaw(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    on = " ON curriculum_cohort" if is_postgresql else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {NAME}{on}", params=None)
    if is_postgresql:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {NAME}()", params=None)


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0023_no_certificate_promised_before")]

    operations = [migrations.RunPython(freeze, thaw)]
