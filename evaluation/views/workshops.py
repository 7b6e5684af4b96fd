"""Workshops with their card walls."""

from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from evaluation import workshop_records
from evaluation.models import Workshop
from evaluation.queries.causes import recommendation_rows
from evaluation.queries.workshop_records import whole_record
from evaluation.queries.workshops import workshop_page
from netzkoord.lib.fields import row_key
from netzkoord.lib.http import Request, pdf_response, too_large
from netzkoord.lib.pdf import DocumentTooLarge


@require_safe
@permission_required("evaluation.view_workshop", raise_exception=True)
def workshop_list(request: Request) -> HttpResponse:
    """All, or those of the sessions of one cohort; a number that is no cohort of the user shows all."""
    cohort = chosen_cohort(request)
    workshops = (
        Workshop.objects.visible_to(request.user)
        .select_related("edition")
        .annotate(
            round_count=Count("rounds", distinct=True), card_count=Count("guiding_questions__cards", distinct=True)
        )
    )
    # Counting drops the order of the model.
    workshops = workshops.order_by("-held_on", "-pk")
    if cohort:
        workshops = workshops.filter(session__cohort=cohort)
    return render(request, "evaluation/workshop_list.html", {"workshops": workshops, "cohort": cohort})


def chosen_cohort(request: Request) -> Cohort | None:
    key = row_key(request.GET.get("durchgang", ""))
    return Cohort.objects.visible_to(request.user).filter(pk=key).first() if key else None


@require_safe
@permission_required("evaluation.view_workshop", raise_exception=True)
def workshop_detail(request: Request, pk: int) -> HttpResponse:
    workshops = Workshop.objects.visible_to(request.user)
    related = workshops.select_related("edition", "session__cohort", "session__module")
    workshop = get_object_or_404(related, pk=pk)
    page = workshop_page(workshop, request.GET.get("runde", ""))
    may_moderate = Workshop.objects.moderated_by(request.user).filter(pk=pk).exists()
    context = {
        "workshop": workshop,
        "page": page,
        "rows": recommendation_rows(page.recommendations, request.user),
        "may_moderate": may_moderate,
        # Of one round only some are seen.
        "may_sort_photos": may_moderate and not page.chosen,
    }
    return render(request, "evaluation/workshop_detail.html", context)


@require_safe
@permission_required("evaluation.view_workshop", raise_exception=True)
def workshop_record_page(request: Request, pk: int) -> HttpResponse:
    record = whole_record(to_record(request, pk))
    return render(request, "evaluation/workshop_record_page.html", {"record": record})


def to_record(request: Request, pk: int) -> Workshop:
    workshops = Workshop.objects.visible_to(request.user)
    related = workshops.select_related("edition__programme", "session__cohort", "session__module")
    return get_object_or_404(related, pk=pk)


@require_safe
@permission_required("evaluation.view_workshop", raise_exception=True)
def workshop_record(request: Request, pk: int) -> HttpResponse:
    workshop = to_record(request, pk)
    try:
        paper = workshop_records.workshop_record(workshop)
    except DocumentTooLarge as error:
        return too_large(request, error, back=workshop.get_absolute_url())
    return pdf_response(paper, f"Dokumentation {workshop} {workshop.held_on.isoformat()}")
