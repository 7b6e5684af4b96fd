"""Feedback surveys as organisers start, watch and close them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Cohort, Session
from evaluation.actions.surveys import close_survey, start_feedback_survey
from evaluation.forms.surveys import FeedbackSurveyForm
from evaluation.models import Survey, SurveyState
from evaluation.queries.invited import attended_session
from evaluation.queries.session_feedback import feedback_by_session
from evaluation.results import MINIMUM_ANSWERS
from netzkoord.lib.http import Request


@require_safe
@permission_required("evaluation.view_survey", raise_exception=True)
def feedback_list(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    rows = feedback_by_session(cohort, request.user)
    context = {"cohort": cohort, "rows": rows, "minimum": MINIMUM_ANSWERS}
    return render(request, "evaluation/feedback_list.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.add_survey", raise_exception=True)
def feedback_survey_add(request: Request, pk: int) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user).select_related("cohort", "module"), pk=pk)
    if Survey.objects.feedback().filter(session=session).exists():
        messages.info(request, "Die Rückmeldung zu diesem Termin ist schon gestartet.")
        return redirect("evaluation:feedback_list", session.cohort_id)
    if session.cancelled_at or session.cohort.cancelled_at:
        messages.info(request, "Der Termin ist abgesagt. Dazu gibt es keine Rückmeldung.")
        return redirect("evaluation:feedback_list", session.cohort_id)
    is_sent = request.method == "POST"
    form = FeedbackSurveyForm(request.POST if is_sent else None, session=session)
    if form.is_valid():
        survey = start_feedback_survey(session=session, by=request.user, **form.cleaned_data)
        messages.success(request, started_message(survey))
        return redirect("evaluation:feedback_list", session.cohort_id)
    context = {"form": form, "session": session, "attended": attended_session(session.pk).count()}
    return render(request, "evaluation/feedback_survey_add.html", context)


def started_message(survey: Survey) -> str:
    invited = survey.invitations.count()
    if survey.is_open:
        people = "1 Person hat" if invited == 1 else f"{invited} Personen haben"
        return f"Die Rückmeldung ist offen. {people} den Link per Mail erhalten."
    people = "1 Person erhält" if invited == 1 else f"{invited} Personen erhalten"
    return f"Die Rückmeldung ist geplant. {people} den Link, sobald sie öffnet."


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.change_survey", raise_exception=True)
def survey_close(request: Request, pk: int) -> HttpResponse:
    surveys = Survey.objects.visible_to(request.user).feedback().with_counts()
    survey = get_object_or_404(surveys.select_related("cohort", "session__module"), pk=pk)
    if request.method == "POST":
        if close_survey(survey=survey, by=request.user):
            messages.success(request, "Die Rückmeldung ist geschlossen.")
        else:
            messages.info(request, not_open_message(survey))
        return redirect("evaluation:feedback_list", survey.cohort_id)
    return render(request, "evaluation/survey_close.html", {"survey": survey, "minimum": MINIMUM_ANSWERS})


def not_open_message(survey: Survey) -> str:
    if survey.state is SurveyState.SCHEDULED:
        return "Die Rückmeldung ist noch nicht offen. Es ist nichts zu schließen."
    return "Die Rückmeldung war schon geschlossen."
