"""All tandems of a cohort as slim rows: what the list filters, sorts and counts by, without building models."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from curriculum.models import Audience, Cohort
from netzkoord.lib.states import State
from participants.models import (
    Approval,
    Note,
    Offer,
    OrganisationType,
    PoolInvitation,
    Registration,
    Sector,
    Selection,
    TandemState,
    tandem_state,
)


class HalfLine(NamedTuple):
    """One registration; the names are those of the model's fields."""

    pk: int
    tandem_id: int
    role: str
    title: str
    given_names: str
    family_name: str
    email: str
    organisation: str
    organisation_type: str
    field_of_action: str
    confirmed_at: datetime.datetime | None
    withdrawn_at: datetime.datetime | None

    @property
    def is_active(self) -> bool:
        return self.withdrawn_at is None

    @property
    def is_confirmed(self) -> bool:
        return self.withdrawn_at is None and self.confirmed_at is not None

    @property
    def sector(self) -> Sector | None:
        return OrganisationType(self.organisation_type).sector if self.organisation_type else None


@dataclass(frozen=True)
class TandemLine:
    """One tandem with its registrations; `shared_role` is the role that a neighbour's half fills, if it may."""

    pk: int
    municipality: str
    land: str
    form: str
    selection: str
    created_at: datetime.datetime
    has_exception: bool
    shared_role: str
    halves: list[HalfLine]
    note_count: int
    offered_until: datetime.datetime | None
    awaits_approval: bool
    is_from_pool: bool

    @cached_property
    def active(self) -> list[HalfLine]:
        return [half for half in self.halves if half.is_active]

    @cached_property
    def confirmed(self) -> list[HalfLine]:
        return [half for half in self.halves if half.is_confirmed]

    @property
    def missing_roles(self) -> set[str]:
        """Roles without a half, as long as anybody is there at all."""
        if not self.active:
            return set()
        taken = {half.role for half in self.active} | ({self.shared_role} if self.is_shared else set())
        return {role.value for role in Audience} - taken

    @property
    def is_shared(self) -> bool:
        """Whether the exception holds: the rule of `Tandem.shared`."""
        roles = [half.role for half in self.active]
        return (
            bool(self.shared_role) and len(self.confirmed) == 1 and roles != [self.shared_role] and len(roles) == 1
        )

    @cached_property
    def state(self) -> TandemState:
        return tandem_state(active=len(self.active), confirmed=len(self.confirmed), is_shared=self.is_shared)

    @property
    def is_open(self) -> bool:
        """Somebody has confirmed, nothing is decided."""
        return self.selection == Selection.OPEN and bool(self.confirmed)

    def half_of(self, role: str) -> HalfLine | None:
        return next((half for half in self.active if half.role == role), None)

    @property
    def texts(self) -> list[str]:
        """Everything that the search looks into."""
        land = State(self.land).label if self.land else ""
        names = [text for half in self.halves for text in (*half[3:6], half.organisation, half.email)]
        return [self.municipality, land, *names]


def lines_of(cohort: Cohort) -> list[TandemLine]:
    """Every tandem of the cohort by arrival; six queries, however many there are."""
    halves: dict[int, list[HalfLine]] = defaultdict(list)
    for half in half_lines(cohort):
        halves[half.tandem_id].append(half)
    marks = Marks.of(cohort)
    rows = cohort.tandems.order_by("created_at", "pk").values_list(
        "pk",
        "municipality__name",
        "municipality__state",
        "form",
        "selection",
        "created_at",
        "shared_half__role",
        "shared_half__confirmed_at",
        "shared_half__withdrawn_at",
        "shared_half__tandem__selection",
    )
    return [tandem_line(row, halves.get(row[0], []), marks) for row in rows]


def half_lines(cohort: Cohort) -> Iterable[HalfLine]:
    halves = Registration.objects.filter(cohort=cohort).order_by("created_at", "pk")
    return map(HalfLine._make, halves.values_list(*HalfLine._fields))


@dataclass(frozen=True)
class Marks:
    """What stands beside tandems in other tables, by the keys of tandems and registrations."""

    notes: dict[int, int]
    offers: dict[int, datetime.datetime]
    unapproved: set[int]
    pool: set[str]

    @classmethod
    def of(cls, cohort: Cohort) -> "Marks":
        """Four queries."""
        notes: dict[int, int] = defaultdict(int)
        for key in Note.objects.filter(tandem__cohort=cohort).values_list("tandem_id", flat=True):
            notes[key] += 1
        offers = Offer.objects.open().filter(tandem__cohort=cohort).values_list("tandem_id", "expires_at")
        waiting = Approval.objects.filter(registration__cohort=cohort, decided_at__isnull=True)
        invited = PoolInvitation.objects.filter(cohort=cohort).values_list("registration__email", flat=True)
        return cls(
            notes,
            dict(offers),
            set(waiting.values_list("registration_id", flat=True)),
            {email.lower() for email in invited},
        )


def tandem_line(row: tuple[object, ...], halves: list[HalfLine], marks: Marks) -> TandemLine:
    pk, municipality, land, form, selection, created_at, role, confirmed_at, withdrawn_at, elsewhere = row
    may_share = confirmed_at and not withdrawn_at and elsewhere != Selection.DECLINED
    key = int(str(pk))
    return TandemLine(
        pk=key,
        municipality=str(municipality),
        land=str(land),
        form=str(form),
        selection=str(selection),
        created_at=created_at,  # type: ignore[arg-type]  # a row of values_list has no types
        has_exception=bool(role),
        shared_role=str(role) if may_share else "",
        halves=halves,
        note_count=marks.notes.get(key, 0),
        offered_until=marks.offers.get(key),
        awaits_approval=any(half.pk in marks.unapproved for half in halves if half.is_active),
        is_from_pool=any(half.email.lower() in marks.pool for half in halves if half.is_active),
    )
