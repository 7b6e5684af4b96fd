"""Invitations to a session: sent by organisers, downloaded by those who come."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.cancellations import is_off
from curriculum.invitation import invitation_paper
from curriculum.models import Session
from netzkoord.lib.http import Request, pdf_response, too_large
from netzkoord.lib.pdf import DocumentTooLarge
from participants import mails
from participants.actions.invitations import AlreadyInvited, NobodyToInvite, invite_to_session
from participants.forms.invitations import InvitationsForm
from participants.models import RegistrationState
from participants.queries.invitations import invitation_page
from participants.views.registrations import own_registration


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_session", raise_exception=True)
def invitation_send(request: Request, pk: int) -> HttpResponse:
    """Who gets the invitation, what is missing, what the mail says; the button sends it."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    form = InvitationsForm(request.POST if request.method == "POST" else None, invited_at=session.invited_at)
    if form.is_valid():
        return send(request, session, seen=form.cleaned_data["seen"])
    page = invitation_page(pk)
    reader = next(iter(page.reachable), None)
    preview = mails.session_invitation_preview(reader, page.session) if reader else ""
    subject, _, text = preview.partition("\n")
    context = {
        "page": page,
        "session": page.session,
        "form": form,
        "reader": reader,
        "subject": subject,
        "text": text.strip(),
    }
    return render(request, "participants/invitation_send.html", context)


def send(request: Request, session: Session, *, seen: datetime.datetime | None) -> HttpResponse:
    try:
        people = invite_to_session(session=session, seen=seen, by=request.user)
    except AlreadyInvited:
        messages.info(request, "Die Einladung war schon versendet. Sie ist nicht noch einmal hinausgegangen.")
    except NobodyToInvite as refusal:
        messages.error(request, str(refusal))
    else:
        receivers = "eine Person" if people == 1 else f"{people} Personen"
        messages.success(request, f"Die Einladung ist an {receivers} gesendet.")
    return redirect("participants:invitation_send", session.pk)


@require_safe
@login_not_required
@never_cache
def invitation_download(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The paper for an accepted person, through the personal link; it exists once invitations have gone out.

    To what is cancelled nobody is invited: the person's own page says why.
    """
    half = own_registration(request, token)
    if half.state is not RegistrationState.ACCEPTED:
        raise Http404
    invited = Session.objects.filter(cohort=half.cohort_id, invited_at__isnull=False).for_audience(half.role)
    session = get_object_or_404(invited.select_related("cohort", "module").prefetch_related("days"), pk=pk)
    if is_off(session):
        return redirect("participants:registration_status", token)
    try:
        paper = invitation_paper(session.pk)
    except DocumentTooLarge as error:
        return too_large(request, error, back=reverse("participants:registration_status", args=[token]))
    return pdf_response(paper, f"Einladung {session.module.code}")
