"""The needs of a cohort as planned and as judged, and the needs of all cohorts side by side."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from evaluation.queries.judgements import judged_needs
from evaluation.queries.recurrence import need_trend as need_trend_of
from evaluation.queries.recurrence import recurrences
from netzkoord.lib.http import Request

VIEW = permission_required("evaluation.view_need", raise_exception=True)


@require_safe
@VIEW
def need_judgements(request: Request, pk: int) -> HttpResponse:
    visible = Cohort.objects.visible_to(request.user)
    cohort = get_object_or_404(visible.with_dates(), pk=pk)
    page = judged_needs(cohort, recurrences(visible))
    return render(request, "evaluation/need_judgements.html", {"cohort": cohort, "page": page})


@require_safe
@VIEW
def need_trend(request: Request) -> HttpResponse:
    trend = need_trend_of(Cohort.objects.visible_to(request.user))
    return render(request, "evaluation/need_trend.html", {"trend": trend})
