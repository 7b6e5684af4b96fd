"""Certificates in hand: how far an issuance is, and all papers as an archive or as one file to print."""

import io
import re
import zipfile

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from netzkoord.lib.binding import bound
from netzkoord.lib.downloads import attachment
from netzkoord.lib.fields import row_key
from netzkoord.lib.http import Request
from netzkoord.lib.limits import limit_papers
from participants.models import Certificate, Issuance
from participants.queries.issuances import PapersInHand, finished_papers, papers_in_hand, papers_of, progress_of

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
    issuance = chosen_issuance(request, cohort)
    certificates = finished_papers(cohort, issuance)
    if not certificates:
        return nothing_yet(request, cohort)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for certificate, paper in papers_of(certificates):
            archive.writestr(file_name(certificate), paper)
    name = f"{name_of(cohort, papers_in_hand(cohort, issuance))}.zip"
    return attachment(output.getvalue(), name=name, content_type="application/zip")


@require_safe
@limit_papers
@permission_required("participants.view_certificate", raise_exception=True)
def certificate_print(request: Request, pk: int) -> HttpResponse:
    """All papers bound into one PDF, page by page as they are; `ausstellung` narrows it to one issuance."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    issuance = chosen_issuance(request, cohort)
    certificates = finished_papers(cohort, issuance)
    if not certificates:
        return nothing_yet(request, cohort)
    papers = (
        (f"{one.holder}: {one.content['heading']} {one.number}", paper) for one, paper in papers_of(certificates)
    )
    book = bound(papers, title=f"Bescheinigungen: {cohort.title}")
    name = f"{name_of(cohort, papers_in_hand(cohort, issuance))}-Druck.pdf"
    return attachment(book, name=name, content_type="application/pdf")


def chosen_issuance(request: Request, cohort: Cohort) -> Issuance | None:
    """None where the address names none: then all of the cohort. Raises `Http404`."""
    number = request.GET.get("ausstellung", "")
    return get_object_or_404(cohort.issuances, pk=row_key(number)) if number else None


def nothing_yet(request: Request, cohort: Cohort) -> HttpResponse:
    context = {"cohort": cohort}
    return render(request, "participants/certificate_none_made.html", context, status=404)


def name_of(cohort: Cohort, papers: PapersInHand) -> str:
    """Of the file; says of a part that it is one."""
    name = f"Bescheinigungen-{slugify(cohort.title, allow_unicode=True)[:LONGEST_NAME]}"
    return f"{name}-{papers.made}-von-{papers.count}" if papers.is_part else name


def file_name(certificate: Certificate) -> str:
    """„2018-00017 Zertifikat Łucja Größenwahn-Şahin.pdf“"""
    name = NOT_IN_FILE_NAMES.sub("_", certificate.holder)[:LONGEST_NAME].strip(" .")
    return f"{certificate.number} {certificate.content['heading']} {name}.pdf"
