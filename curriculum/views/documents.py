"""Papers and calendar files of cohorts and sessions."""

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from curriculum.announcement import announcement_paper
from curriculum.calendars import Entry, answer, calendar
from curriculum.invitation import invitation_paper
from curriculum.models import Cohort, Session
from curriculum.queries.calendars import with_calendar
from netzkoord.lib import links
from netzkoord.lib.http import Request, pdf_response, too_large
from netzkoord.lib.limits import limit_papers
from netzkoord.lib.pdf import DocumentTooLarge


@require_safe
@login_not_required
@limit_papers
def announcement_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Public like the page it prints; of a cancelled cohort there is only the page, which says so."""
    announced = Cohort.objects.filter(announced_at__isnull=False)
    cohort = get_object_or_404(announced.select_related("edition"), pk=pk)
    if cohort.cancelled_at:
        return redirect("curriculum:announcement", pk)
    try:
        paper = announcement_paper(cohort)
    except DocumentTooLarge as error:
        return too_large(request, error, back=reverse("curriculum:announcement", args=[pk]))
    return pdf_response(paper, f"Ausschreibung {cohort.title}")


@require_safe
@permission_required("curriculum.view_session", raise_exception=True)
def invitation_pdf(request: Request, pk: int) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user).select_related("module"), pk=pk)
    try:
        paper = invitation_paper(session.pk)
    except DocumentTooLarge as error:
        return too_large(request, error, back=session.get_absolute_url())
    return pdf_response(paper, f"Einladung {session.module.code}")


@require_safe
@permission_required("curriculum.view_session", raise_exception=True)
def session_calendar(request: Request, pk: int) -> HttpResponse:
    session = get_object_or_404(with_calendar(Session.objects.visible_to(request.user)), pk=pk)
    url = links.absolute("curriculum:session_detail", session.pk)
    return session_file(request, Entry(session, url))


@require_safe
@login_not_required
def announcement_calendar(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """Public: the dates are announced; the rest is for those who take part.

    What is cancelled stays, so that calendars which read the address again strike it out.
    """
    announced = Session.objects.filter(cohort=pk, cohort__announced_at__isnull=False)
    found = get_object_or_404(with_calendar(announced), pk=session)
    return session_file(request, Entry(found, links.absolute("curriculum:announcement", pk), is_private=False))


def session_file(request: HttpRequest, entry: Entry) -> HttpResponse:
    body = calendar([entry], name=str(entry.session.module))
    file_name = f"Termin-{slugify(entry.session.module.code)}.ics"
    return answer(request, body, file_name=file_name, is_private=entry.is_private)
