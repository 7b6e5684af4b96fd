"""The surveys of a cohort as organisers see them, and what they do by hand where no rule fits."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort, Session
from evaluation.actions.surveys import (
    close_survey,
    open_survey,
    set_period,
    start_feedback_survey,
    start_survey,
)
from evaluation.actions.timetable import take_back
from evaluation.forms.surveys import CourseSurveyForm, FeedbackSurveyForm, SurveyPeriodForm
from evaluation.models import Purpose, Survey, SurveyState
from evaluation.queries.cohort_surveys import NOBODY, RuleRow, survey_rows
from evaluation.queries.invited import attended_session
from evaluation.queries.needs import people_to_invite
from evaluation.queries.rules import rules_of
from evaluation.queries.timetable import Return, plan_of, return_of, sessions_ahead
from evaluation.questionnaires import questionnaire_by_rule
from evaluation.rule_words import PURPOSES
from evaluation.withholding import may_be_opened
from netzkoord.lib.http import Request
from netzkoord.templatetags.german import german_datetime

BY_HAND = (Purpose.START, Purpose.END, Purpose.TRANSFER)
# What is asked when all sessions have been.
AFTER_ALL = (Purpose.END, Purpose.TRANSFER)


@require_safe
@permission_required("evaluation.view_survey", raise_exception=True)
def feedback_list(request: Request, pk: int) -> HttpResponse:
    """All surveys of a cohort; its trainers see the feedback on their own sessions."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    rules = rules_of(cohort)
    context = {
        "cohort": cohort,
        "rows": survey_rows(cohort, rules, request.user),
        "rules": [RuleRow(rule) for rule in rules.values()],
        "sees_rules": request.user.has_perm("evaluation.view_all_surveys"),
    }
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
    rule = rules_of(session.cohort)[Purpose.FEEDBACK]
    plan = plan_of(rule, session)
    form = FeedbackSurveyForm(request.POST if request.method == "POST" else None, session=session, plan=plan)
    if form.is_valid():
        survey = start_feedback_survey(session=session, by=request.user, **form.cleaned_data)
        messages.success(request, started_message(survey))
        return redirect("evaluation:feedback_list", session.cohort_id)
    context = {
        "form": form,
        "session": session,
        "attended": attended_session(session.pk).count(),
        "questionnaire": questionnaire_by_rule(rule),
    }
    return render(request, "evaluation/feedback_survey_add.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.add_survey", raise_exception=True)
def survey_add(request: Request, pk: int, slug: str) -> HttpResponse:
    """A survey of the whole cohort, started by hand; needs have a page of their own."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    purpose = PURPOSES.get(slug)
    if purpose not in BY_HAND:
        raise Http404
    if cohort.cancelled_at or Survey.objects.filter(cohort=cohort, purpose=purpose).exists():
        is_there = "Der Durchgang ist abgesagt." if cohort.cancelled_at else "Diese Erhebung gibt es schon."
        messages.info(request, is_there)
        return redirect("evaluation:feedback_list", cohort.pk)
    rule = rules_of(cohort)[purpose]
    form = CourseSurveyForm(request.POST if request.method == "POST" else None, plan=plan_of(rule))
    if form.is_valid():
        survey = start_survey(cohort=cohort, purpose=purpose, by=request.user, **form.cleaned_data)
        messages.success(request, started_message(survey))
        return redirect("evaluation:feedback_list", cohort.pk)
    context = {
        "form": form,
        "cohort": cohort,
        "purpose": purpose,
        "slug": slug,
        "people": people_to_invite(cohort),
        "sessions_ahead": sessions_ahead(cohort) if purpose in AFTER_ALL else 0,
        "questionnaire": questionnaire_by_rule(rule),
    }
    return render(request, "evaluation/survey_add.html", context)


def started_message(survey: Survey) -> str:
    invited, label = survey.invitations.count(), survey.get_purpose_display().partition(" zum")[0]
    if not invited:
        state = "offen" if survey.is_open else "geplant"
        return f"Die {label} ist {state}. {NOBODY}"
    if survey.is_open:
        people = "1 Person hat" if invited == 1 else f"{invited} Personen haben"
        return f"Die {label} ist offen. {people} den Link per Mail erhalten."
    people = "1 Person erhält" if invited == 1 else f"{invited} Personen erhalten"
    return f"Die {label} ist geplant. {people} den Link, sobald sie öffnet."


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.change_survey", raise_exception=True)
def survey_edit(request: Request, pk: int) -> HttpResponse:
    """Instants set by hand: earlier, later, longer."""
    survey = survey_of(request, pk)
    if survey.state is SurveyState.CLOSED:
        messages.info(request, "Die Erhebung ist geschlossen. Ihr Zeitraum lässt sich nicht mehr ändern.")
        return redirect("evaluation:feedback_list", survey.cohort_id)
    form = SurveyPeriodForm(request.POST if request.method == "POST" else None, survey=survey)
    if form.is_valid():
        if set_period(survey=survey, period=form.period, by=request.user):
            messages.success(request, f"Die Erhebung ist offen bis {german_datetime(form.period.closes_at)}.")
        else:
            messages.warning(request, "Die Erhebung ist inzwischen geschlossen. Geändert ist nichts.")
        return redirect("evaluation:feedback_list", survey.cohort_id)
    return render(request, "evaluation/survey_edit.html", {"form": form, "survey": survey_of(request, pk)})


@require_POST
@permission_required("evaluation.change_survey", raise_exception=True)
def survey_open(request: Request, pk: int) -> HttpResponse:
    survey = survey_of(request, pk)
    if open_survey(survey=survey, by=request.user):
        messages.success(request, "Die Erhebung ist jetzt offen. Die Links sind unterwegs.")
    else:
        messages.info(request, "Die Erhebung war schon offen. Geändert ist nichts.")
    return redirect("evaluation:feedback_list", survey.cohort_id)


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.change_survey", raise_exception=True)
def survey_take_back(request: Request, pk: int) -> HttpResponse:
    """What was set by hand is undone, as long as nobody has answered."""
    surveys = Survey.objects.visible_to(request.user).with_has_answers()
    survey = get_object_or_404(surveys.select_related("cohort", "session__module"), pk=pk)
    if request.method == "POST":
        if found := take_back(survey=survey, by=request.user):
            messages.success(request, taken_back_message(survey, found))
        else:
            messages.info(request, "Die Erhebung lässt sich nicht mehr zurücknehmen. Geändert ist nichts.")
        return redirect("evaluation:feedback_list", survey.cohort_id)
    mailed = survey.invitations.filter(mailed_on__isnull=False).count()
    context = {"survey": survey, "found": return_of(survey), "mailed": mailed, "now": timezone.now()}
    return render(request, "evaluation/survey_take_back.html", context)


def taken_back_message(survey: Survey, found: Return) -> str:
    if found.is_kept:
        return f"„{survey}“ folgt wieder der Regel des Durchgangs."
    return f"„{survey}“ ist zurückgenommen."


def survey_of(request: Request, pk: int) -> Survey:
    surveys = Survey.objects.visible_to(request.user).select_related("cohort", "session__module")
    return get_object_or_404(surveys, pk=pk)


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.change_survey", raise_exception=True)
def survey_close(request: Request, pk: int) -> HttpResponse:
    surveys = Survey.objects.visible_to(request.user).with_counts()
    survey = get_object_or_404(surveys.select_related("cohort", "session__module"), pk=pk)
    if request.method == "POST":
        if close_survey(survey=survey, by=request.user):
            messages.success(request, "Die Erhebung ist geschlossen.")
        else:
            messages.info(request, not_open_message(survey))
        return redirect("evaluation:feedback_list", survey.cohort_id)
    by_link = survey.answered - survey.on_paper
    would_be_withheld = survey.is_anonymous and not may_be_opened(by_link, survey.on_paper, survey.minimum)
    context = {"survey": survey, "would_be_withheld": would_be_withheld}
    return render(request, "evaluation/survey_close.html", context)


def not_open_message(survey: Survey) -> str:
    if survey.state is SurveyState.SCHEDULED:
        return "Die Erhebung ist noch nicht offen. Es ist nichts zu schließen."
    return "Die Erhebung war schon geschlossen."
