"""Answering a survey behind a personal link: no login, step by step, sent once."""

import logging
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation import ballots
from evaluation.actions.answering import AlreadyAnsweredError, SurveyNotOpenError, save_draft, submit
from evaluation.forms.answering import NO_NAMES, AnswerStepForm
from evaluation.forms.fingerprints import SentReceiptForm
from evaluation.queries import asking
from evaluation.queries.sittings import Sitting
from evaluation.said import fingerprint
from netzkoord.lib import links
from netzkoord.lib.http import NotStored

logger = logging.getLogger(__name__)
UNREADABLE = (
    "Diese Erhebung lässt sich gerade nicht öffnen; es liegt nicht an Ihnen. Was schon gespeichert ist, bleibt. "
    "Bitte versuchen Sie es morgen noch einmal, oder sagen Sie der Organisation Bescheid."
)


def personal(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the invitation behind a personal link to the view; needs no login, is stored nowhere.

    The link itself is the proof, no cookie is: so a form is accepted however old its CSRF token is, and nobody
    else's page can send it without knowing the link.
    """

    @login_not_required
    @csrf_exempt
    @never_cache
    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs: int) -> HttpResponse:
        invitation = asking.invitation_of(request.user, key=links.target("survey", token), token=token)
        if invitation is None:
            raise links.NotValid(token)
        try:
            return view(request, Sitting(invitation, token), **kwargs)
        except ballots.BallotsUnreadableError:  # the operator's secret is another one: it can be put back
            logger.exception("Survey %s cannot be opened", invitation.survey_id)
            raise NotStored(UNREADABLE) from None

    return wrapper


@require_safe
@personal
def survey_answer(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """The first page: what this is, whether it is anonymous, and where to begin or to go on."""
    if not sitting.can_answer:
        return not_open(request, sitting)
    return render(request, "evaluation/survey_answer.html", {"sitting": sitting})


@require_http_methods(["GET", "POST"])
@personal
def survey_answer_step(request: HttpRequest, sitting: Sitting, step: int) -> HttpResponse:
    if not sitting.can_answer:
        return not_open(request, sitting)
    if not 1 <= step <= len(sitting.steps):
        return redirect("evaluation:survey_answer", sitting.token)
    form = step_form(request, sitting, step)
    if form.is_valid():
        try:
            save_step(sitting, form)
        except (AlreadyAnsweredError, SurveyNotOpenError):
            return not_open(request, sitting)
        return redirect(after_step(request.POST.get("then", ""), sitting, step))
    return render(request, "evaluation/survey_answer_step.html", {"form": form, "sitting": sitting})


def step_form(request: HttpRequest, sitting: Sitting, step: int) -> AnswerStepForm:
    survey = sitting.survey
    return AnswerStepForm(
        request.POST if request.method == "POST" else None,
        step=sitting.steps[step - 1],
        answers=sitting.answers,
        text_limit=ballots.text_limit(survey),
        hint=NO_NAMES if survey.is_anonymous else "",
    )


def save_step(sitting: Sitting, form: AnswerStepForm) -> None:
    save_draft(
        invitation=sitting.invitation,
        questions={asked.question.pk for asked in form.step.questions},
        answers=form.said(),
        section=form.step.section.pk,
    )


def after_step(then: str, sitting: Sitting, step: int) -> str:
    """Where the pressed button leads: to the first page (interrupt), back, or to the next step that now follows."""
    token = sitting.token
    if then == "pause":
        return reverse("evaluation:survey_answer", args=[token])
    if then == "back" and step > 1:
        return reverse("evaluation:survey_answer_step", args=[token, step - 1])
    last = len(Sitting(sitting.invitation, token).steps)
    if then == "check" or step >= last:
        return reverse("evaluation:survey_answer_check", args=[token])
    return reverse("evaluation:survey_answer_step", args=[token, step + 1])


@require_http_methods(["GET", "POST"])
@personal
def survey_answer_check(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """„Angaben prüfen“, and sending them once."""
    if request.method == "POST" and sitting.is_complete:
        return send(request, sitting)
    if request.method == "POST" and sitting.was_answered_meanwhile():  # the draft is gone by now
        return sent_before(request, sitting)
    if not sitting.can_answer:
        return not_open(request, sitting)
    context = {"sitting": sitting, "receipt": ballots.random_receipt()}
    return render(request, "evaluation/survey_answer_check.html", context)


def send(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """The last page, shown at once: receipt and fingerprint of the answers are known at this moment only."""
    answers, kept = sitting.relevant, sitting.kept
    receipt = receipt_sent(request) or ballots.random_receipt()
    try:
        submit(invitation=sitting.invitation, answers=answers, receipt=receipt)
    except SurveyNotOpenError:
        return not_open(request, sitting)
    except AlreadyAnsweredError:
        return sent_before(request, sitting)
    if not sitting.survey.is_anonymous:
        return redirect("evaluation:survey_answer_done", sitting.token)
    return done(request, sitting, receipt=receipt, fingerprint=fingerprint(receipt, kept))


def sent_before(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Sent twice: what came first is stored. A second click brings the receipt of the first one along."""
    receipt = receipt_sent(request)
    if receipt and sitting.survey.is_anonymous:
        return done(request, sitting, receipt=receipt)
    return redirect("evaluation:survey_answer_done", sitting.token)


def receipt_sent(request: HttpRequest) -> str:
    """What stood hidden on the page; the server keeps it nowhere, so nobody else finds it behind the link later."""
    form = SentReceiptForm(request.POST)
    return str(form.cleaned_data["receipt"]) if form.is_valid() else ""


@require_safe
@personal
def survey_answer_done(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    if not sitting.is_answered:
        return redirect("evaluation:survey_answer", sitting.token)
    return done(request, sitting)


def done(request: HttpRequest, sitting: Sitting, *, receipt: str = "", fingerprint: str = "") -> HttpResponse:
    context = {"sitting": sitting, "receipt": receipt, "fingerprint": fingerprint}
    return render(request, "evaluation/survey_answer_done.html", context)


@require_safe
@personal
def survey_answer_sent(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """The own answers of a personal survey, as they were sent."""
    if sitting.survey.is_anonymous or not sitting.is_answered:
        return redirect("evaluation:survey_answer", sitting.token)
    return render(request, "evaluation/survey_answer_sent.html", {"sitting": sitting})


@require_POST
@personal
def survey_answer_mentions(request: HttpRequest, sitting: Sitting) -> JsonResponse:
    """Names and towns of the cohort that stand in a text while it is being written; the text is kept nowhere."""
    return JsonResponse({"found": sitting.mentioned_in(request.POST.get("text", ""))})


def not_open(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """What was sent too late, or again, is not stored: the page says so."""
    if sitting.is_answered:
        return redirect("evaluation:survey_answer_done", sitting.token)
    context = {"sitting": sitting, "is_lost": request.method == "POST"}
    return render(request, "evaluation/survey_answer_closed.html", context)
