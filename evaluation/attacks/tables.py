"""Attacks on what the tables hold besides the answers: columns, triggers, counters, and mentions elsewhere."""

import re
from collections.abc import Iterator

from django.db import connection

from evaluation.attacks.attempts import GUARDED, SAID, Attempt, is_postgresql, number_of, select, table_of
from evaluation.models import Answer, Envelope, Response

KEY = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
# Shorter texts occur elsewhere by chance.
TELLING_LENGTH = 25
TEXT_TYPES = ("text", "char", "json", "clob", "uuid")
# Whoever writes a recommendation or a comment may quote what was released.
WRITTEN_BY_HAND = ("evaluation_", "curriculum_")
CHUNK = 2000


def columns() -> Attempt:
    """A column that was added to the tables of answers could hold a person or a time."""
    findings = []
    for model in GUARDED:
        known = {field.column for field in model._meta.concrete_fields}
        with connection.cursor() as cursor:
            stored = {c.name for c in connection.introspection.get_table_description(cursor, table_of(model))}
        findings += [
            f"Spalte {table_of(model)}.{name} gehört nicht zum Programm" for name in sorted(stored - known)
        ]
    return Attempt("Spalten", f"Spalten von {len(GUARDED)} Tabellen mit Antworten und Teilnahmen", findings)


def triggers() -> Attempt:
    """A trigger could write down elsewhere who has just answered."""
    found = select(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
        if is_postgresql()
        else "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    )
    tables = {table_of(model) for model in GUARDED}
    findings = [f"Trigger {name} schreibt bei {table} mit" for table, name in found if table in tables]
    return Attempt("Trigger", f"{number_of(len(found), 'Trigger', 'Trigger')} der Datenbank", findings)


def counters() -> Attempt:
    """A number that grows with every row tells in which order the rows came."""
    found = select(
        """
        SELECT d.refobjid::regclass::text FROM pg_class s JOIN pg_depend d ON d.objid = s.oid
        WHERE s.relkind = 'S' AND d.refobjsubid > 0
        """
        if is_postgresql()
        else "SELECT name FROM sqlite_sequence"
    )
    tables = {table_of(model) for model in GUARDED}
    findings = [f"Laufende Nummer in {table}" for (table,) in found if table in tables]
    return Attempt("Laufende Nummern", f"{number_of(len(found), 'Zähler', 'Zähler')} der Datenbank", findings)


def mentions() -> Attempt:
    """What stands in an answer, or its key, must stand in no other table: no log, no mail, no task, no session."""
    keys = {
        key.hex
        for model in (Envelope, Response, Answer)
        for key in model._default_manager.values_list("pk", flat=True)
    }
    texts = {
        text
        for text in Answer.objects.exclude(text="").values_list("text", flat=True)
        if len(text) >= TELLING_LENGTH
    }
    stored = Response.objects.values_list("fingerprint", "receipt_print")
    prints = {print_ for pair in stored for print_ in pair if print_}
    findings, cells = [], 0
    for table, column, values in text_columns():
        content = "\n".join(values)
        cells += len(values)
        named = {key.replace("-", "") for key in KEY.findall(content.lower())}
        needles = prints if table.startswith(WRITTEN_BY_HAND) else prints | texts
        if named & keys or any(needle in content for needle in needles):
            findings.append(f"{table}.{column} nennt eine Antwort oder deren Schlüssel")
    return Attempt(
        "Erwähnungen in anderen Tabellen",
        f"{cells} Felder aller anderen Tabellen, durchsucht nach {len(keys)} Schlüsseln und {len(texts)} Texten",
        sorted(set(findings)),
    )


def text_columns() -> Iterator[tuple[str, str, list[str]]]:
    """Every column of every other table that can hold a text, in chunks."""
    own = {table_of(model) for model in SAID}
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in own:
                continue
            for column in text_columns_of(table):
                cursor.execute(f"SELECT {quote(column)} FROM {quote(table)} WHERE {quote(column)} IS NOT NULL")  # noqa: S608 -- names of the database
                while rows := cursor.fetchmany(CHUNK):
                    yield table, column, [str(value) for (value,) in rows]


def text_columns_of(table: str) -> list[str]:
    if is_postgresql():
        found = select(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name = %s",
            table,
        )
    else:
        found = [(row[1], row[2]) for row in select(f"PRAGMA table_info({connection.ops.quote_name(table)})")]
    return [name for name, kind in found if any(word in kind.lower() for word in TEXT_TYPES)]
