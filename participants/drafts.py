"""What was typed into a public form and is not sent yet.

The session keeps it for an hour, so that „Angaben prüfen“ is a page that can be left, reloaded and gone back
from. It is gone once it is sent, and after an hour, because the next person may sit at the same computer. The
page sends back in one signed field what it has shown, so that a second tab cannot change it underneath.
"""

import datetime
from typing import Any

from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from curriculum.models import Cohort
from participants.models import Tandem

SALT = "participants.draft"
KEPT_SECONDS = 60 * 60


def pack(data: dict[str, Any]) -> str:
    return signing.dumps(data, salt=SALT)


def sent(request: HttpRequest) -> dict[str, Any]:
    """The input that „Angaben prüfen“ sends. Raises `SuspiciousOperation` when it is not ours."""
    try:
        data: dict[str, Any] = signing.loads(request.POST.get("payload", ""), salt=SALT)
    except signing.BadSignature as error:
        raise SuspiciousOperation("The payload of a registration form was not signed by us.") from error
    return data


def keep(request: HttpRequest, target: Cohort | Tandem, payload: str) -> None:
    request.session[key(target)] = payload
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_SECONDS)


def find(request: HttpRequest, target: Cohort | Tandem) -> dict[str, Any]:
    """What was typed within the last hour; empty when there is nothing."""
    try:
        data: dict[str, Any] = signing.loads(request.session.get(key(target), ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return {}
    return data


def saved_at(draft: dict[str, Any]) -> datetime.datetime | None:
    """When the last step was kept."""
    return parse_datetime(draft["saved_at"]) if "saved_at" in draft else None


def forget(request: HttpRequest, target: Cohort | Tandem) -> None:
    request.session.pop(key(target), None)


def key(target: Cohort | Tandem) -> str:
    return f"draft-{target._meta.model_name}-{target.pk}"
