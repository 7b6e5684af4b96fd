"""Units of a module, in a draft."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.actions.units import change_unit
from curriculum.forms.units import StoredUnitForm, UnitForm
from curriculum.models import Module, Unit
from curriculum.queries.modules import cohorts_with_unit
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
def unit_add(request: Request, pk: int) -> HttpResponse:
    module = part_or_404(request, Module.objects.all(), pk, edition="edition")
    form = UnitForm(data_of(request), instance=Unit(module=module))
    if store_new(request, form, siblings=module.units.all(), edition=module.edition):
        return redirect(f"{module.get_absolute_url()}#bausteine")
    return render(request, "curriculum/unit_add.html", {"form": form, "module": module})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def unit_edit(request: Request, pk: int) -> HttpResponse:
    unit = part_or_404(request, Unit.objects.select_related("module"), pk, edition="module__edition")
    module, title = unit.module, unit.title
    form = StoredUnitForm(data_of(request), instance=unit)
    stored = store_change(request, form, edition=module.edition, change=change_unit)
    if stored:
        return redirect(f"{stored.module.get_absolute_url()}#baustein-{stored.pk}")
    context = {"form": form, "unit": unit, "module": module, "title": title}
    return render(request, "curriculum/unit_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def unit_delete(request: Request, pk: int) -> HttpResponse:
    unit = part_or_404(request, Unit.objects.select_related("module"), pk, edition="module__edition")
    deletion = Deletion(
        part=unit,
        edition=unit.module.edition,
        kind="Baustein",
        named=f"Der Baustein „{unit}“",
        consequence=f"Das Modul „{unit.module}“ ist dann {unit.minutes} Minuten kürzer.",
        back=f"{unit.module.get_absolute_url()}#bausteine",
        cancel=unit.module.get_absolute_url(),
        refusal=unit_refusal(unit),
        module=unit.module,
    )
    return deletion_page(request, deletion)


def unit_refusal(unit: Unit) -> str:
    cohorts = cohorts_with_unit(unit)
    if not cohorts:
        return ""
    return (
        f"Der Baustein „{unit}“ bleibt bestehen: Er steht im Ablaufplan von {quoted(cohorts)}. "
        "Nehmen Sie ihn zuerst dort heraus."
    )


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def unit_order(request: Request, pk: int) -> HttpResponse:
    module = part_or_404(request, Module.objects.all(), pk, edition="edition")
    return order_page(request, parts=module.units.all(), edition=module.edition, back=module.get_absolute_url())
