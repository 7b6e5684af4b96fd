"""Venues: list, add, change, delete."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.actions.in_use import InUse
from curriculum.actions.venues import delete_venue
from curriculum.forms.venues import VenueForm
from curriculum.models import Cohort, Session, Venue
from netzkoord.lib.editing import save_or_explain
from netzkoord.lib.fields import row_key
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import listed


@require_safe
@permission_required("curriculum.view_venue", raise_exception=True)
def venue_list(request: Request) -> HttpResponse:
    return render(request, "curriculum/venue_list.html", {"venues": Venue.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.add_venue", raise_exception=True)
def venue_add(request: Request) -> HttpResponse:
    """`?durchgang=…` leads back to the new session that needed the venue, `?plan=…` to the plan of the cohort."""
    cohort, planned = cohort_of(request, "durchgang"), cohort_of(request, "plan")
    form = VenueForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        venue = save_or_explain(form, form.save)
        if venue:
            messages.success(request, f"Der Ort „{venue}“ ist angelegt.")
            return redirect(*after_adding(cohort, planned))
    return render(request, "curriculum/venue_add.html", {"form": form, "cohort": cohort, "planned": planned})


def after_adding(cohort: Cohort | None, planned: Cohort | None) -> tuple[str, *tuple[int, ...]]:
    if cohort:
        return "curriculum:session_add", cohort.pk
    return ("curriculum:plan_edit", planned.pk) if planned else ("curriculum:venue_list",)


def cohort_of(request: Request, name: str) -> Cohort | None:
    key = row_key(request.GET.get(name, ""))
    return Cohort.objects.visible_to(request.user).filter(pk=key).first() if key else None


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
    return render(request, "curriculum/venue_edit.html", {"form": form, "name": name, "venue": venue})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.delete_venue", raise_exception=True)
def venue_delete(request: Request, pk: int) -> HttpResponse:
    """What is held there is named; a venue with sessions stays."""
    venue = get_object_or_404(Venue, pk=pk)
    if request.method == "POST":
        try:
            delete_venue(venue=venue, by=request.user)
        except InUse as error:
            messages.error(request, f"Der Ort „{venue}“ bleibt bestehen: {listed(error.users)}.")
            return redirect("curriculum:venue_delete", venue.pk)
        messages.success(request, f"Der Ort „{venue}“ ist gelöscht.")
        return redirect("curriculum:venue_list")
    sessions = Session.objects.filter(venue=venue).with_dates().select_related("cohort", "module")
    return render(request, "curriculum/venue_delete.html", {"venue": venue, "sessions": sessions})
