"""The municipalities that people can register from."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from netzkoord.lib.editing import save_or_explain
from netzkoord.lib.limits import limit_searches
from participants.forms.fields import LONGEST_TEXT
from participants.forms.municipalities import MunicipalityEditForm, MunicipalityForm
from participants.models import Municipality
from participants.queries.municipalities import (
    MOST_FOUND,
    Stand,
    find_municipalities,
    matches_for,
    search_municipalities,
)
from participants.queries.written_in import written_in_count

PAGE_SIZE = 50


@require_safe
@permission_required("participants.view_municipality", raise_exception=True)
def municipality_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("text", "").strip()[:LONGEST_TEXT]
    stand = request.GET.get("stand", "")
    stand = stand if stand in Stand.values else Stand.ALL
    page = Paginator(find_municipalities(text, stand), PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "text": text,
        "stand": stand,
        "stands": Stand.choices,
        "written_in_count": written_in_count(),
    }
    return render(request, "participants/municipality_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.add_municipality", raise_exception=True)
def municipality_add(request: HttpRequest) -> HttpResponse:
    form = MunicipalityForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        municipality = save_or_explain(form, form.save)
        if municipality:
            messages.success(request, f"{municipality.label} ist angelegt und steht in der Anmeldung zur Wahl.")
            return redirect("participants:municipality_list")
    return render(request, "participants/municipality_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_municipality", raise_exception=True)
def municipality_edit(request: HttpRequest, pk: int) -> HttpResponse:
    municipality = get_object_or_404(Municipality.objects.official(), pk=pk)
    name = municipality.name  # the form writes into its instance, even what it refuses
    form = MunicipalityEditForm(request.POST if request.method == "POST" else None, instance=municipality)
    if form.is_valid():
        messages.success(request, f"{form.save().label} ist gespeichert.")
        return redirect("participants:municipality_list")
    context = {"form": form, "municipality": municipality, "name": name}
    return render(request, "participants/municipality_edit.html", context)


@require_safe
@login_not_required
@limit_searches
def municipality_search(request: HttpRequest) -> JsonResponse:
    """For the combobox of the registration form: who may register is no secret, and nothing else is said."""
    found = search_municipalities(request.GET.get("text", "")[:LONGEST_TEXT])
    rows = matches_for(found[:MOST_FOUND])
    matches = [{"key": row.key, "name": row.name, "place": row.place} for row in rows]
    return JsonResponse({"matches": matches, "has_more": len(found) > MOST_FOUND})
