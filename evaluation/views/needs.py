"""The needs survey: the cohort's tab, starting it, and answering it without a password."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Cohort
from evaluation.actions.answering import AlreadyAnsweredError, SurveyNotOpenError, save_draft, submit
from evaluation.actions.needs import start_needs_survey
from evaluation.forms.needs import NeedsStepForm, NeedsSurveyForm
from evaluation.models import Invitation, Survey
from evaluation.queries import needs as queries
from netzkoord.lib import links
from netzkoord.lib.http import Request
from netzkoord.models import User


@require_safe
def needs(request: Request, pk: int) -> HttpResponse:
    """Organisers with names; readers aggregated; the cohort's trainers aggregated and as cards without names."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    survey = queries.needs_survey_of(cohort.pk)
    overview = overview_for(request.user, survey) if survey else None
    return render(request, "evaluation/needs.html", {"cohort": cohort, "survey": survey, "overview": overview})


def overview_for(user: User, survey: Survey) -> queries.NeedsOverview:
    if user.has_perm("evaluation.view_personal_answers"):
        return queries.needs_by_name(survey)
    if user.has_perm("evaluation.view_all_surveys"):
        return queries.needs_aggregated(survey)
    return queries.needs_as_cards(survey)


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.add_survey", raise_exception=True)
def needs_survey_add(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    if queries.needs_survey_of(cohort.pk):
        return redirect("evaluation:needs", cohort.pk)
    initial = {"closes_on": queries.proposed_last_day(cohort)}
    form = NeedsSurveyForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        survey = start_needs_survey(cohort=cohort, closes_at=form.closes_at, by=request.user)
        invited = survey.invitations.count()
        people = "1 Person" if invited == 1 else f"{invited} Personen"
        messages.success(request, f"Die Bedarfserhebung ist offen. Der Link ist an {people} gesendet.")
        return redirect("evaluation:needs", cohort.pk)
    context = {"form": form, "cohort": cohort, "invited": queries.people_to_invite(cohort)}
    return render(request, "evaluation/needs_survey_add.html", context)


def personal(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the invitation behind a personal link to the view; needs no login, is stored nowhere."""

    @login_not_required
    @never_cache
    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs: int) -> HttpResponse:
        invitation = queries.invitation_of(request.user, key=links.target("needs", token), token=token)
        if invitation is None:
            raise links.NotValid(token)
        return view(request, invitation, token, **kwargs)

    return wrapper


@require_safe
@personal
def needs_answer(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """The first page behind the link: what this is, and where to begin or to go on."""
    steps = queries.steps_of(invitation.survey)
    draft = queries.draft_of(invitation)
    context = queries.context_of(invitation, token) | {
        "steps": steps,
        "next_step": queries.next_step(steps, draft),
        "saved_at": draft.saved_at,
    }
    return render(request, "evaluation/needs_answer.html", context)


@require_http_methods(["GET", "POST"])
@personal
def needs_answer_step(request: HttpRequest, invitation: Invitation, token: str, step: int) -> HttpResponse:
    steps = queries.steps_of(invitation.survey)
    if not queries.can_answer(invitation) or not 1 <= step <= len(steps):
        return closed(request, token)
    draft = queries.draft_of(invitation)
    current = steps[step - 1]
    form = NeedsStepForm(request.POST if request.method == "POST" else None, step=current, answers=draft.answers)
    if form.is_valid():
        questions = [question.pk for question in current.questions]
        try:
            save_draft(invitation=invitation, questions=questions, answers=form.said(), section=current.section.pk)
        except (AlreadyAnsweredError, SurveyNotOpenError):
            return closed(request, token)
        return redirect(after_step(request.POST.get("then", ""), token=token, step=step, last=len(steps)))
    context = queries.context_of(invitation, token) | {
        "form": form,
        "step": current,
        "steps": steps,
        "saved_at": draft.saved_at,
    }
    return render(request, "evaluation/needs_answer_step.html", context)


def after_step(then: str, *, token: str, step: int, last: int) -> str:
    """Where the pressed button leads: back, to the first page (interrupt), to the check, or to the next step."""
    if then == "pause":
        return reverse("evaluation:needs_answer", args=[token])
    if then == "back" and step > 1:
        return reverse("evaluation:needs_answer_step", args=[token, step - 1])
    if then == "check" or step == last:
        return reverse("evaluation:needs_answer_check", args=[token])
    return reverse("evaluation:needs_answer_step", args=[token, step + 1])


def closed(request: HttpRequest, token: str) -> HttpResponse:
    """Where nothing can be changed any more (or that step does not exist): the first page says what is."""
    return redirect("evaluation:needs_answer", token)


@require_http_methods(["GET", "POST"])
@personal
def needs_answer_check(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """„Angaben prüfen“, and sending them; afterwards the same page shows what was sent."""
    draft = queries.draft_of(invitation)
    has_said_anything = bool(draft.answers)
    if request.method == "POST" and has_said_anything:
        try:
            submit(invitation=invitation, answers=draft.answers)
        except (AlreadyAnsweredError, SurveyNotOpenError):
            return closed(request, token)
        return redirect("evaluation:needs_answer_done", token)
    if not has_said_anything and not queries.can_answer(invitation):
        return closed(request, token)
    context = queries.context_of(invitation, token) | {
        "steps": queries.checked_steps(queries.steps_of(invitation.survey), draft.answers),
        "saved_at": draft.saved_at,
        "is_empty": not has_said_anything,
    }
    return render(request, "evaluation/needs_answer_check.html", context)


@require_safe
@personal
def needs_answer_done(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    if not invitation.is_answered:
        return redirect("evaluation:needs_answer", token)
    return render(request, "evaluation/needs_answer_done.html", queries.context_of(invitation, token))
