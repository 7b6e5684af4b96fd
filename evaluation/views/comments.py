"""The trainers' comment on a result, and what those who were asked see when the result is given back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.actions.comments import NoCommentError, return_result, write_comment
from evaluation.forms.comments import CommentForm
from evaluation.models import Survey
from evaluation.queries.results import SurveyResult, may_comment, survey_result, visible_result
from evaluation.queries.sittings import Sitting
from evaluation.views.answering import personal
from evaluation.views.results import visible_survey
from netzkoord.lib.http import Request


def commentable(request: Request, pk: int) -> tuple[Survey, SurveyResult]:
    """The survey and its result, for those who may comment on it; else 404 or 403."""
    survey = visible_survey(request, pk)
    if not may_comment(request.user, survey):
        raise PermissionDenied
    result = visible_result(survey, request.user)
    if result is None:
        raise Http404
    return survey, result


@require_http_methods(["GET", "POST"])
def comment_edit(request: Request, pk: int) -> HttpResponse:
    survey, result = commentable(request, pk)
    form = CommentForm(
        request.POST if request.method == "POST" else None,
        comment=result.comment,
        decides_on_texts=request.user.has_perm("evaluation.change_survey"),
    )
    if form.is_valid():
        write_comment(survey=survey, by=request.user, **form.cleaned_data)
        messages.success(request, "Der Kommentar ist gespeichert.")
        return redirect(survey)
    return render(request, "evaluation/comment_edit.html", {"survey": survey, "result": result, "form": form})


@require_http_methods(["GET", "POST"])
def result_return(request: Request, pk: int) -> HttpResponse:
    """What the participants will see, and the button that sends it once."""
    survey, result = commentable(request, pk)
    if request.method == "POST":
        try:
            number = return_result(survey=survey, by=request.user)
        except NoCommentError:
            messages.info(request, "Bitte schreiben Sie zuerst einen Kommentar.")
            return redirect("evaluation:comment_edit", survey.pk)
        messages.success(request, returned_message(number))
        return redirect(survey)
    if result.comment is None:
        return redirect("evaluation:comment_edit", survey.pk)
    context = {"survey": survey, "result": result, "invited": survey.invitations.count()}
    return render(request, "evaluation/result_return.html", context)


def returned_message(number: int) -> str:
    if number == 0:
        return "Das Ergebnis ist zurückgegeben; die Mails waren schon gesendet."
    return f"Das Ergebnis ist zurückgegeben. {number} Mail{' geht' if number == 1 else 's gehen'} an die Befragten."


@require_safe
@personal
def survey_returned(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """„Das haben Sie gesagt“, for everybody who was asked, whether they have answered or not."""
    survey = sitting.survey
    result = survey_result(survey)
    if result is None or result.comment is None or result.comment.returned_at is None:
        return redirect("evaluation:survey_answer", sitting.token)
    context = {"sitting": sitting, "survey": survey, "result": result, "minimum": result.minimum}
    return render(request, "evaluation/survey_returned.html", context)
