"""Who may register before all others: the session remembers whose invitation was opened.

The link itself opens a page only; its button leads to the form, and from then on this browser counts as invited.
"""

from django.http import HttpRequest

from curriculum.models import Cohort
from participants.models import PoolInvitation
from participants.queries.pool import is_good


def let_in(request: HttpRequest, invitation: PoolInvitation) -> None:
    request.session[key(invitation.cohort)] = invitation.pk


def may_register(request: HttpRequest, cohort: Cohort) -> bool:
    """Whether registration is open for this visitor: for everybody, or by an invitation that is still good."""
    return cohort.is_registration_open or invitation_of(request, cohort) is not None


def invitation_of(request: HttpRequest, cohort: Cohort) -> PoolInvitation | None:
    """The good invitation this browser came with, if any."""
    pk = request.session.get(key(cohort))
    if pk is None:
        return None
    invitations = PoolInvitation.objects.select_related("registration", "cohort")
    invitation = invitations.filter(pk=pk, cohort=cohort).first()
    return invitation if invitation and is_good(invitation) else None


def key(cohort: Cohort) -> str:
    return f"invited-{cohort.pk}"
