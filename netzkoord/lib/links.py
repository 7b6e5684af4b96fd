"""Personal links: a random token that stands in one mail and, as a hash, in the database.

Whoever reads the database can open nothing. A link is good for one purpose, until a moment, and can be revoked; one
that is good no more leads to a page that sends a new one to the same address. Opening a link changes nothing.
"""

import datetime
import hashlib
import re
import secrets
from collections.abc import Collection, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from netzkoord.models import PersonalLink

TOKEN_BYTES = 16
TOKEN = re.compile(rf"\b[0-9a-f]{{{2 * TOKEN_BYTES}}}\b")
# After that long nobody is offered a new one for an old one any more.
REMEMBERED = datetime.timedelta(days=365)


class NotValid(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A link that was forged, has expired or was revoked; a view raises it, one page answers."""

    def __init__(self, token: str) -> None:
        super().__init__("A personal link that is not valid.")
        self.token = token


def create(purpose: str, key: object, *, email: str, expires_at: datetime.datetime) -> str:
    """A new token of 128 random bits for `key`, for the mail to `email`; the only time that it can be read."""
    return create_all(purpose, [(key, email)], expires_at=expires_at)[0]


def create_all(purpose: str, keys: Sequence[tuple[object, str]], *, expires_at: datetime.datetime) -> list[str]:
    """A new token for each key and the address of its mail, in their order; one query."""
    tokens = [secrets.token_hex(TOKEN_BYTES) for _ in keys]
    PersonalLink.objects.bulk_create(
        PersonalLink(
            token_hash=fingerprint(token), purpose=purpose, target_id=str(key), email=email, expires_at=expires_at
        )
        for token, (key, email) in zip(tokens, keys, strict=True)
    )
    return tokens


def in_days(days: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


def fingerprint(token: str) -> str:
    """What is stored of a token: no salt is needed, since 128 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> PersonalLink | None:
    """The link with this token, valid or not; one query by an index, the same for every miss."""
    return PersonalLink.objects.filter(token_hash=fingerprint(token)).first()


def target(purpose: str, token: str) -> str | None:
    """What a valid link for this purpose is about; None for any other token."""
    link = find(token)
    return link.target_id if link and link.purpose == purpose and link.is_valid else None


def revoke(purpose: str, key: object, *, other_than: str = "") -> int:
    """End all links for this purpose and thing, or those sent to other addresses than this. Returns how many."""
    found = PersonalLink.objects.filter(purpose=purpose, target_id=str(key), revoked_at__isnull=True)
    if other_than:
        found = found.exclude(email=other_than)
    return found.update(revoked_at=timezone.now())


def revoke_sent_to(email: str, *, other_than: Collection[str]) -> int:
    """End all links that went to this address, but those for these purposes. Returns how many."""
    found = PersonalLink.objects.filter(email=email, revoked_at__isnull=True).exclude(purpose__in=other_than)
    return found.update(revoked_at=timezone.now())


def fingerprints_of(purpose: str, keys: Collection[object]) -> set[str]:
    """What is stored of all links for this purpose and these things."""
    found = PersonalLink.objects.filter(purpose=purpose, target_id__in=[str(key) for key in keys])
    return set(found.values_list("token_hash", flat=True))


def lead_to(text: str) -> set[str]:
    """What would be stored of the links in the text of a mail."""
    return {fingerprint(token) for token in TOKEN.findall(text)}


def readdress(text: str, *, email: str) -> list[PersonalLink]:
    """The mail with this text goes to another address: so do its links, which are returned as they were."""
    found = PersonalLink.objects.filter(token_hash__in=lead_to(text))
    links = list(found)
    found.update(email=email)
    return links


def forget_expired() -> int:
    """Delete what nobody can use or renew any more. Returns how many."""
    count, _ = PersonalLink.objects.filter(expires_at__lt=timezone.now() - REMEMBERED).delete()
    return count


def absolute(view_name: str, *args: object) -> str:
    """The address of a view for mail and paper: from the configured base, never from a request."""
    return settings.BASE_URL + reverse(view_name, args=args)
