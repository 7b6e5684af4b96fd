"""Points on a wall: started, typed in from paper, ended, corrected and chosen by those who moderate."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.actions.polls import (
    NotCounted,
    choose_poll,
    close_poll,
    correct_people,
    open_poll,
    set_points,
)
from evaluation.boards import NotPossible
from evaluation.forms.polls import PeopleForm, PollForm, SheetForm
from evaluation.models import GuidingQuestion, Poll
from evaluation.queries.polls import columns_of, poll_named, poll_page
from evaluation.views.wall_board import MODERATE, question_of, question_sent_to, questions_of, refuse
from netzkoord.lib.http import Request
from netzkoord.models import User

NO_SUCH_POLL = (
    "Der Zettel gehört zu keiner Abfrage dieser Leitfrage und ist nicht gezählt. Bitte tippen Sie ihn neu ein."
)
NOT_COUNTED = (
    "Die Abfrage, zu der dieser Zettel gehört, wurde inzwischen beendet. Nicht gezählt: {typed}. "
    "Soll er zählen, braucht es eine neue Abfrage; das Ergebnis der beendeten bleibt, wie es ist."
)
WITHOUT_VOTES = "Die Abfrage ist beendet. Niemand hat Punkte gesetzt; sie ändert nichts und wird nicht aufgeführt."


@require_http_methods(["GET", "HEAD", "POST"])
@MODERATE
def wall_poll(request: Request, pk: int) -> HttpResponse:
    """What the points are about, how many each has, and every result; started by POST."""
    question = question_sent_to(request, pk)
    form = PollForm(request.POST if request.method == "POST" else None, workshop=question.workshop)
    if form.is_valid():
        try:
            open_poll(question=question, **form.cleaned_data)
        except NotCounted as refusal:
            form.add_error(None, str(refusal))
        except NotPossible as refusal:
            refuse(form, refusal)
        else:
            return redirect("evaluation:wall_poll", pk)
    return shown(request, question, form=form)


def shown(
    request: Request,
    question: GuidingQuestion,
    *,
    form: PollForm | None = None,
    sheet: SheetForm | None = None,
    people: tuple[Poll, PeopleForm] | None = None,
    not_counted: str = "",
) -> HttpResponse:
    """The page with the form that was sent, if one was, and the others as they begin."""
    page = poll_page(question)
    sent = form or sheet or (people and people[1])
    if page.poll:
        sheet = sheet or SheetForm(columns=page.columns, poll=page.poll)
    corrected = dict([people] if people else [])
    context = {
        "page": page,
        "form": form or PollForm(None, workshop=question.workshop),
        "sheet": sheet,
        "people": corrected.get(page.poll) or PeopleForm(poll=page.poll) if page.poll else None,
        "results": [(each, corrected.get(each.poll) or PeopleForm(poll=each.poll)) for each in page.weighings],
        "sent": sent,
        "not_counted": not_counted,
    }
    return render(request, "evaluation/wall_poll.html", context)


@require_POST
@MODERATE
def wall_poll_sheet(request: Request, pk: int) -> HttpResponse:
    """The points of one person who set them on paper or by hand; sent twice, they count once."""
    question = question_of(request.user, pk)
    poll = poll_named(request.POST.get("poll", ""), question.polls.all())
    if poll is None:
        return shown(request, question, not_counted=NO_SUCH_POLL)
    sheet = SheetForm(request.POST, columns=columns_of(poll), poll=poll)
    if sheet.is_valid():
        try:
            set_points(poll=poll, points=sheet.points(), key=sheet.cleaned_data["key"].hex)
        except NotCounted as refusal:
            sheet.add_error(None, str(refusal))
        else:
            messages.success(request, "Die Punkte sind gezählt.")
            return redirect("evaluation:wall_poll", pk)
    if not poll.is_open:
        return shown(request, question, not_counted=NOT_COUNTED.format(typed=sheet.typed()))
    return shown(request, question, sheet=sheet)


@require_POST
@MODERATE
def wall_poll_close(request: Request, pk: int) -> HttpResponse:
    question = question_of(request.user, pk)
    if (poll := question.polls.open().select_related("guiding_question").first()) and not close_poll(poll=poll):
        messages.warning(request, WITHOUT_VOTES)
    return redirect("evaluation:wall_poll", pk)


@require_POST
@MODERATE
def wall_poll_choose(request: Request, pk: int) -> HttpResponse:
    """Let the result of this poll count."""
    poll = poll_of(request.user, pk)
    choose_poll(poll=poll)
    if chosen := poll_page(poll.guiding_question).chosen:
        messages.success(request, f"Es gilt jetzt die {chosen.name}.")
    return redirect("evaluation:wall_poll", poll.guiding_question_id)


@require_POST
@MODERATE
def wall_poll_people(request: Request, pk: int) -> HttpResponse:
    """Correct how many people are in the room."""
    poll = poll_of(request.user, pk)
    form = PeopleForm(request.POST, poll=poll)
    if form.is_valid():
        correct_people(poll=poll, people=form.cleaned_data["people"])
        return redirect("evaluation:wall_poll", poll.guiding_question_id)
    return shown(request, poll.guiding_question, people=(poll, form))


def poll_of(user: User, pk: int) -> Poll:
    polls = Poll.objects.filter(guiding_question__in=questions_of(user))
    return get_object_or_404(polls.select_related("guiding_question__workshop__asked_in"), pk=pk)
