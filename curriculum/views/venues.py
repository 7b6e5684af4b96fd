"""Venues: list, add, change."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.forms.venues import VenueForm
from curriculum.models import Cohort, Venue
from netzkoord.lib.editing import save_or_explain
from netzkoord.lib.http import Request


@require_safe
@permission_required("curriculum.view_venue", raise_exception=True)
def venue_list(request: Request) -> HttpResponse:
    return render(request, "curriculum/venue_list.html", {"venues": Venue.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.add_venue", raise_exception=True)
def venue_add(request: Request) -> HttpResponse:
    """`?durchgang=…` leads back to the new session that needed the venue."""
    cohort = cohort_of(request)
    form = VenueForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        venue = save_or_explain(form, form.save)
        if venue:
            messages.success(request, f"Der Ort „{venue}“ ist angelegt.")
            return redirect("curriculum:session_add", cohort.pk) if cohort else redirect("curriculum:venue_list")
    return render(request, "curriculum/venue_add.html", {"form": form, "cohort": cohort})


def cohort_of(request: Request) -> Cohort | None:
    key = request.GET.get("durchgang", "")
    if not (key.isascii() and key.isdigit() and len(key) < 10):
        return None
    return Cohort.objects.visible_to(request.user).filter(pk=key).first()


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_venue", raise_exception=True)
def venue_edit(request: Request, pk: int) -> HttpResponse:
    venue = get_object_or_404(Venue, pk=pk)
    name = str(venue)
    form = VenueForm(request.POST if request.method == "POST" else None, instance=venue)
    if form.is_valid():
        saved = save_or_explain(form, form.save)
        if saved:
            messages.success(request, f"Der Ort „{saved}“ ist gespeichert.")
            return redirect("curriculum:venue_list")
    return render(request, "curriculum/venue_edit.html", {"form": form, "name": name})
