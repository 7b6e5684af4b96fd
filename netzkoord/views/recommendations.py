"""One recommendation with everything that became of it, and the changes of an edition that fulfil it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Cohort, Edition
from curriculum.queries.comparison import comparable_with
from evaluation.actions.causes import NotACause, note_causes
from evaluation.models import Recommendation
from evaluation.queries.causes import recommendation_rows
from netzkoord.edition_forms import FulfilledForm
from netzkoord.editions import changes_of
from netzkoord.lib.http import Request
from netzkoord.models import User
from netzkoord.overview.fulfilment import fulfilment

LATEST_COHORTS = 6


@require_safe
@permission_required("evaluation.view_workshop", raise_exception=True)
def recommendation_detail(request: Request, pk: int) -> HttpResponse:
    recommendation = one(pk, request.user)
    [row] = recommendation_rows([recommendation], request.user)
    context = {
        "row": row,
        "recommendation": recommendation,
        "decisions": recommendation.decisions.select_related("edition", "decided_by", "merged_into"),
        "merged": recommendation.merged.select_related("workshop", "round"),
        "fulfilment": fulfilment(recommendation.feature, latest_cohorts(request.user)),
    }
    return render(request, "netzkoord/recommendation_detail.html", context)


def latest_cohorts(user: User) -> QuerySet[Cohort]:
    held = Cohort.objects.visible_to(user).filter(announced_at__isnull=False, cancelled_at=None)
    return held.order_by("-registration_closes_on", "-pk")[:LATEST_COHORTS]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
def recommendation_change_add(request: Request, pk: int) -> HttpResponse:
    """Which changes fulfil it: of the edition that owes it, or else of the latest draft."""
    recommendation = one(pk, request.user)
    edition = recommendation.edition or Edition.objects.writable_by(request.user).order_by("-number").first()
    if edition is None:
        messages.info(request, "Es gibt keinen Entwurf. Kopieren Sie zuerst eine Fassung, um sie zu ändern.")
        return redirect("curriculum:edition_list")
    noted = set(recommendation.causes.filter(edition=edition).values_list("part_key", flat=True))
    changes = changes_of(edition, comparable_with(edition, request.user))
    # A second click finds its changes noted already; it chooses them anew and is told nothing twice.
    offered = [each for each in changes if request.method == "POST" or each.key not in noted]
    form = FulfilledForm(request.POST if request.method == "POST" else None, changes=offered)
    if form.is_valid():
        keys = form.cleaned_data["changes"]
        try:
            note_causes(recommendation=recommendation, edition=edition, part_keys=keys, by=request.user)
        except NotACause as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Die Änderungen stehen bei der Empfehlung.")
            return redirect(recommendation)
    context = {"form": form, "recommendation": recommendation, "edition": edition, "has_choice": bool(offered)}
    return render(request, "netzkoord/recommendation_change_add.html", context)


def one(pk: int, user: User) -> Recommendation:
    found = Recommendation.objects.visible_to(user).select_related(
        "workshop", "round", "card__guiding_question", "cohort", "edition", "decided_by", "merged_into"
    )
    return get_object_or_404(found, pk=pk)
