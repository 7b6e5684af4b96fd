"""How often something may happen, whoever asks for it; counted in the cache, so that nothing of it stays for long.

`netzkoord.lib.limits` counts what one client does.
"""

import datetime
import hashlib

from django.core.cache import cache

# A second submission within this time is a double click or the back button, not a lost mail.
REPEATED_WITHIN = datetime.timedelta(minutes=10)
DAY = datetime.timedelta(days=1)


def is_first(event: str) -> bool:
    """Whether this happens for the first time within a while; the second of two clicks sends no mail."""
    return bool(cache.add(key(f"first-{event}"), True, REPEATED_WITHIN.total_seconds()))


def is_within(limit: int, event: str) -> bool:
    """Count this event; False when it has happened so often within a day.

    Each time takes a place of its own, which only one of two at once can add to the cache: no lock is needed.
    """
    return any(cache.add(key(f"{event}-{place}"), True, DAY.total_seconds()) for place in range(limit))


def key(event: str) -> str:
    """A key of the cache in which no address can be read."""
    return hashlib.sha256(event.encode()).hexdigest()
