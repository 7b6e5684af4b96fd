"""Material of a session for its staff: upload, release, take back, delete, download."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.actions.materials import add_material, delete_material, release_material, withdraw_material
from curriculum.forms.materials import MaterialForm
from curriculum.models import Session, SessionMaterial
from netzkoord.lib.downloads import download
from netzkoord.lib.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.add_sessionmaterial", raise_exception=True)
def material_add(request: Request, pk: int) -> HttpResponse:
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "module")
    session = get_object_or_404(sessions, pk=pk)
    is_sent = request.method == "POST"
    form = MaterialForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        material = add_material(session=session, by=request.user, **form.material())
        state = "hochgeladen und freigegeben" if material.is_released else "hochgeladen, noch nicht freigegeben"
        messages.success(request, f"„{material}“ ist {state}.")
        return redirect(session)
    return render(request, "curriculum/material_add.html", {"form": form, "session": session})


def visible(request: Request, pk: int) -> SessionMaterial:
    materials = SessionMaterial.objects.visible_to(request.user).select_related(
        "session__module", "session__cohort"
    )
    return get_object_or_404(materials, pk=pk)


@require_POST
@permission_required("curriculum.change_sessionmaterial", raise_exception=True)
def material_release(request: Request, pk: int) -> HttpResponse:
    material = visible(request, pk)
    release_material(material=material, by=request.user)
    messages.success(request, f"„{material}“ ist freigegeben. Die Teilnehmenden finden es auf ihrer Startseite.")
    return redirect(material.session)


@require_POST
@permission_required("curriculum.change_sessionmaterial", raise_exception=True)
def material_withdraw(request: Request, pk: int) -> HttpResponse:
    material = visible(request, pk)
    withdraw_material(material=material, by=request.user)
    messages.success(request, f"Die Freigabe von „{material}“ ist zurückgenommen.")
    return redirect(material.session)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.delete_sessionmaterial", raise_exception=True)
def material_delete(request: Request, pk: int) -> HttpResponse:
    material = visible(request, pk)
    if request.method == "POST":
        delete_material(material=material, by=request.user)
        messages.success(request, f"„{material}“ ist gelöscht.")
        return redirect(material.session)
    return render(request, "curriculum/material_delete.html", {"material": material, "session": material.session})


@require_safe
@permission_required("curriculum.view_sessionmaterial", raise_exception=True)
def material_download(request: Request, pk: int) -> HttpResponse:
    material = visible(request, pk)
    return download(material.file, name=material.original_name, content_type=material.content_type)
