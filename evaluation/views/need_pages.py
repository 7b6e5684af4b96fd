"""The needs of a cohort (Themenspeicher): taking up what was named, and the page of each need."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort
from evaluation.actions.needs import NothingLeft, note, take_back, take_up
from evaluation.forms.need import NOT_OFFERED, GatherForm, NeedForm
from evaluation.models import Need, NeedSource, SurveyState
from evaluation.queries.candidates import candidates_of
from evaluation.queries.need_pages import asked_in, need_page, need_rows, remedies_for
from evaluation.queries.recurrence import recurrences
from evaluation.queries.sources import weighed
from netzkoord.lib.http import NotStored, Request

VIEW = permission_required("evaluation.view_need", raise_exception=True)
CHANGE = permission_required("evaluation.change_need", raise_exception=True)
FORM_METHODS = ["GET", "HEAD", "POST"]
STAYS = "Der Bedarf bleibt im Themenspeicher, weil die Abschlusserhebung nach ihm {}."
GONE = "Diesen Bedarf gibt es nicht mehr. Kopieren Sie, was Sie noch brauchen, und öffnen Sie den Themenspeicher."


@require_safe
@VIEW
def need_list(request: Request, pk: int) -> HttpResponse:
    visible = Cohort.objects.visible_to(request.user)
    cohort = get_object_or_404(visible, pk=pk)
    rows = need_rows(cohort, recurrences(visible))
    return render(request, "evaluation/need_list.html", {"cohort": cohort, "rows": rows})


@require_http_methods(FORM_METHODS)
@CHANGE
def need_gather(request: Request, pk: int) -> HttpResponse:
    """What was named and belongs to no need yet; several become one."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    candidates = candidates_of(cohort)
    data = request.POST if request.method == "POST" else None
    form = GatherForm(data, cohort=cohort, candidates=candidates)
    if form.is_valid():
        try:
            need = take_up(need=form.chosen_need, keys=form.chosen)
        except NothingLeft:
            form.add_error(None, NOT_OFFERED)
        else:
            messages.success(request, f"Der Bedarf „{need}“ ist im Themenspeicher.")
            return redirect("evaluation:need_gather", cohort.pk)
    context = {"cohort": cohort, "form": form, "candidates": candidates}
    return render(request, "evaluation/need_gather.html", context)


@require_safe
@VIEW
def need_detail(request: Request, pk: int) -> HttpResponse:
    needs = Need.objects.visible_to(request.user).filter(pk=pk).select_related("cohort")
    if not (found := weighed(needs)):
        raise Http404
    return render(request, "evaluation/need_detail.html", {"page": need_page(found[0], request.user)})


@require_http_methods(FORM_METHODS)
@CHANGE
@transaction.atomic
def need_edit(request: Request, pk: int) -> HttpResponse:
    needs = Need.objects.visible_to(request.user).select_related("cohort")
    need = needs.select_for_update(of=("self",)).filter(pk=pk).first()
    if need is None and request.method == "POST":
        raise NotStored(GONE)
    need = need or get_object_or_404(needs, pk=pk)
    form = NeedForm(request.POST if request.method == "POST" else None, instance=need)
    if form.is_valid():
        note(need=form.save(commit=False))
        messages.success(request, f"Der Bedarf ist gespeichert. {form.merged_sentence}".strip())
        return redirect(need)
    context = {"form": form, "need": need, "judged": asked_in(need)}
    return render(request, "evaluation/need_edit.html", context)


@require_POST
@CHANGE
def need_source_remove(request: Request, pk: int) -> HttpResponse:
    sources = NeedSource.objects.filter(need__in=Need.objects.visible_to(request.user))
    source = get_object_or_404(sources.select_related("need", "cluster", "topic"), pk=pk)
    need = source.need
    if take_back(source=source):
        why = why_it_stays(need)
        messages.success(request, f"Die Quelle ist entfernt; sie lässt sich wieder aufnehmen.{why}")
        return redirect(need)
    messages.success(
        request, f"Der Bedarf „{need}“ hatte keine andere Quelle und ist nicht mehr im Themenspeicher."
    )
    return redirect("evaluation:need_list", need.cohort_id)


def why_it_stays(need: Need) -> str:
    """A sentence for a need that has lost its last source."""
    judged = None if need.sources.exists() else asked_in(need)
    if judged is None:
        return ""
    return f" {STAYS.format('gefragt hat' if judged.survey.state is SurveyState.CLOSED else 'fragt')}"


@require_safe
@CHANGE
def need_remedies(request: Request, pk: int) -> HttpResponse:
    """„Was tun?“ for a need that the plan does not cover."""
    need = get_object_or_404(Need.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    return render(request, "evaluation/need_remedies.html", {"need": need, "remedies": remedies_for(need)})
