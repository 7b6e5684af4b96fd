"""System checks: what is set up and cannot work is named at the start, not found out later by what is missing."""

import datetime
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils import timezone

from netzkoord.lib import seals
from netzkoord.lib.seals import SealUnusable

RENEW_WITHIN = datetime.timedelta(days=30)
EXPIRED_HINT = "Until it is renewed certificates wait for their PDF; nothing is issued without its seal."


@register()
def seal_works(**kwargs: Any) -> list[CheckMessage]:
    """The file of the seal can be opened, and its certificate is valid for a while yet.

    A wrong file stops every command; a certificate that expires by itself must not take the mail down with it.
    """
    if not settings.SEAL_FILE:
        return []
    try:
        seal = seals.loaded()
    except SealUnusable as error:
        return [Error(f"SEAL_FILE: {error}", id="netzkoord.E001")]
    try:
        seal.require_valid()
    except SealUnusable as error:
        return [Warning(f"SEAL_FILE: {error}", hint=EXPIRED_HINT, id="netzkoord.W001")]
    if seal.expires_at - timezone.now() < RENEW_WITHIN:
        text = f"SEAL_FILE: its certificate expires on {seal.expires_at:%Y-%m-%d}"
        return [Warning(text, hint=EXPIRED_HINT, id="netzkoord.W002")]
    return []
