"""Triggers on SQLite: what has been issued is not overwritten by an INSERT that takes the place of a row, either.

`INSERT OR REPLACE` deletes each row that the new one meets in a unique index, and asks no trigger about it. So an
insert that meets one is refused before. PostgreSQL knows no such statement: its `ON CONFLICT DO UPDATE` is an update,
which 0026 refuses.

A later migration that alters one of these tables puts these triggers back, too, with `freeze`.
"""

from django.db import migrations

SENTENCE = "What has been issued is never overwritten"
VALID = "{0}.revoked_at IS NULL AND {0}.replaced_at IS NULL"
BOTH_VALID = f"{VALID.format('old')} AND {VALID.format('NEW')}"


def same(*columns):
    return " AND ".join(f"old.{column} = NEW.{column}" for column in columns)


# For each table the conditions under which a row that stands there would be met: its unique indexes.
MET = {
    "participants_certificate": [
        same("id"),
        same("code"),
        same("year", "ordinal"),
        same("replaces_id"),
        f"{same('person_id', 'kind', 'cohort_id')} AND {BOTH_VALID}",
        f"{same('tandem_id')} AND {BOTH_VALID}",
    ],
    "participants_certificatepaper": [same("certificate_id")],
    "participants_certificatecounter": [same("year")],
    "participants_certificatepicture": [same("sha256")],
    "participants_certificatepictureuse": [same("id"), same("certificate_id", "picture_id")],
}


def freeze(apps, schema_editor):
    thaw(apps, schema_editor)
    if schema_editor.connection.vendor != "sqlite":
        return
    for table, conditions in MET.items():
        met = " OR ".join(f"({condition})" for condition in conditions)
        schema_editor.execute(
            f"CREATE TRIGGER {name(table)} BEFORE INSERT ON {table} "  # noqa: S608 -- names of ours
            f"WHEN EXISTS (SELECT 1 FROM {table} AS old WHERE {met}) "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
            params=None,
        )


def thaw(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in MET:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name(table)}", params=None)


def name(table):
    return f"frozen_{table.removeprefix('participants_')}_insert"


class Migration(migrations.Migration):
    dependencies = [("participants", "0038_certificate_rules")]

    operations = [migrations.RunPython(freeze, thaw)]
