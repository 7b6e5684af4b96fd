"""Aims and tracks of a draft."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.forms.editions import AimForm, TrackForm
from curriculum.models import Aim, Track
from curriculum.views.parts import (
    Deletion,
    data_of,
    deletion_page,
    draft_or_404,
    order_page,
    part_or_404,
    post_is_atomic,
    store_change,
    store_new,
)
from netzkoord.lib.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def aim_list(request: Request, pk: int) -> HttpResponse:
    """All aims, to be put in order, changed or deleted; the form below them adds one."""
    edition = draft_or_404(request, pk)
    aims = edition.aims.all()
    form = AimForm(data_of(request), instance=Aim(edition=edition))
    if store_new(request, form, siblings=aims, edition=edition):
        return redirect("curriculum:aim_list", edition.pk)
    return render(request, "curriculum/aim_list.html", {"form": form, "edition": edition, "aims": list(aims)})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def aim_edit(request: Request, pk: int) -> HttpResponse:
    aim = part_or_404(request, Aim.objects.all(), pk, edition="edition")
    form = AimForm(data_of(request), instance=aim)
    if store_change(request, form, edition=aim.edition):
        return redirect("curriculum:aim_list", aim.edition_id)
    return render(request, "curriculum/aim_edit.html", {"form": form, "edition": aim.edition})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def aim_delete(request: Request, pk: int) -> HttpResponse:
    aim = part_or_404(request, Aim.objects.all(), pk, edition="edition")
    back = reverse("curriculum:aim_list", args=[aim.edition_id])
    deletion = Deletion(
        part=aim,
        edition=aim.edition,
        kind="Ziel",
        named=f"Das Ziel „{aim}“",
        consequence="Ältere Fassungen behalten das Ziel.",
        back=back,
        cancel=back,
    )
    return deletion_page(request, deletion)


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def aim_order(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    back = reverse("curriculum:aim_list", args=[edition.pk])
    return order_page(request, parts=edition.aims.all(), edition=edition, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def track_edit(request: Request, pk: int) -> HttpResponse:
    track = part_or_404(request, Track.objects.all(), pk, edition="edition")
    title = track.title
    form = TrackForm(data_of(request), instance=track)
    if store_change(request, form, edition=track.edition):
        return redirect(track.edition)
    context = {"form": form, "edition": track.edition, "title": title}
    return render(request, "curriculum/track_edit.html", context)
