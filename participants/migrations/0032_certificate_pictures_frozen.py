"""Triggers: a picture of certificates is never changed, and never deleted while a certificate names it.

The second reads another table, which therefore cannot be altered on SQLite while it is there: 0037 takes it off, as
keys do the same. After an altered table of pictures only the trigger on UPDATE is put back.
`tests/participants/test_certificates_frozen.py` looks for each.
"""

from django.db import migrations

TABLE = "participants_certificatepicture"
NAMED = "EXISTS (SELECT 1 FROM participants_certificate WHERE {content} LIKE '%' || OLD.sha256 || '%')"
CONTENT = {"sqlite": "content", "postgresql": "content::text"}
SENTENCE = "A picture on certificates is kept as it was"


def freeze(apps, schema_editor):
    thaw(apps, schema_editor)
    vendor = schema_editor.connection.vendor
    make = {"sqlite": on_sqlite, "postgresql": on_postgresql}[vendor]
    for event, condition in {"UPDATE": "1 = 1", "DELETE": NAMED.format(content=CONTENT[vendor])}.items():
        for statement in make(event, condition):
            schema_editor.execute(statement, params=None)


def on_sqlite(event, condition):
    yield (
        f"CREATE TRIGGER {name(event)} BEFORE {event} ON {TABLE} "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )


def on_postgresql(event, condition):
    result = "OLD" if event == "DELETE" else "NEW"
    yield (
        f"CREATE FUNCTION {name(event)}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {result}; END $$"
    )
    yield (f"CREATE TRIGGER {name(event)} BEFORE {event} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name(event)}()")


def thaw(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for event in ("UPDATE", "DELETE"):
        on = f" ON {TABLE}" if is_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name(event)}{on}", params=None)
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name(event)}()", params=None)


def name(event):
    return f"frozen_certificatepicture_{event.lower()}"


class Migration(migrations.Migration):
    dependencies = [("participants", "0031_certificate_designs")]

    operations = [migrations.RunPython(freeze, thaw)]
