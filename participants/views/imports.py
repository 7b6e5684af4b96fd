"""A list of registrations from elsewhere: tried out first, stored after a look at it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Cohort
from netzkoord.lib import kept_files
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
    """The empty form; the file tried out; or, after a look at what would be created, the registrations stored."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    if "fehler" in request.GET:
        return problem_list(request, cohort)
    return store(request, cohort) if "liste" in request.POST else look(request, cohort)


@require_safe
@MAY_IMPORT
def import_template(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    headers = {"Content-Disposition": f'attachment; filename="vorlage-anmeldungen-{cohort.pk}.xlsx"'}
    return HttpResponse(template_table(cohort), content_type=XLSX_TYPE, headers=headers)


def look(request: Request, cohort: Cohort) -> HttpResponse:
    form = (
        RegistrationTableForm(request.POST, request.FILES) if request.method == "POST" else RegistrationTableForm()
    )
    context: dict[str, object] = {"form": form, "problems": [], "trial": None}
    if form.is_valid():
        context |= tried_out(form.cleaned_data["file"], cohort, owner(request, cohort))
    return page(request, cohort, context)


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


def problem_list(request: Request, cohort: Cohort) -> HttpResponse:
    found = kept_files.kept(request.GET["fehler"], owner=f"{owner(request, cohort)}:problems")
    if found is None:
        messages.error(request, GONE)
        return redirect("participants:registration_import", pk=cohort.pk)
    headers = {"Content-Disposition": f'attachment; filename="fehler-anmeldungen-{cohort.pk}.csv"'}
    return HttpResponse(problem_table(found.content), content_type=CSV_TYPE, headers=headers)


def store(request: Request, cohort: Cohort) -> HttpResponse:
    """A second press finds the list stored; one that has become wrong meanwhile is shown with what is wrong."""
    form = ImportForm(request.POST)
    found = kept_files.kept(request.POST["liste"], owner=owner(request, cohort))
    if found and found.is_stored:
        return redirect("participants:tandem_list", pk=cohort.pk)
    if found is None:
        messages.error(request, GONE)
        return redirect("participants:registration_import", pk=cohort.pk)
    rows = [Row(*line) for line in found.content]
    if not form.is_valid():
        context = outlook(try_out(rows, cohort), cohort, form)
        return page(request, cohort, {"form": RegistrationTableForm(), "problems": []} | context)
    is_confirmed = form.cleaned_data["way"] == TELL
    trial = stored(request, cohort, found, rows, is_confirmed=is_confirmed)
    if trial.problems:
        context = {"form": RegistrationTableForm(), "trial": None}
        return page(request, cohort, context | refused(trial.problems, owner(request, cohort)))
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


def page(request: Request, cohort: Cohort, context: dict[str, object]) -> HttpResponse:
    return render(request, "participants/registration_import.html", {"cohort": cohort} | context)
