"""Programmes and their editions: read, copied, published, archived, deleted."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.actions.editions import (
    DraftExists,
    NotReadyToPublish,
    archive_edition,
    change_edition,
    copy_edition,
    create_programme,
    delete_draft,
    publish_edition,
    rename_programme,
)
from curriculum.actions.in_use import InUse
from curriculum.forms.editions import EditionForm, ProgrammeForm, PublishForm
from curriculum.models import Cohort, Edition, EditionStatus, Programme
from curriculum.queries.editions import edition_overview, edition_users, programme_rows, superseded_by
from curriculum.queries.publication import blockers_of, publication_hints
from curriculum.views.drafts import changes_draft
from netzkoord.lib.editing import save_or_explain
from netzkoord.lib.http import Request


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def edition_list(request: Request) -> HttpResponse:
    return render(request, "curriculum/edition_list.html", {"programmes": programme_rows(request.user)})


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def edition_detail(request: Request, pk: int) -> HttpResponse:
    editions = Edition.objects.visible_to(request.user).select_related("programme", "replaces")
    edition = get_object_or_404(editions, pk=pk)
    page = edition_overview(edition)
    may_change = request.user.has_perm("curriculum.change_edition")
    is_own_draft = edition.is_draft and may_change
    context = {
        "page": page,
        "is_own_draft": is_own_draft,
        "blockers": blockers_of(page) if is_own_draft else [],
        "hints": publication_hints(page) if is_own_draft else [],
        "draft": Edition.objects.drafts().replacing(edition).first()
        if may_change and not edition.is_draft
        else None,
        "cohorts": Cohort.objects.visible_to(request.user).filter(edition=edition),
    }
    return render(request, "curriculum/edition_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.add_programme", raise_exception=True)
def programme_add(request: Request) -> HttpResponse:
    form = ProgrammeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        create = partial(create_programme, title=form.cleaned_data["title"], by=request.user)
        if edition := save_or_explain(form, create):
            messages.success(request, f"„{edition.programme}“ ist angelegt, mit einem ersten Entwurf.")
            return redirect(edition)
    return render(request, "curriculum/programme_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.add_programme", raise_exception=True)
def programme_edit(request: Request, pk: int) -> HttpResponse:
    programme = get_object_or_404(Programme, pk=pk)
    title = programme.title
    form = ProgrammeForm(request.POST if request.method == "POST" else None, instance=programme)
    if form.is_valid():
        rename = partial(rename_programme, programme=programme, fields=form.changed_data, by=request.user)
        if save_or_explain(form, rename):
            messages.success(request, f"Das Programm heißt „{programme}“.")
            return redirect("curriculum:edition_list")
    return render(request, "curriculum/programme_edit.html", {"form": form, "title": title})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@changes_draft
def edition_edit(request: Request, edition: Edition) -> HttpResponse:
    name = str(edition)
    form = EditionForm(request.POST if request.method == "POST" else None, instance=edition)
    if form.is_valid():
        change_edition(edition=edition, fields=form.changed, by=request.user)
        messages.success(request, "Die Texte sind gespeichert.")
        if form.merged_sentence:
            messages.info(request, form.merged_sentence)
        return redirect(edition)
    return render(request, "curriculum/edition_edit.html", {"form": form, "edition": edition, "name": name})


@require_POST
@permission_required("curriculum.add_edition", raise_exception=True)
def edition_copy(request: Request, pk: int) -> HttpResponse:
    finished = Edition.objects.visible_to(request.user).exclude(status=EditionStatus.DRAFT)
    edition = get_object_or_404(finished, pk=pk)
    try:
        draft = copy_edition(edition=edition, by=request.user)
    except DraftExists as exists:
        text = f"Aus der {edition.number}. Fassung gibt es schon diesen Entwurf. Bitte arbeiten Sie hier weiter."
        messages.info(request, text)
        return redirect(exists.draft)
    messages.success(request, f"Die {draft.number}. Fassung ist als Entwurf angelegt.")
    return redirect(draft)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.publish_edition", raise_exception=True)
def edition_publish(request: Request, pk: int) -> HttpResponse:
    editions = Edition.objects.visible_to(request.user).select_related("programme")
    edition = get_object_or_404(editions, pk=pk)
    if request.method == "POST" and not edition.is_draft:
        messages.info(request, f"Die {edition.number}. Fassung ist schon {edition.get_status_display()}.")
        return redirect(edition)
    previous = list(superseded_by(edition))
    form = PublishForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        superseded = previous if form.cleaned_data["archives_previous"] else []
        try:
            publish_edition(edition=edition, superseded=superseded, by=request.user)
        except NotReadyToPublish:
            messages.error(request, "Die Fassung kann noch nicht veröffentlicht werden.")
            return redirect("curriculum:edition_publish", edition.pk)
        messages.success(request, f"Die {edition.number}. Fassung ist veröffentlicht und wird nicht mehr geändert.")
        return redirect(edition)
    page = edition_overview(edition)
    context = {
        "form": form,
        "page": page,
        "previous": previous,
        "blockers": blockers_of(page),
        "hints": publication_hints(page),
    }
    return render(request, "curriculum/edition_publish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.publish_edition", raise_exception=True)
def edition_archive(request: Request, pk: int) -> HttpResponse:
    finished = Edition.objects.visible_to(request.user).exclude(status=EditionStatus.DRAFT)
    edition = get_object_or_404(finished, pk=pk)
    if request.method == "POST":
        archive_edition(edition=edition, by=request.user)
        messages.success(request, f"Die {edition.number}. Fassung ist archiviert.")
        return redirect(edition)
    cohorts = Cohort.objects.visible_to(request.user).filter(edition=edition)
    return render(request, "curriculum/edition_archive.html", {"edition": edition, "cohorts": cohorts})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.delete_edition", raise_exception=True)
@changes_draft
def edition_delete(request: Request, edition: Edition) -> HttpResponse:
    if request.method != "POST":
        users = edition_users(edition)
        return render(request, "curriculum/edition_delete.html", {"edition": edition, "users": users})
    name = str(edition)
    try:
        delete_draft(edition=edition, by=request.user)
    except InUse as refusal:
        context = {"edition": edition, "users": refusal.users}
        return render(request, "curriculum/edition_delete.html", context)
    messages.success(request, f"Der Entwurf „{name}“ ist gelöscht.")
    return redirect("curriculum:edition_list")
