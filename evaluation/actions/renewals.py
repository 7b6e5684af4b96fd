"""A new link to a survey for one that has expired, or for whoever asks with the address that was invited."""

from collections.abc import Callable, Mapping

from evaluation.actions.comments import mail_result
from evaluation.actions.inviting import mail_invitation
from evaluation.models import Invitation, Survey, SurveyComment
from evaluation.models.surveys import InvitationQuerySet
from evaluation.tokens import PURPOSE
from netzkoord.models import PersonalLink
from participants.models import Registration


def renew(link: PersonalLink) -> None:
    """While the survey takes answers, or when its result was given back; whether or not this person has answered.

    Otherwise a new link would tell who had not answered yet.
    """
    invitations = Invitation.objects.filter(link_key=link.target_id, registration__email=link.email)
    invitation = with_survey(invitations).first()
    if invitation and invitation.survey.is_open:
        mail_invitation(invitation, invitation.survey)
    elif invitation and SurveyComment.objects.filter(survey=invitation.survey, returned_at__isnull=False).exists():
        mail_result(invitation)


def send_all(email: str) -> int:
    """Mail a new link to every open survey to which this address was invited; how many those were."""
    invitations = Invitation.objects.filter(
        survey__in=Survey.objects.open(),
        mailed_on__isnull=False,
        registration__in=Registration.objects.confirmed().filter(email=email),
    )
    for invitation in (found := list(with_survey(invitations).order_by("pk"))):
        mail_invitation(invitation, invitation.survey)
    return len(found)


def with_survey(invitations: InvitationQuerySet) -> InvitationQuerySet:
    return invitations.select_related("survey__cohort", "survey__session__module", "registration")


RENEWALS: Mapping[str, Callable[[PersonalLink], None]] = {PURPOSE: renew}
