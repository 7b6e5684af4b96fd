"""Personal links of those who are asked."""

import datetime

from django.utils import timezone

from evaluation.models import Invitation
from netzkoord.lib import links

PURPOSE = "survey"
# A link that is opened too late says that the survey is closed, and not that the link is wrong.
KEPT_AFTER_CLOSING = datetime.timedelta(days=90)


def answer_token(invitation: Invitation) -> str:
    """A new link for the mail that is being written; it tells nothing but the key of the invitation."""
    survey = invitation.survey
    return links.create(
        PURPOSE,
        invitation.link_key,
        email=invitation.registration.email,
        expires_at=survey.closes_at + KEPT_AFTER_CLOSING,
    )


def returned_token(invitation: Invitation) -> str:
    """A new link for the mail that gives back the result; it leads to the same person as that of the invitation."""
    return links.create(
        PURPOSE,
        invitation.link_key,
        email=invitation.registration.email,
        expires_at=timezone.now() + KEPT_AFTER_CLOSING,
    )
