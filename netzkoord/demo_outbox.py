"""The outbox of the demo: what went out, and one of each trouble that a mail can have."""

import datetime

from django.utils import timezone
from post_office.models import STATUS, Email

from curriculum.models import Cohort
from netzkoord.models import SendingAttempt, SendingOutcome
from participants.mails import send_decision
from participants.models import Registration, Selection

SENT_AGO = datetime.timedelta(days=2)
# State of the mail, outcome of its last attempt, and what the mail server said.
TROUBLES = (
    (STATUS.failed, SendingOutcome.REFUSED, "550 5.1.1 Recipient address rejected: User unknown"),
    (STATUS.requeued, SendingOutcome.DEFERRED, "451 4.7.1 Greylisting in action, please come back later"),
    (STATUS.queued, SendingOutcome.UNCERTAIN, "Die Verbindung brach ab, bevor der Mailserver geantwortet hat."),
)


def fill_outbox(cohort: Cohort) -> None:
    """The mails about the decisions of the open cohort; three of them are in trouble."""
    decided = Registration.objects.confirmed().filter(cohort=cohort).exclude(tandem__selection=Selection.OPEN)
    halves = decided.select_related("cohort", "tandem__municipality").prefetch_related("tandem__registrations")
    before = set(Email.objects.values_list("pk", flat=True))
    for half in halves.order_by("pk"):
        send_decision(half, Selection(half.tandem.selection))
    mails = list(Email.objects.exclude(pk__in=before).order_by("pk"))
    for mail in mails[len(TROUBLES) :]:
        record_attempt(mail, STATUS.sent, SendingOutcome.ACCEPTED, "250 2.0.0 Ok: queued")
    for mail, trouble in zip(mails, TROUBLES, strict=False):
        record_attempt(mail, *trouble)


def record_attempt(mail: Email, status: int, outcome: SendingOutcome, reply: str) -> None:
    """One attempt two days ago, and what came of it."""
    began = timezone.now() - SENT_AGO
    SendingAttempt.objects.create(
        email=mail,
        recipient=mail.to[0],
        worker="demo",
        started_at=began,
        handed_over_at=began if outcome in (SendingOutcome.ACCEPTED, SendingOutcome.UNCERTAIN) else None,
        ended_at=began + datetime.timedelta(seconds=1),
        outcome=outcome,
        reply=reply,
    )
    Email.objects.filter(pk=mail.pk).update(status=status, created=began)
