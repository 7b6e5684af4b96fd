"""The whole plan of a cohort on one page: proposed, checked, stored at once."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.actions.planning import save_plan
from curriculum.forms.plan_lines import PlanForm, PlanLineForm
from curriculum.forms.planning import Choices, ProposalForm
from curriculum.models import Cohort
from curriculum.planning import Block, propose
from curriculum.queries.planning import (
    Entry,
    Facts,
    PlanLine,
    dates_of,
    entry_of,
    first_day_sentence,
    plan_facts,
    plan_lines,
    usual_terms,
)
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import quoted
from netzkoord.lib.states import State
from netzkoord.templatetags.german import german_date

TOO_LATE = "Bitte prüfen Sie das Jahr: Der letzte Termin läge nach 2099."
ALL_FIXED = (
    "Alle Termine sind als fest markiert, deshalb ist keiner neu berechnet. Nehmen Sie den Haken „Bei neuem "
    "Vorschlag so lassen“ dort heraus, wo ein Termin neu vorgeschlagen werden soll."
)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_session", raise_exception=True)
def plan_edit(request: Request, pk: int) -> HttpResponse:
    """With `first_on` in the address a proposal for what has no date yet; `ohne` asks for none."""
    if request.method == "POST":
        with transaction.atomic():
            return plan_store(request, open_cohort(request, pk, lock=True))
    cohort = open_cohort(request, pk)
    if is_closed(cohort):
        return plan_as_it_is(request, cohort)
    if "first_on" in request.GET:
        return plan_proposed(request, cohort)
    choices, known = Choices(), remembered(request, cohort)
    lines = plan_lines(cohort, state=known.state)
    usual = usual_terms(lines, state=known.state)
    terms = replace(usual, first_on=usual.first_on or parse_date(known.first_on))
    proposal = ProposalForm.showing(terms, choices=choices)
    if any(line.session for line in lines) or "ohne" in request.GET:
        return plan_page(request, cohort, lines, unsent(lines, choices), proposal=proposal)
    return plan_start(request, cohort, lines, proposal)


def open_cohort(request: Request, pk: int, *, lock: bool = False) -> Cohort:
    cohorts = Cohort.objects.visible_to(request.user).select_related("edition")
    return get_object_or_404(cohorts.select_for_update(of=("self",)) if lock else cohorts, pk=pk)


def is_closed(cohort: Cohort) -> bool:
    return cohort.announced_at is not None or cohort.cancelled_at is not None


def plan_as_it_is(request: Request, cohort: Cohort) -> HttpResponse:
    """Once announced, a session is moved on its own page, where the consequences are listed first."""
    lines = plan_lines(cohort, state=remembered(request, cohort).state)
    context = {"cohort": cohort, "rows": rows_of(cohort, lines), "signs": signs()}
    return render(request, "curriculum/plan_show.html", context)


def plan_start(request: Request, cohort: Cohort, lines: Sequence[PlanLine], proposal: ProposalForm) -> HttpResponse:
    context = {"cohort": cohort, "proposal": proposal, "lines": lines}
    return render(request, "curriculum/plan_start.html", context)


def plan_proposed(request: Request, cohort: Cohort) -> HttpResponse:
    """A proposal for all lines without a date, from what the address says; or the question again."""
    choices = Choices()
    lines = plan_lines(cohort, state=chosen_state(request.GET, choices))
    proposal = ProposalForm.asked(request.GET, choices=choices)
    if proposal.is_valid():
        stored = {line.key: line.entry for line in lines if line.is_plain}
        kept = {line.key for line in lines if line.days}
        entries = proposed(lines, proposal, now=stored, kept=kept)
        if proposal.is_valid():
            forms = unsent(lines, choices, entries)
            again = ProposalForm.showing(proposal.terms, choices=choices)
            notes = notes_on(lines, proposal, stored | entries, kept)
            return plan_page(request, cohort, lines, forms, proposal=again, is_proposal=True, notes=notes)
    return plan_start(request, cohort, lines, proposal)


def plan_store(request: Request, cohort: Cohort) -> HttpResponse:
    if is_closed(cohort):
        messages.error(request, "Der Plan ist nicht gespeichert: Der Durchgang ist inzwischen ausgeschrieben.")
        return redirect("curriculum:plan_edit", cohort.pk)
    choices = Choices()
    remember(request, cohort, state=named_state(request.POST))
    lines = plan_lines(cohort, state=chosen_state(request.POST, choices))
    forms = sent(lines, choices, request.POST)
    plan = plan_form(lines, forms, request.POST)
    if not plan.is_valid():
        proposal = ProposalForm(choices=choices, initial=box(request.POST))
        return plan_page(request, cohort, lines, forms, proposal=proposal, plan=plan)
    changes = plan.changes()
    save_plan(cohort=cohort, changes=changes, by=request.user)
    return after_saving(request, cohort, len(changes))


def after_saving(request: Request, cohort: Cohort, changed: int) -> HttpResponse:
    """On to the list of sessions; back to the plan where something speaks against a date."""
    rows = rows_of(cohort, plan_lines(cohort, state=remembered(request, cohort).state))
    what = "Der Plan ist gespeichert." if changed else "Der Plan war schon so gespeichert."
    sentences = [what, *still_open(rows)]
    if due := names(row for row in rows if row.facts.is_due):
        sentences.append(f"Bitte sehen Sie noch einmal auf {due}: Dort steht ein Hinweis.")
        messages.warning(request, " ".join(sentences))
        return redirect("curriculum:plan_edit", cohort.pk)
    messages.success(request, " ".join(sentences))
    return redirect("curriculum:session_list", cohort.pk)


def still_open(rows: Sequence["PlanRow"]) -> list[str]:
    """What a plan that is stored lacks: dates and places."""
    undated = names(row for row in rows if not row.facts.dates)
    homeless = names(row for row in rows if row.facts.dates and row.entry.is_place_open)
    return [
        *([f"Ohne Termin: {undated}."] if undated else []),
        *([f"Noch ohne Ort: {homeless}."] if homeless else []),
    ]


def names(rows: Iterable["PlanRow"]) -> str:
    return ", ".join(dict.fromkeys(row.line.name for row in rows))


@require_POST
@permission_required("curriculum.change_session", raise_exception=True)
def plan_propose(request: Request, pk: int) -> HttpResponse:
    """The page again with a new proposal; what is ticked or was changed by hand stays. Nothing is stored."""
    cohort = open_cohort(request, pk)
    if is_closed(cohort):
        return redirect("curriculum:plan_edit", cohort.pk)
    choices = Choices()
    remember(request, cohort, state=named_state(request.POST))
    lines = plan_lines(cohort, state=chosen_state(request.POST, choices))
    forms, proposal, notes = sent(lines, choices, request.POST), ProposalForm(request.POST, choices=choices), []
    if proposal.is_valid():
        now = {form.line.key: form.shown_entry for form in forms}
        kept = {line.key for line in lines} - {form.line.key for form in forms if not form.is_kept}
        entries = proposed(lines, proposal, now=now, kept=kept)
        if proposal.is_valid():
            forms = anew(forms, choices, entries)
            notes = notes_on(lines, proposal, now | entries, kept)
            proposal = ProposalForm.showing(proposal.terms, choices=choices)
    plan = plan_form(lines, forms, request.POST)
    return plan_page(request, cohort, lines, forms, proposal=proposal, plan=plan, is_proposal=True, notes=notes)


# The parts of the page


def proposed(
    lines: Sequence[PlanLine], proposal: ProposalForm, *, now: Mapping[str, Entry], kept: Set[str]
) -> dict[str, Entry]:
    """What is proposed for the lines that are not kept, around the others.

    A plan that would leave the century is an error of the first day.
    """
    wanted = {
        line.key: entry_of(line, now) if line.key in kept else proposal.entry(line, now[line.key]) for line in lines
    }
    fixed = {line.key: dates_of(line, wanted) for line in lines if line.key in kept}
    blocks = [Block(key, entry.day_count, entry.state) for key, entry in wanted.items()]
    days = propose(blocks, terms=proposal.calendar, fixed=fixed)
    if not all(days[key] for key in days.keys() - kept):
        proposal.add_error("first_on", TOO_LATE)
        return {}
    return {key: replace(entry, first_on=days[key][0]) for key, entry in wanted.items() if key not in kept}


def notes_on(
    lines: Sequence[PlanLine], proposal: ProposalForm, entries: Mapping[str, Entry], kept: Set[str]
) -> list[str]:
    """What a proposal says about itself: that nothing is new, or why it does not begin on the typed day."""
    if all(line.key in kept for line in lines):
        return [ALL_FIXED]
    wished = proposal.terms.first_on
    first = next(line for line in lines if dates_of(line, entries))
    begins_on = dates_of(first, entries)[0]
    if begins_on == wished or wished is None:
        return []
    if first.key in kept:
        return [f"{first.name} bleibt am {german_date(begins_on)}. Die neuen Termine folgen darauf."]
    return [first_day_sentence(wished, entries[first.key])]


def unsent(
    lines: Sequence[PlanLine], choices: Choices, entries: Mapping[str, Entry] | None = None
) -> list[PlanLineForm]:
    """A form for each plain line, filled with what is proposed; what is shown as it is stored is ticked."""
    new = entries or {}
    return [
        PlanLineForm(
            line=line, choices=choices, entry=new.get(line.key), fixed=bool(line.days) and line.key not in new
        )
        for line in lines
        if line.is_plain
    ]


def sent(lines: Sequence[PlanLine], choices: Choices, data: QueryDict) -> list[PlanLineForm]:
    return [PlanLineForm(data, line=line, choices=choices) for line in lines if line.is_plain]


def anew(forms: Sequence[PlanLineForm], choices: Choices, entries: Mapping[str, Entry]) -> list[PlanLineForm]:
    """New forms for what is proposed anew; the others are ticked, so that it can be seen that they stay."""
    for form in forms:
        if form.line.key not in entries:
            form.keep()
    return [
        PlanLineForm(line=form.line, choices=choices, entry=entries[form.line.key])
        if form.line.key in entries
        else form
        for form in forms
    ]


def chosen_state(data: QueryDict, choices: Choices) -> str:
    """The Land in the box of the proposal, or that of the venue there."""
    venue = choices.venues.get(data.get("venue", ""))
    return named_state(data) or (venue.state if venue else "")


def named_state(data: QueryDict) -> str:
    state = data.get("state", "")
    return state if state in State.values else ""


def box(data: QueryDict) -> dict[str, Any]:
    """What stood in the box of the proposal, shown again as it was; it is not what is being stored."""
    values: dict[str, Any] = {name: data[name] for name in ProposalForm.base_fields if name in data}
    return values | {"trainers": data.getlist("trainers")}


def plan_form(lines: Sequence[PlanLine], forms: Sequence[PlanLineForm], data: QueryDict | None) -> PlanForm:
    return PlanForm(forms, data=data, closed=[line for line in lines if not line.is_plain])


@dataclass(frozen=True)
class Remembered:
    """What a person has said about a plan and no table keeps: until the end of their session."""

    state: str = ""
    first_on: str = ""


def remembered(request: Request, cohort: Cohort) -> Remembered:
    stored = request.session.get(f"plan-{cohort.pk}", {})
    return Remembered(stored.get("state", ""), stored.get("first_on", ""))


def remember(request: Request, cohort: Cohort, **what: str) -> None:
    before = remembered(request, cohort)
    after = replace(before, **what)
    if after != before:
        request.session[f"plan-{cohort.pk}"] = asdict(after)


@dataclass(frozen=True)
class PlanRow:
    """A line with what follows from its entry; without a form where the session is edited on its own page."""

    line: PlanLine
    entry: Entry
    facts: Facts
    form: PlanLineForm | None

    @property
    def is_changed(self) -> bool:
        return self.entry.fingerprint != self.line.entry.fingerprint


def rows_of(cohort: Cohort, lines: Sequence[PlanLine], forms: Sequence[PlanLineForm] = ()) -> list[PlanRow]:
    by_key = {form.line.key: form for form in forms}
    entries = {line.key: line.entry for line in lines} | {key: form.shown_entry for key, form in by_key.items()}
    facts = plan_facts(cohort, entries, lines)
    return [PlanRow(line, entries[line.key], facts[line.key], by_key.get(line.key)) for line in lines]


def signs() -> dict[str, SafeString]:
    """The signs before the hints, drawn once for all of them: a plan may have hundreds."""
    return {kind: render_to_string("components/sign.html", {"kind": kind}) for kind in ("due", "info")}


def plan_page(
    request: Request,
    cohort: Cohort,
    lines: Sequence[PlanLine],
    forms: Sequence[PlanLineForm],
    *,
    proposal: ProposalForm,
    plan: PlanForm | None = None,
    is_proposal: bool = False,
    notes: Sequence[str] = (),
) -> HttpResponse:
    rows = rows_of(cohort, lines, forms)
    dated = [row for row in rows if row.facts.dates]
    stateless = [row for row in dated if not row.entry.state]
    context = {
        "cohort": cohort,
        "proposal": proposal,
        "plan": plan or plan_form(lines, forms, None),
        "rows": rows,
        "signs": signs(),
        "notes": notes,
        "is_box_open": is_proposal or bool(proposal.errors),
        "planned_minutes": sum(row.facts.planned_minutes for row in rows),
        "scheduled_minutes": sum(row.facts.scheduled_minutes for row in rows),
        "is_unsaved": any(row.line.session is None for row in dated),
        "is_changed": is_proposal and any(row.is_changed for row in rows),
        "stateless_venues": quoted(dict.fromkeys(row.entry.venue for row in stateless if row.entry.venue)),
        "is_stateless": any(row.entry.venue is None for row in stateless),
    }
    return render(request, "curriculum/plan_edit.html", context)
