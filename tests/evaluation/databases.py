"""Everything that a database can show to somebody who looks for a link between people and answers."""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection


@dataclass
class Sqlite:
    """A database file of its own with its write-ahead log, as on a real machine."""

    path: Path

    # Where a row lies: a column that every table has without anybody having asked for it.
    place = "rowid"

    def tables(self):
        return rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")

    def counters(self):
        return {name for (name,) in rows("SELECT name FROM sqlite_sequence")}

    def raw(self):
        """Bytes of the file and of its log, deleted pages included."""
        files = [self.path, self.path.with_name(self.path.name + "-wal")]
        return b"".join(file.read_bytes() for file in files if file.exists())


@dataclass
class Postgres:
    place = "ctid"

    def tables(self):
        return rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")

    def counters(self):
        owned = """
            SELECT d.refobjid::regclass::text FROM pg_class s JOIN pg_depend d ON d.objid = s.oid
            WHERE s.relkind = 'S' AND d.refobjsubid > 0
        """
        return {name for (name,) in rows(owned)}

    def raw(self):
        """Bytes of every table and index with what was moved out of line, dead rows included."""
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        files = """
            SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
            WHERE relkind IN ('r', 'i', 't') AND relnamespace::regnamespace::text IN ('public', 'pg_toast')
              AND pg_relation_size(oid) > 0
        """
        return b"".join(bytes(content) for (content,) in rows(files))


def rows(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchall()


def dump(database):
    """Every row of every table."""
    return {name: rows(f'SELECT * FROM "{name}" ORDER BY 1') for (name,) in database.tables()}  # noqa: S608


def physical_order(database, table, column):
    """Values of a column in the order in which the rows lie in the file."""
    return [value for (value,) in rows(f'SELECT {column} FROM "{table}" ORDER BY {database.place}')]  # noqa: S608
