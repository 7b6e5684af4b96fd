"""The mails of a decision before it is made, for the preview: however many, the texts and dates are read once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from participants import mails
from participants.counting import in_words
from participants.models import Registration, Selection
from participants.queries.search import fold
from participants.queries.selection import group_of
from participants.queries.selection_desk import Change

# What the mail about each decision is called.
KINDS = {Selection.ACCEPTED: "Zusage", Selection.WAITING: "Warteliste", Selection.DECLINED: "Absage"}
LINK = "(persönlicher Link)"


class Recipient(mails.Decided):
    """Who gets which mail."""

    @property
    def kind(self) -> str:
        return KINDS[self.selection]


@dataclass(frozen=True)
class PreviewedMail:
    """One mail as it will be sent, with a note in place of the personal link."""

    recipient: Recipient
    subject: str
    text: str


@dataclass(frozen=True)
class MailCount:
    """Which tandems and singles, and how many people, get one kind of mail."""

    kind: str
    in_words: str
    people: int


def mail_counts(changes: Sequence[Change]) -> list[MailCount]:
    """For each kind that there is."""
    counts = []
    for selection, kind in KINDS.items():
        own = [change.tandem for change in changes if change.after == selection]
        if own:
            counts.append(
                MailCount(kind, in_words(group_of(tandem) for tandem in own), sum(tandem.people for tandem in own))
            )
    return counts


def recipients_of(changes: Iterable[Change]) -> list[Recipient]:
    """Everybody who gets a mail: by kind, then by name."""
    found = [recipient_of(half, change) for change in changes for half in change.tandem.confirmed_registrations()]
    order = list(KINDS)
    return sorted(found, key=lambda one: (order.index(one.selection), fold(one.half.sort_name), one.half.pk))


def recipient_of(half: Registration, change: Change) -> Recipient:
    """The half reads tandem and cohort that are in memory already."""
    half.tandem, half.cohort = change.tandem, change.tandem.cohort
    return Recipient(half, change.after)


def previewed(recipients: Sequence[Recipient]) -> list[PreviewedMail]:
    """The mails to these; the number of queries does not depend on how many."""
    messages = mails.compose_decisions(recipients, [LINK] * len(recipients))
    return [
        PreviewedMail(one, message.subject, message.text) for one, message in zip(recipients, messages, strict=True)
    ]
