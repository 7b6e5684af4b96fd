"""Learning goals of a module, in a draft."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.forms.modules import LearningGoalForm
from curriculum.models import LearningGoal, Module
from curriculum.views.parts import (
    Deletion,
    data_of,
    deletion_page,
    order_page,
    part_or_404,
    post_is_atomic,
    store_change,
    store_new,
)
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import quoted


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def goal_add(request: Request, pk: int) -> HttpResponse:
    module = part_or_404(request, Module.objects.all(), pk, edition="edition")
    form = LearningGoalForm(data_of(request), instance=LearningGoal(module=module))
    if store_new(request, form, siblings=module.learning_goals.all(), edition=module.edition):
        return redirect(f"{module.get_absolute_url()}#lernziele")
    return render(request, "curriculum/goal_add.html", {"form": form, "module": module})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def goal_edit(request: Request, pk: int) -> HttpResponse:
    goal = part_or_404(request, LearningGoal.objects.all(), pk, edition="module__edition")
    form = LearningGoalForm(data_of(request), instance=goal)
    if store_change(request, form, edition=goal.module.edition):
        return redirect(f"{goal.module.get_absolute_url()}#lernziele")
    return render(request, "curriculum/goal_edit.html", {"form": form, "goal": goal, "module": goal.module})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def goal_delete(request: Request, pk: int) -> HttpResponse:
    goal = part_or_404(request, LearningGoal.objects.all(), pk, edition="module__edition")
    units = quoted(goal.units.all())
    deletion = Deletion(
        part=goal,
        edition=goal.module.edition,
        kind="Lernziel",
        named=f"Das Lernziel „{goal}“",
        consequence=f"Ihm dienen die Bausteine {units}; sie bleiben." if units else "Kein Baustein dient ihm.",
        back=f"{goal.module.get_absolute_url()}#lernziele",
        cancel=goal.module.get_absolute_url(),
        module=goal.module,
    )
    return deletion_page(request, deletion)


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def goal_order(request: Request, pk: int) -> HttpResponse:
    module = part_or_404(request, Module.objects.all(), pk, edition="edition")
    goals = module.learning_goals.all()
    return order_page(request, parts=goals, edition=module.edition, back=module.get_absolute_url())
