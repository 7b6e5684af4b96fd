"""The start page of each role, and a cohort at a glance."""

from dataclasses import replace

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.certificate_rule import certificate_rule_sentence
from curriculum.models import Cohort
from curriculum.queries import open_announcements
from curriculum.queries.cohort_edition import NOT_BEGUN, newer_editions
from netzkoord import next_steps, overview
from netzkoord.lib.http import Request
from participants.queries.transfer import tandems_with_agreement


@require_safe
@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """What is next, for everything the person is; what is on offer, for anyone else."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "netzkoord/home.html", {"cohorts": open_announcements()})
    context: dict[str, object] = {
        "participations": next_steps.participations(user),
        "kept_places": next_steps.kept_places(user),
    }
    if user.has_perm("participants.view_tandem"):
        context["general_dues"] = overview.general_dues()
        context["running"] = overview.running_strips()
        context["finished"] = overview.finished_strips()
    if user.has_perm("post_office.add_email"):
        context["mail_dues"] = overview.mail_dues()
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
    may_move = request.user.has_perm("curriculum.change_cohort") and strip.state in NOT_BEGUN
    newer = newer_editions(strip.cohort)[:1] if may_move else []
    agreements = tandems_with_agreement(cohort) if strip.state not in NOT_BEGUN else None
    context = {
        "cohort": strip.cohort,
        "strip": strip,
        "newer": newer,
        "agreements": agreements,
        "certificate_rule": certificate_rule_sentence(cohort),
    }
    return render(request, "netzkoord/cohort_detail.html", context)
