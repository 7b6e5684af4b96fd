"""What those who moderate add after a workshop: what came out of a question, and photos of the paper wall."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.views.parts import data_of
from evaluation.actions.photos import NotAdded, add_photo, sort_photos
from evaluation.actions.walls import QUESTION_GONE
from evaluation.forms.workshop_results import PhotoWordsForm, ResultForm, WallPhotoForm
from evaluation.models import GuidingQuestion, WallPhoto, Workshop
from netzkoord.lib.downloads import photo_response
from netzkoord.lib.http import Request, row_sent_to
from netzkoord.lib.sorting import answer_sorting

# Who sees workshops at all; which of them this person moderates says `Workshop.objects.moderated_by`.
SEE = permission_required("evaluation.view_workshop", raise_exception=True)
PHOTO_REMOVED = (
    "Dieses Foto hat inzwischen jemand entfernt. Gehört es doch in die Dokumentation, nehmen Sie es neu auf; den "
    "Satz dazu können Sie von hier kopieren."
)
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@SEE
@transaction.atomic
def guiding_question_result(request: Request, pk: int) -> HttpResponse:
    questions = GuidingQuestion.objects.filter(workshop__in=Workshop.objects.moderated_by(request.user))
    locked = questions.select_for_update(of=("self",)).select_related("workshop")
    question = row_sent_to(request, locked, pk, gone=QUESTION_GONE)
    form = ResultForm(data_of(request), instance=question)
    if form.is_valid():
        form.save()
        messages.success(request, f"Das Ergebnis ist gespeichert. {form.merged_sentence}".strip())
        return redirect(question.workshop)
    context = {"form": form, "workshop": question.workshop, "question": question}
    return render(request, "evaluation/guiding_question_result.html", context)


@require_http_methods(FORM_METHODS)
@SEE
def wall_photo_add(request: Request, pk: int) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.moderated_by(request.user), pk=pk)
    is_sent = request.method == "POST"
    form = WallPhotoForm(request.POST if is_sent else None, request.FILES if is_sent else None, workshop=workshop)
    if form.is_valid() and added(request, workshop, form):
        return redirect(f"{workshop.get_absolute_url()}#fotos")
    return render(request, "evaluation/wall_photo_add.html", {"form": form, "workshop": workshop})


def added(request: Request, workshop: Workshop, form: WallPhotoForm) -> bool:
    """Whether the photo hangs now; if not, the form says why."""
    sent = form.cleaned_data
    try:
        _, is_new = add_photo(workshop=workshop, photo=sent["image"], alt=sent["alt"], in_round=sent["in_round"])
    except NotAdded as reason:
        form.add_error(None, str(reason))
        return False
    if is_new:
        messages.success(request, "Das Foto ist aufgenommen.")
    else:
        messages.info(request, "Dieses Foto ist schon aufgenommen; es steht einmal in der Dokumentation.")
    return True


@require_safe
@SEE
def wall_photo(request: Request, pk: int) -> HttpResponse:
    photo = get_object_or_404(WallPhoto, pk=pk, workshop__in=Workshop.objects.visible_to(request.user))
    return photo_response(bytes(photo.jpeg))


@require_http_methods(FORM_METHODS)
@SEE
@transaction.atomic
def wall_photo_edit(request: Request, pk: int) -> HttpResponse:
    photos = WallPhoto.objects.defer("jpeg").filter(workshop__in=Workshop.objects.moderated_by(request.user))
    locked = photos.select_for_update(of=("self",)).select_related("workshop")
    photo = row_sent_to(request, locked, pk, gone=PHOTO_REMOVED)
    form = PhotoWordsForm(data_of(request), instance=photo)
    if form.is_valid():
        form.save()
        messages.success(request, f"Das Foto ist gespeichert. {form.merged_sentence}".strip())
        return redirect(f"{photo.workshop.get_absolute_url()}#fotos")
    context = {"form": form, "photo": photo, "workshop": photo.workshop}
    return render(request, "evaluation/wall_photo_edit.html", context)


@require_POST
@SEE
def wall_photo_order(request: Request, pk: int) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.moderated_by(request.user), pk=pk)
    return answer_sorting(request, partial(sort_photos, workshop=workshop), back=workshop.get_absolute_url())


@require_http_methods(FORM_METHODS)
@SEE
def wall_photo_remove(request: Request, pk: int) -> HttpResponse:
    """Asks first: the photo is gone then."""
    photos = WallPhoto.objects.defer("jpeg").select_related("workshop")
    photo = get_object_or_404(photos, pk=pk, workshop__in=Workshop.objects.moderated_by(request.user))
    if request.method == "POST":
        photo.delete()
        messages.success(request, "Das Foto ist entfernt.")
        return redirect(f"{photo.workshop.get_absolute_url()}#fotos")
    return render(request, "evaluation/wall_photo_remove.html", {"photo": photo, "workshop": photo.workshop})
