"""The candidates of a cohort, ranked by its rule."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from django.db.models import Q

from curriculum.models import Cohort, Criterion
from curriculum.queries.selection_rules import rule_of
from curriculum.rules import Rule
from netzkoord.lib.states import State
from participants.counting import group_for
from participants.models import (
    FieldOfAction,
    Offer,
    OrganisationType,
    Registration,
    Selection,
    Tandem,
)
from participants.selection import Candidate, Group, Person, Ranked, Trait, rank


@dataclass(frozen=True)
class RefusedBefore:
    """Who got no place in an earlier cohort and none since: accounts and municipalities."""

    people: frozenset[int] = frozenset()
    municipalities: frozenset[int] = frozenset()

    def holds_for(self, tandem: Tandem) -> bool:
        if not self.people and not self.municipalities:
            return False
        people = {half.person_id for half in tandem.confirmed_registrations()}
        return tandem.municipality_id in self.municipalities or bool(people & self.people)


@dataclass(frozen=True)
class Ranking:
    """All candidates of a cohort in the order of selection, and the tandems that they stand for."""

    rule: Rule
    rows: Sequence[Ranked]
    tandems: Mapping[int, Tandem]

    def tandems_of(self, candidate: Candidate) -> list[Tandem]:
        return [self.tandems[key] for key in candidate.keys]

    @property
    def in_order(self) -> list[Tandem]:
        return [tandem for row in self.rows for tandem in self.tandems_of(row.candidate)]


def ranking_of(cohort: Cohort) -> Ranking:
    """Every tandem of the cohort; four queries for any number, one more where the rule asks who was refused."""
    rule = rule_of(cohort)
    tandems = {tandem.pk: tandem for tandem in cohort.tandems.with_people()}
    for tandem in tandems.values():
        tandem.cohort = cohort
    refused = refused_before(cohort) if asks_refused(rule) else RefusedBefore()
    candidates = candidates_of(tandems.values(), refused=refused, offered=offered_places_of(cohort))
    return Ranking(rule, rank(candidates, rule), tandems)


def asks_refused(rule: Rule) -> bool:
    """Whether the rule counts who was refused before."""
    return any(weighted.criterion == Criterion.DECLINED_BEFORE for weighted in rule.criteria)


def offered_places_of(cohort: Cohort) -> dict[int, int]:
    """Places that are offered to tandems and not answered, by the tandem's key."""
    offers = Offer.objects.open().filter(tandem__cohort=cohort)
    return dict(offers.order_by().values_list("tandem", "places"))


def refused_before(cohort: Cohort) -> RefusedBefore:
    """People and municipalities that were declined or waited in earlier cohorts and never had a place there.

    Earlier is what closed its registration before; cancelled cohorts do not count. Who has withdrawn refused the
    place, not the other way round. One query.
    """
    earlier = Registration.objects.confirmed().filter(
        Q(tandem__municipality__in=cohort.tandems.order_by().values("municipality"))
        | Q(person__in=cohort.registrations.confirmed().order_by().values("person")),
        cohort__registration_closes_on__lt=cohort.registration_closes_on,
        cohort__cancelled_at__isnull=True,
    )
    people: dict[Selection, set[int]] = defaultdict(set)
    municipalities: dict[Selection, set[int]] = defaultdict(set)
    columns = ("tandem__selection", "person", "tandem__municipality")
    for selection, person, municipality in earlier.order_by().values_list(*columns).distinct():
        people[Selection(selection)].add(person)
        municipalities[Selection(selection)].add(municipality)
    return RefusedBefore(without_place(people), without_place(municipalities))


def without_place(keys: Mapping[Selection, set[int]]) -> frozenset[int]:
    refused = keys.get(Selection.DECLINED, set()) | keys.get(Selection.WAITING, set())
    return frozenset(refused - keys.get(Selection.ACCEPTED, set()))


def candidates_of(
    tandems: Iterable[Tandem], *, refused: RefusedBefore, offered: Mapping[int, int]
) -> list[Candidate]:
    """One for each tandem, or for those that share a half; reads what `with_people` has fetched."""
    return [candidate_of(bound, refused=refused, offered=offered) for bound in bound_together(tandems)]


def bound_together(tandems: Iterable[Tandem]) -> list[list[Tandem]]:
    """The tandems, those together that hold on to each other by a shared half."""
    by_key = {tandem.pk: tandem for tandem in tandems}
    bundles = {key: [tandem] for key, tandem in by_key.items()}
    for tandem in by_key.values():
        shared = tandem.shared
        if shared is None or shared.tandem_id not in by_key:
            continue
        own, other = bundles[tandem.pk], bundles[shared.tandem_id]
        if own is not other:
            other.extend(own)
            bundles.update((member.pk, other) for member in own)
    unique = {id(bundle): bundle for bundle in bundles.values()}
    return [sorted(bundle, key=lambda tandem: tandem.pk) for bundle in unique.values()]


def candidate_of(bound: Sequence[Tandem], *, refused: RefusedBefore, offered: Mapping[int, int]) -> Candidate:
    selections = {Selection(tandem.selection) for tandem in bound}
    return Candidate(
        keys=tuple(tandem.pk for tandem in bound),
        arrived_at=min(tandem.created_at for tandem in bound),
        group=max(group_of(tandem) for tandem in bound),
        people=tuple(person_of(half) for tandem in bound for half in tandem.confirmed_registrations()),
        municipalities=tuple(dict.fromkeys(municipality_of(tandem) for tandem in bound)),
        states=tuple(dict.fromkeys(state_of(tandem) for tandem in bound)),
        was_declined=any(refused.holds_for(tandem) for tandem in bound),
        selection=selections.pop() if len(selections) == 1 else Selection.OPEN,
        placed=sum(places_of(tandem, offered) for tandem in bound),
        is_offered=any(tandem.pk in offered for tandem in bound),
    )


def places_of(tandem: Tandem, offered: Mapping[int, int]) -> int:
    """Places that the tandem has or was offered."""
    return tandem.people if tandem.selection == Selection.ACCEPTED else offered.get(tandem.pk, 0)


def group_of(tandem: Tandem) -> Group:
    return group_for(tandem.state, confirmed=tandem.people)


def person_of(half: Registration) -> Person:
    return person_with(half.role, half.organisation_type, half.field_of_action)


# There are few different people and places, seen so: each is built once, not for every one of thousands.
@cache
def person_with(role: str, kind: str, field: str) -> Person:
    return Person(
        role=role,
        sector=OrganisationType(kind).sector.value if kind else "",
        field=Trait(field, FieldOfAction(field).label) if field else None,
    )


def municipality_of(tandem: Tandem) -> Trait:
    return municipality_trait(tandem.municipality_id, tandem.municipality.name)


@lru_cache(maxsize=20_000)
def municipality_trait(key: int, name: str) -> Trait:
    return Trait(str(key), name)


def state_of(tandem: Tandem) -> Trait:
    return state_trait(tandem.municipality.state)


@cache
def state_trait(state: str) -> Trait:
    return Trait(state, State(state).label if state else "")
