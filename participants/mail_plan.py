"""When the mails of a rule are due and what has become of them: pure calculation, no database."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from django.utils import timezone

from participants.models import Anchor, MailRule

# What is so late is not sent by itself any more.
GRACE = datetime.timedelta(days=1)
# After a session nobody misses a mail any more that is so late.
USEFUL_AFTER = datetime.timedelta(days=30)


class MailingState(Enum):
    """Kind of sign and word for the mails of one rule about one session."""

    COMING = ("info", "kommt")
    DUE = ("info", "wird gerade versendet")
    SENT = ("done", "gesendet")
    PARTLY = ("due", "nicht an alle gesendet")
    MISSED = ("due", "versäumt")
    SKIPPED = ("neutral", "ausgelassen")
    NOBODY = ("neutral", "niemand angenommen")
    UNREACHABLE = ("due", "keine gültige Adresse")
    OVER = ("neutral", "nicht gesendet")
    CANCELLED = ("neutral", "Termin abgesagt")

    @property
    def kind(self) -> str:
        return self.value[0]

    @property
    def label(self) -> str:
        return self.value[1]

    @property
    def needs_decision(self) -> bool:
        return self in (MailingState.MISSED, MailingState.PARTLY)


@dataclass(frozen=True)
class Dates:
    """First and last day of a session."""

    first_on: datetime.date
    last_on: datetime.date

    def counted_from(self, rule: MailRule) -> datetime.date:
        return self.first_on if rule.anchor == Anchor.BEFORE else self.last_on

    def due_at(self, rule: MailRule) -> datetime.datetime:
        """The hour on the wall, so many days before or after."""
        offset = datetime.timedelta(days=rule.days)
        day = self.first_on - offset if rule.anchor == Anchor.BEFORE else self.last_on + offset
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(rule.hour)))

    def is_useless(self, rule: MailRule, now: datetime.datetime) -> bool:
        """Nobody needs a reminder once the session has begun, nor thanks a month later."""
        if rule.anchor == Anchor.BEFORE:
            return timezone.localdate(now) > self.first_on
        return now > self.due_at(rule) + USEFUL_AFTER


def state_of(
    rule: MailRule,
    dates: Dates,
    *,
    people: Collection[int],
    sent: Collection[int],
    late: Collection[int],
    is_cancelled: bool,
    is_skipped: bool,
    now: datetime.datetime,
) -> MailingState:
    """What has become of a rule's mails to these people; those in `sent` have it, `late` is as in `due_to`."""
    waiting = set(people) - set(sent)
    if sent and not waiting:
        return MailingState.SENT
    if is_cancelled:
        return MailingState.CANCELLED
    if is_skipped:
        return MailingState.SKIPPED
    if dates.is_useless(rule, now):
        return MailingState.SENT if sent else MailingState.OVER
    if now < dates.due_at(rule):
        return MailingState.COMING
    if not people:
        return MailingState.NOBODY
    if due_to(rule, dates, waiting=waiting, late=late, has_gone_out=bool(sent), now=now):
        return MailingState.DUE
    return MailingState.PARTLY if sent else MailingState.MISSED


def due_to(
    rule: MailRule,
    dates: Dates,
    *,
    waiting: Collection[int],
    late: Collection[int],
    has_gone_out: bool,
    now: datetime.datetime,
) -> set[int]:
    """To whom of those who wait the mail goes now by itself.

    Who has come `late`, after its moment, gets it as long as it is of use; where it was missed, not before others.
    """
    due_at = dates.due_at(rule)
    if now < due_at or dates.is_useless(rule, now):
        return set()
    if now < due_at + GRACE:
        return set(waiting)
    latecomers = set(waiting) & set(late)
    return latecomers if has_gone_out or latecomers == set(waiting) else set()
