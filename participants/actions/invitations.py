"""Inviting the people of a session (Einladung versenden)."""

import datetime

from django.db import transaction
from django.utils import timezone

from curriculum.models import Session
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails
from participants.queries.invitations import invitation_page


class AlreadyInvited(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Since the page was made, somebody has sent the invitations, perhaps the first of two clicks."""


class NobodyToInvite(Exception):  # noqa: N818 -- the same
    """The session is cancelled, has begun, or has no accepted people; the text is a sentence for the user."""


@transaction.atomic
def invite_to_session(*, session: Session, seen: datetime.datetime | None, by: User) -> int:
    """Mail the invitation to each accepted person of the audience, once; how many those were.

    `seen` is when the page said that invitations had gone out. Raises `AlreadyInvited` and `NobodyToInvite`.
    """
    locked = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if locked.invited_at != seen:
        raise AlreadyInvited(f"Session {session.pk} was invited to at {locked.invited_at}")
    page = invitation_page(session.pk)
    if page.refusal:
        raise NobodyToInvite(page.refusal)
    locked.invited_at = timezone.now()
    locked.save(update_fields=["invited_at"])
    for half in page.people:
        mails.send_session_invitation(half, page.session)
    audit.record(
        AuditAction.INVITATIONS_SENT, target=locked, by=by, people=len(page.people), is_repeated=seen is not None
    )
    return len(page.people)
