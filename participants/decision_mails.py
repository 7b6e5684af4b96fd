"""The mails of a decision before it is made, for the preview: however many, the texts and dates are read once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from netzkoord.lib.mail import is_address
from participants import mails
from participants.counting import in_words
from participants.models import Registration, Selection, Tandem
from participants.queries.search import fold
from participants.queries.selection import group_of
from participants.queries.selection_desk import Change

# What the mail about each decision is called.
KINDS = {Selection.ACCEPTED: "Zusage", Selection.WAITING: "Warteliste", Selection.DECLINED: "Absage"}
LINK = "(persönlicher Link)"
# A message after a decision names so many people who got no mail.
SHOWN = 5


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
    """Which tandems and singles are decided so, and how many people get the mail."""

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
                MailCount(kind, in_words(group_of(tandem) for tandem in own), len(list(reachable_in(own))))
            )
    return counts


def recipients_of(changes: Iterable[Change]) -> list[Recipient]:
    """Everybody who gets a mail: by kind, then by name."""
    found = [recipient_of(half, change) for change in changes for half in reachable_in([change.tandem])]
    order = list(KINDS)
    return sorted(found, key=lambda one: (order.index(one.selection), fold(one.half.sort_name), one.half.pk))


def reachable_in(tandems: Iterable[Tandem]) -> Iterator[Registration]:
    """The confirmed people whom a mail about a decision reaches."""
    halves = (half for tandem in tandems for half in tandem.confirmed_registrations())
    return (half for half in halves if is_address(half.email))


def unreachable_in(tandems: Iterable[Tandem]) -> list[Registration]:
    """The confirmed people whose address is none: they get no mail before it is corrected."""
    halves = []
    for tandem in tandems:
        for half in tandem.confirmed_registrations():
            half.tandem = tandem
            halves.append(half)
    return [half for half in halves if not is_address(half.email)]


def unreachable_sentence(halves: Sequence[Registration]) -> str:
    """Who got no mail, why, and what to do."""
    names = [f"{half} ({half.tandem.municipality.name}): „{half.email}“" for half in halves[:SHOWN]]
    more = f" und {len(halves) - SHOWN} weitere" if len(halves) > SHOWN else ""
    return (
        f"Keine Mail bekommen, weil die E-Mail-Adresse ungültig ist: {'; '.join(names)}{more}. "
        "Bitte berichtigen Sie die Adresse auf der Seite des Tandems; dorthin geht dann der Link zur eigenen Seite."
    )


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
