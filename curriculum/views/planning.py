"""The whole plan of a cohort on one page: proposed, checked, stored at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.actions.planning import save_plan
from curriculum.forms.planning import Choices, PlanForm, PlanLineForm, ProposalForm
from curriculum.models import Cohort
from curriculum.planning import propose
from curriculum.queries.planning import Entry, Facts, PlanLine, plan_facts, plan_lines
from netzkoord.lib.http import Request
from netzkoord.lib.states import State


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_session", raise_exception=True)
def plan_edit(request: Request, pk: int) -> HttpResponse:
    """With `first_on` in the address a proposal for what has no date yet; `ohne` asks for none."""
    if request.method == "POST":
        with transaction.atomic():
            return plan_store(request, open_cohort(request, pk, lock=True))
    cohort = open_cohort(request, pk)
    if cohort.announced_at or cohort.cancelled_at:
        return plan_as_it_is(request, cohort)
    lines = plan_lines(cohort)
    proposal = ProposalForm.asked(request.GET) if "first_on" in request.GET else ProposalForm()
    if proposal.is_valid():
        entries = proposed(lines, proposal, kept={line.key: line.entry for line in lines if line.days})
        return plan_page(request, cohort, lines, unsent(lines, Choices(cohort), entries), proposal=proposal)
    if proposal.is_bound or not (any(line.session for line in lines) or "ohne" in request.GET):
        context = {"cohort": cohort, "proposal": proposal, "lines": lines}
        return render(request, "curriculum/plan_start.html", context)
    return plan_page(request, cohort, lines, unsent(lines, Choices(cohort), {}), proposal=proposal)


def open_cohort(request: Request, pk: int, *, lock: bool = False) -> Cohort:
    cohorts = Cohort.objects.visible_to(request.user).select_related("edition")
    return get_object_or_404(cohorts.select_for_update(of=("self",)) if lock else cohorts, pk=pk)


def plan_as_it_is(request: Request, cohort: Cohort) -> HttpResponse:
    """Once announced, a session is moved on its own page, where the consequences are listed first."""
    lines = plan_lines(cohort)
    context = {"cohort": cohort, "rows": rows_of(cohort, lines)}
    return render(request, "curriculum/plan_show.html", context)


def plan_store(request: Request, cohort: Cohort) -> HttpResponse:
    if cohort.announced_at or cohort.cancelled_at:
        messages.error(request, "Der Plan ist nicht gespeichert: Der Durchgang ist inzwischen ausgeschrieben.")
        return redirect("curriculum:plan_edit", cohort.pk)
    lines = plan_lines(cohort)
    forms = sent(lines, Choices(cohort), request.POST)
    plan = plan_form(lines, forms, request.POST)
    if not plan.is_valid():
        return plan_page(request, cohort, lines, forms, proposal=ProposalForm(initial=box(request.POST)), plan=plan)
    changes = plan.changes()
    save_plan(cohort=cohort, changes=changes, by=request.user)
    return after_saving(request, cohort, len(changes))


def after_saving(request: Request, cohort: Cohort, changed: int) -> HttpResponse:
    """On to the list of sessions; back to the plan where something speaks against a date."""
    lines = plan_lines(cohort)
    facts = plan_facts(cohort, {}, lines)
    due = [line.module.code for line in lines if facts[line.key].is_due]
    what = "Der Plan war schon so gespeichert." if not changed else "Der Plan ist gespeichert."
    if due:
        codes = ", ".join(dict.fromkeys(due))
        messages.warning(request, f"{what} Bitte sehen Sie noch einmal auf {codes}: Dort steht ein Hinweis.")
        return redirect("curriculum:plan_edit", cohort.pk)
    messages.success(request, what)
    return redirect("curriculum:session_list", cohort.pk)


@require_POST
@permission_required("curriculum.change_session", raise_exception=True)
def plan_propose(request: Request, pk: int) -> HttpResponse:
    """The page again with a new proposal; what is ticked or was changed by hand stays. Nothing is stored."""
    cohort = open_cohort(request, pk)
    if cohort.announced_at or cohort.cancelled_at:
        return redirect("curriculum:plan_edit", cohort.pk)
    lines, choices, proposal = plan_lines(cohort), Choices(cohort), ProposalForm(request.POST)
    forms = sent(lines, choices, request.POST)
    kept = {form.line.key: form for form in forms if not proposal.is_valid() or form.is_kept}
    for form in kept.values():
        if proposal.is_valid():
            form.keep()
    fixed = {key: form.entry for key, form in kept.items() if form.is_valid()}
    entries = proposed(lines, proposal, kept=fixed) if proposal.is_valid() else {}
    anew = {form.line.key: form for form in unsent(lines, choices, entries)}
    mixed = [kept.get(form.line.key, anew[form.line.key]) for form in forms]
    plan = plan_form(lines, mixed, request.POST)
    return plan_page(request, cohort, lines, mixed, proposal=proposal, plan=plan)


# The parts of the page


def proposed(lines: Sequence[PlanLine], proposal: ProposalForm, *, kept: Mapping[str, Entry]) -> dict[str, Entry]:
    """What every line says when those that are kept stay and the others are placed around them."""
    fixed = {line.key: [day.date for day in line.days] for line in lines if not line.is_plain}
    fixed |= {key: list(entry.dates) for key, entry in kept.items() if key not in fixed}
    blocks = [(line.key, line.planned_minutes) for line in lines]
    days = propose(blocks, terms=proposal.terms, fixed=fixed)
    return {line.key: kept.get(line.key) or proposal.entry(line, days[line.key]) for line in lines if line.is_plain}


def unsent(lines: Sequence[PlanLine], choices: Choices, entries: Mapping[str, Entry]) -> list[PlanLineForm]:
    """A form for each plain line, filled with the entry; what is stored is ticked as fixed."""
    return [
        PlanLineForm(
            line=line,
            choices=choices,
            fallback_state=entries[line.key].fallback_state if line.key in entries else line.entry.fallback_state,
            entry=entries.get(line.key),
            fixed=bool(line.days),
        )
        for line in lines
        if line.is_plain
    ]


def sent(lines: Sequence[PlanLine], choices: Choices, data: QueryDict) -> list[PlanLineForm]:
    state = chosen_state(data, choices)
    return [
        PlanLineForm(data, line=line, choices=choices, fallback_state=state or line.entry.fallback_state)
        for line in lines
        if line.is_plain
    ]


def chosen_state(data: QueryDict, choices: Choices) -> str:
    """The Land in the box of the proposal, or that of the venue there."""
    state, venue = data.get("state", ""), choices.venues.get(data.get("venue", ""))
    return state if state in State.values else venue.state if venue else ""


def box(data: QueryDict) -> dict[str, Any]:
    """What stood in the box of the proposal, shown again as it was; it is not what is being stored."""
    values: dict[str, Any] = {name: data[name] for name in ProposalForm.base_fields if name in data}
    return values | {"trainers": data.getlist("trainers")}


def plan_form(lines: Sequence[PlanLine], forms: Sequence[PlanLineForm], data: QueryDict | None) -> PlanForm:
    return PlanForm(forms, data=data, closed=[line for line in lines if not line.is_plain])


@dataclass(frozen=True)
class PlanRow:
    """A line with what follows from its entry; without a form where the session is edited on its own page."""

    line: PlanLine
    entry: Entry
    facts: Facts
    form: PlanLineForm | None


def rows_of(cohort: Cohort, lines: Sequence[PlanLine], forms: Sequence[PlanLineForm] = ()) -> list[PlanRow]:
    by_key = {form.line.key: form for form in forms}
    entries = {line.key: line.entry for line in lines} | {key: form.shown_entry for key, form in by_key.items()}
    facts = plan_facts(cohort, entries, lines)
    return [PlanRow(line, entries[line.key], facts[line.key], by_key.get(line.key)) for line in lines]


def plan_page(
    request: Request,
    cohort: Cohort,
    lines: Sequence[PlanLine],
    forms: Sequence[PlanLineForm],
    *,
    proposal: ProposalForm,
    plan: PlanForm | None = None,
) -> HttpResponse:
    rows = rows_of(cohort, lines, forms)
    dated = [row for row in rows if row.facts.dates]
    context = {
        "cohort": cohort,
        "proposal": proposal,
        "plan": plan or plan_form(lines, forms, None),
        "rows": rows,
        "planned_minutes": sum(row.facts.planned_minutes for row in rows),
        "scheduled_minutes": sum(row.facts.scheduled_minutes for row in rows),
        "is_unsaved": any(row.line.session is None for row in dated),
        "is_stateless": any(not row.entry.state for row in dated),
    }
    return render(request, "curriculum/plan_edit.html", context)
