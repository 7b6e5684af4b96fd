"""The pool: the organiser invites from it, the invited person registers first or leaves it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from curriculum.models import Cohort
from netzkoord.lib import links
from netzkoord.lib.http import Request
from netzkoord.lib.limits import limit_submissions
from netzkoord.lib.sentences import counted
from participants import early, tokens
from participants.actions.pool import PoolRefused, invite_from_pool, leave_pool, refuse_closed
from participants.mails_waiting import pool_preview
from participants.models import PoolInvitation
from participants.queries.pool import is_good, pool_candidates, pool_invitations


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_tandem", raise_exception=True)
def pool_invite(request: Request, pk: int) -> HttpResponse:
    """„Aus dem Pool einladen“: who, how many, which mail; a second press finds nobody left."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    try:
        if request.method == "POST":
            tell_invited(request, invite_from_pool(cohort=cohort, by=request.user))
            return redirect("participants:pool_invite", pk=cohort.pk)
        refuse_closed(cohort)
        refusal = ""
    except PoolRefused as error:
        refusal = str(error)
    people = pool_candidates(cohort)
    context = {
        "cohort": cohort,
        "refusal": refusal,
        "people": people,
        "invitations": pool_invitations(cohort),
        "preview": pool_preview(people[0], cohort) if people else "",
    }
    return render(request, "participants/pool_invite.html", context)


def tell_invited(request: Request, count: int) -> None:
    if count:
        messages.success(request, f"{counted(count, 'Person ist', 'Personen sind')} eingeladen.")
    else:
        messages.info(request, "Es war niemand mehr einzuladen. Es wurde keine Mail gesendet.")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def pool_show(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: opening it changes nothing; the button leads to the form, before it is open to all."""
    invitation = invitation_of(token)
    good = is_good(invitation)
    if request.method == "POST" and good:
        early.let_in(request, invitation)
        return redirect("participants:registration_add", pk=invitation.cohort_id)
    context = {"invitation": invitation, "cohort": invitation.cohort, "is_good": good, "token": token}
    return render(request, "participants/pool_show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def pool_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Asks once more; the button withdraws the consent, and with it the invitation."""
    invitation = invitation_of(token)
    if request.method == "POST":
        leave_pool(registration=invitation.registration)
        messages.success(request, "Ihre Einwilligung ist widerrufen. Wir laden Sie nicht mehr ein.")
        return redirect("participants:pool_show", token=token)
    return render(request, "participants/pool_leave.html", {"cohort": invitation.cohort, "token": token})


def invitation_of(token: str) -> PoolInvitation:
    """Raises `NotValid` for a link that is not ours, or of a cohort that is gone."""
    key = tokens.registration_key(tokens.POOL, token)
    invitations = PoolInvitation.objects.select_related("registration__person", "cohort")
    invitation = invitations.filter(pk=key or 0).first()
    if invitation is None:
        raise links.NotValid(token)
    return invitation
