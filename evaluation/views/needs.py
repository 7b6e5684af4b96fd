"""The needs survey: the cohort's tab, starting it, and answering it without a password."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Cohort
from evaluation.actions.surveys import start_needs_survey
from evaluation.forms.needs import NeedsSurveyForm
from evaluation.models import Purpose, Survey
from evaluation.queries import needs as queries
from evaluation.queries.rules import rules_of
from evaluation.questionnaires import questionnaire_by_rule
from evaluation.views.surveys import started_message
from netzkoord.lib.http import Request
from netzkoord.models import User


@require_safe
def needs(request: Request, pk: int) -> HttpResponse:
    """Organisers with names; readers aggregated; the cohort's trainers aggregated and as cards without names."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    survey = queries.needs_survey_of(cohort.pk)
    overview = overview_for(request.user, survey) if survey else None
    context = {"cohort": cohort, "survey": survey, "overview": overview}
    return render(request, "evaluation/needs.html", context)


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
        messages.success(request, started_message(survey))
        return redirect("evaluation:needs", cohort.pk)
    context = {
        "form": form,
        "cohort": cohort,
        "invited": queries.people_to_invite(cohort),
        "questionnaire": questionnaire_by_rule(rules_of(cohort)[Purpose.NEEDS]),
    }
    return render(request, "evaluation/needs_survey_add.html", context)
