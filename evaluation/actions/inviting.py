"""Inviting to surveys and reminding: by mail, once each, and only who has not answered."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils import timezone

from evaluation.actions.judging import fix_needs
from evaluation.models import Invitation, Purpose, Survey, SurveyRule
from evaluation.queries.asking import last_day
from evaluation.queries.invited import people_asked
from evaluation.timetable import reminders_due
from evaluation.tokens import PURPOSE, answer_token
from netzkoord.lib import links, mail, outbox
from netzkoord.templatetags.german import german_date, german_datetime
from participants.models import Registration

INVITATIONS = {
    Purpose.NEEDS: "evaluation/mail/needs_invitation.txt",
    Purpose.START: "evaluation/mail/start_invitation.txt",
    Purpose.FEEDBACK: "evaluation/mail/feedback_invitation.txt",
    Purpose.END: "evaluation/mail/end_invitation.txt",
    Purpose.TRANSFER: "evaluation/mail/transfer_invitation.txt",
}
PERSONAL_REMINDER = "evaluation/mail/needs_reminder.txt"
ANONYMOUS_REMINDER = "evaluation/mail/survey_reminder.txt"


def invite_missing() -> int:
    """Invite to every survey that has not closed who is to be asked but was not yet; mails sent.

    For the worker; idempotent, and safe to run at the same time in several processes.
    """
    return sum(invite(survey) for survey in Survey.objects.filter(closes_at__gt=timezone.now()))


@transaction.atomic
def invite(survey: Survey) -> int:
    """Bring the invitations in line with the people; mail those not mailed yet once the survey is open.

    Looks at the survey as it is now: it may have been closed since the caller read it. Returns the mails sent.
    """
    locked = held(survey)
    if locked is None or locked.closes_at <= timezone.now():
        return 0
    asked = people_asked(locked)
    Invitation.objects.bulk_create(
        Invitation(survey=locked, registration=registration)
        for registration in asked.exclude(invitations__survey=locked).order_by("pk")
    )
    unsent = locked.invitations.filter(mailed_on__isnull=True, participation__isnull=True)
    unsent.exclude(registration__in=asked).delete()
    if not locked.is_open:
        return 0
    fix_needs(locked)
    return mail_invitations(locked)


def held(survey: Survey) -> Survey | None:
    """The survey as it is now; nobody closes, moves or answers it meanwhile. None when it is gone."""
    related = Survey.objects.select_related("session__module", "cohort")
    return related.select_for_update(of=("self",)).filter(pk=survey.pk).first()


def mail_invitations(survey: Survey) -> int:
    invitations = survey.invitations.filter(mailed_on__isnull=True).select_related("registration").order_by("pk")
    # An address that is none keeps nobody else waiting; the mail goes once it is corrected.
    unsent = [each for each in invitations if mail.is_address(each.registration.email)]
    for invitation in unsent:
        mail_invitation(invitation, survey)
    survey.invitations.filter(pk__in=[invitation.pk for invitation in unsent]).update(
        mailed_on=timezone.localdate()
    )
    return len(unsent)


def mail_invitation(invitation: Invitation, survey: Survey) -> None:
    send(INVITATIONS[Purpose(survey.purpose)], invitation, survey)


def mail_reminder(invitation: Invitation, survey: Survey) -> None:
    send(ANONYMOUS_REMINDER if survey.is_anonymous else PERSONAL_REMINDER, invitation, survey)


def send(template: str, invitation: Invitation, survey: Survey) -> None:
    """With a new personal link."""
    mail.send(
        invitation.registration.email,
        template,
        {
            "name": invitation.registration.full_name,
            "survey": str(survey),
            "session": str(survey.session or ""),
            "cohort": survey.cohort.title,
            "last_day": german_date(last_day(survey)),
            "closes_at": german_datetime(survey.closes_at),
            "link": links.absolute("evaluation:survey_answer", answer_token(invitation)),
        },
        reply_to=survey.cohort.contact_email,
        headers=mail.PRIVATE,
    )


def remind_missing() -> int:
    """Send every reminder that is due; how many. For the worker; idempotent like `invite_missing`."""
    rules = {(rule.cohort_id, rule.purpose): rule for rule in SurveyRule.objects.exclude(first_reminder_days=None)}
    surveys = [(survey, rules.get((survey.cohort_id, survey.purpose))) for survey in Survey.objects.open()]
    return sum(remind(survey, rule) for survey, rule in surveys if rule)


def remind(survey: Survey, rule: SurveyRule) -> int:
    """Remind of an open survey who was invited and has not answered, at most twice; mails sent.

    Who should have been reminded twice by now, and was not at all, gets one mail.
    """
    is_due = partial(reminders_due, rule.first_reminder_days, rule.second_reminder_days, now=timezone.now())
    if not any(is_due(invited_on=each.mailed_on) > each.reminders for each in unanswered(survey)):
        return 0
    with transaction.atomic():
        locked = held(survey)
        if locked is None or not locked.is_open:
            return 0
        waiting = [(each, is_due(invited_on=each.mailed_on)) for each in unanswered(locked)]
        due = [(each, number) for each, number in waiting if number > each.reminders]
        for invitation, number in due:
            mail_reminder(invitation, locked)
            Invitation.objects.filter(pk=invitation.pk).update(reminders=number)
    return len(due)


def unanswered(survey: Survey) -> Iterable[Invitation]:
    """Who has not answered and can be reminded once more; not who has withdrawn, or has no address that is one."""
    invited = survey.invitations.filter(participation__isnull=True, reminders__lt=2)
    active = invited.filter(registration__in=Registration.objects.active())
    found = active.select_related("registration").order_by("pk")
    return [each for each in found if mail.is_address(each.registration.email)]


def withdraw_mails(survey: Survey) -> int:
    """What still waits in the outbox and leads to this survey does not go out; how many mails."""
    mailed = survey.invitations.filter(mailed_on__isnull=False)
    return outbox.withdraw(links.fingerprints_of(PURPOSE, mailed.values_list("link_key", flat=True)))


def invite_anew(survey: Survey) -> None:
    """Forget that people were written to: the survey opens later again, and then they are invited again."""
    withdraw_mails(survey)
    survey.invitations.update(mailed_on=None, reminders=0)
