"""The official list of municipalities read in: tried out first, stored after a look at it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from netzkoord.lib import kept_files
from netzkoord.lib.http import Request
from netzkoord.models import User
from participants.actions.municipality_import import Plan, PlanChanged, import_municipalities, plan_import
from participants.forms.municipalities import MunicipalityFileForm
from participants.imports.municipality_rows import Reading, unpacked

TEMPLATE = "participants/municipality_import.html"
SHOWN = 200
GONE = "Die geprüfte Datei liegt nicht mehr bereit. Bitte laden Sie sie noch einmal hoch."
CHANGED = (
    "Die Kommunen haben sich seit der Prüfung geändert. Bitte laden Sie die Datei noch einmal hoch und lesen Sie, "
    "was sich jetzt ändern würde."
)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["participants.add_municipality", "participants.change_municipality"], raise_exception=True)
def municipality_import(request: Request) -> HttpResponse:
    """The empty form; the file tried out; or, after a look at what would change, the file stored."""
    if "datei" in request.POST:
        return store(request)
    form = MunicipalityFileForm(request.POST, request.FILES) if request.method == "POST" else MunicipalityFileForm()
    context: dict[str, object] = {"form": form, "plan": None, "problems": []}
    if form.is_valid():
        context |= tried_out(form.cleaned_data["file"], request.user)
    return render(request, TEMPLATE, context)


def tried_out(reading: Reading, user: User) -> dict[str, object]:
    """For the page: what is wrong with the file, or what it would change and the word to store it by."""
    if reading.problems:
        return {"problems": reading.problems[:SHOWN], "problem_count": len(reading.problems)}
    plan = plan_import(reading)
    word = kept_files.keep(reading.packed(), owner=owner(user), fingerprint=plan.fingerprint)
    return {"plan": plan, "word": word, "kind": reading.kind}


def owner(user: User) -> str:
    return f"{user.pk}:municipalities"


def store(request: Request) -> HttpResponse:
    word = request.POST["datei"]
    found = kept_files.kept(word, owner=owner(request.user))
    if found is None:
        return refusal(request, GONE)
    if found.is_stored:
        return redirect("participants:municipality_list")
    try:
        plan = stored(request, word, found)
    except PlanChanged:
        found = kept_files.kept(word, owner=owner(request.user))
        if found and found.is_stored:  # a second click has waited for the first
            return redirect("participants:municipality_list")
        return refusal(request, CHANGED)
    messages.success(request, plan.sentence)
    return redirect("participants:municipality_list")


@transaction.atomic
def stored(request: Request, word: str, found: kept_files.KeptFile) -> Plan:
    """Marked in the same transaction: a second click that has waited finds it done. Raises `PlanChanged`."""
    plan = import_municipalities(
        reading=unpacked(found.content),
        is_complete="vollstaendig" in request.POST,
        fingerprint=found.fingerprint,
        by=request.user,
    )
    kept_files.mark_stored(word, found)
    return plan


def refusal(request: Request, text: str) -> HttpResponse:
    messages.error(request, text)
    return redirect("participants:municipality_import")
