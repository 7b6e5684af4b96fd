"""„Meine Daten“: what is stored about oneself, as paper and as file; the same by organisers for who has asked."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from netzkoord.actions.disclosure import make_disclosure
from netzkoord.disclosure import Disclosure, disclosure_of, reasons
from netzkoord.disclosure.paper import GAP, disclosure_paper
from netzkoord.disclosure.portable import CONTENT_TYPE, disclosure_file
from netzkoord.forms import DisclosureForm
from netzkoord.lib.downloads import attachment
from netzkoord.lib.folding import file_name
from netzkoord.lib.http import Request
from netzkoord.lib.limits import limit_disclosures, limit_reports
from netzkoord.lib.pdf import DocumentTooLarge
from netzkoord.models import LegalPage, LegalPageKey, User

NO_PAPER = "Das PDF ist nicht fertig geworden. In der JSON-Datei steht alles; auch sie ist eine ganze Auskunft."


@require_safe
def own_data(request: Request) -> HttpResponse:
    return render(request, "netzkoord/own_data.html", {"untold": reasons.UNTOLD})


@require_safe
@never_cache
@limit_disclosures
@limit_reports
def own_disclosure_paper(request: Request) -> HttpResponse:
    return paper_response(request, disclosure_of(request.user), back=reverse("own_data"))


@require_safe
@never_cache
@limit_disclosures
def own_disclosure_file(request: Request) -> HttpResponse:
    return file_response(disclosure_of(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("netzkoord.disclose_user", raise_exception=True)
@never_cache
def disclosure_make(request: Request, pk: int) -> HttpResponse:
    """For somebody who has asked by letter; making one leaves a line in the log."""
    person = get_object_or_404(User, pk=pk)
    form = DisclosureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        disclosure = make_disclosure(person=person, by=request.user)
        if form.wants_file:
            return file_response(disclosure)
        return paper_response(request, disclosure, back=reverse("disclosure_make", args=[pk]))
    gaps = LegalPage.objects.current(LegalPageKey.PRIVACY).text.count(GAP)
    return render(request, "netzkoord/disclosure_make.html", {"person": person, "form": form, "gaps": gaps})


def paper_response(request: Request, disclosure: Disclosure, *, back: str) -> HttpResponse:
    try:
        paper = disclosure_paper(disclosure)
    except DocumentTooLarge:
        messages.error(request, NO_PAPER)
        return redirect(back)
    return attached(disclosure, paper, "application/pdf", "pdf")


def file_response(disclosure: Disclosure) -> HttpResponse:
    return attached(disclosure, disclosure_file(disclosure), CONTENT_TYPE, "json")


def attached(disclosure: Disclosure, content: bytes, content_type: str, ending: str) -> HttpResponse:
    name = f"{file_name(f'Auskunft {disclosure.person.get_full_name()}')}-{timezone.localdate()}.{ending}"
    return attachment(content, name=name, content_type=content_type)
