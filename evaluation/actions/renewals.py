"""A new link to a survey for one that has expired, mailed to the address that had it."""

from collections.abc import Callable, Mapping

from evaluation.actions.needs import send_needs_link
from evaluation.actions.surveys import mail_invitation
from evaluation.models import Invitation, Purpose
from evaluation.tokens import PURPOSE
from netzkoord.models import PersonalLink


def renew(link: PersonalLink) -> None:
    """Only while the survey takes answers; also for who has given one, or a new link would tell who had not yet."""
    invitation = (
        Invitation.objects.filter(link_key=link.target_id, registration__email=link.email)
        .select_related("survey__cohort", "survey__session__module", "registration")
        .first()
    )
    if invitation is None or not invitation.survey.is_open:
        return
    if invitation.survey.purpose == Purpose.NEEDS:
        send_needs_link(invitation)
    else:
        mail_invitation(invitation, invitation.survey)


RENEWALS: Mapping[str, Callable[[PersonalLink], None]] = {PURPOSE: renew}
