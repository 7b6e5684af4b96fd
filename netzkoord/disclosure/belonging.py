"""What belongs to a person: registrations, the time in each tandem, and the addresses that are theirs alone."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from django.db.models import Model, Prefetch

from netzkoord.models import User
from participants.models import Registration, Tandem

ALWAYS = datetime.datetime.max.replace(tzinfo=datetime.UTC)
Span = tuple[datetime.datetime, datetime.datetime]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Belonging:
    """A person, their registrations and addresses, and since and until when they were in each tandem."""

    person: User
    registrations: list[Registration]
    addresses: frozenset[str]
    spans: dict[int, list[Span]] = field(default_factory=dict)

    @property
    def tandems(self) -> list[Tandem]:
        return list({half.tandem_id: half.tandem for half in self.registrations}.values())

    def while_there(self, rows: Iterable[M], moment: str) -> list[M]:
        """Of the rows of tandems those from the time in which the person was in it: before and after, it is others
        whom they speak of."""
        return [row for row in rows if self.was_there(vars(row)["tandem_id"], getattr(row, moment))]

    def was_there(self, tandem_key: int, moment: datetime.datetime) -> bool:
        return any(since <= moment <= until for since, until in self.spans.get(tandem_key, []))


def belonging_of(person: User) -> Belonging:
    """Six queries."""
    registrations = list(
        Registration.objects.filter(person=person)
        .select_related(
            "cohort", "tandem__cohort", "tandem__municipality", "tandem__shared_half__tandem__municipality"
        )
        .prefetch_related(
            "tandem__registrations", Prefetch("shared_by", Tandem.objects.select_related("municipality", "cohort"))
        )
    )
    spans: dict[int, list[Span]] = defaultdict(list)
    for half in registrations:
        spans[half.tandem_id].append((half.joined_at or half.created_at, half.withdrawn_at or ALWAYS))
    return Belonging(person, registrations, own_addresses(person, registrations), dict(spans))


def own_addresses(person: User, registrations: Iterable[Registration]) -> frozenset[str]:
    """In small letters; none that is also another person's, whose mails would be told otherwise."""
    proven = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    others = {address.lower() for address in [*proven, *(half.email for half in registrations)]}
    others.discard(person.email.lower())
    if not others:
        return frozenset([person.email.lower()])
    taken: set[Any] = set()
    for found in (
        User.objects.exclude(pk=person.pk).values_list("email", flat=True),
        Registration.objects.exclude(person=person).exclude(person=None).values_list("email", flat=True),
    ):
        taken |= {email.lower() for email in found.filter(email__in=others)}
    return frozenset({person.email.lower()} | (others - taken))
