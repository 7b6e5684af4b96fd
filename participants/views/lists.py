"""Papers for the day itself, and the page on which an organiser or a trainer chooses them."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curriculum.models import Cohort, Session
from netzkoord.lib.http import Request, pdf_response, too_large
from netzkoord.lib.limits import limit_papers
from netzkoord.lib.pdf import DocumentTooLarge
from participants.forms.lists import BADGE_DEFAULTS, SIGNATURE_DEFAULTS, BadgeForm, SignatureForm
from participants.lists.badges import badge_paper, calibration_paper
from participants.lists.contacts import contact_list, contact_paper
from participants.lists.formats import SHEETS
from participants.lists.signatures import signature_paper
from participants.models import Registration, RegistrationState
from participants.views.attendance import own_session
from participants.views.registrations import own_registration


@require_safe
@permission_required("participants.add_attendance", raise_exception=True)
def session_papers(request: Request, pk: int) -> HttpResponse:
    session = own_session(request, pk)
    return render_choice(request, session, SignatureForm(days=session.days.all()), BadgeForm())


@require_safe
@permission_required("participants.add_attendance", raise_exception=True)
def signature_list(request: Request, pk: int) -> HttpResponse:
    session = own_session(request, pk)
    form = SignatureForm(request.GET or SIGNATURE_DEFAULTS, days=session.days.all())
    if not form.is_valid():
        return render_choice(request, session, form, BadgeForm())
    return answer(
        request,
        lambda: signature_paper(session, only=form.day, empty_rows=form.empty_rows),
        f"Unterschriftenliste {session.module.code}",
        back=reverse("participants:session_papers", args=[pk]),
    )


@require_safe
@permission_required("participants.add_attendance", raise_exception=True)
def badge_sheet(request: Request, pk: int) -> HttpResponse:
    session = own_session(request, pk)
    form = BadgeForm(request.GET or BADGE_DEFAULTS)
    if not form.is_valid():
        return render_choice(request, session, SignatureForm(days=session.days.all()), form)
    return answer(
        request,
        lambda: badge_paper(session, form.options),
        f"Namensschilder {session.module.code}",
        back=reverse("participants:session_papers", args=[pk]),
    )


@require_safe
@permission_required("participants.add_attendance", raise_exception=True)
def badge_calibration(request: Request, key: str) -> HttpResponse:
    """Outlines of a sheet; says nothing of anybody."""
    if key not in SHEETS:
        raise Http404
    return pdf_response(calibration_paper(SHEETS[key]), f"Probeblatt {key}")


@require_safe
@permission_required("participants.add_attendance", raise_exception=True)
def cohort_contacts(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    return contact_answer(request, cohort, back=cohort.get_absolute_url())


@require_safe
@login_not_required
@never_cache
@limit_papers
def own_contacts(request: HttpRequest, token: str) -> HttpResponse:
    """For those who take part, from their own page."""
    half: Registration = own_registration(request, token)
    if half.state is not RegistrationState.ACCEPTED:
        raise Http404
    return contact_answer(request, half.cohort, back=reverse("participants:registration_status", args=[token]))


def contact_answer(request: HttpRequest, cohort: Cohort, *, back: str) -> HttpResponse:
    return answer(request, lambda: contact_paper(cohort), f"Teilnehmendenliste {cohort}", back=back)


def answer(request: HttpRequest, make: Callable[[], bytes], title: str, *, back: str) -> HttpResponse:
    """The paper that `make` makes, or why there is none."""
    try:
        paper = make()
    except DocumentTooLarge as error:
        return too_large(request, error, back=back)
    return pdf_response(paper, title)


def render_choice(
    request: Request, session: Session, signature_form: SignatureForm, badge_form: BadgeForm
) -> HttpResponse:
    context = {
        "session": session,
        "cohort": session.cohort,
        "signature_form": signature_form,
        "badge_form": badge_form,
        "people_count": Registration.objects.of_session(session).count(),
        "contacts": contact_list(session.cohort),
        "sheets": SHEETS.values(),
    }
    return render(request, "participants/session_papers.html", context)
