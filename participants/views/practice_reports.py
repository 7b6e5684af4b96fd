"""The Erlebnisberichte of one's own cohort, as far as their authors have released them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import PracticeReport
from curriculum.queries.practice_reports import report_rows
from netzkoord.lib.http import Request
from participants.models import Registration


@require_safe
def own_practice_reports(request: Request, pk: int) -> HttpResponse:
    """Reached by the own registration, once it is accepted."""
    own = Registration.objects.accepted().filter(person=request.user)
    registration = get_object_or_404(own.select_related("cohort"), pk=pk)
    rows = report_rows(PracticeReport.objects.released().filter(session__cohort=registration.cohort_id))
    context = {"registration": registration, "rows": rows}
    return render(request, "participants/own_practice_reports.html", context)
