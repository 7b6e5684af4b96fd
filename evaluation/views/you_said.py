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
from netzkoord.models import User
from participants.models import Registration


@require_safe
def you_said(request: Request, pk: int) -> HttpResponse:
    cohort, reader = read_by(request, pk)
    context = {
        "cohort": cohort,
        "page": said_in(cohort, reader),
        "title": paper.TITLE,
        "is_staff": reader is None,
    }
    return render(request, "evaluation/you_said.html", context)


@require_safe
def you_said_paper(request: Request, pk: int) -> HttpResponse:
    cohort, reader = read_by(request, pk)
    try:
        content = paper.you_said_paper(said_in(cohort, reader))
    except DocumentTooLarge as error:
        return too_large(request, error, back=reverse("evaluation:you_said", args=[pk]))
    return pdf_response(content, f"{paper.TITLE} {cohort}")


def read_by(request: Request, pk: int) -> tuple[Cohort, User | None]:
    """The staff (None) see the cohorts that are theirs, participants the one they have a place in; others 404."""
    cohorts = Cohort.objects.visible_to(request.user)
    if request.user.has_perm("curriculum.view_cohort") and (cohort := cohorts.filter(pk=pk).first()):
        return cohort, None
    own = Registration.objects.accepted().filter(person=request.user, cohort=pk)
    if not own.exists():
        raise Http404
    return get_object_or_404(Cohort, pk=pk), request.user
