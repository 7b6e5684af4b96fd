"""The organiser's list of registrations, and the decision about them."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort
from netzkoord.lib.downloads import attachment
from netzkoord.lib.http import Request
from netzkoord.models import User
from participants.actions.addresses import mend_address
from participants.actions.locking import RegistrationRefused
from participants.actions.registrations import correct_registration
from participants.actions.selection import Plan, decide, plan_decision
from participants.decision_mails import unreachable_in, unreachable_sentence
from participants.exports import tandem_table
from participants.forms.list import (
    CAME_FROM,
    NOTHING_CHOSEN,
    FilterForm,
    chosen_tandems,
    filter_query,
    list_address,
    order_of,
)
from participants.forms.registrations import CorrectionForm
from participants.forms.selection import DECISIONS, DecisionForm
from participants.mails import decision_preview
from participants.models import Registration, Selection, Tandem
from participants.queries.duplicates import merges_of, pairs_of
from participants.queries.history import history_of
from participants.queries.one_person import one_person_in
from participants.queries.registrations import tandem_row
from participants.queries.tandem_list import export_rows, rows_of, tandem_list_of
from participants.queries.transfer import agreement_state

PAGE_SIZE = 50


@require_safe
@permission_required("participants.view_tandem", raise_exception=True)
def tandem_list(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    form = FilterForm(request.GET)
    found = tandem_list_of(cohort, form.wanted(), order_of(request.GET))
    page = Paginator(found.lines, PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "cohort": cohort,
        "form": form,
        "page": page,
        "rows": rows_of(list(page.object_list), found.twins),
        "counts": found.counts,
        "in_words": found.in_words,
        "order": order_of(request.GET),
        "decidable": len(found.decidable),
        "query": filter_query(request.GET),
        "is_filtered": form.is_filtered,
        "chosen": request.GET.get("auswahl", ""),
    }
    return render(request, "participants/tandem_list.html", context)


@require_safe
@permission_required("participants.view_tandem", raise_exception=True)
def tandem_export(request: Request, pk: int, kind: str) -> HttpResponse:
    """What the list shows with the same filters in the same order, all pages of it."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    found = tandem_list_of(cohort, FilterForm(request.GET).wanted(), order_of(request.GET))
    return table_of(cohort, [line.pk for line in found.lines], kind)


@require_POST
@permission_required("participants.view_tandem", raise_exception=True)
def chosen_export(request: Request, pk: int) -> HttpResponse:
    """The rows that were ticked in the list."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    keys = chosen_tandems(request.POST, cohort)
    if not keys:
        messages.error(request, NOTHING_CHOSEN)
        return redirect("participants:tandem_list", pk=cohort.pk)
    return table_of(cohort, keys, "xlsx")


def table_of(cohort: Cohort, keys: list[int], kind: str) -> HttpResponse:
    table = tandem_table(cohort, export_rows(cohort, keys), kind)
    return attachment(table.content, name=table.name, content_type=table.content_type)


@require_POST
@permission_required("participants.change_tandem", raise_exception=True)
def tandem_decide(request: Request, pk: int) -> HttpResponse:
    """„Entscheidung prüfen“: who gets which mail; nothing is decided yet."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    chosen = [str(key) for key in chosen_tandems(request.POST, cohort)]
    form = DecisionForm(request.POST, tandems=chosen, cohort=cohort)
    if not form.is_valid():
        return refuse_choice(request, cohort, form)
    plan = plan_decision(cohort=cohort, keys=form.keys(), selection=form.decision())
    context = {
        "cohort": cohort,
        "decision": form.decision(),
        "mail_name": DECISIONS[form.decision()],
        "plan": plan,
        "preview": decision_preview(plan.ready, form.decision()),
        "unreachable": unreachable_in(plan.ready),
        "one_person": one_person_in(plan.ready),
        "came_from": request.POST.get(CAME_FROM, ""),
        "list_url": list_address(cohort, request.POST),
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
    return redirect(list_address(cohort, request.POST))


@require_safe
@permission_required("participants.view_tandem", raise_exception=True)
def tandem_detail(request: Request, pk: int) -> HttpResponse:
    tandems = Tandem.objects.visible_to(request.user).with_people()
    tandems = tandems.select_related("cohort", "exception_by", "transfer_agreement")
    lent = Prefetch("registrations__shared_by", Tandem.objects.select_related("municipality"))
    people = tandems.prefetch_related("registrations__consents", "registrations__approval", lent)
    tandem = get_object_or_404(people, pk=pk)
    context = {
        "tandem": tandem,
        "row": tandem_row(tandem),
        "cohort": tandem.cohort,
        "history": history_of(tandem),
        "notes": tandem.notes.select_related("written_by", "about"),
        "pairs": pairs_of(tandem),
        "unreachable": unreachable_in([tandem]),
        "one_person": one_person_in([tandem]),
        "merges": merges_of(tandem),
        "agreement": agreement_state(tandem),
        "is_exception_possible": tandem.people == 1
        and tandem.missing_role
        and tandem.selection != Selection.DECLINED,
        "may_change": request.user.has_perm("participants.change_tandem"),
    }
    return render(request, "participants/tandem_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_registration", raise_exception=True)
def registration_edit(request: Request, pk: int) -> HttpResponse:
    halves = Registration.objects.visible_to(request.user).select_related("tandem__municipality", "cohort")
    if request.method != "POST":
        return correction_page(request, get_object_or_404(halves, pk=pk))
    with transaction.atomic():  # a second click waits here and finds nothing left to change
        return correction_page(request, get_object_or_404(halves.select_for_update(of=("self",)), pk=pk))


def correction_page(request: Request, half: Registration) -> HttpResponse:
    form = CorrectionForm(request.POST if request.method == "POST" else None, instance=half)
    if form.is_valid() and is_corrected(form, by=request.user):
        messages.success(request, f"Die Angaben zu {half} sind gespeichert.")
        return redirect(half.tandem)
    return render(request, "participants/registration_edit.html", {"registration": half, "form": form})


def is_corrected(form: CorrectionForm, *, by: User) -> bool:
    """Whether everything is stored now; an address that is somebody else's is said at its field."""
    half = form.instance
    try:
        with transaction.atomic():
            if changed := form.changed_particulars:
                correct_registration(registration=half, changed=changed, by=by)
            if email := form.cleaned_data.get("email"):
                mend_address(registration=half, email=email, by=by)
    except RegistrationRefused as refusal:
        form.add_error("email", str(refusal))
        return False
    return True


def refuse_choice(request: Request, cohort: Cohort, form: DecisionForm) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return redirect(list_address(cohort, request.POST))


def report(request: Request, plan: Plan, label: str) -> None:
    """Say what has happened, and to whom nothing has."""
    if plan.ready:
        names = ", ".join(tandem.municipality.name for tandem in plan.ready)
        messages.success(request, f"Entschieden ({label}): {names}. Die Mails sind unterwegs.")
        tell_unreachable(request, plan.ready)
    if plan.without_room:
        names = ", ".join(tandem.municipality.name for tandem in plan.without_room)
        messages.warning(request, f"Nicht genug freie Plätze für: {names}. Dort ist nichts geändert.")
    if not plan.ready and not plan.without_room:
        messages.info(request, "Es war nichts mehr zu entscheiden. Es wurde keine Mail gesendet.")


def tell_unreachable(request: Request, tandems: Iterable[Tandem]) -> None:
    """Which people of these, who were just decided about, no mail could be written to."""
    if unreachable := unreachable_in(tandems):
        messages.warning(request, unreachable_sentence(unreachable))
