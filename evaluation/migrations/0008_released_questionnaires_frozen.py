"""Triggers: a released questionnaire is never changed, a survey asks no draft and never changes what it is for.

SQLite drops the triggers of a table when a later migration alters that table: such a migration puts them back
with `freeze`. `tests/evaluation/test_frozen.py` looks for each.
"""

from django.db import migrations

# Table -> the questionnaire that a row belongs to; {row} is NEW or OLD.
PARTS = {
    "evaluation_section": "{row}.questionnaire_id",
    "evaluation_question": "(SELECT questionnaire_id FROM evaluation_section WHERE id = {row}.section_id)",
    "evaluation_option": (
        "(SELECT s.questionnaire_id FROM evaluation_question q "
        "JOIN evaluation_section s ON s.id = q.section_id WHERE q.id = {row}.question_id)"
    ),
}
ROWS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}
KEPT = ["key", "purpose", "title", "version", "intro"]
IS_USED = "EXISTS (SELECT 1 FROM evaluation_survey WHERE questionnaire_id = OLD.id)"
CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in KEPT)
# A release may be taken back while nobody has been asked; whether it is marked as a proposal may change.
QUESTIONNAIRE = {
    "UPDATE": f"OLD.released_at IS NOT NULL AND ({CHANGED} OR (NEW.released_at IS NULL AND {IS_USED}))",
    "DELETE": "OLD.released_at IS NOT NULL",
}
ASKS_A_DRAFT = (
    "EXISTS (SELECT 1 FROM evaluation_questionnaire WHERE id = NEW.questionnaire_id AND released_at IS NULL)"
)
TURNS_TO_A_DRAFT = f"(OLD.questionnaire_id <> NEW.questionnaire_id AND {ASKS_A_DRAFT})"
RELEASED = "A released questionnaire is never changed"
FIXED = "What a survey is for never changes"
DRAFT = "A survey asks a released questionnaire"
# (table, event, condition, sentence) of every trigger that asks for the row alone
GUARDED = [
    *(("evaluation_questionnaire", event, condition, RELEASED) for event, condition in QUESTIONNAIRE.items()),
    ("evaluation_survey", "INSERT", ASKS_A_DRAFT, DRAFT),
    ("evaluation_survey", "UPDATE", f"OLD.purpose <> NEW.purpose OR {TURNS_TO_A_DRAFT}", f"{FIXED}; {DRAFT}"),
]
# On PostgreSQL: nobody takes a release back between the question and the change.
LOCKED = {
    "evaluation_survey": "PERFORM 1 FROM evaluation_questionnaire WHERE id = NEW.questionnaire_id FOR SHARE; "
}


def freeze(apps, schema_editor):
    thaw(apps, schema_editor)
    make = {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]
    for statement in make():
        schema_editor.execute(statement, params=None)


def on_sqlite():
    for table, path in PARTS.items():
        for event, rows in ROWS.items():
            frozen = " OR ".join(
                f"(SELECT released_at FROM evaluation_questionnaire WHERE id = {path.format(row=row)}) IS NOT NULL"  # noqa: S608 -- names of ours
                for row in rows
            )
            yield sqlite_trigger(table, event, frozen, RELEASED)
    for table, event, condition, sentence in GUARDED:
        yield sqlite_trigger(table, event, condition, sentence)


def sqlite_trigger(table, event, condition, sentence):
    return (
        f"CREATE TRIGGER {name(table, event)} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def on_postgresql():
    """The questionnaire is locked for reading, so that nobody releases it between the question and the change."""
    for table, path in PARTS.items():
        for event, rows in ROWS.items():
            check = "".join(
                f"SELECT released_at INTO found FROM evaluation_questionnaire WHERE id = {path.format(row=row)} "  # noqa: S608 -- names of ours
                f"FOR SHARE; IF found IS NOT NULL THEN {refuse(RELEASED)}; END IF; "
                for row in rows
            )
            yield from postgresql_trigger(table, event, check)
    for table, event, condition, sentence in GUARDED:
        check = f"IF {condition} THEN {refuse(sentence)}; END IF; "
        yield from postgresql_trigger(table, event, LOCKED.get(table, "") + check)


def refuse(sentence):
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'"


def postgresql_trigger(table, event, body):
    result = "OLD" if event == "DELETE" else "NEW"
    yield (
        f"CREATE FUNCTION {name(table, event)}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ DECLARE found timestamptz; BEGIN {body}RETURN {result}; END $$"
    )
    yield (
        f"CREATE TRIGGER {name(table, event)} BEFORE {event} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name(table, event)}()"
    )


def thaw(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    parts = [(table, event) for table in PARTS for event in ROWS]
    for table, event in [*parts, *((table, event) for table, event, _, _ in GUARDED)]:
        on = f" ON {table}" if is_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name(table, event)}{on}", params=None)
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name(table, event)}()", params=None)


def name(table, event):
    return f"frozen_{table.removeprefix('evaluation_')}_{event.lower()}"


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0007_keys_unique")]

    operations = [migrations.RunPython(freeze, thaw)]
