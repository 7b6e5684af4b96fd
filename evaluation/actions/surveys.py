"""Starting and closing feedback surveys, and inviting those who attended."""

import datetime

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.actions.counting import count_due_surveys
from evaluation.ballots import new_key_pair
from evaluation.models import Invitation, Purpose, Questionnaire, Survey
from evaluation.questionnaires import default_questionnaire
from evaluation.tokens import answer_token
from netzkoord.lib import audit, links, mail
from netzkoord.models import AuditAction, User
from netzkoord.templatetags.german import german_datetime
from participants.models import Presence, Registration
from participants.models.registrations import RegistrationQuerySet


def create_survey(
    cohort: Cohort,
    purpose: Purpose,
    *,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    session: Session | None = None,
    questionnaire: Questionnaire | None = None,
    follows_rule: bool = False,
) -> Survey:
    """A survey with keys of its own; without a questionnaire the newest released one for this purpose is asked."""
    keys = new_key_pair()
    return Survey.objects.create(
        cohort=cohort,
        session=session,
        questionnaire=questionnaire or default_questionnaire(purpose),
        purpose=purpose,
        opens_at=opens_at,
        closes_at=closes_at,
        follows_rule=follows_rule,
        public_key=keys.public,
        wrapped_private_key=keys.wrapped_private,
    )


@transaction.atomic
def start_feedback_survey(
    *, session: Session, opens_at: datetime.datetime, closes_at: datetime.datetime, by: User
) -> Survey:
    """Ask those who attended a session; the survey that the session already has, if it has one."""
    Session.objects.select_for_update().get(pk=session.pk)
    if existing := Survey.objects.feedback().filter(session=session).first():
        return existing
    survey = create_survey(
        session.cohort, Purpose.FEEDBACK, session=session, opens_at=opens_at, closes_at=closes_at
    )
    audit.record(AuditAction.SURVEY_STARTED, target=survey, by=by)
    invite(survey)
    return survey


def close_survey(*, survey: Survey, by: User) -> bool:
    """Close an open survey now and count it; False for one that is not open: it stays as it is."""
    with transaction.atomic():
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        if not locked.is_open:
            return False
        locked.closes_at = timezone.now()
        locked.save(update_fields=["closes_at"])
        audit.record(AuditAction.SURVEY_CLOSED, target=locked, by=by)
    count_due_surveys()
    return True


def invite_missing() -> int:
    """Invite to every feedback survey that has not closed who attended but was not asked yet; mails sent.

    For the worker; idempotent, and safe to run at the same time in several processes.
    """
    return sum(invite(survey) for survey in Survey.objects.feedback().filter(closes_at__gt=timezone.now()))


@transaction.atomic
def invite(survey: Survey) -> int:
    """Bring the invitations in line with the attendance; mail those not mailed yet once the survey is open.

    Looks at the survey as it is now: it may have been closed since the caller read it. Returns the mails sent.
    """
    related = Survey.objects.select_related("session__module", "cohort")
    locked = related.select_for_update(of=("self",)).get(pk=survey.pk)
    if locked.closes_at <= timezone.now():
        return 0
    attended = attended_session(locked.session_id)
    Invitation.objects.bulk_create(
        Invitation(survey=locked, registration=registration)
        for registration in attended.exclude(invitations__survey=locked).order_by("pk")
    )
    unsent = locked.invitations.filter(mailed_on__isnull=True, participation__isnull=True)
    unsent.exclude(registration__in=attended).delete()
    return mail_invitations(locked) if locked.is_open else 0


def attended_session(session_id: int | None) -> RegistrationQuerySet:
    """Who was there for at least half a day of the session, and has not withdrawn."""
    return Registration.objects.active().filter(
        pk__in=Registration.objects.filter(
            attendances__day__session=session_id, attendances__presence=Presence.PRESENT
        ).values("pk")
    )


def mail_invitations(survey: Survey) -> int:
    unsent = list(survey.invitations.filter(mailed_on__isnull=True).select_related("registration").order_by("pk"))
    for invitation in unsent:
        mail_invitation(invitation, survey)
    survey.invitations.filter(pk__in=[invitation.pk for invitation in unsent]).update(
        mailed_on=timezone.localdate()
    )
    return len(unsent)


def mail_invitation(invitation: Invitation, survey: Survey) -> None:
    token = answer_token(invitation)
    mail.send(
        invitation.registration.email,
        "evaluation/mail/feedback_invitation.txt",
        {
            "name": invitation.registration.full_name,
            "session": str(survey.session),
            "cohort": survey.cohort.title,
            "closes_at": german_datetime(survey.closes_at),
            "link": links.absolute("evaluation:survey_answer", token),
        },
        headers=mail.PRIVATE,
    )
