"""Limits per client for pages that need no sign-in; who exceeds one reads the page 429.

Codes that a whole room types from one address are limited in `netzkoord.lib.codes`.
"""

import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_ratelimit.decorators import ratelimit

from netzkoord.lib.http import client_network
from netzkoord.lib.press import REPORTS_AT_ONCE, turn

reports_at_once = threading.Semaphore(REPORTS_AT_ONCE)
V = TypeVar("V", bound=Callable[..., HttpResponse])

GUESSES = "30/m"
DISCLOSURES = "6/m"  # of one person, wherever they are
PAPERS = "30/m"
SEARCHES = "300/m"  # one for every few letters that somebody types, and a whole town hall as below
SUBMISSIONS = "30/m"  # a whole town hall may come from one address
ROOM = "120/m"  # forty people in one room, each of them three times
WALL = "900/m"  # a hall of a hundred people, each of them nine cards a minute
CREDENTIALS = "300/m"  # a learning platform checks the badges of a whole course
PREVIEWS = "60/m"  # one for every pause in typing
STEPS = "120/m"  # each submission has several steps before it


def limit(
    rate: str, *, methods: list[str], group: str, key: Callable[[str, HttpRequest], str] | None = None
) -> Callable[[V], V]:
    """A decorator that lets one client, or what `key` names, call the views of a group `rate` times."""
    decorator: Callable[[V], V] = ratelimit(group=group, key=key or client_key, rate=rate, method=methods)
    return decorator


def client_key(group: str, request: HttpRequest) -> str:
    return client_network(request)


def user_key(group: str, request: HttpRequest) -> str:
    return str(request.user.pk)


def limit_guesses(view: V) -> V:
    """For pages that answer to a code: 30 tries a minute over all of them, GET or POST."""
    return limit(GUESSES, methods=["GET", "HEAD", "POST"], group="guesses")(view)


def limit_submissions(view: V) -> V:
    """For public forms: 30 submissions a minute; reading the page costs nothing."""
    return limit(SUBMISSIONS, methods=["POST"], group="submissions")(view)


def limit_room(view: V) -> V:
    """For a form that a whole room sends within a minute, from one address."""
    return limit(ROOM, methods=["POST"], group="room")(view)


def limit_wall(view: V) -> V:
    """For the cards and points that a hall full of phones sends, from one address."""
    return limit(WALL, methods=["POST"], group="wall_posts")(view)


def limit_steps(view: V) -> V:
    """For the steps of a public form, of which only a draft is kept."""
    return limit(STEPS, methods=["POST"], group="steps")(view)


def limit_papers(view: V) -> V:
    """For papers that anybody may have: each takes the printer for a fifth of a second."""
    return limit(PAPERS, methods=["GET", "HEAD"], group="papers")(view)


def limit_credentials(view: V) -> V:
    """For what machines read to check a badge: takes a few milliseconds, and they may keep it."""
    return limit(CREDENTIALS, methods=["GET", "HEAD"], group="credentials")(view)


def limit_reports(view: V) -> V:
    """For papers that take longer to collect than to print: two at once in this process.

    Raises PressesBusy.
    """

    @functools.wraps(view)
    def limited(*args: Any, **kwargs: Any) -> HttpResponse:
        with turn(reports_at_once, 0):
            return view(*args, **kwargs)

    return cast("V", limited)


def limit_disclosures(view: V) -> V:
    """For all that is stored about who is signed in: it may be long, and nobody needs it often."""
    return limit(DISCLOSURES, methods=["GET", "HEAD"], group="disclosures", key=user_key)(view)


def limit_previews(view: V) -> V:
    """For papers that are made anew while somebody types: each takes the printer for a fifth of a second."""
    return limit(PREVIEWS, methods=["POST"], group="previews")(view)


def limit_searches(view: V) -> V:
    """For what a form looks up while somebody types."""
    return limit(SEARCHES, methods=["GET", "HEAD"], group="searches")(view)


def forget_expired_counters() -> None:
    """Delete what has expired from the table of the cache; the backend would do so only when the table is full."""
    counters = caches["default"]
    if not isinstance(counters, DatabaseCache):
        return
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 -- the name is a setting
