"""Registrations of one cohort that may be the same person: the same address, or the same name in any writing.

Pure calculation on slim rows. ä may be written as a or ae, given names in any order, titles count for nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from curriculum.models import Cohort
from participants.models import Merge, NotDuplicate, Registration, Tandem
from participants.queries.lines import HalfLine, half_lines
from participants.queries.search import fold

UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
WORD = re.compile(r"[^\W_]+")
# Titles that people write into the fields of their names.
TITLES = frozenset(
    [
        "dr",
        "prof",
        "professor",
        "professorin",
        "dipl",
        "diplom",
        "med",
        "phil",
        "rer",
        "nat",
        "pol",
        "ing",
        "h",
        "c",
    ]
)

Pair = tuple[int, int]


def name_keys(given_names: str, family_name: str) -> set[str]:
    """What a name is compared by: its words in order of the alphabet, in each way of writing the umlauts."""
    written = f"{given_names} {family_name}".casefold()
    ways = {written} if written.isascii() else {written, with_two_letters(written)}
    return {key for way in ways if (key := words_of(way))}


def with_two_letters(text: str) -> str:
    """„müller“ as „mueller“; the text is in small letters."""
    for umlaut, letters in UMLAUTS.items():
        text = text.replace(umlaut, letters)
    return text


def words_of(text: str) -> str:
    return " ".join(sorted([word for word in WORD.findall(fold(text)) if word not in TITLES]))


def keys_of(half: HalfLine | Registration) -> set[str]:
    return {f"@{half.email.casefold()}", *name_keys(half.given_names, half.family_name)}


def may_be_one(one: HalfLine | Registration, other: HalfLine | Registration, dismissed: set[Pair]) -> bool:
    """Whether the two themselves look alike, and nobody has called them two people."""
    pair = (min(one.pk, other.pk), max(one.pk, other.pk))
    return one.pk != other.pk and pair not in dismissed and bool(keys_of(one) & keys_of(other))


def groups_of(halves: Iterable[HalfLine], dismissed: set[Pair]) -> list[list[HalfLine]]:
    """Active registrations that look alike, two or more in a group, in the order given.

    A pair that somebody has called two people holds no group together.
    """
    active = [half for half in halves if half.is_active]
    alike: dict[str, list[int]] = defaultdict(list)
    for half in active:
        for key in keys_of(half):
            alike[key].append(half.pk)
    shared = [keys for keys in alike.values() if len(keys) > 1]
    parents = {key: key for keys in shared for key in keys}
    for first, second in links_in(shared, dismissed):
        parents[root(parents, second)] = root(parents, first)
    groups: dict[int, list[HalfLine]] = defaultdict(list)
    for half in active:
        if half.pk in parents:
            groups[root(parents, half.pk)].append(half)
    return [group for group in groups.values() if len(group) > 1]


def links_in(alike: Iterable[list[int]], dismissed: set[Pair]) -> Iterator[Pair]:
    """As many as it takes to hold together who may be one; each step finds a new one, or a dismissed pair."""
    for keys in alike:
        left = list(keys)
        while left:
            reached = [left.pop(0)]
            for key in reached:  # grows while it is read
                near = [other for other in left if (min(key, other), max(key, other)) not in dismissed]
                yield from ((key, other) for other in near)
                reached += near
                left = [other for other in left if (min(key, other), max(key, other)) in dismissed]


def root(parents: dict[int, int], key: int) -> int:
    while parents[key] != key:
        parents[key] = parents[parents[key]]
        key = parents[key]
    return key


def dismissed_pairs(cohort: Cohort) -> set[Pair]:
    pairs = NotDuplicate.objects.filter(first__cohort=cohort)
    return {(first, second) for first, second in pairs.values_list("first_id", "second_id")}


def twins_of(halves: Iterable[HalfLine], dismissed: set[Pair]) -> set[int]:
    """Keys of tandems that have a registration in any group."""
    return {half.tandem_id for group in groups_of(halves, dismissed) for half in group}


@dataclass(frozen=True)
class Twin:
    """One of a group, and the one to compare it with: the first that it looks like, and its place in the group."""

    half: Registration
    like: Registration
    like_place: int


@dataclass(frozen=True)
class DuplicateGroup:
    """Registrations that may be one person, the one to keep first, and why they are shown."""

    twins: list[Twin]
    reason: str

    @property
    def halves(self) -> list[Registration]:
        return [twin.half for twin in self.twins]

    @property
    def first(self) -> Registration:
        return self.twins[0].half


def group_shown(halves: list[Registration], dismissed: set[Pair]) -> DuplicateGroup:
    ordered = sorted(halves, key=worth)
    return DuplicateGroup([twin_of(half, ordered, dismissed) for half in ordered], reason_for(halves))


def twin_of(half: Registration, group: list[Registration], dismissed: set[Pair]) -> Twin:
    place, like = next(
        (place, other) for place, other in enumerate(group, start=1) if may_be_one(half, other, dismissed)
    )
    return Twin(half, like, place)


def reason_for(halves: list[Registration]) -> str:
    is_one_address = len({half.email.casefold() for half in halves}) == 1
    is_one_name = bool(set.intersection(*(name_keys(half.given_names, half.family_name) for half in halves)))
    return {
        (True, True): "gleicher Name und gleiche E-Mail-Adresse",
        (True, False): "gleiche E-Mail-Adresse",
        (False, True): "gleicher Name",
    }.get((is_one_address, is_one_name), "teils gleicher Name, teils gleiche E-Mail-Adresse")


def worth(half: Registration) -> tuple[bool, bool, object]:
    """The one to keep comes first: confirmed, with a partner, early."""
    return not half.confirmed_at, half.partner is None, half.created_at


def duplicate_groups(cohort: Cohort) -> list[DuplicateGroup]:
    """For the page; five queries."""
    dismissed = dismissed_pairs(cohort)
    groups = groups_of(half_lines(cohort), dismissed)
    keys = [half.pk for group in groups for half in group]
    halves = Registration.objects.select_related("tandem__municipality").prefetch_related("tandem__registrations")
    by_key = halves.in_bulk(keys)
    return [group_shown([by_key[half.pk] for half in group], dismissed) for group in groups]


def pairs_of(tandem: Tandem) -> list[tuple[Registration, Registration]]:
    """Registrations of this tandem, each with one of another tandem that may be the same person.

    Four queries at most. Two halves of one tandem: `queries.one_person`.
    """
    own = {half.pk: half for half in tandem.active_registrations()}
    dismissed = dismissed_pairs(tandem.cohort)
    keys = [
        (one.pk, other.pk)
        for group in groups_of(half_lines(tandem.cohort), dismissed)
        for one in group
        for other in group
        if one.pk in own and other.pk not in own and may_be_one(one, other, dismissed)
    ]
    if not keys:
        return []
    others = Registration.objects.select_related("tandem__municipality").in_bulk({other for _, other in keys})
    return [(own[key], others[other]) for key, other in keys]


def merges_of(tandem: Tandem) -> QuerySet[Merge]:
    """What was merged out of this tandem, or into it, and not undone."""
    merges = Merge.objects.filter(undone_at__isnull=True).select_related(
        "kept__tandem__municipality", "merged__tandem__municipality"
    )
    return merges.filter(Q(kept__tandem=tandem) | Q(merged__tandem=tandem))


def merges_in(cohort: Cohort) -> QuerySet[Merge]:
    """All that were merged in this cohort and not undone, the latest first."""
    merges = Merge.objects.filter(kept__cohort=cohort, undone_at__isnull=True)
    return merges.select_related("kept__tandem__municipality", "merged__tandem__municipality", "merged_by")


def dismissed_of(cohort: Cohort) -> QuerySet[NotDuplicate]:
    """Pairs that somebody has called two people, as long as both are registered."""
    pairs = NotDuplicate.objects.filter(first__cohort=cohort).order_by("-stored_at", "-pk")
    both = pairs.filter(first__withdrawn_at__isnull=True, second__withdrawn_at__isnull=True)
    return both.select_related("first__tandem__municipality", "second__tandem__municipality")
