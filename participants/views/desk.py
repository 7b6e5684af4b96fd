"""What organisers write at a tandem: notes, and the reasoned exception."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.models import Cohort
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import counted
from participants.actions.exceptions import grant_exception, refuse_needless, revoke_exception
from participants.actions.locking import RegistrationRefused
from participants.actions.notes import change_note, delete_note, write_notes
from participants.forms.desk import ExceptionForm, NoteForm
from participants.forms.list import CAME_FROM, NOTHING_CHOSEN, chosen_tandems, list_address
from participants.models import Note, Tandem

MAY_CHANGE = permission_required("participants.change_tandem", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_CHANGE
def note_add(request: Request, pk: int) -> HttpResponse:
    tandem = get_object_or_404(
        Tandem.objects.visible_to(request.user).select_related("cohort", "municipality"), pk=pk
    )
    form = NoteForm(request.POST if request.method == "POST" else None, tandem=tandem)
    if form.is_valid():
        write_notes(cohort=tandem.cohort, keys=[tandem.pk], **form.cleaned_data, by=request.user)
        messages.success(request, "Die Notiz steht bei der Anmeldung.")
        return redirect(tandem.get_absolute_url() + "#notizen")
    return render(request, "participants/note_edit.html", {"tandem": tandem, "form": form, "note": None})


@require_POST
@MAY_CHANGE
def note_add_many(request: Request, pk: int) -> HttpResponse:
    """One note at all tandems that were chosen in the list: first how many, then the text, then it is stored."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    keys = chosen_tandems(request.POST, cohort)
    if not keys:
        messages.error(request, NOTHING_CHOSEN)
        return redirect(list_address(cohort, request.POST))
    form = NoteForm(request.POST if "text" in request.POST else None)
    if form.is_valid():
        count = write_notes(cohort=cohort, keys=keys, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, f"Die Notiz steht bei {counted(count, 'Anmeldung', 'Anmeldungen')}.")
        return redirect(list_address(cohort, request.POST))
    tandems = cohort.tandems.filter(pk__in=keys).select_related("municipality")
    context = {
        "cohort": cohort,
        "form": form,
        "tandems": tandems,
        "keys": " ".join(map(str, keys)),
        "came_from": request.POST.get(CAME_FROM, ""),
        "list_url": list_address(cohort, request.POST),
    }
    return render(request, "participants/note_add_many.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_CHANGE
def note_edit(request: Request, pk: int) -> HttpResponse:
    """Only one's own."""
    note = own_note(request, pk)
    initial = {"text": note.text, "about": note.about_id}
    form = NoteForm(request.POST if request.method == "POST" else None, tandem=note.tandem, initial=initial)
    if form.is_valid():
        change_note(note=note, **form.cleaned_data, by=request.user)
        messages.success(request, "Die Notiz ist geändert.")
        return redirect(note.tandem.get_absolute_url() + "#notizen")
    return render(request, "participants/note_edit.html", {"tandem": note.tandem, "form": form, "note": note})


@require_POST
@MAY_CHANGE
def note_delete(request: Request, pk: int, note: int) -> HttpResponse:
    """Only one's own; a second press finds it gone."""
    tandem = get_object_or_404(Tandem.objects.visible_to(request.user), pk=pk)
    if tandem.notes.filter(pk=note).exists():
        delete_note(note=own_note(request, note), by=request.user)
    messages.success(request, "Die Notiz ist gelöscht.")
    return redirect(tandem.get_absolute_url() + "#notizen")


def own_note(request: Request, pk: int) -> Note:
    """Raises `Http404` for a note of somebody else."""
    notes = Note.objects.filter(written_by=request.user, tandem__in=Tandem.objects.visible_to(request.user))
    return get_object_or_404(notes.select_related("tandem__cohort", "tandem__municipality"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_CHANGE
def exception_add(request: Request, pk: int) -> HttpResponse:
    tandems = Tandem.objects.visible_to(request.user).with_people().select_related("cohort")
    tandem = get_object_or_404(tandems, pk=pk)
    form = ExceptionForm(
        request.POST if request.method == "POST" else None,
        tandem=tandem,
        initial={"shared_half": tandem.shared_half_id, "reason": tandem.exception_reason},
    )
    try:
        refuse_needless(tandem)
        if form.is_valid():
            values = form.cleaned_data
            grant_exception(tandem=tandem, by=request.user, **values)
            messages.success(request, f"Die Ausnahme gilt: {values['shared_half']} zählt auch hier.")
            return redirect(tandem)
    except RegistrationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(tandem)
    return render(request, "participants/exception_add.html", {"tandem": tandem, "form": form})


@require_POST
@MAY_CHANGE
def exception_revoke(request: Request, pk: int) -> HttpResponse:
    tandem = get_object_or_404(Tandem.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    try:
        revoke_exception(tandem=tandem, by=request.user)
    except RegistrationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Die Ausnahme ist zurückgenommen.")
    return redirect(tandem)
