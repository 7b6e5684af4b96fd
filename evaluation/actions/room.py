"""A personal link for whoever sits in the room."""

from django.db import transaction
from django_tasks import task

from evaluation.actions.inviting import invite, mail_invitation
from evaluation.models import Survey
from evaluation.queries.invited import people_asked
from netzkoord.lib.frequency import is_within

LINKS_PER_DAY = 3


@task()
@transaction.atomic
def send_room_link(survey_pk: int, email: str) -> int:
    """Mail the personal link to who is asked in this open survey, a few times a day. Returns how many.

    Called by the worker, so that the page that asks for it takes the same time for every address. Also to who has
    answered: a mail that is missing would tell it.
    """
    survey = Survey.objects.select_related("cohort", "session__module").filter(pk=survey_pk).first()
    if survey is None or not survey.is_open or not people_asked(survey).filter(email=email).exists():
        return 0
    if not is_within(LINKS_PER_DAY, f"room-{survey.pk}-{email}"):
        return 0
    known = list(
        survey.invitations.filter(registration__email=email, mailed_on__isnull=False).select_related("registration")
    )
    invite(survey)
    for invitation in known:
        mail_invitation(invitation, survey)
    return len(known) or 1
