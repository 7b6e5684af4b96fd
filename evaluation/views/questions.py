"""Sections and questions of a draft: added, changed, put in order, deleted."""

from functools import partial
from typing import TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.views.parts import REMOVED, data_of, post_is_atomic
from evaluation.actions.questions import (
    add_question,
    add_section,
    change_condition,
    change_question,
    change_section,
    delete_question,
    delete_section,
    order_pieces,
)
from evaluation.forms.questionnaires import ConditionForm, QuestionForm, SectionForm, StoredQuestionForm
from evaluation.models import Question, Section
from evaluation.outlines import Outline
from evaluation.queries.questionnaires import outline_of
from evaluation.views.questionnaires import CHANGE, draft_or_404
from netzkoord.lib.editing import SeenModelForm, save_or_explain
from netzkoord.lib.http import NotStored, Request
from netzkoord.lib.sentences import quoted
from netzkoord.lib.sorting import answer_sorting

M = TypeVar("M", Section, Question)


def piece_or_404(request: Request, rows: QuerySet[M], pk: int, *, path: str) -> M:
    """A section or question of a draft, `path` leading to the questionnaire; a POST locks the draft first.

    Raises `NotStored` where it was deleted, or its draft released, since the page of this POST was made.
    """
    home = rows.filter(pk=pk).values_list(path, flat=True).first()
    if home is None:
        if request.method == "POST":
            raise NotStored(REMOVED)
        raise Http404
    draft_or_404(request, home)
    piece = rows.select_related(path).filter(pk=pk).first()
    if piece is None:
        raise NotStored(REMOVED)
    return piece


def section_or_404(request: Request, pk: int) -> Section:
    return piece_or_404(request, Section.objects.all(), pk, path="questionnaire")


def question_or_404(request: Request, pk: int) -> Question:
    return piece_or_404(request, Question.objects.all(), pk, path="section__questionnaire")


def tell(request: Request, form: SeenModelForm[M], sentence: str) -> None:
    """What is stored now, and what somebody else has changed meanwhile."""
    messages.success(request, sentence)
    if form.merged_sentence:
        messages.info(request, form.merged_sentence)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def section_add(request: Request, pk: int) -> HttpResponse:
    questionnaire = draft_or_404(request, pk)
    form = SectionForm(data_of(request), instance=Section(questionnaire=questionnaire))
    if form.is_valid():
        section = add_section(section=form.save(commit=False), by=request.user)
        messages.success(request, f"Der Abschnitt „{section}“ ist angelegt. Jetzt fehlen ihm Fragen.")
        return redirect(f"{questionnaire.get_absolute_url()}#abschnitt-{section.pk}")
    return render(request, "evaluation/section_add.html", {"form": form, "questionnaire": questionnaire})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def section_edit(request: Request, pk: int) -> HttpResponse:
    section = section_or_404(request, pk)
    title = section.title
    form = SectionForm(data_of(request), instance=section)
    if form.is_valid():
        change_section(section=section, fields=form.changed, by=request.user)
        tell(request, form, f"Der Abschnitt „{section}“ ist gespeichert.")
        return redirect(f"{section.questionnaire.get_absolute_url()}#abschnitt-{section.pk}")
    context = {"form": form, "section": section, "questionnaire": section.questionnaire, "title": title}
    return render(request, "evaluation/section_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def section_delete(request: Request, pk: int) -> HttpResponse:
    section = section_or_404(request, pk)
    outline = outline_of(section.questionnaire)
    inside = [planned.question for planned in outline.questions() if planned.section == section]
    refusal = why_needed(outline, inside)
    if request.method == "POST" and not refusal:
        title = str(section)
        delete_section(section=section, by=request.user)
        messages.success(request, f"Der Abschnitt „{title}“ ist gelöscht.")
        return redirect(section.questionnaire)
    context = {"section": section, "questionnaire": section.questionnaire, "inside": inside, "refusal": refusal}
    return render(request, "evaluation/section_delete.html", context)


@require_POST
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def section_order(request: Request, pk: int) -> HttpResponse:
    questionnaire = draft_or_404(request, pk)
    sort = partial(order_pieces, pieces=questionnaire.sections.all(), questionnaire=questionnaire, by=request.user)
    return answer_sorting(request, sort, back=questionnaire.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def question_add(request: Request, pk: int) -> HttpResponse:
    section = section_or_404(request, pk)
    questionnaire = section.questionnaire
    form = QuestionForm(data_of(request), instance=Question(section=section), outline=outline_of(questionnaire))
    if form.is_valid():
        add = partial(add_question, question=form.save(commit=False), labels=form.labels, by=request.user)
        if question := save_or_explain(form, add):
            messages.success(request, f"Die Frage „{question}“ ist angelegt.")
            return redirect(f"{questionnaire.get_absolute_url()}#frage-{question.pk}")
    context = {"form": form, "section": section, "questionnaire": questionnaire}
    return render(request, "evaluation/question_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def question_edit(request: Request, pk: int) -> HttpResponse:
    question = question_or_404(request, pk)
    questionnaire, text = question.section.questionnaire, question.text
    form = StoredQuestionForm(data_of(request), instance=question, outline=outline_of(questionnaire))
    if form.is_valid():
        changed = form.changed
        change = partial(change_question, labels=form.labels, fields=changed, by=request.user)
        if save_or_explain(form, partial(change, question=form.save(commit=False))):
            tell(request, form, f"Die Frage „{question}“ ist gespeichert.")
            return redirect(f"{questionnaire.get_absolute_url()}#frage-{question.pk}")
    context = {"form": form, "question": question, "questionnaire": questionnaire, "text": text}
    return render(request, "evaluation/question_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def question_condition(request: Request, pk: int) -> HttpResponse:
    """To which answers to an earlier question this one is tied."""
    question = question_or_404(request, pk)
    questionnaire = question.section.questionnaire
    form = ConditionForm(data_of(request), instance=question, outline=outline_of(questionnaire))
    if form.is_valid():
        earlier, values = form.condition()
        change_condition(question=question, earlier=earlier, values=values, fields=form.changed, by=request.user)
        tell(request, form, "Die Bedingung ist gespeichert." if earlier else "Die Frage hat keine Bedingung mehr.")
        return redirect(f"{questionnaire.get_absolute_url()}#frage-{question.pk}")
    context = {"form": form, "question": question, "questionnaire": questionnaire}
    return render(request, "evaluation/question_condition.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def question_delete(request: Request, pk: int) -> HttpResponse:
    question = question_or_404(request, pk)
    questionnaire = question.section.questionnaire
    refusal = why_needed(outline_of(questionnaire), [question])
    if request.method == "POST" and not refusal:
        delete_question(question=question, by=request.user)
        messages.success(request, f"Die Frage „{question}“ ist gelöscht.")
        return redirect(questionnaire)
    context = {"question": question, "questionnaire": questionnaire, "refusal": refusal}
    return render(request, "evaluation/question_delete.html", context)


def why_needed(outline: Outline, questions: list[Question]) -> str:
    """Which other questions depend on these, in a sentence; empty where none does."""
    depending = [planned.question for question in questions for planned in outline.depending_on(question)]
    outside = [question for question in depending if question not in questions]
    if not outside:
        return ""
    return f"Davon hängt ab: {quoted(outside)}. Ändern Sie zuerst dort die Bedingung."


@require_POST
@permission_required(CHANGE, raise_exception=True)
@post_is_atomic
def question_order(request: Request, pk: int) -> HttpResponse:
    section = section_or_404(request, pk)
    questionnaire = section.questionnaire
    sort = partial(order_pieces, pieces=section.questions.all(), questionnaire=questionnaire, by=request.user)
    return answer_sorting(request, sort, back=questionnaire.get_absolute_url())
