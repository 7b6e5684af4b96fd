"""Middleware of the frame."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from netzkoord.lib.http import NotStored
from netzkoord.lib.links import NotValid
from netzkoord.lib.press import PressesBusy
from netzkoord.views import errors
from netzkoord.views.links import link_ended

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
# What no page of ours uses is switched off; the two for passkeys are ours.
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb")),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


class SignInRequired(LoginRequiredMiddleware):
    """As Django's, but what somebody typed is not lost because the session has ended meanwhile."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[Any, Any],
    ) -> HttpResponseBase | None:
        refusal = super().process_view(request, view_func, view_args, view_kwargs)
        if refusal is not None and request.method == "POST":
            return errors.session_ended(request)
        return refusal


class KeptInput:
    """Shows what was typed, where a view finds that it cannot be stored any more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.not_stored(request, exception) if isinstance(exception, NotStored) else None


class WaitingPapers:
    """Says that a PDF has to wait, where a view found no press free for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.presses_busy(request, exception) if isinstance(exception, PressesBusy) else None


class EndedLinks:
    """Shows how to get a new personal link, where a view finds that one is not valid."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return link_ended(request, exception.token) if isinstance(exception, NotValid) else None


def no_null(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A NUL in a path is read as the sign for what cannot be read, and so names nothing.

    PostgreSQL would answer the question for it with an error. The view answers as for any other name that nothing
    has. What is typed into a form, a search among them, is refused by its field.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.path = request.path.replace("\x00", UNREADABLE)
        request.path_info = request.path_info.replace("\x00", UNREADABLE)
        return get_response(request)

    return middleware


def explained_refusal(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Words for whoever opens an address that is none to open, as that of a button; Django's refusal is empty."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return errors.method_not_allowed(request, response)
        return response

    return middleware


def no_store(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Pages of a signed-in person, and those that a view marks as personal, are kept by no cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            add_never_cache_headers(response)
            patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


def permissions_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tell the browser which of its devices no page may ask for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        return response

    return middleware
