"""Sending the mails of the rules when they are due, and deciding about those that were missed."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort, Session
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails
from participants.mail_plan import GRACE
from participants.models import Anchor, MailDelivery, MailRule, MailSkip, Registration
from participants.queries.mail_rules import Mailing, mailing_of, mailings_of

# All that a rule says.
SAID = ("cohort", "kind", "days", "anchor", "hour", "addition", "subject", "body", "is_active")


def send_due_mails() -> int:
    """Write every mail of a rule that is due; how many those were. For the worker.

    Idempotent: what was written is a row in the same transaction as the mail. May run in several processes at once.
    """
    sessions = [session for rule in MailRule.objects.active() for session in sessions_due(rule)]
    cohorts = list({session.cohort_id: session.cohort for session in sessions}.values())
    return sum(send_due(mailing.rule, mailing.session) for mailing in mailings_of(cohorts) if mailing.is_due)


def sessions_due(rule: MailRule) -> list[Session]:
    """Sessions whose moment by this rule may be today or was yesterday, or that somebody may have come late for.

    One query.
    """
    today, offset = timezone.localdate(), datetime.timedelta(days=rule.days)
    sessions = Session.objects.not_cancelled().with_dates().select_related("cohort")
    if rule.cohort_id:
        sessions = sessions.filter(cohort=rule.cohort_id)
    if rule.anchor == Anchor.BEFORE:
        span = {"first_on__range": (today, today + offset)}
    else:
        span = {"last_on__range": (today - offset - GRACE, today - offset)}
    return list(sessions.filter(**span))


@transaction.atomic
def send_due(rule: MailRule, session: Session) -> int:
    mailing = locked_mailing(rule, session)
    if mailing is None or not mailing.rule.is_active or not mailing.is_due:
        return 0
    return write(mailing, mailing.due)


def locked_mailing(rule: MailRule, session: Session) -> Mailing | None:
    """As it stands now; nobody else moves the session or sends the same until the transaction ends."""
    locked = Session.objects.select_for_update(of=("self",)).select_related("cohort").filter(pk=session.pk).first()
    current = MailRule.objects.filter(pk=rule.pk).first()
    return mailing_of(current, locked) if locked and current else None


def write(mailing: Mailing, people: Sequence[Registration]) -> int:
    """Put the mail into the outbox for these people; how many they were."""
    for half in people:
        MailDelivery.objects.create(
            rule=mailing.rule, session=mailing.session, registration=half, about_on=mailing.about_on
        )
        mails.send_session_mail(half, mailing.session, rule=mailing.rule)
    return len(people)


@transaction.atomic
def send_now(*, rule: MailRule, session: Session, by: User) -> int:
    """Send what was missed or comes later, now, to everybody who does not have it; how many those were."""
    mailing = locked_mailing(rule, session)
    if mailing is None or not mailing.can_be_sent:
        return 0
    if mailing.skip:
        mailing.skip.delete()
    count = write(mailing, mailing.waiting)
    audit.record(AuditAction.MAILING_SENT, target=mailing.session, by=by, rule=rule.pk, people=count)
    return count


@transaction.atomic
def skip(*, rule: MailRule, session: Session, by: User) -> bool:
    """Leave this mail out for this session; False when there is nothing to leave out, as after a double click."""
    mailing = locked_mailing(rule, session)
    if mailing is None or not mailing.can_be_skipped:
        return False
    MailSkip.objects.create(rule=rule, session=mailing.session, about_on=mailing.about_on, skipped_by=by)
    audit.record(AuditAction.MAILING_SKIPPED, target=mailing.session, by=by, rule=rule.pk)
    return True


@transaction.atomic
def unskip(*, rule: MailRule, session: Session, by: User) -> bool:
    """Take back that a mail is left out; what is too late by now is missed and not sent by itself."""
    mailing = locked_mailing(rule, session)
    if mailing is None or mailing.skip is None:
        return False
    mailing.skip.delete()
    audit.record(AuditAction.MAILING_SKIPPED, target=mailing.session, by=by, rule=rule.pk, is_taken_back=True)
    return True


@transaction.atomic
def set_suspended(*, rule: MailRule, cohort: Cohort, is_suspended: bool, by: User) -> None:
    """Whether a common rule holds in this cohort; the second of two clicks waits and finds it done."""
    rule = MailRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if rule.suspended_in.filter(pk=cohort.pk).exists() is is_suspended:
        return
    if is_suspended:
        rule.suspended_in.add(cohort)
    else:
        rule.suspended_in.remove(cohort)
    audit.record(AuditAction.MAIL_RULE_CHANGED, target=rule, by=by, cohort=cohort.pk, is_suspended=is_suspended)


@transaction.atomic
def save_rule(rule: MailRule, *, by: User) -> MailRule:
    """Store a rule; from now on it counts, which tells why something before was not sent.

    A new one that says the same as one that is there is that one: two clicks store it once.
    """
    if rule._state.adding:
        User.objects.select_for_update().get(pk=by.pk)  # the second of two clicks waits here
        if known := MailRule.objects.filter(**{name: getattr(rule, name) for name in SAID}).first():
            return known
    rule.changed_at = timezone.now()
    rule.save()
    audit.record(AuditAction.MAIL_RULE_CHANGED, target=rule, by=by)
    return rule


@transaction.atomic
def delete_rule(rule: MailRule, *, by: User) -> bool:
    """Delete a rule by which nothing was sent; False for any other, which can only be switched off."""
    locked = MailRule.objects.select_for_update().filter(pk=rule.pk).first()
    if locked is None or locked.deliveries.exists():
        return False
    audit.record(AuditAction.MAIL_RULE_CHANGED, target=locked, by=by, is_deleted=True)
    locked.delete()
    return True
