"""The anonymous answer behind a personal link: no login, no session, nothing written but the sealed ballot."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evaluation.actions.answering import AlreadyAnsweredError, SurveyNotOpenError, submit
from evaluation.forms.feedback import FeedbackForm
from evaluation.models import Invitation, Purpose, SurveyState
from evaluation.results import MINIMUM_ANSWERS
from netzkoord.lib import links


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_answer(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitation_of(request, token)
    survey = invitation.survey
    if invitation.is_answered:
        return page(request, "done", invitation)
    if not survey.takes_ballots:
        return page(request, "scheduled" if survey.state is SurveyState.SCHEDULED else "closed", invitation)
    is_sent = request.method == "POST"
    form = FeedbackForm(request.POST if is_sent else None, questions=survey.questionnaire.questions())
    if not form.is_valid():
        return render(request, "evaluation/feedback_answer.html", {"form": form, "survey": survey})
    try:
        submit(invitation=invitation, answers=form.answers())
    except SurveyNotOpenError:
        return page(request, "closed", invitation)
    except AlreadyAnsweredError:  # sent twice at the same moment: the first one is stored
        pass
    return redirect(request.path)


def invitation_of(request: HttpRequest, token: str) -> Invitation:
    """The invitation that a link was made for, or that is the own one. Raises `NotValid` for any other link."""
    invitation = (
        Invitation.objects.answerable_by(request.user, key=links.target("feedback", token), token=token)
        .filter(survey__purpose=Purpose.FEEDBACK)
        .select_related("survey__session__module", "survey__questionnaire", "registration", "participation")
        .first()
    )
    if invitation is None:
        raise links.NotValid(token)
    return invitation


def page(request: HttpRequest, name: str, invitation: Invitation) -> HttpResponse:
    """A page that says where the survey stands, for somebody who cannot answer (any more)."""
    context = {"survey": invitation.survey, "is_sent": request.method == "POST", "minimum": MINIMUM_ANSWERS}
    return render(request, f"evaluation/feedback_{name}.html", context)
