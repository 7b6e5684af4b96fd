"""Triggers: what has been issued is never changed and never deleted; numbers are never given twice.

A certificate may be replaced or revoked, each once, and may outlive the account of who issued it. SQLite drops the
triggers of a table when a later migration alters that table: such a migration puts them back, as 0029 and 0033 do;
0036 says how. `tests/participants/test_certificates_frozen.py` looks for each.
"""

from django.db import migrations

KEPT = [
    "id",
    "cohort_id",
    "person_id",
    "registration_id",
    "issuance_id",
    "kind",
    "year",
    "ordinal",
    "code",
    "content",
    "issued_at",
    "replaces_id",
]
ENDS = {"replaced_at": "replacement_reason", "revoked_at": "revocation_reason"}
SENTENCE = "What a certificate says is never changed"
COUNTER = "A number is never given twice"


def same(column):
    return f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}"


def ended_once(moment, reason):
    """Nothing of this end changes, or it comes now, with its reason."""
    return f"(({same(moment)} AND {same(reason)}) OR (OLD.{moment} IS NULL AND NEW.{moment} IS NOT NULL))"


ALLOWED = " AND ".join(
    [
        *map(same, KEPT),
        f"({same('issued_by_id')} OR NEW.issued_by_id IS NULL)",
        *(ended_once(moment, reason) for moment, reason in ENDS.items()),
    ]
)
# Each: its table, the event, the condition on which it refuses, and what it says.
GUARDED = [
    ("participants_certificate", "UPDATE", f"NOT ({ALLOWED})", SENTENCE),
    ("participants_certificate", "DELETE", "1 = 1", SENTENCE),
    ("participants_certificatepaper", "UPDATE", "1 = 1", SENTENCE),
    ("participants_certificatepaper", "DELETE", "1 = 1", SENTENCE),
    (
        "participants_certificatecounter",
        "UPDATE",
        "NEW.year <> OLD.year OR NEW.last_ordinal < OLD.last_ordinal",
        COUNTER,
    ),
    ("participants_certificatecounter", "DELETE", "1 = 1", COUNTER),
]


def freeze(apps, schema_editor):
    thaw(apps, schema_editor)
    make = {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]
    for guard in GUARDED:
        for statement in make(*guard):
            schema_editor.execute(statement, params=None)


def on_sqlite(table, event, condition, sentence):
    # SQLite knows IS DISTINCT FROM from 3.39 on; IS says the same everywhere.
    yield (
        f"CREATE TRIGGER {name(table, event)} BEFORE {event} ON {table} "
        f"WHEN {condition.replace('IS NOT DISTINCT FROM', 'IS')} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def on_postgresql(table, event, condition, sentence):
    result = "OLD" if event == "DELETE" else "NEW"
    yield (
        f"CREATE FUNCTION {name(table, event)}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {result}; END $$"
    )
    yield (
        f"CREATE TRIGGER {name(table, event)} BEFORE {event} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name(table, event)}()"
    )


def thaw(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, event, _, _ in GUARDED:
        on = f" ON {table}" if is_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name(table, event)}{on}", params=None)
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name(table, event)}()", params=None)


def name(table, event):
    return f"frozen_{table.removeprefix('participants_')}_{event.lower()}"


class Migration(migrations.Migration):
    dependencies = [("participants", "0025_certificates_required")]

    operations = [migrations.RunPython(freeze, thaw)]
