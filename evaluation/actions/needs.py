"""The needs survey: started by an organiser, filled in step by step, sent once."""

import datetime

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from evaluation.actions.surveys import create_survey
from evaluation.models import Invitation, Purpose, Survey
from evaluation.queries.asking import last_day
from evaluation.tokens import answer_token
from netzkoord.lib import audit, links, mail
from netzkoord.models import AuditAction, User
from netzkoord.templatetags.german import german_date
from participants.models import Registration


@transaction.atomic
def start_needs_survey(*, cohort: Cohort, closes_at: datetime.datetime, by: User) -> Survey:
    """Open the cohort's needs survey now and send everybody who is accepted the personal link.

    The survey that the cohort already has, if it has one.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if existing := Survey.objects.needs().filter(cohort=cohort).first():
        return existing
    survey = create_survey(cohort, Purpose.NEEDS, opens_at=timezone.now(), closes_at=closes_at)
    invited = invite_to_needs(survey)
    audit.record(AuditAction.SURVEY_STARTED, target=survey, by=by, invited=invited)
    return survey


@transaction.atomic
def invite_to_needs(survey: Survey) -> int:
    """Invite and mail the accepted people who have no invitation yet; idempotent. Returns how many.

    Looks at the survey as it is now: it may have been closed since the caller read it.
    """
    locked = Survey.objects.select_related("cohort").select_for_update(of=("self",)).get(pk=survey.pk)
    if locked.closes_at <= timezone.now():
        return 0
    uninvited = Registration.objects.accepted().filter(cohort=locked.cohort_id).exclude(invitations__survey=locked)
    invitations = [
        Invitation(survey=locked, registration=registration, mailed_on=timezone.localdate())
        for registration in uninvited.order_by("pk")
    ]
    for invitation in Invitation.objects.bulk_create(invitations):
        send_needs_link(invitation)
    return len(invitations)


def invite_missing_to_needs() -> int:
    """Invite to every open needs survey who was accepted after it began; for the worker, idempotent."""
    return sum(invite_to_needs(survey) for survey in Survey.objects.needs().open())


def send_needs_link(invitation: Invitation) -> None:
    survey, registration = invitation.survey, invitation.registration
    mail.send(
        registration.email,
        "evaluation/mail/needs_invitation.txt",
        {
            "name": registration.full_name,
            "cohort": survey.cohort.title,
            "last_day": german_date(last_day(survey)),
            "link": links.absolute("evaluation:survey_answer", answer_token(invitation)),
        },
        reply_to=survey.cohort.contact_email,
        headers=mail.PRIVATE,
    )
