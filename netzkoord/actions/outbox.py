"""What organisers do with mails: send again, correct the address, decide about uncertain ones."""

from email.utils import make_msgid

from django.db import transaction
from post_office.models import PRIORITY, STATUS, Email

from netzkoord.lib import audit, links
from netzkoord.lib.mail_keys import has_lost_keys
from netzkoord.lib.mail_states import MailState, is_expired, resendable, state_of, with_state
from netzkoord.lib.outbox import end, mark_sent, message_domain, put_in_queue
from netzkoord.models import AuditAction, SendingAttempt, SendingOutcome, User
from participants.actions.addresses import follow_correction


@transaction.atomic
def resend_mail(mail_pk: int, *, by: User) -> bool:
    """Send a mail again, unread and to the same recipient; False when that cannot be, or is already under way.

    One that failed or is uncertain goes out itself. Of one that is sent, a copy goes out, unless it has lost what
    its recipient needs.
    """
    mail = locked(mail_pk)
    if state_of(mail) is MailState.SENT:
        return resend_sent(mail, by=by)
    if state_of(mail) not in (MailState.FAILED, MailState.UNCERTAIN) or is_expired(mail):
        return False
    end_uncertain(mail, SendingOutcome.REPEATED)
    put_in_queue(mail)
    audit.record(AuditAction.MAIL_RESENT, target=mail, by=by)
    return True


def resend_sent(mail: Email, *, by: User) -> bool:
    same = Email.objects.filter(to=mail.to, subject=mail.subject, message=mail.message)
    if has_lost_keys(mail) or same.exclude(status__in=[STATUS.sent, STATUS.failed]).exists():
        return False
    Email.objects.create(
        from_email=mail.from_email,
        to=mail.to,
        subject=mail.subject,
        message=mail.message,
        html_message=mail.html_message,
        headers=mail.headers,
        message_id=make_msgid(domain=message_domain()),
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )
    audit.record(AuditAction.MAIL_RESENT, target=mail, by=by)
    return True


@transaction.atomic
def resend_failed(*, by: User) -> int:
    """Send every failed mail again that is still of use; how many."""
    mails = list(resendable().select_for_update())
    for mail in mails:
        put_in_queue(mail)
        audit.record(AuditAction.MAIL_RESENT, target=mail, by=by)
    return len(mails)


@transaction.atomic
def correct_address(mail_pk: int, *, address: str, by: User) -> bool:
    """Send a failed mail to another address; False when it is no failed one, or the address must not change.

    A mail that is good for some time only opens an account: nobody is to lead it elsewhere. What the link is about
    follows, where the address is not confirmed yet: a registration, an invited partner, a superior.
    """
    mail = locked(mail_pk)
    if state_of(mail) is not MailState.FAILED or mail.expires_at:
        return False
    Email.objects.filter(pk=mail.pk).update(to=address)
    for link in links.readdress(mail.message, email=address):
        follow_correction(link, address=address)
    put_in_queue(mail)
    audit.record(AuditAction.MAIL_CORRECTED, target=mail, by=by)
    return True


@transaction.atomic
def book_as_sent(mail_pk: int, *, by: User) -> bool:
    """An uncertain mail has arrived, or somebody lets it rest; False when it is not uncertain."""
    mail = locked(mail_pk)
    if state_of(mail) is not MailState.UNCERTAIN:
        return False
    end_uncertain(mail, SendingOutcome.BOOKED)
    mark_sent(mail)
    audit.record(AuditAction.MAIL_SETTLED, target=mail, by=by)
    return True


def locked(mail_pk: int) -> Email:
    return with_state(Email.objects.select_for_update(of=("self",))).get(pk=mail_pk)


def end_uncertain(mail: Email, outcome: SendingOutcome) -> None:
    """What the server last said stays with the attempt."""
    for attempt in SendingAttempt.objects.filter(email=mail, outcome=SendingOutcome.UNCERTAIN):
        end(SendingAttempt.objects.filter(pk=attempt.pk), outcome, attempt.reply)
