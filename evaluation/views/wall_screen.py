"""The wall on the projector: big letters, nothing to press, and new cards appear by themselves."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import condition, require_safe

from evaluation.models import GuidingQuestion, Workshop
from evaluation.queries.room import grouped
from evaluation.queries.walls import Screen, screen_of, signed_code
from netzkoord.lib import links, qr
from netzkoord.lib.http import Request


@require_safe
@permission_required("evaluation.view_workshop", raise_exception=True)
def wall_screen(request: Request, pk: int) -> HttpResponse:
    """What is asked at the moment, or the question with the number in `frage`; `runde` names a round or „alle“."""
    screen = chosen_screen(request, pk)
    context = {
        "screen": screen,
        "tag": tag_of(screen.workshop.revision),
        "join": None if screen.workshop.is_over else join_of(screen.workshop),
        "state_url": f"{reverse('evaluation:wall_screen_state', args=[pk])}?{request.GET.urlencode()}",
    }
    return render(request, "evaluation/wall_screen.html", context)


def join_of(workshop: Workshop) -> dict[str, str]:
    """What leads phones to the wall: the code as a picture and as letters, and the address to type it in at."""
    code = grouped(workshop.code)
    address = links.absolute("evaluation:wall_join").partition("://")[2]
    host, slash, path = address.rstrip("/").partition("/")
    return {
        "qr": qr.svg(
            links.absolute("evaluation:wall_phone", signed_code(workshop)), title=f"QR-Code zur Kartenwand: {code}"
        ),
        "code": code,
        "host": f"{host}{slash}",
        "path": path,
    }


def revision_of(request: Request, pk: int) -> str | None:
    revision = Workshop.objects.visible_to(request.user).filter(pk=pk).values_list("revision", flat=True).first()
    return None if revision is None else tag_of(revision)


def tag_of(revision: int) -> str:
    """What a script sends along to be told only what is newer."""
    return f'"{revision}"'


@require_safe
@permission_required("evaluation.view_workshop", raise_exception=True)
@condition(etag_func=revision_of)
def wall_screen_state(request: Request, pk: int) -> HttpResponse:
    """The wall alone, for the script of the page; one query as long as nothing has changed."""
    return render(request, "evaluation/wall_screen_wall.html", {"screen": chosen_screen(request, pk)})


def chosen_screen(request: Request, pk: int) -> Screen:
    workshop = get_object_or_404(
        Workshop.objects.visible_to(request.user).select_related("asked", "asked_in"), pk=pk
    )
    number = request.GET.get("frage", "")
    question = None
    if number.isdecimal() and len(number) < 4:
        question = GuidingQuestion.objects.filter(workshop=workshop, position=int(number)).first()
    return screen_of(workshop, question, request.GET.get("runde", ""))
