"""Questionnaires as organisers write them, and as others read them."""

import uuid
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.actions.in_use import InUse
from curriculum.views.parts import data_of, post_is_atomic
from evaluation import papers
from evaluation.actions.questionnaires import (
    DraftExists,
    NotReadyToRelease,
    ReleaseStays,
    add_version,
    change_questionnaire,
    copy_questionnaire,
    create_questionnaire,
    delete_draft,
    propose_questionnaire,
    release_questionnaire,
    take_back,
)
from evaluation.ballots import PERSONAL_TEXT_LIMIT, TEXT_LIMIT
from evaluation.forms.answering import NO_NAMES, AnswerStepForm
from evaluation.forms.questionnaires import CopyForm, NewQuestionnaireForm, PreviewForm, QuestionnaireForm
from evaluation.models import Purpose, QuestionKind, Questionnaire
from evaluation.queries.questionnaires import (
    cohorts_asking,
    draft_of,
    other_versions,
    outline_of,
    preview_steps,
    previewable_cohorts,
    previewable_editions,
    previewed_needs,
    questionnaire_groups,
    version_before,
    why_release_stays,
    would_be_usual,
)
from evaluation.readiness import problems_of
from evaluation.versions import difference
from netzkoord.lib.editing import save_or_explain
from netzkoord.lib.http import NotStored, Request
from netzkoord.lib.sentences import listed

CHANGE = "evaluation.change_questionnaire"
VIEW = "evaluation.view_questionnaire"
FROZEN = (
    "Diese Version ist freigegeben und wird nicht mehr geändert. Es ist nichts gespeichert. "
    "Legen Sie für Ihre Änderung eine neue Version an."
)
GONE = "Diesen Entwurf hat inzwischen jemand gelöscht. Es ist nichts gespeichert."


def readable_or_404(request: Request, pk: int) -> Questionnaire:
    return get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)


def draft_or_404(request: Request, pk: int) -> Questionnaire:
    """A draft; a POST locks it, so that two changes come one after the other and none meets a release.

    Raises `NotStored` where it was released or deleted since the page of this POST was made.
    """
    if request.method != "POST":
        return get_object_or_404(Questionnaire.objects.drafts(), pk=pk)
    found = Questionnaire.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotStored(GONE)
    if not found.is_draft:
        raise NotStored(FROZEN)
    return found


@require_safe
@permission_required(VIEW, raise_exception=True)
def questionnaire_list(request: Request) -> HttpResponse:
    return render(request, "evaluation/questionnaire_list.html", {"groups": questionnaire_groups(request.user)})


@require_safe
@permission_required(VIEW, raise_exception=True)
def questionnaire_detail(request: Request, pk: int) -> HttpResponse:
    """The questions in their order; for organisers, where it is a draft, with all that changes them."""
    questionnaire = readable_or_404(request, pk)
    outline = outline_of(questionnaire)
    may_change = request.user.has_perm(CHANGE)
    is_writable = may_change and questionnaire.is_draft
    context = {
        "questionnaire": questionnaire,
        "outline": outline,
        "is_writable": is_writable,
        "problems": problems_of(outline) if is_writable else [],
        "versions": other_versions(questionnaire, request.user),
        "before": version_before(questionnaire),
        "draft": draft_of(questionnaire) if may_change and not questionnaire.is_draft else None,
        "surveys": questionnaire.surveys.count(),
        "copy_form": CopyForm(initial={"key": uuid.uuid4()}) if may_change else None,
    }
    return render(request, "evaluation/questionnaire_detail.html", context)


@require_safe
@permission_required(VIEW, raise_exception=True)
def questionnaire_preview(request: Request, pk: int) -> HttpResponse:
    """All steps on one page, in the form that participants fill in; nothing can be sent."""
    questionnaire = readable_or_404(request, pk)
    editions = previewable_editions(request.user)
    outline = outline_of(questionnaire)
    cohorts = previewable_cohorts(request.user) if outline.asks(QuestionKind.COVERAGE) else None
    form = PreviewForm(request.GET, editions=editions, cohorts=cohorts)
    edition, role = form.chosen.get("fassung") or editions.first(), form.chosen.get("rolle", "")
    cohort = form.chosen.get("durchgang")
    is_personal = Purpose(questionnaire.purpose).is_personal
    forms = [
        AnswerStepForm(
            step=step,
            answers={},
            text_limit=PERSONAL_TEXT_LIMIT if is_personal else TEXT_LIMIT,
            hint="" if is_personal else NO_NAMES,
        )
        for step in preview_steps(questionnaire, edition, role, previewed_needs(cohort))
    ]
    context = {
        "questionnaire": questionnaire,
        "outline": outline,
        "form": form,
        "forms": forms,
        "edition": edition,
        "role": role,
        "cohort": cohort,
    }
    return render(request, "evaluation/questionnaire_preview.html", context)


@require_safe
@permission_required(VIEW, raise_exception=True)
def questionnaire_compare(request: Request, pk: int) -> HttpResponse:
    """What is new, gone or changed against the released version before."""
    questionnaire = readable_or_404(request, pk)
    before = version_before(questionnaire)
    if before is None:
        raise Http404
    found = difference(outline_of(before), outline_of(questionnaire))
    context = {"questionnaire": questionnaire, "before": before, "difference": found}
    return render(request, "evaluation/questionnaire_compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def questionnaire_add(request: Request) -> HttpResponse:
    form = NewQuestionnaireForm(data_of(request))
    if form.is_valid():
        create = partial(create_questionnaire, questionnaire=form.save(commit=False), by=request.user)
        if stored := save_or_explain(form, create):
            messages.success(request, f"Der Fragebogen „{stored}“ ist als Entwurf angelegt.")
            return redirect(stored)
    return render(request, "evaluation/questionnaire_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def questionnaire_edit(request: Request, pk: int) -> HttpResponse:
    questionnaire = draft_or_404(request, pk)
    title = questionnaire.title
    form = QuestionnaireForm(data_of(request), instance=questionnaire)
    if form.is_valid():
        change_questionnaire(questionnaire=questionnaire, fields=form.changed, by=request.user)
        messages.success(request, "Die Texte sind gespeichert.")
        if form.merged_sentence:
            messages.info(request, form.merged_sentence)
        return redirect(questionnaire)
    context = {"form": form, "questionnaire": questionnaire, "title": title}
    return render(request, "evaluation/questionnaire_edit.html", context)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def questionnaire_propose(request: Request, purpose: str) -> HttpResponse:
    """Write the questionnaire that comes with the product for a purpose for which there is none yet."""
    if purpose not in Purpose.values:
        raise Http404
    questionnaire = propose_questionnaire(purpose=Purpose(purpose), by=request.user)
    messages.success(request, f"Der Vorschlag „{questionnaire}“ ist da. Zum Ändern legen Sie eine neue Version an.")
    return redirect(questionnaire)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def questionnaire_version_add(request: Request, pk: int) -> HttpResponse:
    questionnaire = get_object_or_404(Questionnaire.objects.released(), pk=pk)
    try:
        draft = add_version(questionnaire=questionnaire, by=request.user)
    except DraftExists as exists:
        messages.info(
            request, "Von diesem Fragebogen gibt es schon diesen Entwurf. Bitte arbeiten Sie hier weiter."
        )
        return redirect(exists.draft)
    messages.success(request, f"Die Version {draft.version} ist als Entwurf angelegt.")
    return redirect(draft)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def questionnaire_copy(request: Request, pk: int) -> HttpResponse:
    questionnaire = readable_or_404(request, pk)
    form = CopyForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else None
    copy = copy_questionnaire(questionnaire=questionnaire, key=key or uuid.uuid4(), by=request.user)
    messages.success(request, f"„{copy}“ ist als Entwurf angelegt. Bitte geben Sie ihm einen eigenen Titel.")
    return redirect("evaluation:questionnaire_edit", copy.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def questionnaire_release(request: Request, pk: int) -> HttpResponse:
    """What would be released and what is still wrong; the POST releases."""
    questionnaire = get_object_or_404(Questionnaire, pk=pk)
    if not questionnaire.is_draft:
        messages.info(request, "Diese Version ist schon freigegeben.")
        return redirect(questionnaire)
    if request.method == "POST":
        try:
            release_questionnaire(questionnaire=questionnaire, by=request.user)
        except NotReadyToRelease:
            messages.error(request, "Der Fragebogen ist noch nicht freigegeben: Es fehlt noch etwas.")
            return redirect("evaluation:questionnaire_release", questionnaire.pk)
        messages.success(request, f"Die Version {questionnaire.version} ist freigegeben.")
        return redirect(questionnaire)
    outline = outline_of(questionnaire)
    before = version_before(questionnaire)
    context = {
        "questionnaire": questionnaire,
        "outline": outline,
        "problems": problems_of(outline),
        "before": before,
        "difference": difference(outline_of(before), outline) if before else None,
        "pages": papers.pages_of(questionnaire, previewable_editions(request.user).first()),
        "asks_about_needs": outline.asks(QuestionKind.COVERAGE),
        "is_usual": would_be_usual(questionnaire),
        "cohorts": cohorts_asking(questionnaire),
    }
    return render(request, "evaluation/questionnaire_release.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def questionnaire_take_back(request: Request, pk: int) -> HttpResponse:
    questionnaire = get_object_or_404(Questionnaire, pk=pk)
    if questionnaire.is_draft:
        messages.info(request, "Diese Version ist ein Entwurf.")
        return redirect(questionnaire)
    reason = why_release_stays(questionnaire)
    if request.method == "POST":
        try:
            take_back(questionnaire=questionnaire, by=request.user)
        except ReleaseStays as stays:
            reason = str(stays)
        else:
            messages.success(request, f"Die Version {questionnaire.version} ist wieder ein Entwurf.")
            return redirect(questionnaire)
    context = {"questionnaire": questionnaire, "refusal": reason}
    return render(request, "evaluation/questionnaire_take_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def questionnaire_delete(request: Request, pk: int) -> HttpResponse:
    questionnaire = draft_or_404(request, pk)
    refusal = ""
    if request.method == "POST":
        title = str(questionnaire)
        try:
            delete_draft(questionnaire=questionnaire, by=request.user)
        except InUse as error:
            refusal = f"Der Entwurf wird noch gebraucht: {listed(error.users)}. Lösen Sie zuerst diese Verbindung."
        else:
            messages.success(request, f"Der Entwurf „{title}“ ist gelöscht.")
            return redirect("evaluation:questionnaire_list")
    context = {"questionnaire": questionnaire, "refusal": refusal}
    return render(request, "evaluation/questionnaire_delete.html", context)
