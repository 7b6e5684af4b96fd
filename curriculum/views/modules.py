"""Modules: one with its goals and units, and what organisers do with it in a draft."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.forms.modules import ModuleForm
from curriculum.models import Edition, Module
from curriculum.queries.modules import cohorts_with_module, module_page
from curriculum.views.parts import (
    Deletion,
    data_of,
    deletion_page,
    draft_or_404,
    is_writable,
    order_page,
    part_or_404,
    post_is_atomic,
    store_change,
    store_new,
)
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import counted, quoted


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def module_detail(request: Request, pk: int) -> HttpResponse:
    editions = Edition.objects.visible_to(request.user)
    modules = Module.objects.filter(edition__in=editions).select_related("edition").prefetch_related("tracks")
    page = module_page(get_object_or_404(modules, pk=pk), user=request.user)
    context = {
        "page": page,
        "module": page.module,
        "edition": page.edition,
        "is_writable": is_writable(request, page.edition),
    }
    return render(request, "curriculum/module_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def module_add(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    form = ModuleForm(data_of(request), instance=Module(edition=edition))
    module = store_new(request, form, siblings=edition.modules.all(), edition=edition)
    if module:
        return redirect(module)
    return render(request, "curriculum/module_add.html", {"form": form, "edition": edition})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def module_edit(request: Request, pk: int) -> HttpResponse:
    module = part_or_404(request, Module.objects.all(), pk, edition="edition")
    name = str(module)
    form = ModuleForm(data_of(request), instance=module)
    if store_change(request, form, edition=module.edition):
        return redirect(module)
    return render(request, "curriculum/module_edit.html", {"form": form, "module": module, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def module_delete(request: Request, pk: int) -> HttpResponse:
    module = part_or_404(request, Module.objects.all(), pk, edition="edition")
    units, goals = module.units.count(), module.learning_goals.count()
    deletion = Deletion(
        part=module,
        edition=module.edition,
        kind="Modul",
        named=f"Das Modul „{module}“",
        consequence=f"Mit ihm verschwinden {counted(units, 'Baustein', 'Bausteine')} und "
        f"{counted(goals, 'Lernziel', 'Lernziele')}.",
        back=module.edition.get_absolute_url(),
        cancel=module.get_absolute_url(),
        refusal=module_refusal(module),
        module=module,
    )
    return deletion_page(request, deletion)


def module_refusal(module: Module) -> str:
    cohorts = cohorts_with_module(module)
    if not cohorts:
        return ""
    return (
        f"Das Modul „{module}“ bleibt bestehen: Termine dazu gibt es in {quoted(cohorts)}. "
        "Löschen Sie zuerst diese Termine."
    )


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def module_order(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    return order_page(request, parts=edition.modules.all(), edition=edition, back=edition.get_absolute_url())
