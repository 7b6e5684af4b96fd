"""Surveys on paper: the sheet as PDF, typing in what was filled in, and comparing two entries."""

import logging
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluation import papers
from evaluation.actions.answering import SurveyNotOpenError
from evaluation.actions.paper import (
    NoSuchSheetError,
    SheetTakenError,
    cast_sheets,
    decide_sheet,
    delete_sheet,
    enter_again,
    enter_sheet,
)
from evaluation.ballots import BallotsUnreadableError
from evaluation.entries import first_of, second_of
from evaluation.forms.paper import PaperSheetForm, SheetDecisionForm, differences
from evaluation.forms.questionnaires import PreviewForm
from evaluation.models import PaperSheet, PaperState, QuestionKind, Questionnaire, Survey
from evaluation.queries.asking import waits_for_needs
from evaluation.queries.paper import sheets_of
from evaluation.queries.printed import printed_for
from evaluation.queries.questionnaires import previewable_cohorts, previewable_editions, previewed_needs
from netzkoord.lib.http import NotStored, Request, pdf_response, too_large
from netzkoord.lib.pdf import DocumentTooLarge
from netzkoord.lib.sentences import spans

Store = Callable[[Request, Survey, PaperSheetForm], HttpResponse | None]

logger = logging.getLogger(__name__)
CLOSED = "Die Erhebung ist nicht offen. Bögen werden nur eingegeben, solange sie offen ist."
UNREADABLE = (
    "Die Bögen dieser Erhebung lassen sich nicht öffnen: Der Server läuft mit einem anderen BALLOT_SECRET als an "
    "dem Tag, an dem sie angelegt wurde. Verloren ist nichts. Bitte sagen Sie es der technischen Betreuung."
)


def needs_the_secret(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Says in a sentence that the operator's secret is another one: it can be put back."""

    @wraps(view)
    def wrapper(request: Request, **kwargs: int) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except BallotsUnreadableError:
            logger.exception("Sheets of paper cannot be opened")
            raise NotStored(UNREADABLE) from None

    return wrapper


@require_safe
@permission_required("evaluation.view_questionnaire", raise_exception=True)
def questionnaire_paper(request: Request, pk: int) -> HttpResponse:
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    editions = previewable_editions(request.user)
    cohorts = previewable_cohorts(request.user) if questionnaire.asks(QuestionKind.COVERAGE) else None
    form = PreviewForm(request.GET, editions=editions, cohorts=cohorts)
    try:
        needs = previewed_needs(form.chosen.get("durchgang"))
        paper = papers.questionnaire_paper(questionnaire, editions.first(), needs)
    except DocumentTooLarge as error:
        return too_large(request, error, back=questionnaire.get_absolute_url())
    return pdf_response(paper, f"Fragebogen {questionnaire}")


@require_safe
def survey_paper(request: Request, pk: int) -> HttpResponse:
    survey = anonymous_survey(request, pk)
    try:
        paper = papers.survey_paper(survey)
    except DocumentTooLarge as error:
        return too_large(request, error, back=survey.get_absolute_url())
    return pdf_response(paper, f"Fragebogen {survey}")


def anonymous_survey(request: Request, pk: int) -> Survey:
    surveys = Survey.objects.visible_to(request.user).anonymous().distinct()
    return get_object_or_404(surveys.select_related("cohort", "session__module", "questionnaire"), pk=pk)


@require_safe
@permission_required("evaluation.change_survey", raise_exception=True)
def paper_sheet_list(request: Request, pk: int) -> HttpResponse:
    survey = anonymous_survey(request, pk)
    context = {"survey": survey, "sheets": sheets_of(survey), "waits_for_needs": waits_for_needs(survey)}
    return render(request, "evaluation/paper_sheet_list.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@permission_required("evaluation.change_survey", raise_exception=True)
@needs_the_secret
def paper_sheet_add(request: Request, pk: int) -> HttpResponse:
    """The first entry of one sheet; the next empty page follows."""
    return entry_page(request, pk, store_first, is_second=False)


@require_http_methods(["GET", "POST"])
@never_cache
@permission_required("evaluation.change_survey", raise_exception=True)
@needs_the_secret
def paper_sheet_repeat(request: Request, pk: int) -> HttpResponse:
    """The second entry of one sheet, without seeing the first; where they differ, choosing follows."""
    return entry_page(request, pk, store_second, is_second=True)


def entry_page(request: Request, pk: int, store: Store, *, is_second: bool) -> HttpResponse:
    survey = anonymous_survey(request, pk)
    sheet = printed_for(survey)
    form = PaperSheetForm(request.POST if request.method == "POST" else None, survey=survey, printed=sheet)
    if form.is_valid():
        try:
            stored = store(request, survey, form)
        except SurveyNotOpenError:
            raise NotStored(CLOSED) from None
        if stored:
            return stored
    if not survey.takes_ballots and request.method != "POST":
        messages.info(request, CLOSED)
        return redirect("evaluation:paper_sheet_list", survey.pk)
    form.fields[form.typing_starts()].widget.attrs["autofocus"] = True
    sheets = sheets_of(survey)
    context = {
        "survey": survey,
        "form": form,
        "is_second": is_second,
        "sheets": sheets,
        "typed": spans(sheets.numbers_once if is_second else sheets.numbers),
    }
    return render(request, "evaluation/paper_sheet_entry.html", context)


def store_first(request: Request, survey: Survey, form: PaperSheetForm) -> HttpResponse | None:
    """Where it leads to; None where the form says why nothing is stored. Raises SurveyNotOpenError."""
    number = form.cleaned_data["number"]
    try:
        enter_sheet(survey=survey, number=number, entry=form.entry(), by=request.user)
    except SheetTakenError:
        form.add_error("number", f"Bogen {number} ist schon eingegeben. Steht auf diesem eine andere Nummer?")
        return None
    messages.success(request, f"Bogen {number} ist eingegeben.")
    return redirect("evaluation:paper_sheet_add", survey.pk)


def store_second(request: Request, survey: Survey, form: PaperSheetForm) -> HttpResponse | None:
    """The same for the second entry of a sheet."""
    number = form.cleaned_data["number"]
    try:
        sheet = enter_again(survey=survey, number=number, entry=form.entry(), by=request.user)
    except NoSuchSheetError:
        form.add_error("number", f"Bogen {number} ist noch nicht eingegeben. Bitte prüfen Sie die Nummer.")
        return None
    except SheetTakenError:
        messages.info(request, f"Bogen {number} ist schon eingelegt.")
        return redirect("evaluation:paper_sheet_repeat", survey.pk)
    if sheet.is_done:
        messages.success(request, f"Bogen {number}: beide Eingaben sind gleich. Er ist eingelegt.")
        return redirect("evaluation:paper_sheet_repeat", survey.pk)
    return redirect("evaluation:paper_sheet_decide", survey.pk, number)


@require_http_methods(["GET", "POST"])
@never_cache
@permission_required("evaluation.change_survey", raise_exception=True)
@needs_the_secret
def paper_sheet_decide(request: Request, pk: int, number: int) -> HttpResponse:
    """Both entries of a sheet side by side where they differ; one of them is chosen."""
    survey = anonymous_survey(request, pk)
    sheet = open_sheet(survey, number)
    if sheet.state != PaperState.DIFFERS:
        return redirect("evaluation:paper_sheet_list", survey.pk)
    first, second = first_of(survey, sheet).answers, second_of(survey, sheet).answers
    paper = printed_for(survey)
    found = differences(paper, first, second)
    form = SheetDecisionForm(request.POST if request.method == "POST" else None, found=found)
    if form.is_valid():
        chosen = paper.sheet.relevant(form.chosen(first, second))
        try:
            decide_sheet(survey=survey, number=number, answers=chosen, by=request.user)
        except (SurveyNotOpenError, NoSuchSheetError, SheetTakenError):
            messages.info(request, f"Bogen {number} war schon entschieden, oder die Erhebung ist geschlossen.")
            return redirect("evaluation:paper_sheet_list", survey.pk)
        messages.success(request, f"Bogen {number} ist eingelegt.")
        return redirect("evaluation:paper_sheet_repeat", survey.pk)
    context = {"survey": survey, "sheet": sheet, "form": form}
    return render(request, "evaluation/paper_sheet_decide.html", context)


def open_sheet(survey: Survey, number: int) -> PaperSheet:
    """A sheet of a survey that still takes ballots; a finished one has nothing to show."""
    sheet = get_object_or_404(survey.paper_sheets, number=number)
    if not survey.takes_ballots:
        raise Http404
    return sheet


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.change_survey", raise_exception=True)
def paper_sheet_delete(request: Request, pk: int, number: int) -> HttpResponse:
    survey = anonymous_survey(request, pk)
    sheet = open_sheet(survey, number)
    if request.method == "POST" and not sheet.is_done:
        try:
            delete_sheet(survey=survey, number=number, by=request.user)
        except (SurveyNotOpenError, NoSuchSheetError, SheetTakenError):
            messages.info(request, f"Bogen {number} ist nicht mehr da, oder er ist schon eingelegt.")
        else:
            messages.success(request, f"Die Eingabe von Bogen {number} ist gelöscht.")
        return redirect("evaluation:paper_sheet_list", survey.pk)
    return render(request, "evaluation/paper_sheet_delete.html", {"survey": survey, "sheet": sheet})


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.change_survey", raise_exception=True)
@needs_the_secret
def paper_sheets_cast(request: Request, pk: int) -> HttpResponse:
    """Put in what was typed in once, without a second entry."""
    survey = anonymous_survey(request, pk)
    if request.method == "POST":
        try:
            number = cast_sheets(survey=survey, by=request.user)
        except SurveyNotOpenError:
            messages.info(request, CLOSED)
        else:
            messages.success(
                request, "1 Bogen ist eingelegt." if number == 1 else f"{number} Bögen sind eingelegt."
            )
        return redirect("evaluation:paper_sheet_list", survey.pk)
    return render(request, "evaluation/paper_sheets_cast.html", {"survey": survey, "sheets": sheets_of(survey)})
