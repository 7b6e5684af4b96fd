"""Certificates in hand: how far an issuance is, and all papers as an archive or as one file to print."""

import io
import re
import zipfile

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from netzkoord.lib.binding import bound
from netzkoord.lib.http import Request
from netzkoord.lib.limits import limit_papers
from participants.models import Certificate, Issuance
from participants.queries.issuances import finished_papers, papers_of, progress_of

# What no file system takes in a name.
NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
LONGEST_NAME = 80


@require_safe
@permission_required("participants.view_certificate", raise_exception=True)
def issuance_detail(request: Request, pk: int) -> HttpResponse:
    """The page looks again by itself as long as papers are made; it may be left."""
    visible = Issuance.objects.filter(cohort__in=Cohort.objects.visible_to(request.user))
    issuance = get_object_or_404(visible.select_related("cohort", "issued_by"), pk=pk)
    context = {"cohort": issuance.cohort, "issuance": issuance, "progress": progress_of(issuance)}
    return render(request, "participants/issuance_detail.html", context)


@require_safe
@limit_papers
@permission_required("participants.view_certificate", raise_exception=True)
def certificate_archive(request: Request, pk: int) -> HttpResponse:
    """Every paper as a file of its own, in one ZIP; `ausstellung` narrows it to one issuance."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    certificates = chosen(request, cohort)
    if not certificates:
        return nothing_yet(request, cohort)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for certificate, paper in papers_of(certificates):
            archive.writestr(file_name(certificate), paper)
    return private(HttpResponse(output.getvalue(), content_type="application/zip"), f"{name_of(cohort)}.zip")


@require_safe
@limit_papers
@permission_required("participants.view_certificate", raise_exception=True)
def certificate_print(request: Request, pk: int) -> HttpResponse:
    """All papers bound into one PDF, page by page as they are; `ausstellung` narrows it to one issuance."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    certificates = chosen(request, cohort)
    if not certificates:
        return nothing_yet(request, cohort)
    book = bound((paper for _, paper in papers_of(certificates)), title=f"Bescheinigungen: {cohort.title}")
    return private(HttpResponse(book, content_type="application/pdf"), f"{name_of(cohort)}-Druck.pdf")


def chosen(request: Request, cohort: Cohort) -> list[Certificate]:
    number = request.GET.get("ausstellung", "")
    if not number:
        return finished_papers(cohort)
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    return finished_papers(cohort, get_object_or_404(cohort.issuances, pk=number if is_number else None))


def nothing_yet(request: Request, cohort: Cohort) -> HttpResponse:
    context = {"cohort": cohort}
    return render(request, "participants/certificate_none_made.html", context, status=404)


def name_of(cohort: Cohort) -> str:
    return f"Bescheinigungen-{slugify(cohort.title, allow_unicode=True)[:LONGEST_NAME]}"


def file_name(certificate: Certificate) -> str:
    """„2018-00017 Zertifikat Größenwahn-Şahin, Łucja.pdf“"""
    name = NOT_IN_FILE_NAMES.sub("_", certificate.holder)[:LONGEST_NAME].strip(" .")
    return f"{certificate.number} {certificate.content['heading']} {name}.pdf"


def private(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response
