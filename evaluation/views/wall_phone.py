"""The wall on a phone: no account, a code from the projector, one thought per card, and points."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.actions.hanging import CLOSED, NotHung, hang_from_phone
from evaluation.actions.polls import OVER, NotCounted, set_points
from evaluation.forms.walls import UNKNOWN_WALL, CardForm, PointsForm, WallCodeForm
from evaluation.models import Card, GuidingQuestion, Poll, Workshop
from evaluation.phones import mark_in_poll, mark_of_words
from evaluation.queries.polls import poll_named
from evaluation.queries.walls import (
    WALL,
    PhonePage,
    has_set_points,
    open_poll_of,
    phone_page,
    signed_code,
    state_of,
    workshop_of,
)
from netzkoord.lib import codes
from netzkoord.lib.limits import limit_wall

COOKIE = "wand"
SAID = "wand_karten"
MOST_REMEMBERED = 100
ONE_DAY = 24 * 60 * 60
# Kind of the notice and its sentence, by what stands in the address.
NOTICES: dict[str, tuple[str, str] | None] = {
    "karte": ("done", "Ihre Karte hängt."),
    "schon": ("info", "Von diesem Telefon waren schon Punkte gezählt. Es bleibt bei den ersten."),
    "gezaehlt": ("done", "Ihre Punkte sind gezählt."),
    "vorbei": ("due", OVER),
    "beendet": ("info", "Die Punktabfrage ist beendet."),
}
NEW_POLL = "Inzwischen läuft eine neue Abfrage. Ihre Punkte gehörten zur vorigen; setzen Sie sie bitte noch einmal."
# What is said of a poll that is over once the next one runs.
NOTICES_IN_POLL: dict[str, tuple[str, str] | None] = {"vorbei": ("due", NEW_POLL), "beendet": None}


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def wall_join(request: HttpRequest) -> HttpResponse:
    """The code typed by hand."""
    form = WallCodeForm(request.POST if request.method == "POST" else None)
    if workshop := opened(form, request):
        return redirect("evaluation:wall_phone", signed_code(workshop))
    return codes.code_page(request, "evaluation/wall_join.html", form)


def opened(form: WallCodeForm, request: HttpRequest) -> Workshop | None:
    return codes.opened(form, request, place=WALL, find=workshop_of, unknown=UNKNOWN_WALL)


def in_the_room(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the workshop with this code and what the cookie of this phone says to the view.

    The code is the proof, the cookie only counts cards: so no token of a form can expire while somebody thinks.
    """

    @login_not_required
    @csrf_exempt
    @never_cache
    @wraps(view)
    def wrapper(request: HttpRequest, code: str) -> HttpResponse:
        form = WallCodeForm({"code": code})
        workshop = opened(form, request)
        if workshop is None:
            return codes.code_page(request, "evaluation/wall_join.html", form, status=404)
        value = request.COOKIES.get(COOKIE) or secrets.token_hex(16)
        response = view(request, workshop, value)
        if COOKIE not in request.COOKIES:
            response.set_cookie(COOKIE, value, **of_these_pages())
        return response

    return wrapper


def of_these_pages() -> dict[str, Any]:
    """How a cookie is set that lives for a day and is sent to the walls alone."""
    return {
        "max_age": ONE_DAY,
        "path": "/wand/",
        "secure": settings.SESSION_COOKIE_SECURE,
        "httponly": True,
        "samesite": "Lax",
    }


@require_safe
@in_the_room
def wall_phone(request: HttpRequest, workshop: Workshop, phone: str) -> HttpResponse:
    """A code that was typed into the address becomes the one that stays valid while others are guessed."""
    if request.path != (signed := reverse("evaluation:wall_phone", args=[signed_code(workshop)])):
        return redirect(signed)
    page = phone_page(workshop, phone)
    notices = NOTICES | NOTICES_IN_POLL if page.poll else NOTICES
    return shown(request, page, notice=notices.get(request.GET.get("stand", "")))


def told(workshop: Workshop, notice: str) -> HttpResponse:
    """Back to the page, which says it; a message would start a session, and store when the phone was there."""
    return redirect(f"{reverse('evaluation:wall_phone', args=[signed_code(workshop)])}?stand={notice}")


@require_safe
@in_the_room
def wall_phone_state(request: HttpRequest, workshop: Workshop, phone: str) -> HttpResponse:
    """What the script of the page compares with `data-state`; two queries."""
    return HttpResponse(state_of(workshop, open_poll_of(workshop)), content_type="text/plain")


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_room
@limit_wall
def wall_card_add(request: HttpRequest, workshop: Workshop, phone: str) -> HttpResponse:
    """Hang up a card; the script of the page gets the sentence alone.

    Who opens the address of a refused card anew, without sending it, is led to the wall.
    """
    if request.method != "POST":
        return redirect("evaluation:wall_phone", signed_code(workshop))
    form = CardForm(request.POST)
    if not form.is_valid():
        return not_hung(request, workshop, phone, form, " ".join(sentences_of(form)))
    question = workshop.guiding_questions.filter(pk=form.cleaned_data["question"]).first()
    try:
        card = hang_card(request, form, question, phone)
    except NotHung as refusal:
        return not_hung(request, workshop, phone, form, str(refusal), question=question)
    response = hung_for_script(workshop, phone) if is_of_script(request) else told(workshop, "karte")
    return remembering(response, request, mark_of_words(card.text, phone, card.guiding_question, card.round))


@dataclass(frozen=True)
class RefusedCard:
    """A card that cannot hang: its text to copy, and why; `question` is the one that it was written for."""

    text: str
    sentence: str
    question: GuidingQuestion | None


def hang_card(request: HttpRequest, form: CardForm, question: GuidingQuestion | None, phone: str) -> Card:
    """Raises `NotHung`."""
    if question is None:
        raise NotHung(CLOSED)
    text, key = form.cleaned_data["text"], form.cleaned_data["key"]
    return hang_from_phone(question=question, text=text, key=key, phone=phone, said=said_by(request))


def hung_for_script(workshop: Workshop, phone: str) -> HttpResponse:
    """With the cards that are left to this phone: the script may have missed an answer."""
    return JsonResponse({"left": phone_page(workshop, phone).cards_left}, status=201)


def not_hung(
    request: HttpRequest,
    workshop: Workshop,
    phone: str,
    form: CardForm,
    sentence: str,
    *,
    question: GuidingQuestion | None = None,
) -> HttpResponse:
    """What can be mended stands in its form again, anything else beside a fresh one.

    To the script 409, since sending it again would not help, with the cards that are left to this phone.
    """
    page = phone_page(workshop, phone)
    if is_of_script(request):
        return JsonResponse({"error": sentence, "left": page.cards_left}, status=409)
    if form.errors and page.question and not page.poll and page.cards_left != 0:
        return shown(request, page, card=form)
    return shown(request, page, refused=RefusedCard(request.POST.get("text", ""), sentence, question))


def is_of_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def sentences_of(form: forms.Form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def said_by(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(SAID, "").split(".")


def remembering(response: HttpResponse, request: HttpRequest, mark: str) -> HttpResponse:
    """The phone keeps the marks of what it hung up; the oldest go, for a cookie has an end."""
    marks = [*(each for each in said_by(request) if each not in {"", mark}), mark]
    response.set_cookie(SAID, ".".join(marks[-MOST_REMEMBERED:]), **of_these_pages())
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_room
@limit_wall
def wall_points_add(request: HttpRequest, workshop: Workshop, phone: str) -> HttpResponse:
    """Set points; a GET as in `wall_card_add`."""
    if request.method != "POST":
        return redirect("evaluation:wall_phone", signed_code(workshop))
    page = phone_page(workshop, phone)
    if page.poll is None or request.POST.get("poll") != str(page.poll.pk):
        return points_came_late(request, page, phone)
    form = PointsForm(request.POST, columns=page.columns, most=page.most_points)
    if form.is_valid():
        try:
            if not set_points(poll=page.poll, points=form.points(), key=mark_in_poll(phone, page.poll)):
                return told(workshop, "schon")
        except NotCounted as refusal:
            form.add_error(None, str(refusal))
    if form.is_valid():
        return redirect("evaluation:wall_phone", signed_code(workshop))
    return shown(request, page, points=form)


def points_came_late(request: HttpRequest, page: PhonePage, phone: str) -> HttpResponse:
    """Of points for a poll that is over; what was typed is kept for the one that runs instead."""
    polls = Poll.objects.filter(guiding_question__workshop=page.workshop)
    meant = poll_named(request.POST.get("poll", ""), polls)
    if meant and has_set_points(phone, meant):
        return told(page.workshop, "gezaehlt")
    if page.poll is None:
        return told(page.workshop, "vorbei")
    form = PointsForm(request.POST, columns=page.columns, most=page.most_points)
    form.add_error(None, NEW_POLL)
    return shown(request, page, points=form)


def shown(
    request: HttpRequest,
    page: PhonePage,
    *,
    card: CardForm | None = None,
    points: PointsForm | None = None,
    refused: RefusedCard | None = None,
    notice: tuple[str, str] | None = None,
) -> HttpResponse:
    context = {
        "page": page,
        "notice": notice,
        "refused": refused,
        "card": card or CardForm(question=page.question),
        "points": points or PointsForm(None, columns=page.columns, most=page.most_points),
        "form": card or points,
    }
    return render(request, "evaluation/wall_phone.html", context)
