"""What the trainers say to a result, and giving it back to those who were asked; it is mailed once."""

from django.db import transaction
from django.utils import timezone

from evaluation.models import Invitation, Survey, SurveyComment
from evaluation.tokens import returned_token
from netzkoord.lib import audit, links, mail
from netzkoord.models import AuditAction, User
from participants.models import Registration


class NoCommentError(Exception):
    """There is nothing to give back: nobody has written a comment yet."""


@transaction.atomic
def write_comment(*, survey: Survey, text: str, shows_texts: bool | None = None, by: User) -> SurveyComment:
    """Write the comment, or write it anew; `shows_texts` is left as it is where the writer may not decide it."""
    values = {"text": text, "written_by": by, "written_at": timezone.now()}
    if shows_texts is not None:
        values["shows_texts"] = shows_texts
    comment, _ = SurveyComment.objects.update_or_create(survey=survey, defaults=values)
    audit.record(AuditAction.RESULT_COMMENTED, target=survey, by=by)
    return comment


@transaction.atomic
def return_result(*, survey: Survey, by: User) -> int:
    """Show the result with its comment to those who were asked, and mail them the link; how many mails.

    0 when it was given back before. Raises NoCommentError.
    """
    comment = SurveyComment.objects.select_for_update().filter(survey=survey).first()
    if comment is None:
        raise NoCommentError
    if comment.returned_at:
        return 0
    comment.returned_at = timezone.now()
    comment.save(update_fields=["returned_at"])
    asked = survey.invitations.filter(registration__in=Registration.objects.active()).order_by("pk")
    invitations = list(asked.select_related("registration", "survey"))
    for invitation in invitations:
        mail_result(invitation)
    audit.record(AuditAction.RESULT_RETURNED, target=survey, by=by, mails=len(invitations))
    return len(invitations)


def mail_result(invitation: Invitation) -> None:
    survey = invitation.survey
    mail.send(
        invitation.registration.email,
        "evaluation/mail/result_returned.txt",
        {
            "name": invitation.registration.full_name,
            "about": survey.about,
            "cohort": survey.cohort.title,
            "link": links.absolute("evaluation:survey_returned", returned_token(invitation)),
        },
        reply_to=survey.cohort.contact_email,
        headers=mail.PRIVATE,
    )
