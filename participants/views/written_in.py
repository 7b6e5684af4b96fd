"""Municipalities that somebody wrote in, and the official ones that they become."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from netzkoord.lib.fields import row_key
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import counted
from participants.actions.municipalities import match_municipalities
from participants.forms.fields import LONGEST_TEXT
from participants.models import Municipality
from participants.queries.municipalities import MOST_FOUND, matches_for, search_municipalities
from participants.queries.written_in import group_of, suggestions_for, written_in_groups

PAGE_SIZE = 25


@require_safe
@permission_required("participants.view_municipality", raise_exception=True)
def written_in_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(written_in_groups(), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "participants/written_in_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_municipality", raise_exception=True)
def written_in_match(request: Request, pk: int) -> HttpResponse:
    """Which official one it is, then what moves there; what somebody has matched meanwhile leads to the list."""
    written = Municipality.objects.written_in().filter(pk=pk).first()
    if written is None:
        messages.info(request, "Diese eingetragene Kommune ist schon zugeordnet.")
        return redirect("participants:written_in_list")
    official = chosen(request.POST.get("zu") or request.GET.get("zu") or "")
    if official is None:
        return choose(request, written)
    if request.method == "POST":
        return move(request, written, official)
    context = {"written": written, "official": official, "group": group_of(written)}
    return render(request, "participants/written_in_match.html", context)


def chosen(key: str) -> Municipality | None:
    number = row_key(key)
    return Municipality.objects.offered().filter(pk=number).first() if number else None


def choose(request: Request, written: Municipality) -> HttpResponse:
    text = request.GET.get("text", "").strip()[:LONGEST_TEXT]
    found = search_municipalities(text)
    context = {
        "written": written,
        "text": text,
        "matches": matches_for(found[:MOST_FOUND]) if text else suggestions_for(written),
        "has_more": len(found) > MOST_FOUND,
    }
    return render(request, "participants/written_in_choose.html", context)


def move(request: Request, written: Municipality, official: Municipality) -> HttpResponse:
    """The one of the address, and those of the same name that were ticked."""
    ticked = {key for key in request.POST.getlist("auch") if key.isascii() and key.isdecimal()}
    also = [row.pk for row in group_of(written) if str(row.pk) in ticked]
    count = match_municipalities(written_in={written.pk, *also}, official=official, by=request.user)
    tandems = counted(count, "Tandem kommt", "Tandems kommen")
    messages.success(request, f"„{written.name}“ ist zugeordnet, {tandems} jetzt aus {official.label}.")
    return redirect("participants:written_in_list")
