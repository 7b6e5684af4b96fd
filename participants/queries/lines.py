"""All tandems of a cohort as slim rows: what the list filters, sorts and counts by, without building models."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.expressions import Combinable

from curriculum.models import Audience, Cohort
from netzkoord.lib.states import State
from participants.counting import group_for
from participants.models import (
    Approval,
    Note,
    Offer,
    OrganisationType,
    PoolInvitation,
    Registration,
    Sector,
    TandemState,
    exception_holds,
    tandem_state,
)
from participants.models.places import sorted_under
from participants.selection import Group

SECTOR_OF = {kind.value: kind.sector for kind in OrganisationType}


class HalfLine(NamedTuple):
    """One registration; the names are those of the model's fields."""

    pk: int
    tandem_id: int
    person_id: int | None
    role: str
    title: str
    given_names: str
    family_name: str
    email: str
    organisation: str
    organisation_type: str
    field_of_action: str
    is_active: bool
    is_confirmed: bool

    @property
    def sector(self) -> Sector | None:
        return SECTOR_OF.get(self.organisation_type)


class Place(NamedTuple):
    """The municipality of a tandem."""

    name: str
    state: str
    county_name: str

    @property
    def sort_name(self) -> str:
        return sorted_under(self.name)

    def get_state_display(self) -> str:
        return State(self.state).label if self.state else ""


class SharedHalf(NamedTuple):
    """A neighbour's half that may count here."""

    role: str
    tandem_id: int


class TandemLine(NamedTuple):
    """One tandem with its registrations; `shared` is the neighbour's half that completes it, while that holds.

    Named as in `Tandem`, so that what ranks tandems ranks these.
    """

    pk: int
    municipality_id: int
    municipality: Place
    form: str
    selection: str
    created_at: datetime.datetime
    has_exception: bool
    shared: SharedHalf | None
    halves: list[HalfLine]
    active: list[HalfLine]
    confirmed: list[HalfLine]
    state: TandemState
    group: Group
    note_count: int
    offered_until: datetime.datetime | None
    awaits_approval: bool
    is_from_pool: bool

    @property
    def missing_roles(self) -> set[str]:
        """Roles without a half, as long as anybody is there at all."""
        if not self.active:
            return set()
        taken = {half.role for half in self.active} | ({self.shared.role} if self.shared else set())
        return {role.value for role in Audience} - taken

    def confirmed_registrations(self) -> list[HalfLine]:
        return self.confirmed

    @property
    def people(self) -> int:
        return len(self.confirmed)

    def half_of(self, role: str) -> HalfLine | None:
        return next((half for half in self.active if half.role == role), None)

    @property
    def texts(self) -> list[str]:
        """Everything that the search looks into."""
        halves = [
            text
            for half in self.halves
            for text in (half.title, half.given_names, half.family_name, half.organisation, half.email)
        ]
        return [
            self.municipality.name,
            self.municipality.county_name,
            self.municipality.get_state_display(),
            *halves,
        ]


def lines_of(cohort: Cohort) -> list[TandemLine]:
    """Every tandem of the cohort by arrival; six queries, however many there are."""
    halves: dict[int, list[HalfLine]] = defaultdict(list)
    for half in half_lines(cohort):
        halves[half.tandem_id].append(half)
    marks = Marks.of(cohort)
    rows = cohort.tandems.order_by("created_at", "pk").values_list(
        "pk",
        "municipality_id",
        "municipality__name",
        "municipality__state",
        "municipality__county_name",
        "form",
        "selection",
        "created_at",
        "shared_half__role",
        "shared_half__confirmed_at",
        "shared_half__withdrawn_at",
        "shared_half__tandem_id",
        "shared_half__tandem__selection",
    )
    return [tandem_line(row, halves.get(row[0], []), marks) for row in rows]


def half_lines(cohort: Cohort) -> Iterable[HalfLine]:
    halves = Registration.objects.filter(cohort=cohort).order_by("created_at", "pk")
    marked = halves.annotate(
        is_active=is_true(ACTIVE), is_confirmed=is_true(ACTIVE & Q(confirmed_at__isnull=False))
    )
    return map(HalfLine._make, marked.values_list(*HalfLine._fields))


ACTIVE = Q(withdrawn_at__isnull=True)


def is_true(condition: Q) -> Combinable:
    """The database says yes or no, which is much less to read than the moments."""
    return ExpressionWrapper(condition, BooleanField())


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
        # The address by which somebody was invited may be that of a duplicate which was merged.
        kept = Registration.objects.filter(cohort=cohort, merged__email__in=invited).order_by()
        return cls(
            notes,
            dict(offers),
            set(waiting.values_list("registration_id", flat=True)),
            {email.lower() for email in invited.union(kept.values_list("email", flat=True))},
        )


def tandem_line(row: tuple[Any, ...], halves: list[HalfLine], marks: Marks) -> TandemLine:
    pk, place, name, land, county, form, selection, created_at, role, sure_at, left_at, other, elsewhere = row
    active = [half for half in halves if half.is_active]
    confirmed = [half for half in active if half.is_confirmed]
    is_shared = role is not None and exception_holds(
        role=role,
        confirmed_at=sure_at,
        withdrawn_at=left_at,
        selection=elsewhere,
        active_roles=[half.role for half in active],
        confirmed=len(confirmed),
    )
    state = tandem_state(active=len(active), confirmed=len(confirmed), is_shared=is_shared)
    return TandemLine(
        pk=pk,
        municipality_id=place,
        municipality=Place(name, land, county),
        form=form,
        selection=selection,
        created_at=created_at,
        has_exception=bool(role),
        shared=SharedHalf(role, other) if is_shared else None,
        halves=halves,
        active=active,
        confirmed=confirmed,
        state=state,
        group=group_for(state, confirmed=len(confirmed)),
        note_count=marks.notes.get(pk, 0),
        offered_until=marks.offers.get(pk),
        awaits_approval=any(half.pk in marks.unapproved for half in active),
        is_from_pool=bool(marks.pool) and any(half.email.lower() in marks.pool for half in active),
    )
