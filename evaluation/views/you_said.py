"""What a cohort said and what became of it, for its participants and for the staff."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from evaluation import you_said as paper
from evaluation.queries.you_said import you_said as said_in
from netzkoord.lib.http import Request, pdf_response, too_large
from netzkoord.lib.pdf import DocumentTooLarge
from participants.models import Registration


@require_safe
def you_said(request: Request, pk: int) -> HttpResponse:
    cohort = readable_cohort(request, pk)
    is_staff = request.user.has_perm("curriculum.view_cohort")
    context = {"cohort": cohort, "page": said_in(cohort), "title": paper.TITLE, "is_staff": is_staff}
    return render(request, "evaluation/you_said.html", context)


@require_safe
def you_said_paper(request: Request, pk: int) -> HttpResponse:
    cohort = readable_cohort(request, pk)
    try:
        content = paper.you_said_paper(said_in(cohort))
    except DocumentTooLarge as error:
        return too_large(request, error, back=reverse("evaluation:you_said", args=[pk]))
    return pdf_response(content, f"{paper.TITLE} {cohort}")


def readable_cohort(request: Request, pk: int) -> Cohort:
    """The staff see the cohorts that are theirs, participants the one that they have a place in; others 404."""
    cohorts = Cohort.objects.visible_to(request.user)
    if request.user.has_perm("curriculum.view_cohort") and (cohort := cohorts.filter(pk=pk).first()):
        return cohort
    own = Registration.objects.accepted().filter(person=request.user, cohort=pk)
    if not own.exists():
        raise Http404
    return get_object_or_404(Cohort, pk=pk)
