"""Personal links: a key and its signature, so that a link can be made again and is stored nowhere."""

from django.conf import settings
from django.core import signing
from django.urls import reverse


def sign(purpose: str, key: object) -> str:
    """A token for `key` that is good for this `purpose` only (256 bits, Django's signer)."""
    return signing.Signer(sep=".", salt=f"netzkoord.{purpose}").sign(str(key))


def unsign(purpose: str, token: str) -> str | None:
    """The key inside a token, or None when the token was not made for this purpose."""
    try:
        return signing.Signer(sep=".", salt=f"netzkoord.{purpose}").unsign(token)
    except signing.BadSignature:
        return None


def absolute(view_name: str, *args: object) -> str:
    """The address of a view for mail and paper: from the configured base, never from a request."""
    return settings.BASE_URL + reverse(view_name, args=args)
