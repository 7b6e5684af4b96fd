"""Is this certificate genuine? For anybody who holds one: by code, by number, by its PDF."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from netzkoord.lib.fingerprints import Fingerprint, HashOnly
from netzkoord.lib.limits import limit_guesses
from participants.certificates import context_of
from participants.forms.verification import MOST_BYTES, CheckForm, CompareForm
from participants.models import Certificate, CertificatePaper
from participants.queries.verification import certificate_by_code, certificate_by_number, is_number_of


class Comparison(Enum):
    """What a PDF is, held against the one that was issued."""

    SAME = "same"
    EXTENDED = "extended"
    OTHER = "other"


@login_not_required
@limit_guesses
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_check(request: HttpRequest) -> HttpResponse:
    form = CheckForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return unlisted(render(request, "participants/certificate_check.html", {"form": form}))
    code, number = form.cleaned_data["code"], form.cleaned_data["number"]
    if not code:
        return by_number(request, number)
    certificate = certificate_by_code(code)
    if certificate is None or (number and not is_number_of(certificate, number)):
        return not_found(request, request.POST)
    return redirect("participants:certificate_verify", certificate.code)


def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """Numbers can be guessed: of the person they tell nothing."""
    certificate = certificate_by_number(number)
    if certificate is None:
        return not_found(request, request.POST)
    context = {
        "certificate": certificate,
        "content": certificate.content,
        "issued_on": context_of(certificate)["issued_on"],
    }
    return unlisted(render(request, "participants/certificate_by_number.html", context))


@login_not_required
@limit_guesses
@never_cache
@require_safe
def certificate_verify(request: HttpRequest, code: str) -> HttpResponse:
    certificate = certificate_by_code(code)
    if certificate is None:
        return not_found(request, {"code": code})
    return verified(request, certificate, CompareForm())


@csrf_exempt  # only until the handler is set: with the token in the form, the check would read the file first
@login_not_required
@limit_guesses
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_compare(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a PDF is the one that was issued. It is hashed while it comes in; nothing of it is kept."""
    certificate = certificate_by_code(code)
    request.upload_handlers = [HashOnly(most=MOST_BYTES, begin=certificate.paper_bytes or 0 if certificate else 0)]
    return compared(request, certificate, code)


@csrf_protect
def compared(request: HttpRequest, certificate: Certificate | None, code: str) -> HttpResponse:
    paper = paper_of(certificate) if certificate else None
    if certificate is None:
        return not_found(request, {"code": code})
    if request.method != "POST" or paper is None:
        return redirect("participants:certificate_verify", certificate.code)
    form = CompareForm(request.POST, request.FILES)
    comparison = compare(form.cleaned_data["file"], paper) if form.is_valid() else None
    return verified(request, certificate, form, comparison)


def compare(file: Fingerprint, paper: CertificatePaper) -> Comparison:
    if file.sha256 == paper.sha256:
        return Comparison.SAME
    return Comparison.EXTENDED if file.sha256_of_begin == paper.sha256 else Comparison.OTHER


def verified(
    request: HttpRequest, certificate: Certificate, form: CompareForm, comparison: Comparison | None = None
) -> HttpResponse:
    context = {
        "certificate": certificate,
        "ended_at": certificate.ended_at,
        "content": context_of(certificate),
        "paper": paper_of(certificate),
        "form": form,
        "comparison": comparison.value if comparison else "",
    }
    return unlisted(render(request, "participants/certificate_verify.html", context))


def paper_of(certificate: Certificate) -> CertificatePaper | None:
    """The paper, once it is made."""
    return getattr(certificate, "paper", None)


def not_found(request: HttpRequest, asked: Mapping[str, Any]) -> HttpResponse:
    """One answer for whatever leads to no certificate: changed, mistyped, unknown. What was asked stands in it."""
    form = CheckForm(initial={name: asked.get(name, "") for name in CheckForm.base_fields})
    return unlisted(render(request, "participants/certificate_not_found.html", {"form": form}, status=404))


def unlisted(response: HttpResponse) -> HttpResponse:
    """Keeps search engines away: what stands here is for who holds the paper."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
