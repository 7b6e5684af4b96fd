"""The organiser's list of registrations, and the decision about them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort
from netzkoord.lib.http import Request
from participants.actions.registrations import correct_registration
from participants.actions.selection import Plan, decide, plan_decision
from participants.exports import tandem_csv
from participants.forms.registrations import CorrectionForm
from participants.forms.selection import DECISIONS, DecisionForm, FilterForm
from participants.mails import decision_preview
from participants.models import Registration, Tandem
from participants.queries.registrations import tandem_counts, tandem_row, tandem_rows, tandems_of

PAGE_SIZE = 50


@require_safe
@permission_required("participants.view_tandem", raise_exception=True)
def tandem_list(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    tandems = tandems_of(cohort)
    form = FilterForm(request.GET)
    rows = tandem_rows(tandems, form.wanted())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "cohort": cohort,
        "form": form,
        "page": page,
        "counts": tandem_counts(cohort, tandems),
        "query": filter_query(request),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "are_all_chosen": request.GET.get("auswahl") == "alle",
    }
    return render(request, "participants/tandem_list.html", context)


@require_safe
@permission_required("participants.view_tandem", raise_exception=True)
def tandem_export(request: Request, pk: int) -> HttpResponse:
    """What the list shows with the same filters, all pages of it."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    rows = tandem_rows(tandems_of(cohort), FilterForm(request.GET).wanted())
    headers = {"Content-Disposition": f'attachment; filename="anmeldungen-{cohort.pk}.csv"'}
    return HttpResponse(tandem_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@permission_required("participants.change_tandem", raise_exception=True)
def tandem_decide(request: Request, pk: int) -> HttpResponse:
    """„Entscheidung prüfen“: who gets which mail; nothing is decided yet."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    form = DecisionForm(request.POST, tandems=request.POST.getlist("tandem"), cohort=cohort)
    if not form.is_valid():
        return refuse_choice(request, cohort, form)
    plan = plan_decision(cohort=cohort, keys=form.keys(), selection=form.decision())
    context = {
        "cohort": cohort,
        "decision": form.decision(),
        "mail_name": DECISIONS[form.decision()],
        "plan": plan,
        "preview": decision_preview(plan.ready, form.decision()),
    }
    return render(request, "participants/tandem_decide.html", context)


@require_POST
@permission_required("participants.change_tandem", raise_exception=True)
def decision_send(request: Request, pk: int) -> HttpResponse:
    """„Entscheiden und Mails senden“; a second press finds nothing left to decide."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    form = DecisionForm(request.POST, tandems=request.POST.getlist("tandem"), cohort=cohort)
    if not form.is_valid():
        return refuse_choice(request, cohort, form)
    plan = decide(cohort=cohort, seen=form.seen(), selection=form.decision(), by=request.user)
    report(request, plan, DECISIONS[form.decision()])
    return redirect("participants:tandem_list", pk=cohort.pk)


@require_safe
@permission_required("participants.view_tandem", raise_exception=True)
def tandem_detail(request: Request, pk: int) -> HttpResponse:
    tandems = Tandem.objects.visible_to(request.user).select_related("cohort", "municipality")
    tandem = get_object_or_404(tandems.prefetch_related("registrations", "status_changes__changed_by"), pk=pk)
    context = {"tandem": tandem, "row": tandem_row(tandem), "cohort": tandem.cohort}
    return render(request, "participants/tandem_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_registration", raise_exception=True)
def registration_edit(request: Request, pk: int) -> HttpResponse:
    halves = Registration.objects.visible_to(request.user).select_related("tandem__municipality", "cohort")
    half = get_object_or_404(halves, pk=pk)
    form = CorrectionForm(request.POST if request.method == "POST" else None, instance=half)
    if form.is_valid():
        if form.changed_data:
            correct_registration(registration=half, changed=form.changed_data, by=request.user)
        messages.success(request, f"Die Angaben zu {half} sind gespeichert.")
        return redirect(half.tandem)
    return render(request, "participants/registration_edit.html", {"registration": half, "form": form})


def filter_query(request: Request) -> str:
    """The filters as they stand in the address, without the page and the choice."""
    values = request.GET.copy()
    for name in ("seite", "auswahl"):
        values.pop(name, None)
    return values.urlencode()


def refuse_choice(request: Request, cohort: Cohort, form: DecisionForm) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return redirect("participants:tandem_list", pk=cohort.pk)


def report(request: Request, plan: Plan, label: str) -> None:
    """Say what has happened, and to whom nothing has."""
    if plan.ready:
        names = ", ".join(tandem.municipality.name for tandem in plan.ready)
        messages.success(request, f"Entschieden ({label}): {names}. Die Mails sind unterwegs.")
    if plan.without_room:
        names = ", ".join(tandem.municipality.name for tandem in plan.without_room)
        messages.warning(request, f"Nicht genug freie Plätze für: {names}. Dort ist nichts geändert.")
    if not plan.ready and not plan.without_room:
        messages.info(request, "Es war nichts mehr zu entscheiden. Es wurde keine Mail gesendet.")
