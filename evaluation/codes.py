"""The self-made code by which one person's answers before and after are joined, without a name.

Only hashes of it are stored, keyed with a secret of the operator. Besides the whole code, the code with each one of
its characters left out is hashed: two codes that differ by one slip – a wrong, a missing or a doubled letter, two
neighbours swapped – have one in common.
"""

import hashlib
import hmac
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from netzkoord.lib.folding import fold

CODE_LENGTH = 6
HASH_LENGTH = 16


def normalised(code: str) -> str:
    """Capital letters and digits only, without diacritics: „ma 07-kö“ is „MA07KO“."""
    return "".join(character for character in fold(code).upper() if character.isalnum())


def prints(code: str, *, secret: bytes) -> list[str]:
    """Hashes of the code and of all its variants with one character left out; the whole one comes first."""
    whole = normalised(code)
    variants = sorted({whole[:index] + whole[index + 1 :] for index in range(len(whole))})
    return [keyed_hash(text, secret) for text in (whole, *variants)]


def keyed_hash(text: str, secret: bytes) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:HASH_LENGTH]


@dataclass(frozen=True)
class Coded:
    """A response and the prints of the code that stands in it; none where no code was given, no role on paper."""

    response: uuid.UUID
    prints: Sequence[str] = ()
    role: str = ""

    @property
    def whole(self) -> str:
        return self.prints[0]


def are_alike(one: Coded, other: Coded) -> bool:
    """Whether two codes are the same or differ by one slip."""
    return not set(one.prints).isdisjoint(other.prints)


def pairs(before: Sequence[Coded], after: Sequence[Coded]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Which responses of two surveys are by the same person, as (before, after).

    The same code comes before one with a slip. A code that two people gave, or a slip that could belong to two,
    joins nobody: a missing pair is better than a wrong one.
    """
    same = matched(before, after, lambda one, other: one.whole == other.whole)
    joined = {response for pair in same for response in pair}
    return same + matched(unjoined(before, joined), unjoined(after, joined), are_alike)


def unjoined(side: Sequence[Coded], joined: set[uuid.UUID]) -> list[Coded]:
    return [coded for coded in side if coded.response not in joined]


def matched(
    before: Sequence[Coded], after: Sequence[Coded], is_match: Callable[[Coded, Coded], bool]
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """The pairs in which each of the two matches only the other."""
    found = [(one.response, other.response) for one in before for other in after if is_match(one, other)]
    times = Counter(response for pair in found for response in pair)
    return [pair for pair in found if times[pair[0]] == times[pair[1]] == 1]
