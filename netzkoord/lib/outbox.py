"""Sends what waits in the outbox: nothing twice, nothing lost, whenever the process dies (decision 11).

A mail is claimed by a `SendingAttempt` that is committed before the first word to the server. Before the dot that
ends the message the attempt is marked as handed over, unless somebody has taken it away meanwhile. What became of
it is committed with the state of the mail, for each mail apart. So an attempt that outlived its worker was either
never handed over, and the mail is sent again, or it was, and only a person can find out whether it arrived.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Collection, Iterator
from datetime import timedelta
from email.charset import QP, Charset
from email.header import Header
from email.utils import format_datetime
from functools import partial

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from post_office.models import STATUS, Email

from netzkoord.lib import smtp
from netzkoord.lib.jobs import living_workers
from netzkoord.lib.links import lead_to
from netzkoord.lib.mail_keys import without_keys
from netzkoord.models import UNSETTLED, SendingAttempt, SendingOutcome

logger = logging.getLogger("netzkoord.outbox")

# After a temporary refusal; together a little less than a day, and then the mail has failed.
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, *[240] * 5))
# Other work of the worker waits while mails are sent.
ROUND_SECONDS = 20
# A server that has hung up or fallen silent so often in a row is left alone for a while.
TROUBLES = 2
REST_SECONDS = 60

UTF8 = Charset("utf-8")
# Seven bits and short lines whatever the text: no relay has to change it, which would break its DKIM signature.
UTF8.body_encoding = QP


class TakenAway(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """This attempt has been ended by somebody who took its worker for dead; the mail must not be handed over."""


class Postman:
    """Carries the mails of one worker to the mail server."""

    def __init__(self, worker: str, stopping: threading.Event | None = None) -> None:
        self.worker = worker
        self.stopping = stopping or threading.Event()
        self.rests_until = 0.0

    def round(self) -> None:
        """Send what is due, for at most some seconds and not beyond a signal to stop."""
        settle_abandoned(but_not_of=living_workers() - {self.worker})
        give_up_expired()
        if time.monotonic() < self.rests_until or not due().exists():
            return
        route = smtp.route()
        with durable_commits(), contextlib.closing(route):
            try:
                route.open()
            except smtp.ServerTrouble as trouble:
                put_off_all(self.worker, str(trouble))
            else:
                self.send_all(route)

    def send_all(self, route: smtp.Route) -> None:
        ends_at = time.monotonic() + ROUND_SECONDS
        troubles = 0
        while troubles < TROUBLES and time.monotonic() < ends_at and not self.stopping.is_set():
            attempt = claim_next(self.worker)
            if attempt is None:
                return
            is_well = deliver(attempt, route)
            troubles = 0 if is_well else troubles + 1
        if troubles == TROUBLES:
            self.rests_until = time.monotonic() + REST_SECONDS


def waiting() -> QuerySet[Email]:
    """What is still to be sent, now or later, and is not on its way."""
    unsettled = SendingAttempt.objects.filter(email=OuterRef("pk"), outcome__in=UNSETTLED)
    return Email.objects.filter(~Exists(unsettled), status__in=[STATUS.queued, STATUS.requeued])


def due() -> QuerySet[Email]:
    """What may be sent now, the least often tried first: a mail that is refused again and again delays no other."""
    is_time = Q(scheduled_time__isnull=True) | Q(scheduled_time__lte=timezone.now())
    return waiting().filter(is_time).order_by(F("number_of_retries").asc(nulls_first=True), "pk")


@transaction.atomic
def withdraw(fingerprints: Collection[str]) -> int:
    """Take the mails out of the outbox of which a link leads nowhere any more; how many.

    What a worker is sending at this moment goes out: the page behind the link says then what has happened.
    """
    concerned = [mail.pk for mail in waiting().iterator() if not lead_to(mail.message).isdisjoint(fingerprints)]
    free = list(waiting().filter(pk__in=concerned).select_for_update(skip_locked=True))
    Email.objects.filter(pk__in=[mail.pk for mail in free]).delete()
    return len(free)


def claim_next(worker: str) -> SendingAttempt | None:
    """Take the next mail, before anything is said to the server; None when there is none or another was faster."""
    try:
        with transaction.atomic(durable=True):
            mail = due().select_for_update(skip_locked=True).first()
            if mail is None:
                return None
            return SendingAttempt.objects.create(email=mail, worker=worker, recipient=recipient_of(mail))
    except IntegrityError:
        return None


def deliver(attempt: SendingAttempt, route: smtp.Route) -> bool:
    """Bring one mail to the server and write down what became of it; False when the server itself has trouble."""
    try:
        words = route.deliver(letter_of(attempt.email), hand_over=partial(hand_over, attempt))
    except smtp.MailRefused as refusal:
        settle(attempt, SendingOutcome.REFUSED if refusal.for_good else SendingOutcome.DEFERRED, str(refusal))
    except ValueError as error:  # an address or a header that no server could read
        settle(attempt, SendingOutcome.REFUSED, f"Die Mail lässt sich so nicht senden: {error}")
    except smtp.ServerTrouble as trouble:
        settle(attempt, SendingOutcome.DEFERRED, str(trouble))
        return False
    except smtp.Unanswered as silence:
        settle(attempt, SendingOutcome.UNCERTAIN, str(silence))
        return False
    except TakenAway:
        logger.warning("Versuch %s ist einem stehen gebliebenen Prozess abgenommen worden", attempt.pk)
        return False
    else:
        settle(attempt, SendingOutcome.ACCEPTED, words)
    return True


def letter_of(mail: Email) -> EmailMultiAlternatives:
    """The message as it goes out: at each attempt the same, by its identity, too, so that a reader can drop one.

    Raises ValueError when it cannot be sent as it is.
    """
    if len(mail.to) != 1:
        raise ValueError("Sie hat nicht genau eine Adresse.")
    headers = dict(mail.headers or {}) | {
        "Date": format_datetime(timezone.localtime(mail.created)),
        "Message-ID": mail.message_id or f"<netzkoord-{mail.pk}@{message_domain()}>",
    }
    letter = EmailMultiAlternatives(
        subject_header(mail.subject), mail.message, mail.from_email, mail.to, headers=headers
    )
    letter.encoding = UTF8
    if mail.html_message:
        letter.attach_alternative(mail.html_message, "text/html")
    return letter


def message_domain() -> str:
    """The right half of the identity of our mails."""
    return str(settings.POST_OFFICE["MESSAGE_ID_FQDN"])


def subject_header(subject: str) -> str:
    """Encoded so that it begins on the line of its name; Django would leave that one empty before a long word."""
    if subject.isascii():
        return subject
    return Header(subject, UTF8, header_name="Subject").encode().replace("\n ", " ")


def recipient_of(mail: Email) -> str:
    return ", ".join(mail.to)[:254]


def hand_over(attempt: SendingAttempt) -> None:
    """Commit that the server may have the mail from now on. Raises `TakenAway`."""
    with transaction.atomic(durable=True):
        mine = SendingAttempt.objects.filter(pk=attempt.pk, outcome=SendingOutcome.RUNNING)
        if not mine.update(handed_over_at=timezone.now()):
            raise TakenAway


@transaction.atomic(durable=True)
def settle(attempt: SendingAttempt, outcome: SendingOutcome, reply: str) -> None:
    """Write down what became of an attempt and of its mail, unless a person has decided meanwhile."""
    mail = Email.objects.select_for_update().get(pk=attempt.email_id)
    if end(SendingAttempt.objects.filter(pk=attempt.pk, outcome__in=UNSETTLED), outcome, reply):
        apply(outcome, mail)


def end(attempts: QuerySet[SendingAttempt], outcome: SendingOutcome, reply: str = "") -> int:
    """End those of the attempts that are still as the filter says; how many."""
    return attempts.update(outcome=outcome, reply=reply, ended_at=timezone.now())


def apply(outcome: SendingOutcome, mail: Email) -> None:
    """What an outcome means for the mail, which the caller has locked."""
    match outcome:
        case SendingOutcome.ACCEPTED:
            mark_sent(mail)
        case SendingOutcome.DEFERRED | SendingOutcome.ABANDONED:
            put_off(mail)
        case SendingOutcome.REFUSED | SendingOutcome.EXPIRED:
            Email.objects.filter(pk=mail.pk).update(status=STATUS.failed, last_updated=timezone.now())


def mark_sent(mail: Email) -> None:
    """It has done its duty: the stored copy loses what lets a reader act as the recipient."""
    changes = {"status": STATUS.sent, "scheduled_time": None, "last_updated": timezone.now()}
    Email.objects.filter(pk=mail.pk).update(**changes, **without_keys(mail))


def put_off(mail: Email) -> None:
    """To be tried again later, each time a longer while; failed when a day is over."""
    retries = mail.number_of_retries or 0
    changes = {"status": STATUS.failed, "scheduled_time": None}
    if retries < len(DELAYS):
        changes = {"status": STATUS.requeued, "scheduled_time": timezone.now() + DELAYS[retries]}
    Email.objects.filter(pk=mail.pk).update(**changes, number_of_retries=retries + 1, last_updated=timezone.now())


def put_in_queue(mail: Email) -> None:
    """As if it had just been written; what has been tried stays in its history."""
    Email.objects.filter(pk=mail.pk).update(
        status=STATUS.queued, scheduled_time=None, number_of_retries=None, last_updated=timezone.now()
    )


@transaction.atomic(durable=True)
def put_off_all(worker: str, reply: str) -> None:
    """No mail can be sent at all: each one says so, and has its next attempt when its own delay is over."""
    now = timezone.now()
    mails = list(due().select_for_update(skip_locked=True))
    SendingAttempt.objects.bulk_create(
        SendingAttempt(
            email=mail,
            recipient=recipient_of(mail),
            worker=worker,
            started_at=now,
            ended_at=now,
            outcome=SendingOutcome.DEFERRED,
            reply=reply,
        )
        for mail in mails
    )
    for mail in mails:
        put_off(mail)


def settle_abandoned(*, but_not_of: set[str]) -> int:
    """End the attempts of workers that are dead: what was not handed over is sent again, the rest is uncertain."""
    abandoned = SendingAttempt.objects.filter(outcome=SendingOutcome.RUNNING).exclude(worker__in=but_not_of)
    for attempt in abandoned:
        settle_lost(attempt)
    return len(abandoned)


@transaction.atomic(durable=True)
def settle_lost(attempt: SendingAttempt) -> None:
    mail = Email.objects.select_for_update().get(pk=attempt.email_id)
    running = SendingAttempt.objects.filter(pk=attempt.pk, outcome=SendingOutcome.RUNNING)
    if end(running.filter(handed_over_at=None), SendingOutcome.ABANDONED):
        put_off(mail)
    else:
        end(running, SendingOutcome.UNCERTAIN)


def give_up_expired() -> None:
    """Mails that are good for some minutes only, such as a code, are not sent any more."""
    for mail in due().filter(expires_at__lte=timezone.now()):
        give_up(mail)


@transaction.atomic(durable=True)
def give_up(mail: Email) -> None:
    locked = due().select_for_update(skip_locked=True).filter(pk=mail.pk).first()
    if locked:
        now = timezone.now()
        SendingAttempt.objects.create(
            email=locked,
            recipient=recipient_of(locked),
            started_at=now,
            ended_at=now,
            outcome=SendingOutcome.EXPIRED,
        )
        apply(SendingOutcome.EXPIRED, locked)


@contextlib.contextmanager
def durable_commits() -> Iterator[None]:
    """On SQLite, commits that survive a power failure, too, and not only the end of the process."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    set_synchronous("FULL")
    try:
        yield
    finally:
        set_synchronous("NORMAL")


def set_synchronous(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous = {level}")
