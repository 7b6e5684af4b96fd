"""The wall of one guiding question for those who moderate it: sorting, undoing, hiding, typing in paper."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from evaluation.actions import walls
from evaluation.actions.hanging import hang_cards, hang_list
from evaluation.actions.polls import close_poll
from evaluation.boards import NotPossible
from evaluation.forms.board import (
    KEY,
    LONGEST_TITLE,
    NOT_UNDERSTOOD,
    PRESS_A_BUTTON,
    PaperCardsForm,
    Pressed,
    SurveyCardsForm,
    read_button,
)
from evaluation.models import CardSource, Cluster, GuidingQuestion, Step, Workshop
from evaluation.queries.polls import running_polls
from evaluation.queries.walls import (
    ENTRIES,
    WALL,
    board_page,
    is_entered,
    other_questions,
    similar_groups,
    steps_of,
    survey_statements,
)
from netzkoord.lib.codes import is_refusing_somebody
from netzkoord.lib.http import NotStored, Request, row_sent_to
from netzkoord.models import User

NO_SUCH_ROUND = "Diese Runde gibt es nicht mehr. Geöffnet und geschlossen ist nichts."
POLL_ENDED = "Die Punktabfrage ist beendet."
STAYS_IN_REGISTER = (
    "Im Register der Empfehlungen steht sie weiter; sehen Sie nach, ob ihre Worte dort bleiben können."
)
TYPED = "Getippt hatten Sie „{title}“."
GONE = "Diese Spalte gibt es nicht mehr. Sie sehen jetzt den neuen Stand."
# Who sees workshops at all; which of them this person moderates says `Workshop.objects.moderated_by`.
MODERATE = permission_required("evaluation.view_workshop", raise_exception=True)


@require_safe
@MODERATE
def wall_board(request: Request, pk: int) -> HttpResponse:
    context = board_context(request, pk) | {"others": other_questions(pk)}
    return render(request, "evaluation/wall_board.html", context)


def revision_of(request: Request, pk: int) -> str | None:
    revisions = questions_of(request.user).filter(pk=pk).values_list("workshop__revision", flat=True)
    return None if (revision := revisions.first()) is None else tag_of(revision)


def tag_of(revision: int) -> str:
    """What a script sends along to be told only what is newer."""
    return f'"{revision}-{is_refusing_somebody(WALL)}"'


@require_safe
@MODERATE
@condition(etag_func=revision_of)
def wall_board_state(request: Request, pk: int) -> HttpResponse:
    """The wall alone, for the script of the page; two queries as long as nothing has changed."""
    return render(request, "evaluation/wall_board_wall.html", board_context(request, pk))


def board_context(request: Request, pk: int) -> dict[str, object]:
    page = board_page(question_of(request.user, pk), request.GET.get("runde", ""))
    return {
        "page": page,
        "tag": tag_of(page.workshop.revision),
        "may_recommend": request.user.has_perm("evaluation.add_recommendation"),
        "refuses_codes": page.is_asked and is_refusing_somebody(WALL),
    }


@require_safe
@MODERATE
def wall_card(request: Request, pk: int, card: int) -> HttpResponse:
    """Where one card may go; the script of the wall shows the form as a menu."""
    question = question_of(request.user, pk)
    shown = get_object_or_404(question.cards.filter(is_hidden=False).annotate(**ENTRIES), pk=card)
    context = {
        "question": question,
        "card": shown,
        "steps": steps_of(question, shown, request.GET.get("runde", "")),
        "columns": question.clusters.filter(is_dropped=False),
        "query": query_of(request),
    }
    return render(request, "evaluation/wall_card.html", context)


@require_safe
@MODERATE
def wall_column(request: Request, pk: int, column: int) -> HttpResponse:
    """What can be done with a whole column; the script of the wall shows the form as a menu."""
    question = question_of(request.user, pk)
    columns = question.clusters.filter(is_dropped=False)
    shown = get_object_or_404(columns, pk=column)
    context = {
        "question": question,
        "column": shown,
        "others": columns.exclude(pk=column),
        "query": query_of(request),
        "is_empty": not shown.cards.filter(is_hidden=False).exists(),
    }
    return render(request, "evaluation/wall_column.html", context)


@require_POST
@MODERATE
def wall_step(request: Request, pk: int) -> HttpResponse:
    """One step on the wall; the script of the page gets its words alone, or the sentence of a refusal."""
    question = question_of(request.user, pk)
    done, refusal, pressed = "", "", None
    is_script = request.headers.get("Accept") == "text/plain"
    try:
        pressed = read_button(request.POST)
        done = words_of(STEPS.get(pressed.verb, not_understood)(request, question, pressed))
    except NotPossible as reason:
        refusal = f"{reason} {typed_heading(pressed, is_script=is_script)}".strip()
    if is_script:
        status = 409 if refusal else 200
        return HttpResponse(refusal or done, status=status, content_type="text/plain; charset=utf-8")
    if refusal:
        messages.warning(request, refusal)
    return back_to_wall(request, pk)


def query_of(request: Request) -> str:
    """The round that is looked at, for the next address; nothing where it is no number."""
    number = request.GET.get("runde", "")
    return f"?runde={number}" if KEY.fullmatch(number) else ""


def back_to_wall(request: Request, pk: int) -> HttpResponse:
    return redirect(f"{reverse('evaluation:wall_board', args=[pk])}{query_of(request)}")


def typed_heading(pressed: Pressed | None, *, is_script: bool) -> str:
    """What was typed, when no field shows it any more: the script of the wall keeps the field of new columns."""
    if pressed is None or not pressed.title or (is_script and pressed.verb != rename.__name__):
        return ""
    return TYPED.format(title=Truncator(pressed.title).chars(2 * LONGEST_TITLE))


@require_POST
@MODERATE
def wall_ask(request: Request, pk: int) -> HttpResponse:
    """Open the question in a round, which closes what was open before; without a round close it."""
    question = question_sent_to(request, pk)
    number = request.POST.get("round", "")
    in_round = question.workshop.rounds.filter(pk=number).first() if KEY.fullmatch(number) else None
    if number and in_round is None:
        messages.warning(request, NO_SUCH_ROUND)
    else:
        try:
            walls.ask(question=question, in_round=in_round)
        except walls.Gone as gone:
            raise NotStored(str(gone)) from gone
        except NotPossible as refusal:
            messages.warning(request, str(refusal))
    return back_to_wall(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@MODERATE
def wall_paper(request: Request, pk: int) -> HttpResponse:
    """Type in what hangs on paper; sent twice, each card hangs once."""
    question = question_sent_to(request, pk)
    form = PaperCardsForm(request.POST if request.method == "POST" else None, question=question)
    if form.is_valid():
        in_round, texts, key = (form.cleaned_data[name] for name in ("round", "lines", "key"))
        try:
            hang_list(question=question, in_round=in_round, texts=texts, key=key, source=CardSource.PAPER)
        except NotPossible as refusal:
            refuse(form, refusal)
        else:
            return hung(request, question, len(texts))
    return render(request, "evaluation/wall_paper.html", {"question": question, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@MODERATE
@permission_required("evaluation.view_personal_answers", raise_exception=True)
def wall_survey(request: Request, pk: int) -> HttpResponse:
    """Put on the wall what the cohort of the workshop's session said in its needs survey."""
    question = question_sent_to(request, pk)
    form = SurveyCardsForm(
        request.POST if request.method == "POST" else None,
        question=question,
        statements=survey_statements(question),
    )
    if form.is_valid():
        in_round, texts = form.cleaned_data["round"], form.cards()
        try:
            hang_cards(question=question, in_round=in_round, texts=texts, source=CardSource.SURVEY)
        except NotPossible as refusal:
            refuse(form, refusal)
        else:
            return hung(request, question, len(texts))
    return render(request, "evaluation/wall_survey.html", {"question": question, "form": form})


@require_safe
@MODERATE
def wall_similar(request: Request, pk: int) -> HttpResponse:
    """Cards without a column that say similar things; a button for each group puts it into a column of its own."""
    question = question_of(request.user, pk)
    return render(
        request, "evaluation/wall_similar.html", {"question": question, "groups": similar_groups(question)}
    )


def refuse(form: Form, refusal: NotPossible) -> None:
    """The sentence beside the form that was sent; raises `NotStored` where there is no page for it any more."""
    if isinstance(refusal, walls.Gone):
        raise NotStored(str(refusal)) from refusal
    form.add_error(None, str(refusal))


def hung(request: Request, question: GuidingQuestion, number: int) -> HttpResponse:
    """Say how many cards hang now, and show the wall."""
    messages.success(request, f"{number} Karten hängen." if number != 1 else "Die Karte hängt.")
    return redirect("evaluation:wall_board", question.pk)


def move(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    """Chosen cards into the chosen column; or one card by its menu, after dragging in front of another."""
    if pressed.numbers:
        cards, column, before = pressed.numbers[:1], pressed.number(1), (*pressed.numbers, 0)[2]
    else:
        cards, column, before = pressed.need_cards(), pressed.column, 0
    target = column_of(question, column) if column else None
    return walls.move_cards(question=question, cards=cards, column=target, before=before or None, by=request.user)


def new(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    return walls.open_column(question=question, title=pressed.need_title(), cards=pressed.cards, by=request.user)


def accept(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    """What was proposed on the page of similar cards."""
    title, cards = pressed.need_title(), pressed.need_cards()
    return walls.accept_proposal(question=question, title=title, cards=cards, by=request.user)


def merge(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    into, column = column_of(question, pressed.target()), column_of(question, pressed.number(0))
    return walls.merge_columns(into=into, column=column, by=request.user)


def rename(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    return walls.rename_column(
        column=column_of(question, pressed.number(0)), title=pressed.need_title(), by=request.user
    )


def shift(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    column, before = column_of(question, pressed.number(0)), pressed.target()
    return walls.shift_column(column=column, before=before or None, by=request.user)


def drop(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    return walls.drop_column(column=column_of(question, pressed.number(0)), by=request.user)


def hide(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | str | None:
    """What the register has of it stays; who hides it is told so."""
    cards = pressed.numbers[:1] or pressed.need_cards()
    step = walls.hide_cards(question=question, cards=cards, by=request.user)
    return f"{step}. {STAYS_IN_REGISTER}" if step and is_entered(cards) else step


def show(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    return walls.show_card(question=question, card=pressed.number(0), by=request.user)


def undo(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    """The step that the button named: pressed twice, or by two people at once, it takes back one step."""
    return walls.undo_step(question=question, expected=pressed.number(0))


def end(request: Request, question: GuidingQuestion, pressed: Pressed) -> str:
    """The poll that phones still show on another wall of the workshop; ended twice, it has ended."""
    if poll := running_polls(question.workshop).filter(pk=pressed.number(0)).first():
        close_poll(poll=poll)
    return POLL_ENDED


def enter(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    """The key Enter, which presses no button of its own: it opens the column whose heading was typed."""
    if not pressed.title:
        raise NotPossible(PRESS_A_BUTTON)
    return new(request, question, pressed)


def not_understood(request: Request, question: GuidingQuestion, pressed: Pressed) -> Step | None:
    raise NotPossible(NOT_UNDERSTOOD)


def words_of(done: Step | str | None) -> str:
    """What was done, read out to who does not see the wall."""
    if isinstance(done, Step) and done.is_undone:
        return f"Rückgängig gemacht: {done}"
    return str(done or "")


STEPS: dict[str, Callable[[Request, GuidingQuestion, Pressed], Step | str | None]] = {
    step.__name__: step for step in (move, new, accept, merge, rename, shift, drop, hide, show, undo, end, enter)
}


def questions_of(user: User) -> QuerySet[GuidingQuestion]:
    return GuidingQuestion.objects.filter(workshop__in=Workshop.objects.moderated_by(user))


def question_of(user: User, pk: int) -> GuidingQuestion:
    return get_object_or_404(questions_of(user).select_related("workshop__asked_in"), pk=pk)


def question_sent_to(request: Request, pk: int) -> GuidingQuestion:
    """For a page with a form; raises `NotStored` where somebody has deleted the question since."""
    questions = questions_of(request.user).select_related("workshop__asked_in")
    return row_sent_to(request, questions, pk, gone=walls.QUESTION_GONE)


def column_of(question: GuidingQuestion, pk: int) -> Cluster:
    """Raises `NotPossible` for a column that was taken off the wall, or is of another."""
    columns = question.clusters.select_related("guiding_question").filter(is_dropped=False)
    if (column := columns.filter(pk=pk).first()) is None:
        raise NotPossible(GONE)
    return column
