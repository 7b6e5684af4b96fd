"""A list of registrations from elsewhere: tried out first, stored after a look at it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Cohort
from netzkoord.lib import kept_files
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import counted
from netzkoord.lib.spreadsheets import XLSX_TYPE
from participants.actions.imports import import_registrations
from participants.exports import template_table
from participants.forms.imports import TELL, ImportForm, RegistrationTableForm
from participants.imports.registration_table import Problem, Row, Table
from participants.imports.registrations import Trial, try_out

SHOWN = 200
GONE = "Die geprüfte Liste liegt nicht mehr bereit. Bitte laden Sie die Datei noch einmal hoch."
MAY_IMPORT = permission_required(
    ["participants.change_registration", "participants.change_tandem"], raise_exception=True
)


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_IMPORT
def registration_import(request: Request, pk: int) -> HttpResponse:
    """The empty form; the file tried out; or, after a look at what would be created, the registrations stored."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    return store(request, cohort) if "liste" in request.POST else look(request, cohort)


@require_safe
@MAY_IMPORT
def import_template(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    headers = {"Content-Disposition": f'attachment; filename="vorlage-anmeldungen-{cohort.pk}.xlsx"'}
    return HttpResponse(template_table(), content_type=XLSX_TYPE, headers=headers)


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
        return refused(table.misbuilt)
    trial = try_out(table.rows, cohort, table.problems)
    if trial.problems:
        return refused(trial.problems)
    rows = [(row.number, row.cells) for row in table.rows]
    word = kept_files.keep(rows, owner=whose, fingerprint="") if trial.people else ""
    return {"trial": trial, "decision": ImportForm(initial={"liste": word}) if word else None, "shown": SHOWN}


def refused(problems: list[Problem]) -> dict[str, object]:
    return {"problems": problems[:SHOWN], "problem_count": len(problems)}


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
        context = {"trial": try_out(rows, cohort), "decision": form, "shown": SHOWN}
        return page(request, cohort, {"form": RegistrationTableForm(), "problems": []} | context)
    is_confirmed = form.cleaned_data["way"] == TELL
    trial = import_registrations(cohort=cohort, rows=rows, is_confirmed=is_confirmed, by=request.user)
    if trial.problems:
        return page(request, cohort, {"form": RegistrationTableForm(), "trial": None} | refused(trial.problems))
    kept_files.mark_stored(request.POST["liste"], found)
    messages.success(request, stored_sentence(trial, is_confirmed=is_confirmed))
    return redirect("participants:tandem_list", pk=cohort.pk)


def stored_sentence(trial: Trial, *, is_confirmed: bool) -> str:
    people = counted(trial.people, "Anmeldung ist", "Anmeldungen sind")
    mails = "Alle wissen es per Mail." if is_confirmed else "Jede Person bekommt jetzt den Link zur Bestätigung."
    return f"{people} übernommen. {mails}"


def owner(request: Request, cohort: Cohort) -> str:
    return f"{request.user.pk}:registrations:{cohort.pk}"


def page(request: Request, cohort: Cohort, context: dict[str, object]) -> HttpResponse:
    return render(request, "participants/registration_import.html", {"cohort": cohort} | context)
