"""„Vorher und nachher“: what the self-ratings of a cohort say together."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from evaluation.queries.before_after import before_after as before_after_of
from netzkoord.lib.http import Request


@require_safe
@permission_required("evaluation.view_report", raise_exception=True)
def before_after(request: Request, pk: int) -> HttpResponse:
    """For organisers and readers.

    Not for trainers: it says how a whole course has worked, and trainers see the feedback on their own sessions.
    """
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("edition"), pk=pk)
    context = {"cohort": cohort, "page": before_after_of(cohort)}
    return render(request, "evaluation/before_after.html", context)
