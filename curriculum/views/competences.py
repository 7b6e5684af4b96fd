"""The Verantwortungskaskade: read, and for drafts its areas, competences, levels and targets written."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.actions.competences import change_competence, set_targets
from curriculum.forms.competences import AreaForm, CompetenceForm, LevelForm, TargetsForm
from curriculum.models import Competence, CompetenceArea, Edition, ResponsibilityLevel
from curriculum.queries.competences import cascade_of
from curriculum.views.parts import (
    Deletion,
    data_of,
    deletion_page,
    draft_or_404,
    is_writable,
    order_page,
    part_or_404,
    post_is_atomic,
    readable_or_404,
    store_change,
    store_new,
)
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import counted, quoted


def cascade_url(edition: Edition) -> str:
    return reverse("curriculum:cascade", args=[edition.pk])


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def cascade(request: Request, pk: int) -> HttpResponse:
    edition = readable_or_404(request, pk)
    context = {"edition": edition, "cascade": cascade_of(edition), "is_writable": is_writable(request, edition)}
    return render(request, "curriculum/cascade.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def cascade_edit(request: Request, pk: int) -> HttpResponse:
    """All target levels of the edition as one form."""
    edition = draft_or_404(request, pk)
    form = TargetsForm(data_of(request), cascade=cascade_of(edition))
    if form.is_valid():
        changed = set_targets(edition=edition, targets=form.targets(), by=request.user)
        messages.success(request, targets_sentence(changed))
        return redirect(cascade_url(edition))
    return render(request, "curriculum/cascade_edit.html", {"edition": edition, "form": form})


def targets_sentence(changed: int) -> str:
    if not changed:
        return "Die Zielstufen waren schon so gespeichert."
    return "Eine Zielstufe ist geändert." if changed == 1 else f"{changed} Zielstufen sind geändert."


# Areas


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def area_add(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    form = AreaForm(data_of(request), instance=CompetenceArea(edition=edition))
    if store_new(request, form, siblings=edition.competence_areas.all(), edition=edition):
        return redirect(cascade_url(edition))
    return render(request, "curriculum/area_add.html", {"edition": edition, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def area_edit(request: Request, pk: int) -> HttpResponse:
    area = part_or_404(request, CompetenceArea.objects.all(), pk, edition="edition")
    name = area.name
    form = AreaForm(data_of(request), instance=area)
    if store_change(request, form, edition=area.edition):
        return redirect(cascade_url(area.edition))
    return render(request, "curriculum/area_edit.html", {"edition": area.edition, "form": form, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def area_delete(request: Request, pk: int) -> HttpResponse:
    area = part_or_404(request, CompetenceArea.objects.all(), pk, edition="edition")
    competences = quoted(area.competences.all())
    deletion = Deletion(
        part=area,
        edition=area.edition,
        kind="Kompetenzbereich",
        named=f"Der Kompetenzbereich „{area}“",
        consequence=f"Mit dem Bereich verschwindet, was darin steht, samt Zielstufen: {competences}."
        if competences
        else "Der Bereich hat keine Kompetenzen.",
        back=cascade_url(area.edition),
        cancel=cascade_url(area.edition),
    )
    return deletion_page(request, deletion)


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def area_order(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    return order_page(request, parts=edition.competence_areas.all(), edition=edition, back=cascade_url(edition))


# Competences


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def competence_add(request: Request, pk: int) -> HttpResponse:
    """`?bereich=…` names the area from which the page was called."""
    edition = draft_or_404(request, pk)
    area = {"area": request.GET.get("bereich")}
    form = CompetenceForm(data_of(request), instance=Competence(), initial=area, edition=edition)
    siblings = Competence.objects.filter(area__edition=edition)
    if store_new(request, form, siblings=siblings, edition=edition):
        return redirect(cascade_url(edition))
    return render(request, "curriculum/competence_add.html", {"edition": edition, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def competence_edit(request: Request, pk: int) -> HttpResponse:
    competence = part_or_404(request, Competence.objects.all(), pk, edition="area__edition")
    edition, name = competence.area.edition, competence.name
    form = CompetenceForm(data_of(request), instance=competence, edition=edition)
    if store_change(request, form, edition=edition, change=change_competence):
        return redirect(f"{cascade_url(edition)}#kompetenz-{competence.pk}")
    return render(request, "curriculum/competence_edit.html", {"edition": edition, "form": form, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def competence_delete(request: Request, pk: int) -> HttpResponse:
    competence = part_or_404(request, Competence.objects.all(), pk, edition="area__edition")
    edition = competence.area.edition
    deletion = Deletion(
        part=competence,
        edition=edition,
        kind="Kompetenz",
        named=f"Die Kompetenz „{competence}“",
        consequence=targets_go_with(competence, "der Kompetenz"),
        back=cascade_url(edition),
        cancel=cascade_url(edition),
    )
    return deletion_page(request, deletion)


def targets_go_with(part: Competence | ResponsibilityLevel, name: str) -> str:
    """What disappears with a row of the matrix, and which learning goals name it no more."""
    targets = part.profiles.count() + part.tandem_profiles.count()
    goals = part.learning_goals.count()
    verb = "verschwinden" if targets > 1 else "verschwindet"
    gone = f"Mit {name} {verb} {counted(targets, 'Zielstufe', 'Zielstufen')}."
    named = counted(goals, "Lernziel nennt", "Lernziele nennen")
    return f"{gone} {named} sie danach nicht mehr." if goals else gone


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def competence_order(request: Request, pk: int) -> HttpResponse:
    """The order of the competences of one area."""
    area = part_or_404(request, CompetenceArea.objects.all(), pk, edition="edition")
    return order_page(request, parts=area.competences.all(), edition=area.edition, back=cascade_url(area.edition))


# Levels of responsibility


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def level_add(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    form = LevelForm(data_of(request), instance=ResponsibilityLevel(edition=edition))
    if store_new(request, form, siblings=edition.responsibility_levels.all(), edition=edition):
        return redirect(cascade_url(edition))
    return render(request, "curriculum/level_add.html", {"edition": edition, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def level_edit(request: Request, pk: int) -> HttpResponse:
    level = part_or_404(request, ResponsibilityLevel.objects.all(), pk, edition="edition")
    name = str(level)
    form = LevelForm(data_of(request), instance=level)
    if store_change(request, form, edition=level.edition):
        return redirect(cascade_url(level.edition))
    return render(request, "curriculum/level_edit.html", {"edition": level.edition, "form": form, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def level_delete(request: Request, pk: int) -> HttpResponse:
    level = part_or_404(request, ResponsibilityLevel.objects.all(), pk, edition="edition")
    deletion = Deletion(
        part=level,
        edition=level.edition,
        kind="Ebene",
        named=f"Die Ebene „{level}“",
        consequence=targets_go_with(level, "der Ebene"),
        back=cascade_url(level.edition),
        cancel=cascade_url(level.edition),
    )
    return deletion_page(request, deletion)


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def level_order(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    levels = edition.responsibility_levels.all()
    return order_page(request, parts=levels, edition=edition, back=cascade_url(edition))
