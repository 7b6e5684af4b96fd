"""The register of recommendations: the list, entering one, correcting it, deciding on it, what an edition owes."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Edition
from evaluation import recommendation_tables
from evaluation.actions.recommendations import (
    NotDecidable,
    add_recommendation,
    change_recommendation,
    decide_recommendation,
    obstacle_to_done,
    obstacle_to_setting_aside,
    set_aside_recommendation,
)
from evaluation.forms.recommendations import (
    DecisionForm,
    NewRecommendationForm,
    RecommendationForm,
    RegisterFilterForm,
    SetAsideForm,
)
from evaluation.models import Answer, Card, Need, QuestionPurpose, Recommendation, Survey, TextState
from evaluation.queries.causes import recommendation_rows
from evaluation.queries.recommendations import alike, newest_modules, owed_page, possible_debtors, register
from evaluation.queries.texts import as_released, is_told_by, readable_texts
from evaluation.views.results import visible_survey
from netzkoord.lib.downloads import attachment
from netzkoord.lib.http import NotStored, Request
from netzkoord.lib.spreadsheets import CSV_TYPE, XLSX_TYPE

ON_A_PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]
READ = permission_required("evaluation.view_workshop", raise_exception=True)
ENTER = permission_required("evaluation.add_recommendation", raise_exception=True)
DECIDE = permission_required("evaluation.change_recommendation", raise_exception=True)
RELATED = Recommendation.objects.select_related("workshop__session__cohort", "round", "card", "cohort", "edition")
ENTERED = "Die Empfehlung steht im Register."
WITHDRAWN = "Die Empfehlung ist zurückgenommen. Die Teilnehmenden lesen sie nicht mehr."
MERGED = "Die Empfehlungen sind zusammengefasst. Die Teilnehmenden lesen beide Worte, und was daraus wird, einmal."
ONLY_RELEASED = "Nur aus einem freigegebenen Text wird eine Empfehlung."
KEPT_BY_HAND = (
    "Was Sie geschrieben haben, steht noch hier. Zeigt es auf niemanden, tragen Sie es unter „Empfehlungen → "
    "Empfehlung eintragen“ von Hand ein."
)
CARD_HIDDEN = "Die Karte ist inzwischen verdeckt, und aus einer verdeckten wird keine Empfehlung."
OTHER_PURPOSE = "Die Leitfrage, unter der die Karte hängt, fragt inzwischen nicht mehr nach Empfehlungen."
COPIED_BY_HAND = (
    "Zeigt der Text auf niemanden, kopieren Sie ihn von hier, und tragen Sie ihn unter „Empfehlungen → Empfehlung "
    "eintragen“ von Hand ein."
)
MORE_BLACKENED = "Im Text ist inzwischen mehr geschwärzt. Lassen Sie es auch hier weg; sonst lesen es alle im Haus."
IN_REGISTER = "Diese Karte steht schon im Register."
NOT_TWICE = "Ihre Worte sind nicht gespeichert; kopieren Sie sie von hier, wenn sie dort ergänzt werden sollen."
TAKEN_BACK = "Die Empfehlung aus dieser Karte ist zurückgenommen. Öffnen Sie sie wieder, wenn sie doch gilt."


@require_safe
@READ
def recommendation_list(request: Request) -> HttpResponse:
    form = filter_form(request)
    filters = form.filters()
    page = Paginator(register(filters, request.user), ON_A_PAGE).get_page(request.GET.get("seite"))
    context = {
        "form": form,
        "page": page,
        "rows": recommendation_rows(page, request.user),
        "is_filtered": bool(filters),
    }
    return render(request, "evaluation/recommendation_list.html", context)


def filter_form(request: Request) -> RegisterFilterForm:
    return RegisterFilterForm(
        request.GET,
        modules=newest_modules(request.user),
        reads_withdrawn=request.user.has_perm("evaluation.change_recommendation"),
    )


@require_safe
@READ
def recommendation_export(request: Request, kind: str) -> HttpResponse:
    """What the list shows with the same filters, on one page."""
    form = filter_form(request)
    rows = recommendation_rows(register(form.filters(), request.user), request.user)
    is_csv = kind == "csv"
    return attachment(
        recommendation_tables.csv_table(rows) if is_csv else recommendation_tables.xlsx_table(rows),
        name=f"empfehlungen.{kind}",
        content_type=CSV_TYPE if is_csv else XLSX_TYPE,
    )


@require_http_methods(FORM_METHODS)
@ENTER
def recommendation_add(request: Request) -> HttpResponse:
    """One that somebody types in: from a letter, a talk, a telephone call."""
    return enter(request, Recommendation())


@require_http_methods(FORM_METHODS)
@ENTER
def recommendation_from_card(request: Request, pk: int) -> HttpResponse:
    """A card under the question for recommendations; its words may be edited, the card stays as it hangs."""
    card = get_object_or_404(Card.objects.select_related("round", "guiding_question__workshop"), pk=pk)
    entered = Recommendation.objects.filter(card=card).first()
    if entered:
        sentence = TAKEN_BACK if entered.is_withdrawn else IN_REGISTER
        if request.method == "POST" and request.POST.get("key") != str(entered.key):
            raise NotStored(f"{sentence} {NOT_TWICE}")
        messages.info(request, sentence)
        return redirect(entered)
    if reason := reason_against(card):
        if request.method == "POST":
            raise NotStored(f"{reason} {COPIED_BY_HAND}")
        raise Http404(reason)
    workshop = card.guiding_question.workshop
    return enter(request, Recommendation(card=card, workshop=workshop, round=card.round, text=card.text))


def reason_against(card: Card) -> str:
    """Why no recommendation comes from this card: what somebody else did since its page was opened."""
    if card.is_hidden:
        return CARD_HIDDEN
    return "" if card.guiding_question.purpose == QuestionPurpose.RECOMMENDATION else OTHER_PURPOSE


@require_http_methods(FORM_METHODS)
@ENTER
def recommendation_from_text(request: Request, pk: int, text: UUID) -> HttpResponse:
    """A released text as others read it; nothing is stored of the answer that it comes from."""
    survey = visible_survey(request, pk)
    answer = get_object_or_404(readable_texts(survey), pk=text)
    if request.method != "POST" and answer.text_state != TextState.RELEASED:
        messages.info(request, f"Der Text ist {answer.get_text_state_display()}. {ONLY_RELEASED}")
        return redirect("evaluation:text_edit", survey.pk, answer.pk)
    recommendation = Recommendation(text=as_released(answer), source=source_of(survey), cohort=survey.cohort)
    return enter(request, recommendation, refusal=refusal_of(answer, request.POST.get("text", "")))


def refusal_of(answer: Answer, words: str) -> str:
    """Why no recommendation in these words comes from this text: somebody else has decided on it meanwhile."""
    if answer.text_state != TextState.RELEASED:
        return f"Der Text ist inzwischen {answer.get_text_state_display()}. {ONLY_RELEASED} {KEPT_BY_HAND}"
    return MORE_BLACKENED if is_told_by(words, answer) else ""


@require_http_methods(FORM_METHODS)
@ENTER
def recommendation_from_need(request: Request, pk: int) -> HttpResponse:
    """What the next edition is to do about a need; the words are proposed and may be edited."""
    need = get_object_or_404(Need.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    text, source = f"Den Bedarf „{need}“ ganz decken.", f"Bedarf „{need}“"
    return enter(request, Recommendation(text=text, source=source, cohort=need.cohort, audience=need.audience))


def source_of(survey: Survey) -> str:
    return "Rückmeldungen zu mehreren Terminen" if survey.pool_id else f"Rückmeldung: {survey.about}"


def enter(request: Request, recommendation: Recommendation, *, refusal: str = "") -> HttpResponse:
    """What stands in the register in the same words is shown first; it is entered again by „Trotzdem eintragen“.

    A refusal stands above what was typed, which stays.
    """
    form = NewRecommendationForm(
        request.POST if request.method == "POST" else None,
        modules=newest_modules(request.user),
        instance=recommendation,
    )
    if form.is_bound and refusal:
        form.add_error(None, refusal)
    is_valid, found = form.is_valid(), alike(form.instance)
    if is_valid and (not found or "anyway" in request.POST):
        entered = add_recommendation(recommendation=form.save(commit=False), by=request.user)
        if entered.key != form.cleaned_data["key"]:  # somebody was faster with the same card
            raise NotStored(f"{IN_REGISTER} {NOT_TWICE}")
        messages.success(request, ENTERED)
        return (
            redirect("evaluation:wall_board", entered.card.guiding_question_id)
            if entered.card
            else redirect(entered)
        )
    context = {"form": form, "recommendation": recommendation, "alike": found}
    return render(request, "evaluation/recommendation_add.html", context)


@require_http_methods(FORM_METHODS)
@DECIDE
@transaction.atomic
def recommendation_edit(request: Request, pk: int) -> HttpResponse:
    """Its words and what it is about; once it is decided it stays as those read it who decided.

    One that was taken back may be corrected before others read it again.
    """
    recommendation = get_object_or_404(RELATED.select_for_update(of=("self",)), pk=pk)
    if not recommendation.may_be_corrected:
        messages.info(request, "Darüber ist entschieden; öffnen Sie die Empfehlung wieder, um sie zu ändern.")
        return redirect(recommendation)
    form = RecommendationForm(
        request.POST if request.method == "POST" else None,
        modules=newest_modules(request.user),
        instance=recommendation,
    )
    if form.is_valid():
        change_recommendation(recommendation=form.save(commit=False), by=request.user)
        messages.success(request, f"Die Empfehlung ist gespeichert. {form.merged_sentence}".strip())
        return redirect(recommendation)
    return render(request, "evaluation/recommendation_edit.html", {"form": form, "recommendation": recommendation})


@require_http_methods(FORM_METHODS)
@DECIDE
def recommendation_decide(request: Request, pk: int) -> HttpResponse:
    recommendation = get_object_or_404(RELATED, pk=pk)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        recommendation=recommendation,
        editions=possible_debtors(recommendation, request.user),
        not_done=obstacle_to_done(recommendation) if recommendation.is_accepted else "",
    )
    if form.is_valid():
        try:
            decide_recommendation(recommendation=recommendation, by=request.user, **form.decision)
        except NotDecidable as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Die Entscheidung ist festgehalten.")
            return redirect(recommendation)
    return render(
        request, "evaluation/recommendation_decide.html", {"form": form, "recommendation": recommendation}
    )


@require_http_methods(FORM_METHODS)
@DECIDE
def recommendation_set_aside(request: Request, pk: int) -> HttpResponse:
    """Taking back what was entered by mistake, or merging it into the entry that says the same."""
    recommendation = get_object_or_404(RELATED, pk=pk)
    if request.method != "POST" and (obstacle := obstacle_to_setting_aside(recommendation)):
        messages.info(request, obstacle)
        return redirect(recommendation)
    form = SetAsideForm(
        request.POST if request.method == "POST" else None,
        recommendation=recommendation,
        alike=[other for other in alike(recommendation) if not other.is_set_aside],
    )
    if form.is_valid():
        try:
            set_aside_recommendation(recommendation=recommendation, by=request.user, **form.cleaned_data)
        except NotDecidable as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, MERGED if form.cleaned_data["merged_into"] else WITHDRAWN)
            return redirect(recommendation)
    context = {"form": form, "recommendation": recommendation}
    return render(request, "evaluation/recommendation_set_aside.html", context)


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def edition_recommendations(request: Request, pk: int) -> HttpResponse:
    """What the edition owes to whom."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user).select_related("programme"), pk=pk)
    context = {"edition": edition, "page": owed_page(edition, request.user)}
    return render(request, "evaluation/edition_recommendations.html", context)
