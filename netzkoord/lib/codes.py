"""Codes that a screen shows: who scans one brings a signature along; only who types one could have guessed it.

A whole hall types from one address: so right codes are free and only wrong ones count, and once there were too
many, right and wrong ones are refused alike. What is left to somebody who guesses is computed in docs/card-wall.md.
"""

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from netzkoord.lib.frequency import key
from netzkoord.lib.http import client_network

T = TypeVar("T")

WRONG_FROM_ONE_NETWORK = 30  # a minute
WRONG_FROM_EVERYWHERE = 300  # a minute: ten networks that guess as fast as each may
MINUTE = 60
LONGEST_CODE = 60  # with its signature, and a little more
REFUSED = (
    "Zu viele falsche Codes kommen an, darum gilt eine Minute lang kein getippter. "
    "Scannen Sie den QR-Code auf der Leinwand: Er führt auch jetzt hinein."
)


class CodeInput(forms.TextInput):
    """Shows a code that was scanned without its signature."""

    def format_value(self, value: object) -> str | None:
        return (super().format_value(value) or "").partition(".")[0] or None


class CodeField(forms.CharField):
    widget = CodeInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})

    def __init__(self, *, label: str, help_text: str) -> None:
        super().__init__(label=label, help_text=help_text, max_length=LONGEST_CODE)


class CodesRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A typed code that nobody looked up."""


def signed(code: str, *, place: str) -> str:
    """What a QR code leads to; the signature has 256 bits."""
    return signer(place).sign(code)


def scanned(text: str, *, place: str) -> str | None:
    """The code that we signed; None for one that was typed, or made up."""
    try:
        return signer(place).unsign(text)
    except BadSignature:
        return None


def signer(place: str) -> Signer:
    return Signer(sep=".", salt=f"netzkoord.code.{place}")


def opened_by(text: str, request: HttpRequest, *, place: str, find: Callable[[str], T | None]) -> T | None:
    """What a scanned or typed code opens; None for a wrong one. Raises `CodesRefused`."""
    if (code := scanned(text, place=place)) is not None:
        return find(code)
    if is_refusing(request, place):
        raise CodesRefused
    found = find(text)
    if found is None:
        count_wrong(request, place)
    return found


def opened(
    form: forms.Form, request: HttpRequest, *, place: str, find: Callable[[str], T | None], unknown: str
) -> T | None:
    """What the code in the form opens; where it opens nothing, the form says why."""
    if not form.is_valid():
        return None
    try:
        found = opened_by(form.cleaned_data["code"], request, place=place, find=find)
    except CodesRefused:
        form.add_error("code", ValidationError(REFUSED, code="refused"))
        return None
    if found is None:
        form.add_error("code", unknown)
    return found


def code_page(
    request: HttpRequest,
    template: str,
    form: forms.Form,
    *,
    status: int = 200,
    context: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The page on which a code is typed, with what was typed and what is wrong with it."""
    is_refused = form.is_bound and form.has_error("code", "refused")
    shown = {"form": form, **(context or {})}
    response = render(request, template, shown, status=429 if is_refused else status)
    if is_refused:
        response["Retry-After"] = str(MINUTE)
    return response


def is_refusing(request: HttpRequest, place: str) -> bool:
    """Whether typed codes are refused to this client. Reads one row, and writes none."""
    limits = limits_of(request, place)
    counted = cache.get_many(limits)
    return any(counted.get(counter, 0) >= most for counter, most in limits.items())


def is_refusing_somebody(place: str) -> bool:
    """Whether typed codes are refused to anybody at this moment, for those who stand in front of the room."""
    return bool(cache.get(refusing(place), False))


def count_wrong(request: HttpRequest, place: str) -> None:
    for counter, most in limits_of(request, place).items():
        if count(counter) >= most:
            cache.set(refusing(place), True, 2 * MINUTE)


@transaction.atomic
def count(counter: str) -> int:
    """One more, and how many there are: touching the row locks it, so that none of several at once is lost."""
    cache.add(counter, 0, 2 * MINUTE)
    cache.touch(counter, 2 * MINUTE)
    return cache.incr(counter)


def limits_of(request: HttpRequest, place: str) -> dict[str, int]:
    """How many wrong codes are looked up in this minute, by their counters: of this network, and of all."""
    return {
        this_minute(f"{place}-{client_network(request)}"): WRONG_FROM_ONE_NETWORK,
        this_minute(f"{place}-everywhere"): WRONG_FROM_EVERYWHERE,
    }


def refusing(place: str) -> str:
    return this_minute(f"{place}-refusing")


def this_minute(event: str) -> str:
    return key(f"codes-{event}-{int(time.time()) // MINUTE}")
