"""The selection desk: the line, overrides, the preview of all mails, and the one step that decides."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort
from netzkoord.lib.http import Request
from participants.actions.selection_desk import (
    OverrideChanged,
    SelectionRefused,
    decide_selection,
    draft_for_update,
    hold_line,
    prepare_override,
    prepared_of,
    store_draft,
)
from participants.decision_mails import mail_counts, previewed, recipients_of, unreachable_in
from participants.forms.selection import LineForm, OverrideForm, ShownForm, line_data
from participants.models import Selection, Tandem
from participants.queries.one_person import one_person_in
from participants.queries.selection_desk import desk_of, without_approval
from participants.views.tandems import tell_unreachable

PAGE_SIZE = 100
LINE_ENDS = (
    "Bis Rang {} reichen die freien Plätze nicht. Die Linie steht deshalb hinter Rang {}: Wer danach kommt, passt "
    "nicht mehr hinein."
)
OVERRIDE_CHANGED = (
    "Inzwischen hat jemand anderes hier eine Abweichung geändert: {}. Ihre Eingabe ist noch da; wenn Sie erneut "
    "speichern, ersetzt sie die andere."
)


@require_safe
@permission_required("participants.view_tandem", raise_exception=True)
def selection_desk(request: Request, pk: int) -> HttpResponse:
    return desk_page(request, get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk))


def desk_page(request: Request, cohort: Cohort, form: LineForm | None = None) -> HttpResponse:
    desk = desk_of(cohort)
    context = {"cohort": cohort, "desk": desk, "form": form or LineForm(instance=desk.draft)}
    return render(request, "participants/selection_desk.html", context)


@require_POST
@permission_required("participants.change_tandem", raise_exception=True)
def selection_line(request: Request, pk: int) -> HttpResponse:
    """„Linie setzen“, also from a row; a second person waits and finds what the first one stored."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    with transaction.atomic():
        form = LineForm(line_data(request.POST), instance=draft_for_update(cohort))
        if not form.is_valid():
            return desk_page(request, cohort, form)
        store_draft(draft=form.instance, changed=form.changed, by=request.user)
        wanted, line = form.instance.line, hold_line(form.instance)
    notes = [form.merged_sentence, LINE_ENDS.format(wanted, line) if line != wanted else ""]
    for note in filter(None, notes):
        messages.info(request, note)
    # What is said stands at the head of the page; otherwise back to the row whose button was pressed.
    place = "" if any(notes) else place_of(request)
    return redirect(reverse("participants:selection_desk", args=[cohort.pk]) + place)


def place_of(request: Request) -> str:
    rank = request.POST.get("here", "")
    return f"#rang-{rank}" if rank.isascii() and rank.isdigit() and len(rank) < 6 else ""


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_tandem", raise_exception=True)
def selection_override(request: Request, pk: int) -> HttpResponse:
    """„Abweichen“: one candidate decided apart from the line, with a reason."""
    tandems = Tandem.objects.visible_to(request.user).select_related("cohort", "municipality")
    tandem = get_object_or_404(tandems, pk=pk)
    desk = desk_of(tandem.cohort)
    row = next((row for row in desk.rows if tandem.pk in row.row.candidate.keys), None)
    if row is None or not row.row.candidate.is_decidable:
        messages.error(request, f"Über {tandem} lässt sich hier gerade nicht entscheiden.")
        return redirect("participants:selection_desk", tandem.cohort_id)
    main = row.tandems[0]
    form = OverrideForm(request.POST if request.method == "POST" else None, prepared=prepared_of(main))
    if form.is_valid() and stored(request, main, form):
        return redirect(f"{reverse('participants:selection_desk', args=[tandem.cohort_id])}#rang-{row.row.rank}")
    context = {"row": row, "form": form, "cohort": tandem.cohort, "by_rule": desk.by_rule(row.key)}
    return render(request, "participants/selection_override.html", context)


def stored(request: Request, tandem: Tandem, form: OverrideForm) -> bool:
    """Whether the override is stored now; where somebody was faster, the form says so."""
    try:
        prepare_override(tandem=tandem, wanted=form.wanted(), seen=form.seen(), by=request.user)
    except OverrideChanged:
        other = prepared_of(tandem)
        label = Selection(other.selection).label if other.selection else "wie nach der Regel"
        form.add_error(None, OVERRIDE_CHANGED.format(f"„{label}“{f', {other.reason}' if other.reason else ''}"))
        form.show_anew(other)
        return False
    return True


@require_safe
@permission_required("participants.change_tandem", raise_exception=True)
def selection_check(request: Request, pk: int) -> HttpResponse:
    """„Entscheidung prüfen“: every mail before it is sent; nothing is decided yet."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    desk = desk_of(cohort)
    changes = desk.changes
    page = Paginator(recipients_of(changes), PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "cohort": cohort,
        "desk": desk,
        "counts": mail_counts(changes),
        "page": page,
        "mails": previewed(list(page.object_list)),
        "overridden": [change for change in changes if change.is_override],
        "incomplete": [change.tandem for change in changes if change.is_incomplete],
        "without_approval": without_approval(cohort, changes),
        "unreachable": unreachable_in(change.tandem for change in changes),
        "one_person": one_person_in(change.tandem for change in changes if change.after == Selection.ACCEPTED),
        "shown": " ".join(change.shown for change in changes),
    }
    return render(request, "participants/selection_check.html", context)


@require_POST
@permission_required("participants.change_tandem", raise_exception=True)
def selection_send(request: Request, pk: int) -> HttpResponse:
    """„Entscheiden und Mails senden“; a second press finds nothing left to decide."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    form = ShownForm(request.POST)
    try:
        changes = decide_selection(cohort=cohort, shown=form.lines(), by=request.user)
    except SelectionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("participants:selection_check", cohort.pk)
    if changes:
        counts = [f"{one.kind}: {one.in_words}" for one in mail_counts(changes)]
        messages.success(request, f"Entschieden. {'; '.join(counts)}. Die Mails sind unterwegs.")
        tell_unreachable(request, [change.tandem for change in changes])
    else:
        messages.info(request, "Es war nichts mehr zu entscheiden. Es wurde keine Mail gesendet.")
    return redirect("participants:selection_desk", cohort.pk)
