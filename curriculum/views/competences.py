"""The Verantwortungskaskade: read, and for drafts its areas, competences, levels and targets written."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.actions.competences import change_competence, set_targets
from curriculum.actions.parts import add_part, change_part, delete_part, order_parts
from curriculum.forms.competences import AreaForm, CompetenceForm, LevelForm, TargetsForm
from curriculum.models import Competence, CompetenceArea, Edition, ResponsibilityLevel
from curriculum.queries.competences import cascade_of
from netzkoord.lib.http import Request
from netzkoord.lib.ordering import Sorting, answer_sorting

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]


def writes_draft(view: View[P]) -> View[P]:
    """For who may change an edition. A POST is one transaction, so that `draft` can lock until its end."""

    @wraps(view)
    def wrapped(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return permission_required("curriculum.change_edition", raise_exception=True)(wrapped)


def draft(request: Request, pk: int) -> Edition:
    """The draft; on the way to a change locked, so that nobody publishes it or adds to it meanwhile."""
    editions = Edition.objects.writable_by(request.user)
    if request.method == "POST":
        editions = editions.select_for_update()
    return get_object_or_404(editions, pk=pk)


def sent(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def say(request: Request, sentence: str, form: AreaForm | CompetenceForm | LevelForm) -> None:
    """What is now stored; and what somebody else has changed meanwhile, if anything."""
    messages.success(request, sentence)
    if form.merged_sentence:
        messages.warning(request, form.merged_sentence)


def back_to_cascade(edition: Edition) -> HttpResponseRedirect:
    return redirect("curriculum:cascade", edition.pk)


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def cascade(request: Request, pk: int) -> HttpResponse:
    editions = Edition.objects.visible_to(request.user).select_related("programme")
    edition = get_object_or_404(editions, pk=pk)
    is_writable = edition.is_draft and request.user.has_perm("curriculum.change_edition")
    context = {"edition": edition, "cascade": cascade_of(edition), "is_writable": is_writable}
    return render(request, "curriculum/cascade.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def cascade_edit(request: Request, pk: int) -> HttpResponse:
    """All target levels of the edition as one form."""
    edition = draft(request, pk)
    form = TargetsForm(sent(request), cascade=cascade_of(edition))
    if form.is_valid():
        changed = set_targets(edition=edition, targets=form.targets(), by=request.user)
        messages.success(request, targets_sentence(changed))
        return back_to_cascade(edition)
    return render(request, "curriculum/cascade_edit.html", {"edition": edition, "form": form})


def targets_sentence(changed: int) -> str:
    if not changed:
        return "Die Zielstufen waren schon so gespeichert."
    return "Eine Zielstufe ist geändert." if changed == 1 else f"{changed} Zielstufen sind geändert."


# Areas


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def area_add(request: Request, pk: int) -> HttpResponse:
    edition = draft(request, pk)
    form = AreaForm(sent(request), instance=CompetenceArea(edition=edition))
    if form.is_valid():
        siblings = edition.competence_areas.all()
        area = add_part(part=form.instance, siblings=siblings, chosen={}, edition=edition, by=request.user)
        messages.success(request, f"Der Kompetenzbereich „{area}“ ist angelegt.")
        return back_to_cascade(edition)
    return render(request, "curriculum/area_add.html", {"edition": edition, "form": form})


def area_of(request: Request, pk: int) -> CompetenceArea:
    edition = draft(request, get_object_or_404(CompetenceArea, pk=pk).edition_id)
    return get_object_or_404(edition.competence_areas.select_related("edition"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def area_edit(request: Request, pk: int) -> HttpResponse:
    area = area_of(request, pk)
    name = area.name
    form = AreaForm(sent(request), instance=area)
    if form.is_valid():
        change_part(part=area, fields=form.changed, chosen={}, edition=area.edition, by=request.user)
        say(request, f"Der Kompetenzbereich heißt „{area}“.", form)
        return back_to_cascade(area.edition)
    return render(request, "curriculum/area_edit.html", {"edition": area.edition, "form": form, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def area_delete(request: Request, pk: int) -> HttpResponse:
    area = area_of(request, pk)
    if request.method == "POST":
        delete_part(part=area, edition=area.edition, by=request.user)
        messages.success(request, f"Der Kompetenzbereich „{area}“ ist gelöscht.")
        return back_to_cascade(area.edition)
    context = {"edition": area.edition, "area": area, "competences": area.competences.all()}
    return render(request, "curriculum/area_delete.html", context)


@require_POST
@writes_draft
def area_order(request: Request, pk: int) -> HttpResponse:
    edition = draft(request, pk)

    def sort(sorting: Sorting) -> None:
        order_parts(parts=edition.competence_areas.all(), sorting=sorting, edition=edition, by=request.user)

    return answer_sorting(request, sort, back=reverse("curriculum:cascade", args=[edition.pk]))


# Competences


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def competence_add(request: Request, pk: int) -> HttpResponse:
    """`?bereich=…` names the area from which the page was called."""
    edition = draft(request, pk)
    form = CompetenceForm(
        sent(request), instance=Competence(), initial={"area": request.GET.get("bereich")}, edition=edition
    )
    if form.is_valid():
        competence = form.instance
        add_part(
            part=competence,
            siblings=competence.area.competences.all(),
            chosen=form.chosen(),
            edition=edition,
            by=request.user,
        )
        messages.success(request, f"Die Kompetenz „{competence}“ ist angelegt. Es fehlen noch ihre Zielstufen.")
        return back_to_cascade(edition)
    return render(request, "curriculum/competence_add.html", {"edition": edition, "form": form})


def competence_of(request: Request, pk: int) -> tuple[Competence, Edition]:
    found = get_object_or_404(Competence.objects.select_related("area"), pk=pk)
    edition = draft(request, found.area.edition_id)
    return get_object_or_404(Competence.objects.select_related("area"), pk=pk, area__edition=edition), edition


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def competence_edit(request: Request, pk: int) -> HttpResponse:
    competence, edition = competence_of(request, pk)
    name = competence.name
    form = CompetenceForm(sent(request), instance=competence, edition=edition)
    if form.is_valid():
        change_competence(
            competence=competence, fields=form.changed, chosen=form.chosen(), edition=edition, by=request.user
        )
        say(request, f"Die Kompetenz „{competence}“ ist gespeichert.", form)
        return redirect(reverse("curriculum:cascade", args=[edition.pk]) + f"#kompetenz-{competence.pk}")
    return render(request, "curriculum/competence_edit.html", {"edition": edition, "form": form, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def competence_delete(request: Request, pk: int) -> HttpResponse:
    competence, edition = competence_of(request, pk)
    if request.method == "POST":
        delete_part(part=competence, edition=edition, by=request.user)
        messages.success(request, f"Die Kompetenz „{competence}“ ist gelöscht.")
        return back_to_cascade(edition)
    context = {
        "edition": edition,
        "competence": competence,
        "targets": competence.profiles.count() + competence.tandem_profiles.count(),
        "goals": competence.learning_goals.count(),
    }
    return render(request, "curriculum/competence_delete.html", context)


@require_POST
@writes_draft
def competence_order(request: Request, pk: int) -> HttpResponse:
    """The order of the competences of one area."""
    area = area_of(request, pk)

    def sort(sorting: Sorting) -> None:
        order_parts(parts=area.competences.all(), sorting=sorting, edition=area.edition, by=request.user)

    return answer_sorting(request, sort, back=reverse("curriculum:cascade", args=[area.edition_id]))


# Levels of responsibility


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def level_add(request: Request, pk: int) -> HttpResponse:
    edition = draft(request, pk)
    form = LevelForm(sent(request), instance=ResponsibilityLevel(edition=edition))
    if form.is_valid():
        siblings = edition.responsibility_levels.all()
        level = add_part(part=form.instance, siblings=siblings, chosen={}, edition=edition, by=request.user)
        messages.success(request, f"Die Ebene „{level}“ ist angelegt. Es fehlen noch ihre Zielstufen.")
        return back_to_cascade(edition)
    return render(request, "curriculum/level_add.html", {"edition": edition, "form": form})


def level_of(request: Request, pk: int) -> ResponsibilityLevel:
    edition = draft(request, get_object_or_404(ResponsibilityLevel, pk=pk).edition_id)
    return get_object_or_404(edition.responsibility_levels.select_related("edition"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def level_edit(request: Request, pk: int) -> HttpResponse:
    level = level_of(request, pk)
    name = str(level)
    form = LevelForm(sent(request), instance=level)
    if form.is_valid():
        change_part(part=level, fields=form.changed, chosen={}, edition=level.edition, by=request.user)
        say(request, f"Die Ebene „{level}“ ist gespeichert.", form)
        return back_to_cascade(level.edition)
    return render(request, "curriculum/level_edit.html", {"edition": level.edition, "form": form, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@writes_draft
def level_delete(request: Request, pk: int) -> HttpResponse:
    level = level_of(request, pk)
    if request.method == "POST":
        delete_part(part=level, edition=level.edition, by=request.user)
        messages.success(request, f"Die Ebene „{level}“ ist gelöscht.")
        return back_to_cascade(level.edition)
    targets = level.profiles.count() + level.tandem_profiles.count()
    context = {"edition": level.edition, "level": level, "targets": targets, "goals": level.learning_goals.count()}
    return render(request, "curriculum/level_delete.html", context)


@require_POST
@writes_draft
def level_order(request: Request, pk: int) -> HttpResponse:
    edition = draft(request, pk)

    def sort(sorting: Sorting) -> None:
        order_parts(parts=edition.responsibility_levels.all(), sorting=sorting, edition=edition, by=request.user)

    return answer_sorting(request, sort, back=reverse("curriculum:cascade", args=[edition.pk]))
