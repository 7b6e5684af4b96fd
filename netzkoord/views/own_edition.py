"""The programme that a participant takes part in, reached by the own registration."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.queries.editions import edition_page
from curriculum.queries.modules import module_page
from netzkoord.lib.http import Request
from participants.models import Registration
from participants.models.registrations import RegistrationQuerySet


def own_registrations(request: Request) -> RegistrationQuerySet:
    return Registration.objects.confirmed().filter(person=request.user).select_related("cohort__edition")


@require_safe
def own_edition(request: Request, pk: int) -> HttpResponse:
    registration = get_object_or_404(own_registrations(request), pk=pk)
    page = edition_page(registration.cohort.edition)
    return render(request, "netzkoord/own_edition.html", {"page": page, "registration": registration})


@require_safe
def own_module(request: Request, pk: int, module_pk: int) -> HttpResponse:
    """A module of the own cohort's edition, with its units; also one that only the partner attends."""
    registration = get_object_or_404(own_registrations(request), pk=pk)
    modules = registration.cohort.edition.modules.select_related("edition").prefetch_related("tracks")
    page = module_page(get_object_or_404(modules, pk=module_pk), user=request.user)
    return render(request, "netzkoord/own_module.html", {"page": page, "registration": registration})
