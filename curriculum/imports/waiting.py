"""Checked tables between the trial and the decision: kept for an hour, for one person and one purpose."""

import secrets
from dataclasses import dataclass

from django.core.cache import cache

from curriculum.tables import Line, Tables

SECONDS = 60 * 60
PREFIX = "edition-import"


@dataclass(frozen=True)
class Waiting:
    """`fingerprint` is that of what the table was compared with; `stored_as` the edition it has become."""

    owner: str
    fingerprint: str
    sheets: dict[str, list[tuple[int, dict[str, str]]]]
    stored_as: int | None = None

    @property
    def tables(self) -> Tables:
        return {title: [Line(*line) for line in lines] for title, lines in self.sheets.items()}


def keep(tables: Tables, *, owner: str, fingerprint: str) -> str:
    """Returns the word by which the tables are found again; `owner` says for whom and for what."""
    sheets = {title: [(line.number, line.cells) for line in lines] for title, lines in tables.items()}
    word = secrets.token_urlsafe(16)
    put(word, Waiting(owner, fingerprint, sheets))
    return word


def kept(word: str, *, owner: str) -> Waiting | None:
    """None where nothing is kept under the word, or for somebody else."""
    entry = cache.get(f"{PREFIX}:{word}") if word.isascii() and word.isprintable() and len(word) < 50 else None
    if entry is None or entry["owner"] != owner:
        return None
    return Waiting(**entry)


def mark_stored(word: str, waiting: Waiting, edition: int) -> None:
    """From now on a second click finds the edition instead of the tables."""
    put(word, Waiting(waiting.owner, waiting.fingerprint, {}, stored_as=edition))


def put(word: str, waiting: Waiting) -> None:
    """As plain values, so that what is kept outlives a new release."""
    cache.set(f"{PREFIX}:{word}", dict(vars(waiting)), SECONDS)
