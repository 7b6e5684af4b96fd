"""The start page of each role, and a cohort at a glance."""

from dataclasses import replace

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from curriculum.queries import edition_page, open_announcements
from netzkoord import next_steps, overview
from netzkoord.lib.http import Request
from participants.models import Registration


@require_safe
@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """What is next, for everything the person is; what is on offer, for anyone else."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "netzkoord/home.html", {"cohorts": open_announcements()})
    context: dict[str, object] = {"participations": next_steps.participations(user)}
    if user.has_perm("participants.view_tandem"):
        context["running"] = overview.running_strips()
        context["finished"] = overview.finished_strips()
    elif user.has_perm("evaluation.view_report"):
        context["reports"] = [*Cohort.objects.running(), *Cohort.objects.finished()]
    if user.has_perm("participants.add_attendance"):
        context["trainer_sessions"] = next_steps.trainer_sessions(user)
    return render(request, "netzkoord/start.html", context)


@require_safe
@permission_required("curriculum.view_cohort", raise_exception=True)
def cohort_detail(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    strip = overview.strip_of(cohort)
    if not request.user.has_perm("curriculum.change_cohort"):
        strip = replace(strip, due=None)
    return render(request, "netzkoord/cohort_detail.html", {"cohort": strip.cohort, "strip": strip})


@require_safe
def own_edition(request: Request, pk: int) -> HttpResponse:
    """The programme that the person takes part in, reached by the own registration."""
    own = Registration.objects.confirmed().filter(person=request.user)
    registration = get_object_or_404(own.select_related("cohort__edition"), pk=pk)
    page = edition_page(registration.cohort.edition)
    return render(request, "netzkoord/own_edition.html", {"page": page, "registration": registration})
