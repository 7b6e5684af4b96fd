"""What a file said, between the look at it and the decision: kept for an hour, for one person and one purpose."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

SECONDS = 60 * 60
PREFIX = "kept-file"
LONGEST_WORD = 50


@dataclass(frozen=True)
class KeptFile:
    """`content` is made of plain values, so that what is kept outlives a new release.

    `fingerprint` is that of what the look has shown, or was compared with. After the decision the content is gone;
    `outcome` may say what has become of it.
    """

    owner: str
    fingerprint: str
    content: Any = None
    is_stored: bool = False
    outcome: Any = None


def keep(content: Any, *, owner: str, fingerprint: str) -> str:
    """Returns the word by which the content is found again; `owner` says for whom and for what."""
    word = secrets.token_urlsafe(16)
    put(word, KeptFile(owner, fingerprint, content))
    return word


def kept(word: str, *, owner: str) -> KeptFile | None:
    """None where nothing is kept under the word, or for somebody else."""
    is_word = word.isascii() and word.isprintable() and len(word) < LONGEST_WORD
    entry = cache.get(f"{PREFIX}:{word}") if is_word else None
    if entry is None or entry["owner"] != owner:
        return None
    return KeptFile(**entry)


def mark_stored(word: str, file: KeptFile, *, outcome: Any = None) -> None:
    """From now on a second click finds that it is done."""
    put(word, KeptFile(file.owner, file.fingerprint, is_stored=True, outcome=outcome))


def put(word: str, file: KeptFile) -> None:
    cache.set(f"{PREFIX}:{word}", dict(vars(file)), SECONDS)
