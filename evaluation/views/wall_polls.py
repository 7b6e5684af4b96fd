"""Points on a wall: started, typed in from paper, ended by those who moderate."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.actions.polls import NotCounted, close_poll, open_poll, set_points
from evaluation.forms.polls import PollForm, SheetForm
from evaluation.models import Poll
from evaluation.queries.walls import poll_page
from evaluation.views.wall_board import MODERATE, question_of
from netzkoord.lib.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
@MODERATE
def wall_poll(request: Request, pk: int) -> HttpResponse:
    """What the points are about and how many each has; started by POST."""
    question = question_of(request.user, pk)
    form = PollForm(request.POST if request.method == "POST" else None, people=question.workshop.people_asked)
    if form.is_valid():
        try:
            open_poll(question=question, **form.cleaned_data)
        except NotCounted as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("evaluation:wall_poll", pk)
    page = poll_page(question)
    sheet = SheetForm(columns=page.columns, poll=page.poll) if page.poll and page.poll.is_open else None
    return render(request, "evaluation/wall_poll.html", {"page": page, "form": form, "sheet": sheet})


@require_POST
@MODERATE
def wall_poll_sheet(request: Request, pk: int) -> HttpResponse:
    """The points of one person who set them on paper or by hand; sent twice, they count once."""
    question = question_of(request.user, pk)
    poll = get_object_or_404(Poll.objects.select_related("guiding_question"), guiding_question=pk, is_open=True)
    page = poll_page(question)
    sheet = SheetForm(request.POST, columns=page.columns, poll=poll)
    if sheet.is_valid():
        try:
            set_points(poll=poll, points=sheet.points(), key=sheet.cleaned_data["key"].hex)
        except NotCounted as refusal:
            sheet.add_error(None, str(refusal))
    if sheet.is_valid():
        messages.success(request, "Die Punkte sind gezählt.")
        return redirect("evaluation:wall_poll", pk)
    context = {"page": page, "form": sheet, "sheet": sheet}
    return render(request, "evaluation/wall_poll.html", context)


@require_POST
@MODERATE
def wall_poll_close(request: Request, pk: int) -> HttpResponse:
    question = question_of(request.user, pk)
    for poll in Poll.objects.open().filter(guiding_question=question).select_related("guiding_question"):
        close_poll(poll=poll)
    return redirect("evaluation:wall_poll", pk)
