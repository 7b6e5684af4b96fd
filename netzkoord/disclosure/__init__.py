"""The information about one person (Auskunft, Art. 15 DSGVO): what the three apps hold, in one structure.

Each app has a module that reads what is its own; `shapes` is what they have in common, `reasons` says what is not
told. Paper (`paper`) and machine-readable file (`portable`) are made from the same sections.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from netzkoord.disclosure import account, answering, attending, deciding, reasons, registering, staff, teaching
from netzkoord.disclosure.belonging import belonging_of
from netzkoord.disclosure.shapes import Section, Shown
from netzkoord.models import User

SHOWN: tuple[Shown, ...] = (
    *account.SHOWN,
    *teaching.SHOWN,
    *registering.SHOWN,
    *deciding.SHOWN,
    *attending.SHOWN,
    *answering.SHOWN,
)


@dataclass(frozen=True)
class Disclosure:
    """What is told to one person; `is_asked_for` where organisers made it for somebody who has asked for it."""

    person: User
    made_at: datetime.datetime
    sections: Sequence[Section]
    is_asked_for: bool = False

    @property
    def untold(self) -> Sequence[tuple[str, str]]:
        return reasons.UNTOLD


def disclosure_of(person: User, *, is_asked_for: bool = False) -> Disclosure:
    """As many queries for one registration as for many."""
    own = belonging_of(person)
    sections = [
        account.account(own),
        registering.section(own),
        deciding.section(own),
        attending.section(own),
        *answering.sections(own),
        *teaching.sections(own),
        staff.section(own),
        account.log(own),
        account.mails(own),
    ]
    return Disclosure(person, timezone.now(), sections, is_asked_for)
