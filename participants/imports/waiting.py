"""Checked files between the look at them and the decision: kept for an hour, for one person and one purpose."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

SECONDS = 60 * 60
PREFIX = "participants-import"


@dataclass(frozen=True)
class Waiting:
    """`content` is made of plain values, so that what is kept outlives a new release.

    `fingerprint` is that of what the look has shown. After the decision the content is gone and `is_stored` set.
    """

    owner: str
    fingerprint: str
    content: Any = None
    is_stored: bool = False


def keep(content: Any, *, owner: str, fingerprint: str) -> str:
    """Returns the word by which the content is found again; `owner` says for whom and for what."""
    word = secrets.token_urlsafe(16)
    put(word, Waiting(owner, fingerprint, content))
    return word


def kept(word: str, *, owner: str) -> Waiting | None:
    """None where nothing is kept under the word, or for somebody else."""
    entry = cache.get(f"{PREFIX}:{word}") if word.isascii() and word.isprintable() and len(word) < 50 else None
    if entry is None or entry["owner"] != owner:
        return None
    return Waiting(**entry)


def mark_stored(word: str, waiting: Waiting) -> None:
    """From now on a second click finds that it is done."""
    put(word, Waiting(waiting.owner, waiting.fingerprint, is_stored=True))


def put(word: str, waiting: Waiting) -> None:
    cache.set(f"{PREFIX}:{word}", dict(vars(waiting)), SECONDS)
