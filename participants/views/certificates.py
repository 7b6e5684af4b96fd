"""Certificates: the organiser's list, the paper, replacing and revoking."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Cohort
from netzkoord.lib.downloads import attachment
from netzkoord.lib.http import Request
from participants.actions.certificates import (
    NotReplaceable,
    UnprintableText,
    claim_behind,
    replace_certificate,
    revoke_certificate,
)
from participants.forms.certificates import CertificateFilterForm, ReplaceForm, RevokeForm
from participants.imprint import Imprint, imprint_of
from participants.models import Certificate
from participants.models.certificates import CertificateQuerySet
from participants.queries.certificate_list import certificate_list_of
from participants.queries.designs import imprint_for
from participants.queries.issuances import issuances_of, papers_in_hand
from participants.replacement import content_differences, content_today, design_differences

LOOKS_AGAIN_AFTER_SECONDS = 10
PAGE_SIZE = 50


@require_safe
@permission_required("participants.view_certificate", raise_exception=True)
def certificate_list(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    form = CertificateFilterForm(request.GET)
    found = certificate_list_of(cohort, form.wanted())
    page = Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "cohort": cohort,
        "form": form,
        "is_filtered": form.is_filtered,
        "figures": found.figures,
        "page": page,
        "rows": list(page.object_list),
        "row_count": len(found.rows),
        "tandems": found.tandems,
        "left": found.left,
        "issuances": issuances_of(cohort),
        "papers": papers_in_hand(cohort),
    }
    return render(request, "participants/certificate_list.html", context)


@require_safe
def certificate_download(request: Request, pk: int) -> HttpResponse:
    """The paper as it was made; until the worker has made it, a page that looks again by itself.

    What has ended before is left without one.
    """
    visible = Certificate.objects.visible_to(request.user).select_related("paper", "trouble")
    certificate = get_object_or_404(visible, pk=pk)
    paper = getattr(certificate, "paper", None)
    context = {"certificate": certificate}
    if paper is None and not certificate.is_valid:
        return render(request, "participants/certificate_without_paper.html", context, status=404)
    if paper is None:
        response = render(request, "participants/certificate_waiting.html", context, status=202)
        response["Refresh"] = str(LOOKS_AGAIN_AFTER_SECONDS)
        return response
    file_name = f"{certificate.content['heading']}-{certificate.number}.pdf"
    return attachment(bytes(paper.pdf), name=file_name, content_type="application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_certificate", raise_exception=True)
def certificate_replace(request: Request, pk: int) -> HttpResponse:
    certificate = get_object_or_404(changeable(request), pk=pk)
    back = redirect("participants:certificate_list", certificate.cohort_id)
    if not certificate.is_valid:
        messages.info(request, f"Die Bescheinigung {certificate.number} ist schon {certificate.state.label}.")
        return back
    then, today = imprint_of(certificate.content), imprint_for(certificate.cohort, by=request.user)
    new_design = design_differences(then, today)
    data = request.POST if request.method == "POST" else None
    form = ReplaceForm(data, instance=certificate, has_new_design=bool(new_design))
    if form.is_valid():
        reason = form.cleaned_data["replacement_reason"]
        imprint = then if form.keeps_design else None
        try:
            successor = replace_certificate(
                certificate=certificate, reason=reason, by=request.user, imprint=imprint
            )
        except (NotReplaceable, UnprintableText) as error:
            form.add_error(None, [ValidationError(sentence) for sentence in error.sentences])
        else:
            messages.success(request, replaced_sentence(certificate, successor))
            return back
    context = {
        "certificate": certificate,
        "cohort": certificate.cohort,
        "form": form,
        "new_design": new_design,
        **foreseen(certificate, imprint=today),
    }
    return render(request, "participants/certificate_replace.html", context)


def foreseen(certificate: Certificate, *, imprint: Imprint) -> dict[str, Any]:
    """What the new one will say differently, or the sentence why there can be none."""
    try:
        claim = claim_behind(certificate)
    except NotReplaceable as error:
        return {"obstacles": error.sentences}
    return {"differences": content_differences(certificate.content, content_today(claim, imprint=imprint))}


def replaced_sentence(old: Certificate, new: Certificate) -> str:
    return (
        f"Die Bescheinigung {new.number} gilt jetzt anstelle von {old.number}. "
        "Das PDF wird erstellt; sobald es fertig ist, geht eine Mail hinaus."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_certificate", raise_exception=True)
def certificate_revoke(request: Request, pk: int) -> HttpResponse:
    certificate = get_object_or_404(changeable(request), pk=pk)
    back = redirect("participants:certificate_list", certificate.cohort_id)
    if not certificate.is_valid:
        messages.info(request, f"Die Bescheinigung {certificate.number} ist schon {certificate.state.label}.")
        return back
    form = RevokeForm(request.POST if request.method == "POST" else None, instance=certificate)
    if form.is_valid():
        reason = form.cleaned_data["revocation_reason"]
        revoke_certificate(certificate=certificate, reason=reason, by=request.user)
        messages.success(request, f"Die Bescheinigung {certificate.number} ist widerrufen. Die Prüfseite sagt es.")
        return back
    context = {"certificate": certificate, "cohort": certificate.cohort, "form": form}
    return render(request, "participants/certificate_revoke.html", context)


def changeable(request: Request) -> CertificateQuerySet:
    """Certificates with what their pages show."""
    return Certificate.objects.visible_to(request.user).select_related("cohort", "registration")
