"""Error pages: what happened, and what to do."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from django.apps import apps
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import escape_leading_slashes
from django.views.decorators.cache import never_cache
from django_ratelimit.exceptions import Ratelimited

from netzkoord.lib.http import NotStored
from netzkoord.lib.press import PressesBusy

TRY_AGAIN_AFTER_SECONDS = 60
# What is never sent back to the browser. A form's prefix stands before the last hyphen.
SECRET_FIELD = re.compile(r"pass(word|wort)|token|secret|otp|credential", re.IGNORECASE)
# A code is a secret, too; but that of a module stands in every table.
CODE_IS_PUBLIC_IN = "curriculum"
CODE_FIELD = re.compile(r"(^|-)code$", re.IGNORECASE)
# What only the machine needs: which button, which rows, keys and counters of forms. Sent again, not shown.
TECHNICAL_FIELD = re.compile(
    r"^(action|fill|key|next|payload|registrations|roles|selection|sequence|tandem|then)$"
    r"|(^|-)(seen|shown)$|_FORMS$|-(id|DELETE)$"
)
OWN_APPS = ("netzkoord", "curriculum", "participants", "evaluation")
Fields = dict[str, "Field[object, object]"]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, RequestDataTooBig)
    return render(request, "400.html", {"too_big": too_big}, status=413 if too_big else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, Ratelimited):
        return slowed_down(request, is_sign_in=False)
    return render(request, "403.html", status=403)


def method_not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same refusal with its headers, `Allow` among them, and with words."""
    is_for_a_button = request.method in ("GET", "HEAD")
    response.content = render_to_string("405.html", {"is_for_a_button": is_for_a_button}, request)
    return response


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """For allauth: too many attempts to sign in."""
    return slowed_down(request, is_sign_in=True)


def slowed_down(request: HttpRequest, *, is_sign_in: bool) -> HttpResponse:
    is_for_reading = request.method in ("GET", "HEAD")
    context = {"is_sign_in": is_sign_in, "is_for_reading": is_for_reading}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(TRY_AGAIN_AFTER_SECONDS)
    return response


def presses_busy(request: HttpRequest, exception: PressesBusy) -> HttpResponse:
    context = {"sentence": str(exception), "again": escape_leading_slashes(request.get_full_path())}
    response = render(request, "503.html", context, status=503)
    response["Retry-After"] = str(TRY_AGAIN_AFTER_SECONDS)
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks neither the database nor a context processor: they may be what is broken."""
    return HttpResponse(render_to_string("500.html"), status=500)


class Entered(NamedTuple):
    """One field as it was sent: its name, how a person calls it, its values, and how they read."""

    name: str
    label: str
    values: list[str]
    shown: list[str]


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The proof that a form is ours was missing or old.

    What was typed is given back for sending again only if the request demonstrably came from this site: else a
    foreign page could have its own values confirmed here.
    """
    if not is_same_origin(request):
        return render(request, "403_csrf.html", {"is_own": False}, status=403)
    return kept(request, has_no_cookie=reason == REASON_NO_CSRF_COOKIE)


@never_cache
def session_ended(request: HttpRequest) -> HttpResponse:
    """Somebody whose session has ended sent a form; its token has been checked, so it is ours."""
    return kept(request, has_no_cookie=False)


@never_cache
def not_stored(request: HttpRequest, exception: NotStored) -> HttpResponse:
    """What was typed, to be copied: it cannot be stored where it was meant for."""
    fields = [field for field in sent_fields(request) if field.shown]
    return render(request, "409.html", {"sentence": str(exception), "entered": fields}, status=409)


def kept(request: HttpRequest, *, has_no_cookie: bool) -> HttpResponse:
    """What was typed, to be sent again."""
    fields = sent_fields(request)
    context = {
        "is_own": True,
        "entered": fields,
        "has_shown": any(field.shown for field in fields),
        "has_secrets": any(is_secret(name, request.path_info) for name in request.POST),
        "files": [file.name for _, files in request.FILES.lists() for file in files],
        "needs_sign_in": needs_sign_in(request),
        "has_no_cookie": has_no_cookie,
        "action": escape_leading_slashes(request.get_full_path()),
    }
    return render(request, "403_csrf.html", context, status=403)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very site sent the form; without a word from it: no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        parts = urlsplit(source)
        return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
    except (ValueError, DisallowedHost):
        return False


def is_secret(name: str, path: str) -> bool:
    if name == "csrfmiddlewaretoken":
        return False
    if CODE_FIELD.search(name):
        return named_by(path)[0] != CODE_IS_PUBLIC_IN
    return bool(SECRET_FIELD.search(name))


def sent_fields(request: HttpRequest) -> list[Entered]:
    """Every field that may be sent again, with all its values."""
    path = request.path_info
    fields = own_fields(*named_by(path))
    return [
        Entered(name, label_of(name, fields), values, shown(name, values, fields))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not is_secret(name, path)
    ]


def named_by(path: str) -> tuple[str, str]:
    """App and model that the view behind this path speaks of (`module_edit`); empty where none answers."""
    try:
        view = resolve(path).func
    except Resolver404:
        return "", ""
    return view.__module__.partition(".")[0], view.__name__.rpartition("_")[0].replace("_", "")


def own_fields(app: str, model: str) -> Fields:
    """Fields of our models by name: they know how a person calls them. The model's own go before the app's."""
    models = [each for name in OWN_APPS for each in apps.get_app_config(name).get_models()]
    models.sort(key=lambda each: (each._meta.app_label == app, each._meta.model_name == model))
    return {field.name: field for each in models for field in each._meta.get_fields() if isinstance(field, Field)}


def label_of(name: str, fields: Fields) -> str:
    field = fields.get(name.rpartition("-")[2])
    if field is not None:
        return str(field.verbose_name)
    return "Antwort" if re.fullmatch(r"q\d+(-t\d+)?", name) else "Angabe"


def shown(name: str, values: list[str], fields: Fields) -> list[str]:
    """Values as a person reads them; empty for what only the machine needs."""
    if TECHNICAL_FIELD.search(name):
        return []
    field = fields.get(name.rpartition("-")[2])
    if field is not None and field.is_relation:
        return []
    labels = {str(value): str(label) for value, label in (field.flatchoices if field is not None else [])}
    return [labels.get(value, value) for value in values if value.strip()]


def needs_sign_in(request: HttpRequest) -> bool:
    """Whether the form leads to a page for which this person must sign in first."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "login_required", True) and not request.user.is_authenticated
