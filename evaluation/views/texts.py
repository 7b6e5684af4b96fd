"""Looking at the free texts of a counted survey: releasing them, blackening words, holding them back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.actions.texts import hold_text, release_text, release_texts
from evaluation.forms.texts import Decision, TextDecisionForm, keys_in
from evaluation.models import Survey, TextState
from evaluation.queries.texts import FreeText, free_texts, numbers_by_state, readable_texts
from evaluation.views.results import visible_survey
from netzkoord.lib.http import Request

ON_A_PAGE = 50
HELD = {
    TextState.PENDING: "Der Text ist zurückgehalten.",
    TextState.RELEASED: "Der Text ist zurückgehalten: Andere lesen ihn von jetzt an nicht mehr.",
    TextState.HELD: "Der Text bleibt zurückgehalten.",
}
may_release = permission_required("evaluation.change_survey", raise_exception=True)


@require_safe
@may_release
def text_list(request: Request, pk: int) -> HttpResponse:
    """All texts as they were written, or those of one state."""
    survey = visible_survey(request, pk)
    readable, state = readable_texts(survey), request.GET.get("stand", "")
    texts = readable.filter(text_state=state) if state in TextState.values else readable
    page = Paginator(texts, ON_A_PAGE).get_page(request.GET.get("seite"))
    rows = free_texts(survey, page)
    context = {
        "survey": survey,
        "page": page,
        "texts": rows,
        "pending": [text for text in rows if text.state is TextState.PENDING],
        "states": numbers_by_state(readable),
        "chosen": state,
    }
    return render(request, "evaluation/text_list.html", context)


@require_POST
@may_release
def text_release_many(request: Request, pk: int) -> HttpResponse:
    """The texts that stood on the page, and of them only those that nobody has decided on."""
    survey = visible_survey(request, pk)
    number = release_texts(survey=survey, answers=keys_in(request.POST.getlist("texts")), by=request.user)
    if number:
        messages.success(request, f"{number} Text{' ist' if number == 1 else 'e sind'} freigegeben.")
    else:
        messages.info(request, "Es gab nichts freizugeben: Über alle Texte der Seite ist schon entschieden.")
    return redirect("evaluation:text_list", survey.pk)


@require_http_methods(["GET", "POST"])
@may_release
def text_edit(request: Request, pk: int, text: UUID) -> HttpResponse:
    """One text, word by word; after the decision the next one that nobody has looked at."""
    survey = visible_survey(request, pk)
    answer = get_object_or_404(readable_texts(survey), pk=text)
    [shown] = free_texts(survey, [answer])
    form = TextDecisionForm(request.POST if request.method == "POST" else None, text=shown)
    if form.is_valid():
        decide(survey, shown, form, request)
        [decided] = free_texts(survey, [answer])
        if decided.is_told_elsewhere:
            return redirect("evaluation:text_edit", survey.pk, answer.pk)
        return redirect_to_next(request, survey)
    pending = readable_texts(survey).filter(text_state=TextState.PENDING).count()
    context = {"survey": survey, "text": shown, "form": form, "pending": pending}
    return render(request, "evaluation/text_edit.html", context)


def decide(survey: Survey, text: FreeText, form: TextDecisionForm, request: Request) -> None:
    before = text.state
    if form.cleaned_data["decision"] == Decision.RELEASE:
        release_text(survey=survey, answer=text.answer, blackened=form.cleaned_data["words"], by=request.user)
        messages.success(request, "Der Text ist freigegeben.")
    else:
        hold_text(survey=survey, answer=text.answer, by=request.user)
        messages.success(request, HELD[before])


def redirect_to_next(request: Request, survey: Survey) -> HttpResponse:
    following = readable_texts(survey).filter(text_state=TextState.PENDING).first()
    if following is None:
        messages.info(request, "Über alle Texte ist entschieden.")
        return redirect("evaluation:text_list", survey.pk)
    return redirect("evaluation:text_edit", survey.pk, following.pk)
