"""Limits per client for pages that need no sign-in; who exceeds one reads the page 429."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_ratelimit.core import is_ratelimited

from netzkoord.lib.http import client_network

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

GUESSES = "30/m"
SUBMISSIONS = "30/m"  # a whole town hall may come from one address


def too_many(request: HttpRequest) -> HttpResponse:
    """The page 429, with the time after which it is worth another try."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response


def limit(rate: str, *, methods: list[str], group: str) -> Callable[[View[P]], View[P]]:
    """A decorator that lets one client call the views of a group `rate` times."""

    def decorator(view: View[P]) -> View[P]:
        @wraps(view)
        def limited(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if is_ratelimited(request, group=group, key=client_key, rate=rate, method=methods, increment=True):
                return too_many(request)
            return view(request, *args, **kwargs)

        return limited

    return decorator


def client_key(group: str, request: HttpRequest) -> str:
    return client_network(request)


def limit_guesses(view: View[P]) -> View[P]:
    """For pages that answer to a code: 30 tries a minute over all of them, GET or POST."""
    return limit(GUESSES, methods=["GET", "HEAD", "POST"], group="guesses")(view)


def limit_submissions(view: View[P]) -> View[P]:
    """For public forms: 30 submissions a minute; reading the page costs nothing."""
    return limit(SUBMISSIONS, methods=["POST"], group="submissions")(view)
