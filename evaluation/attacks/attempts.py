"""What an attack looked at and what it found, and how it reads the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction

from evaluation.models import Answer, Draft, Envelope, Participation, Response, ResponsePair, SealedCodes

# What is said, and that somebody took part: rows that must not be joined.
SAID: tuple[type[models.Model], ...] = (Draft, Envelope, SealedCodes, Response, ResponsePair, Answer)
GUARDED: tuple[type[models.Model], ...] = (*SAID, Participation)


@dataclass(frozen=True)
class Attempt:
    """One attack: its title, what it looked at, and each thing found that should not be there."""

    title: str
    looked_at: str
    findings: list[str] = field(default_factory=list)


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def place() -> str:
    """The hidden column that says where a row lies in the file."""
    return "ctid" if is_postgresql() else "rowid"


@contextmanager
def reading_only() -> Iterator[None]:
    """The database itself refuses every change in here."""
    if is_postgresql():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            yield
        return
    connection.ensure_connection()
    # Not through Django, which would refuse to switch it off again after an error.
    connection.connection.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        connection.connection.execute("PRAGMA query_only = OFF")


def select(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return list(cursor.fetchall())


def table_of(model: type[models.Model]) -> str:
    return model._meta.db_table


def number_of(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
