"""The list in which everybody finds the fingerprint of their own answers; it says nothing about anybody else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from evaluation.forms.fingerprints import ReceiptForm
from evaluation.models import Outcome, Survey
from evaluation.queries.fingerprints import fingerprint_of, fingerprints_of
from netzkoord.lib.limits import limit_guesses


@login_not_required
@csrf_exempt  # changes nothing
@never_cache
@limit_guesses
@require_http_methods(["GET", "HEAD", "POST"])
def survey_fingerprints(request: HttpRequest, pk: int) -> HttpResponse:
    survey = get_object_or_404(Survey.objects.anonymous().select_related("cohort", "session__module"), pk=pk)
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    context = {
        "survey": survey,
        "is_counted": survey.outcome in (Outcome.COUNTED, Outcome.POOLED),
        "form": form,
        "fingerprints": fingerprints_of(survey),
        "found": fingerprint_of(survey, form.cleaned_data["receipt"]) if form.is_valid() else None,
        "minimum": survey.minimum,
    }
    return render(request, "evaluation/survey_fingerprints.html", context)
