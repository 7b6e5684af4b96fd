"""A list of registrations from elsewhere: tried out first, stored after a look at it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort
from netzkoord.lib import kept_files
from netzkoord.lib.downloads import attachment
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import counted
from netzkoord.lib.spreadsheets import CSV_TYPE, XLSX_TYPE
from participants.actions.imports import import_registrations
from participants.exports import problem_table, template_table
from participants.forms.imports import TELL, ImportForm, RegistrationTableForm
from participants.imports.registration_table import Problem, Row, Table, slips_of
from participants.imports.registrations import Trial, approval_note, try_out

SHOWN = 200
SLIPS_SHOWN = 20
GONE = "Die geprüfte Liste liegt nicht mehr bereit. Bitte laden Sie die Datei noch einmal hoch."
MAY_IMPORT = permission_required(
    ["participants.change_registration", "participants.change_tandem"], raise_exception=True
)


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_IMPORT
def registration_import(request: Request, pk: int) -> HttpResponse:
    """A file tried out: what is wrong with it, or what it would create; nothing is stored yet."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    form = (
        RegistrationTableForm(request.POST, request.FILES) if request.method == "POST" else RegistrationTableForm()
    )
    found = tried_out(form.cleaned_data["file"], cohort, owner(request, cohort)) if form.is_valid() else {}
    return page(request, cohort, {"form": form} | found)


@require_safe
@MAY_IMPORT
def import_template(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    return attachment(template_table(cohort), name=f"vorlage-anmeldungen-{cohort.pk}.xlsx", content_type=XLSX_TYPE)


def tried_out(table: Table, cohort: Cohort, whose: str) -> dict[str, object]:
    """For the page: what is wrong with the table, or what it would create and the word to store it by."""
    if table.misbuilt:
        return refused(table.misbuilt, whose)
    trial = try_out(table.rows, cohort, table.problems)
    if trial.problems:
        return refused(trial.problems, whose)
    rows = [(row.number, row.cells) for row in table.rows]
    word = kept_files.keep(rows, owner=whose, fingerprint="") if trial.people else ""
    return outlook(trial, cohort, ImportForm(initial={"liste": word}) if word else None)


def outlook(trial: Trial, cohort: Cohort, decision: ImportForm | None) -> dict[str, object]:
    """What would be created, and the form by which it is."""
    note = approval_note(trial, cohort)
    return {"trial": trial, "decision": decision, "approval_note": note, "shown": SHOWN}


def refused(problems: list[Problem], whose: str) -> dict[str, object]:
    """What is wrong in the same way together; all of it, place by place, is kept as a file to be loaded."""
    places = [(problem.row or "", problem.column, problem.text) for problem in problems]
    slips = slips_of(problems)
    return {
        "problems": problems,
        "slips": slips[:SLIPS_SHOWN],
        "slip_count": len(slips),
        "word": kept_files.keep(places, owner=f"{whose}:problems", fingerprint=""),
    }


@require_safe
@MAY_IMPORT
def import_problems(request: Request, pk: int, word: str) -> HttpResponse:
    """All that is wrong with a list that was tried out, place by place."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    found = kept_files.kept(word, owner=f"{owner(request, cohort)}:problems")
    if found is None:
        messages.error(request, GONE)
        return redirect("participants:registration_import", pk=cohort.pk)
    return attachment(
        problem_table(found.content), name=f"fehler-anmeldungen-{cohort.pk}.csv", content_type=CSV_TYPE
    )


@require_POST
@MAY_IMPORT
def import_store(request: Request, pk: int) -> HttpResponse:
    """The list that was tried out is stored; one that has become wrong meanwhile is shown with what is wrong.

    A second press finds it stored.
    """
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    form = ImportForm(request.POST)
    found = kept_files.kept(request.POST.get("liste", ""), owner=owner(request, cohort))
    if found and found.is_stored:
        return redirect("participants:tandem_list", pk=cohort.pk)
    if found is None:
        messages.error(request, GONE)
        return redirect("participants:registration_import", pk=cohort.pk)
    rows = [Row(*line) for line in found.content]
    if not form.is_valid():
        return page(request, cohort, outlook(try_out(rows, cohort), cohort, form))
    is_confirmed = form.cleaned_data["way"] == TELL
    trial = stored(request, cohort, found, rows, is_confirmed=is_confirmed)
    if trial.problems:
        return page(request, cohort, refused(trial.problems, owner(request, cohort)))
    if trial.people:  # otherwise a second click has waited for the first
        messages.success(request, stored_sentence(trial, is_confirmed=is_confirmed))
    return redirect("participants:tandem_list", pk=cohort.pk)


@transaction.atomic
def stored(
    request: Request, cohort: Cohort, found: kept_files.KeptFile, rows: list[Row], *, is_confirmed: bool
) -> Trial:
    """Marked in the same transaction: both are stored, or neither."""
    trial = import_registrations(cohort=cohort, rows=rows, is_confirmed=is_confirmed, by=request.user)
    if not trial.problems:
        kept_files.mark_stored(request.POST["liste"], found)
    return trial


def stored_sentence(trial: Trial, *, is_confirmed: bool) -> str:
    people = counted(trial.people, "Anmeldung ist", "Anmeldungen sind")
    mails = "Alle wissen es per Mail." if is_confirmed else "Jede Person bekommt jetzt den Link zur Bestätigung."
    return f"{people} übernommen. {mails}"


def owner(request: Request, cohort: Cohort) -> str:
    return f"{request.user.pk}:registrations:{cohort.pk}"


def page(request: Request, cohort: Cohort, found: dict[str, object]) -> HttpResponse:
    """The form for a file, and what was found in one."""
    context = {"cohort": cohort, "form": RegistrationTableForm(), "problems": [], "trial": None}
    return render(request, "participants/registration_import.html", context | found)
