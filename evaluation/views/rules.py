"""The rules by which a cohort asks by itself."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from curriculum.models import Cohort
from evaluation.actions.rules import write_rules
from evaluation.actions.timetable import save_rule
from evaluation.forms.rules import SurveyRuleForm
from evaluation.models import Purpose, SurveyRule
from evaluation.queries.rules import rules_of
from evaluation.rule_words import PURPOSES
from netzkoord.lib.http import Request


@require_http_methods(["GET", "POST"])
@permission_required("evaluation.change_survey", raise_exception=True)
@transaction.atomic
def survey_rule_edit(request: Request, pk: int, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    if slug not in PURPOSES:
        raise Http404
    is_sent = request.method == "POST"
    rule = locked_rule(cohort, PURPOSES[slug]) if is_sent else rules_of(cohort)[PURPOSES[slug]]
    form = SurveyRuleForm(request.POST if is_sent else None, instance=rule)
    if form.is_valid():
        if form.changed:
            save_rule(form.save(commit=False), by=request.user)
        messages.success(request, f"Die Regel gilt ab jetzt. {form.merged_sentence}".strip())
        return redirect("evaluation:feedback_list", cohort.pk)
    context = {"form": form, "cohort": cohort, "title": PURPOSES[slug].label}
    return render(request, "evaluation/survey_rule_edit.html", context)


def locked_rule(cohort: Cohort, purpose: Purpose) -> SurveyRule:
    write_rules(cohort)
    return cohort.survey_rules.select_for_update(of=("self",)).select_related("questionnaire").get(purpose=purpose)
