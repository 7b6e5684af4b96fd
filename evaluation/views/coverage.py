"""The coverage of a cohort's needs: the matrix, one cell of it, and the Bedarfsbericht."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Audience, Cohort, Module, Session
from evaluation import reports
from evaluation.actions.needs import AlreadyAdopted, CourseChanged, adopt_variant, set_coverage
from evaluation.forms.need import CoverageForm
from evaluation.forms.variant import VariantForm
from evaluation.models import Need
from evaluation.queries.coverage import cell_of, matrix_of, own_points
from evaluation.queries.needs_report import needs_report_of
from evaluation.queries.variants import forecast
from netzkoord.lib.http import Request, pdf_response, too_large
from netzkoord.lib.limits import limit_reports
from netzkoord.lib.pdf import DocumentTooLarge

COURSE_CHANGED = (
    "Inzwischen hat jemand den Ablauf dieses Termins geändert. "
    "Übernommen wurde nichts; hier steht, wie es jetzt wäre."
)


@require_safe
@permission_required("evaluation.view_need", raise_exception=True)
def coverage_matrix(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    chosen = request.GET.get("zielgruppe", "")
    audience = Audience(chosen) if chosen in Audience.values else None
    context = {
        "cohort": cohort,
        "matrix": matrix_of(cohort, audience),
        "audience": audience,
        "audiences": Audience,
    }
    return render(request, "evaluation/coverage_matrix.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("evaluation.change_need", raise_exception=True)
def coverage_edit(request: Request, pk: int, module: int) -> HttpResponse:
    """One cell: how far this module serves this need."""
    need = get_object_or_404(Need.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    offered = get_object_or_404(Module, edition=need.cohort.edition_id, pk=module)
    if request.method != "POST":
        return cell_page(request, need, offered)
    with transaction.atomic():  # a second person waits here and finds what the first one stored
        Need.objects.select_for_update().get(pk=need.pk)
        return cell_page(request, need, offered)


def cell_page(request: Request, need: Need, offered: Module) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = CoverageForm(
        data,
        module=offered,
        points=own_points(need.cohort, offered),
        stored=cell_of(need, offered),
        proposed=request.GET.get("baustein"),
    )
    if form.is_valid():
        set_coverage(need=need, module=offered, **form.cleaned_data)
        return redirect(f"{reverse('evaluation:coverage_matrix', args=[need.cohort_id])}#bedarf-{need.pk}")
    return render(request, "evaluation/coverage_edit.html", {"form": form, "need": need, "module": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["evaluation.change_need", "curriculum.change_session"], raise_exception=True)
def coverage_variant(request: Request, pk: int) -> HttpResponse:
    """„Was wäre, wenn“: the address holds the variant and shows what it would do; a POST adopts it."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    data = request.POST if request.method == "POST" else request.GET
    is_sent = request.method == "POST" or "minutes" in data
    form = VariantForm(data if is_sent else None, cohort=cohort, initial={"need": data.get("need")})
    variant = form.variant if form.is_valid() else None
    if variant and request.method == "POST":
        try:
            adopt_variant(variant=variant, seen=data.get("course", ""), by=request.user)
        except CourseChanged:
            messages.warning(request, COURSE_CHANGED)
        except AlreadyAdopted:
            messages.info(request, "Das steht schon im Ablauf; dieses Mal wurde nichts geändert.")
            return redirect("curriculum:agenda_edit", variant.session.pk)
        else:
            messages.success(request, "Der Ablauf ist geändert. Prüfen Sie hier die Zeiten.")
            return redirect("curriculum:agenda_edit", variant.session.pk)
    context = {
        "cohort": cohort,
        "form": form,
        "variant": variant,
        "forecast": forecast(variant) if variant else None,
        "sent": [(name, data[name]) for name in form.fields if name in data],
    }
    return render(request, "evaluation/coverage_variant.html", context)


@require_safe
@permission_required("evaluation.view_need", raise_exception=True)
@limit_reports
def needs_report(request: Request, pk: int) -> HttpResponse:
    """The Bedarfsbericht of a session that the user may see: organisers and readers any, trainers their own."""
    sessions = Session.objects.visible_to(request.user).with_dates().select_related("cohort", "module", "venue")
    session = get_object_or_404(sessions, pk=pk)
    try:
        paper = reports.needs_report(needs_report_of(session, request.user))
    except DocumentTooLarge as error:
        return too_large(request, error, back=session.get_absolute_url())
    return pdf_response(paper, f"Bedarfsbericht {session} {session.cohort}")
