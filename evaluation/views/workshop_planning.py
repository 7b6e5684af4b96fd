"""Planning a workshop: what is presented, its rounds, its guiding questions and their order."""

from functools import partial
from typing import TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.views.parts import data_of
from evaluation.actions.walls import QUESTION_GONE, ROUND_GONE, lock
from evaluation.actions.workshops import (
    InUse,
    add_guiding_question,
    add_round,
    add_workshop,
    change_guiding_question,
    change_round,
    delete_guiding_question,
    delete_round,
    sort_guiding_questions,
)
from evaluation.forms.workshops import GuidingQuestionForm, RoundForm, WorkshopForm
from evaluation.models import GuidingQuestion, Round, Workshop
from netzkoord.lib.http import Request, row_sent_to
from netzkoord.lib.sorting import answer_sorting

Part = TypeVar("Part", Round, GuidingQuestion)
PLAN = permission_required("evaluation.change_workshop", raise_exception=True)
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@permission_required("evaluation.add_workshop", raise_exception=True)
def workshop_add(request: Request) -> HttpResponse:
    form = WorkshopForm(data_of(request), user=request.user)
    if form.is_valid():
        workshop = add_workshop(workshop=form.save(commit=False))
        messages.success(
            request, "Der Workshop ist angelegt. Prüfen Sie die Leitfragen, und legen Sie eine Runde an."
        )
        return redirect(workshop)
    return render(request, "evaluation/workshop_add.html", {"form": form})


@require_http_methods(FORM_METHODS)
@PLAN
@transaction.atomic
def workshop_edit(request: Request, pk: int) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.select_for_update(), pk=pk)
    form = WorkshopForm(data_of(request), instance=workshop, user=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, f"Der Workshop ist gespeichert. {form.merged_sentence}".strip())
        return redirect(workshop)
    return render(request, "evaluation/workshop_edit.html", {"form": form, "workshop": workshop})


@require_http_methods(FORM_METHODS)
@PLAN
def round_add(request: Request, pk: int) -> HttpResponse:
    workshop = get_object_or_404(Workshop, pk=pk)
    form = RoundForm(data_of(request), instance=Round(workshop=workshop))
    if form.is_valid():
        add_round(in_round=form.save(commit=False))
        return redirect(workshop)
    return render(request, "evaluation/round_add.html", {"form": form, "workshop": workshop})


@require_http_methods(FORM_METHODS)
@PLAN
@transaction.atomic
def round_edit(request: Request, pk: int) -> HttpResponse:
    in_round = held(request, Round.objects.select_related("workshop"), pk, gone=ROUND_GONE)
    form = RoundForm(data_of(request), instance=in_round)
    if form.is_valid():
        change_round(in_round=form.save(commit=False))
        messages.success(request, f"Die Runde ist gespeichert. {form.merged_sentence}".strip())
        return redirect(in_round.workshop)
    context = {"form": form, "workshop": in_round.workshop, "round": in_round}
    return render(request, "evaluation/round_edit.html", context)


@require_POST
@PLAN
def round_delete(request: Request, pk: int) -> HttpResponse:
    in_round = get_object_or_404(Round.objects.select_related("workshop"), pk=pk)
    try:
        delete_round(in_round=in_round)
    except InUse as reason:
        messages.warning(request, str(reason))
    return redirect(in_round.workshop)


@require_http_methods(FORM_METHODS)
@PLAN
def guiding_question_add(request: Request, pk: int) -> HttpResponse:
    workshop = get_object_or_404(Workshop, pk=pk)
    form = GuidingQuestionForm(data_of(request), instance=GuidingQuestion(workshop=workshop))
    if form.is_valid():
        add_guiding_question(question=form.save(commit=False))
        return redirect(workshop)
    return render(request, "evaluation/guiding_question_add.html", {"form": form, "workshop": workshop})


@require_http_methods(FORM_METHODS)
@PLAN
@transaction.atomic
def guiding_question_edit(request: Request, pk: int) -> HttpResponse:
    question = held(request, GuidingQuestion.objects.select_related("workshop"), pk, gone=QUESTION_GONE)
    form = GuidingQuestionForm(data_of(request), instance=question)
    if form.is_valid():
        change_guiding_question(question=form.save(commit=False))
        messages.success(request, f"Die Leitfrage ist gespeichert. {form.merged_sentence}".strip())
        return redirect(question.workshop)
    context = {"form": form, "workshop": question.workshop, "question": question}
    return render(request, "evaluation/guiding_question_edit.html", context)


@require_POST
@PLAN
def guiding_question_delete(request: Request, pk: int) -> HttpResponse:
    question = get_object_or_404(GuidingQuestion.objects.select_related("workshop"), pk=pk)
    try:
        delete_guiding_question(question=question)
    except InUse as reason:
        messages.warning(request, str(reason))
    return redirect(question.workshop)


@require_POST
@PLAN
def guiding_question_order(request: Request, pk: int) -> HttpResponse:
    workshop = get_object_or_404(Workshop, pk=pk)
    return answer_sorting(
        request, partial(sort_guiding_questions, workshop=workshop), back=workshop.get_absolute_url()
    )


def held(request: Request, parts: QuerySet[Part], pk: int, *, gone: str) -> Part:
    """A part of a workshop as it is once its workshop is locked, like for every change of a wall."""
    lock(row_sent_to(request, parts, pk, gone=gone).workshop_id)
    return row_sent_to(request, parts, pk, gone=gone)
