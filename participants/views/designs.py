"""How the certificates of a cohort look: the page „Gestaltung“ and its preview."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.models import Cohort
from netzkoord.lib.http import Request
from netzkoord.lib.limits import limit_previews
from netzkoord.models import User
from participants.actions.designs import DesignChanged, save_design
from participants.forms.designs import DesignForm
from participants.imprint import Imprint
from participants.previews import Preview, data_address, preview
from participants.queries.designs import imprint_for, mark_of, pictures_named, stored_design


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.add_certificate", raise_exception=True)
def certificate_design(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    imprint = imprint_for(cohort, by=request.user)
    form = design_form(request, cohort, imprint)
    if form.is_valid() and is_saved(form, cohort=cohort, by=request.user):
        messages.success(
            request, "Die Gestaltung ist gespeichert. Sie gilt für alles, was ab jetzt ausgestellt wird."
        )
        return redirect("participants:certificate_design", cohort.pk)
    shown = preview_of(cohort, imprint, form) if not form.is_bound else None
    return design_page(request, cohort, form, shown)


@limit_previews
@require_POST
@permission_required("participants.add_certificate", raise_exception=True)
def certificate_design_preview(request: Request, pk: int) -> HttpResponse:
    """The preview of what is typed, saved or not: alone for a script, in its page without one."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    form = design_form(request, cohort, imprint_for(cohort, by=request.user))
    shown = preview_of(cohort, form.imprint, form) if form.is_valid() else None
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "participants/certificate_preview.html", {"preview": shown, "form": form})
    return design_page(request, cohort, form, shown)


def is_saved(form: DesignForm, *, cohort: Cohort, by: User) -> bool:
    """Whether the design is saved now; if somebody else was faster, the form says so."""
    pictures = form.new_pictures.values()
    try:
        save_design(cohort=cohort, imprint=form.imprint, pictures=pictures, seen=form.data.get("seen"), by=by)
    except DesignChanged as changed:
        form.show_changed(changed.design)
        return False
    return True


def design_form(request: Request, cohort: Cohort, imprint: Imprint) -> DesignForm:
    is_sent = request.method == "POST"
    return DesignForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        imprint=imprint,
        seen=mark_of(stored_design(cohort)),
        owner=str(request.user.pk),
    )


def preview_of(cohort: Cohort, imprint: Imprint, form: DesignForm) -> Preview:
    new = {name: picture.png for name, picture in form.new_pictures.items()}
    return preview(cohort, imprint, shown=form.kind_shown, new_pictures=new, today=timezone.localdate())


def design_page(request: Request, cohort: Cohort, form: DesignForm, shown: Preview | None) -> HttpResponse:
    addresses = pictures_shown(form)
    context = {
        "cohort": cohort,
        "form": form,
        "preview": shown,
        "logo_address": addresses.get(form.logo_slot.sha256),
        "signatories": [(each, addresses.get(each.picture.sha256)) for each in form.signatories()],
        "is_saved": bool(form.initial["seen"]),
    }
    return render(request, "participants/certificate_design.html", context)


def pictures_shown(form: DesignForm) -> dict[str, str]:
    """Addresses of the chosen pictures, by SHA-256."""
    chosen = {slot.sha256 for slot in (form.logo_slot, *(each.picture for each in form.signatories()))}
    new = {name: picture.png for name, picture in form.new_pictures.items()}
    known = pictures_named(chosen - new.keys()) | new
    return {name: data_address(png) for name, png in known.items()}
