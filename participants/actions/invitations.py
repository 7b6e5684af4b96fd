"""Inviting the people of a session (Einladung versenden)."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from curriculum.models import Session
from curriculum.models.schedule import SessionQuerySet
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails
from participants.models import Registration, RegistrationState, SessionInvitation
from participants.queries.invitations import invitation_page, latecomers


class AlreadyInvited(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Since the page was made, somebody has sent the invitations, perhaps the first of two clicks."""


class NobodyToInvite(Exception):  # noqa: N818 -- the same
    """The session is cancelled, has begun, or has no accepted people; the text is a sentence for the user."""


@transaction.atomic
def invite_to_session(*, session: Session, seen: datetime.datetime | None, by: User) -> int:
    """Mail the invitation to each accepted person of the audience who has an address, once; how many those were.

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
    people = page.reachable
    deliver(page.session, people, is_late=False)
    audit.record(
        AuditAction.INVITATIONS_SENT, target=locked, by=by, people=len(people), is_repeated=seen is not None
    )
    return len(people)


def invite_latecomers() -> int:
    """Send the invitation to those who got a place when it had gone out; how many. For the worker, idempotent."""
    # Looked at without a lock first: a minute in which nobody is late holds nobody up.
    return sum(invite_late(session) for session in invited_and_coming() if latecomers(session))


def invited_and_coming() -> SessionQuerySet:
    invited = Session.objects.not_cancelled().with_dates().filter(invited_at__isnull=False)
    return invited.filter(Q(first_on__gte=timezone.localdate()))


@transaction.atomic
def invite_late(session: Session) -> int:
    locked = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    late = latecomers(locked)
    if not late:
        return 0
    page = invitation_page(locked.pk)
    if page.refusal:
        return 0
    deliver(page.session, late, is_late=True)
    audit.record(AuditAction.INVITATIONS_SENT, target=locked, by=None, people=len(late), is_repeated=False)
    return len(late)


def invite_reachable(half: Registration) -> None:
    """Send the invitations that went out while the address of this person was none."""
    if half.state is not RegistrationState.ACCEPTED:
        return
    missed = invited_and_coming().filter(cohort=half.cohort_id).for_audience(half.role)
    for session in missed.exclude(session_invitations__registration=half).select_related("cohort"):
        deliver(session, [half], is_late=True)


def deliver(session: Session, people: Sequence[Registration], *, is_late: bool) -> None:
    """Write the mails, and who got one; a repeated invitation leaves the row of the first."""
    rows = [SessionInvitation(session=session, registration=half, is_late=is_late) for half in people]
    SessionInvitation.objects.bulk_create(rows, ignore_conflicts=True)
    for half in people:
        mails.send_session_invitation(half, session)
