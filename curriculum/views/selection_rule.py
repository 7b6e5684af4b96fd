"""The rule of selection of a cohort, and its lot."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.actions.selection_rule import LotRefused, RuleChanged, RuleFixed, change_rule, draw_lot, may_draw
from curriculum.forms.selection_rule import RuleForm
from curriculum.models import Cohort
from curriculum.queries.selection_rules import rule_of
from curriculum.rules import Rule, in_words
from netzkoord.lib.http import NotStored, Request

FIXED = (
    "Der Durchgang ist inzwischen ausgeschrieben. Seine Auswahlregel steht damit fest, und Ihre Änderung ist nicht "
    "gespeichert: Wer sich anmeldet, verlässt sich auf das, was in der Ausschreibung steht."
)
CHANGED = (
    "Inzwischen hat jemand anderes die Regel geändert; wie sie jetzt lautet, steht unter dem Formular. "
    "Ihre Eingabe ist noch da; wenn Sie erneut speichern, ersetzt sie die andere."
)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_cohort", raise_exception=True)
def selection_rule_edit(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    rule = rule_of(cohort)
    form = RuleForm(request.POST if request.method == "POST" else None, rule=rule)
    if form.is_valid() and stored(request, cohort, form):
        messages.success(request, "Die Auswahlregel ist gespeichert.")
        return redirect("curriculum:selection_rule_edit", cohort.pk)
    return render(request, "curriculum/selection_rule_edit.html", rule_context(cohort, rule_of(cohort), form))


def stored(request: Request, cohort: Cohort, form: RuleForm) -> bool:
    """Whether the rule is stored now; where somebody was faster, the form says so."""
    try:
        change_rule(cohort=cohort, rule=form.rule(), seen=form.seen_rule() or form.rule(), by=request.user)
    except RuleFixed as error:
        raise NotStored(FIXED) from error
    except RuleChanged:
        form.add_error(None, CHANGED)
        form.show_anew(rule_of(cohort))
        return False
    return True


def rule_context(cohort: Cohort, rule: Rule, form: RuleForm) -> dict[str, object]:
    return {
        "cohort": cohort,
        "form": form,
        "rule": rule,
        "words": in_words(rule),
        "may_draw": rule.waits_for_lot and may_draw(cohort),
    }


@require_POST
@permission_required("curriculum.change_cohort", raise_exception=True)
def lot_draw(request: Request, pk: int) -> HttpResponse:
    """„Los ziehen“; a second press finds it drawn."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    try:
        rule = draw_lot(cohort=cohort, by=request.user)
    except LotRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Das Los ist gezogen. Startwert: {rule.lot_seed}")
    return redirect("curriculum:selection_rule_edit", cohort.pk)
