"""What differs between two editions, part by part; matched by key, calculated without the database.

Every part of either edition is accounted for once: it was added, removed, changed, or it stayed as it was.
"""

import bisect
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from curriculum.wording import Effort, Piece, pieces_of
from netzkoord.templatetags.german import NBSP, ue

# The texts of an edition itself, which is no part of anything.
EDITION_KEY = uuid.UUID(int=0)
NOTHING = "keine Angabe"


class Kind(Enum):
    """What a part is, in the singular and in the plural; in the order of the page."""

    EDITION = "Fassung", "Fassungen"
    AIM = "Ziel", "Ziele"
    TRACK = "Angebot", "Angebote"
    MODULE = "Modul", "Module"
    GOAL = "Lernziel", "Lernziele"
    UNIT = "Baustein", "Bausteine"
    TOPIC = "Thema", "Themen"
    METHOD = "Methode", "Methoden"
    TERM = "Glossarbegriff", "Glossarbegriffe"
    LEVEL = "Verantwortungsebene", "Verantwortungsebenen"
    AREA = "Kompetenzbereich", "Kompetenzbereiche"
    COMPETENCE = "Kompetenz", "Kompetenzen"

    def __init__(self, label: str, plural: str) -> None:
        self.label = label
        self.plural = plural

    @property
    def is_ordered(self) -> bool:
        """The author decides on the order; the others stand by name or by audience."""
        return self not in (Kind.EDITION, Kind.TRACK, Kind.METHOD)


class Sign(Enum):
    """How a part changed: the word, and the sign beside it."""

    ADDED = "neu", "+"
    REMOVED = "entfallen", "−"
    MOVED = "verschoben", "↕"
    REWORDED = "umformuliert", "≈"
    CHANGED = "geändert", "≠"

    def __init__(self, word: str, mark: str) -> None:
        self.word = word
        self.mark = mark

    @property
    def slug(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Part:
    """A piece of an edition, with everything that can change about it.

    `home` is the part it belongs to: a unit's module, a competence's area, a term's superior.
    """

    key: uuid.UUID
    kind: Kind
    name: str
    home: uuid.UUID | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, frozenset[uuid.UUID]] = field(default_factory=dict)
    minutes: int = 0


@dataclass(frozen=True)
class Content:
    """An edition with all its parts, those of one home in their order."""

    number: int
    parts: tuple[Part, ...]

    @cached_property
    def by_key(self) -> dict[uuid.UUID, Part]:
        return {part.key: part for part in self.parts}

    @cached_property
    def siblings(self) -> dict[tuple[Kind, uuid.UUID | None], list[uuid.UUID]]:
        """Keys of the parts that stand in one row, in their order."""
        rows: dict[tuple[Kind, uuid.UUID | None], list[uuid.UUID]] = defaultdict(list)
        for part in self.by_key.values():
            rows[part.kind, part.home].append(part.key)
        return dict(rows)

    @cached_property
    def minutes_of_modules(self) -> Counter[uuid.UUID]:
        minutes: Counter[uuid.UUID] = Counter()
        for part in self.by_key.values():
            if part.kind is Kind.UNIT and part.home:
                minutes[part.home] += part.minutes
        return minutes

    def of_kind(self, kind: Kind) -> Iterator[Part]:
        return (part for part in self.by_key.values() if part.kind is kind)


@dataclass(frozen=True)
class Rewording:
    """A text that changed. The words that made it are looked for when they are shown: that is what costs time."""

    label: str
    old: str
    new: str
    effort: Effort = field(default_factory=Effort, repr=False, compare=False)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        return pieces_of(self.old, self.new, self.effort)


@dataclass(frozen=True)
class Correction:
    """A value that changed."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Relinking:
    """What a part refers to: by name, what came and what went."""

    label: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """Where a part stood and stands."""

    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """Everything that happened to one part. `old` is missing for a new part, `new` for one that is gone."""

    old: Part | None
    new: Part | None
    move: Move | None = None
    rewordings: tuple[Rewording, ...] = ()
    corrections: tuple[Correction, ...] = ()
    relinkings: tuple[Relinking, ...] = ()

    @property
    def part(self) -> Part:
        """The part as it is now, or as it was."""
        part = self.new or self.old
        assert part is not None  # noqa: S101 -- one of the two is always there
        return part

    @property
    def key(self) -> uuid.UUID:
        return self.part.key

    @property
    def is_named_by_its_text(self) -> bool:
        """A goal or an aim has no title: where its text changed, the change itself names it."""
        return self.part.kind in (Kind.GOAL, Kind.AIM) and bool(self.rewordings)

    @property
    def signs(self) -> tuple[Sign, ...]:
        if self.old is None:
            return (Sign.ADDED,)
        if self.new is None:
            return (Sign.REMOVED,)
        happened = {
            Sign.MOVED: self.move is not None,
            Sign.REWORDED: bool(self.rewordings),
            Sign.CHANGED: bool(self.corrections or self.relinkings),
        }
        return tuple(sign for sign, is_so in happened.items() if is_so)


@dataclass(frozen=True)
class Extent:
    """Minutes before and after; None where there was or is nothing of this name."""

    label: str
    old: int | None
    new: int | None

    @property
    def is_changed(self) -> bool:
        return self.old != self.new

    @property
    def growth(self) -> str:
        """The change in words and UE: „+2 UE“, „neu“, „unverändert“."""
        if self.old is None:
            return Sign.ADDED.word
        if self.new is None:
            return Sign.REMOVED.word
        grown = ue(self.new - self.old)
        return f"+{grown}" if self.new > self.old else grown if self.new < self.old else "unverändert"


@dataclass(frozen=True)
class Group:
    """Changes that belong together: those of one module, or of one kind of part."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Difference:
    """What makes the newer edition out of the older one."""

    old: Content
    new: Content
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    @cached_property
    def by_key(self) -> dict[uuid.UUID, Change]:
        return {change.key: change for change in self.changes}

    @property
    def total(self) -> Extent:
        return Extent("Zusammen", sum_of(self.old), sum_of(self.new))

    def modules(self) -> list[Extent]:
        """Every module of either edition: those of the newer in their order, then those that are gone."""
        gone = (part for part in self.old.of_kind(Kind.MODULE) if part.key not in self.new.by_key)
        parts = [*self.new.of_kind(Kind.MODULE), *gone]
        return [Extent(part.name, minutes_in(self.old, part.key), minutes_in(self.new, part.key)) for part in parts]

    def tracks(self) -> list[Extent]:
        gone = (part for part in self.old.of_kind(Kind.TRACK) if part.key not in self.new.by_key)
        parts = [*self.new.of_kind(Kind.TRACK), *gone]
        return [Extent(part.name, track_in(self.old, part.key), track_in(self.new, part.key)) for part in parts]

    def groups(self) -> list[Group]:
        """The changes as the page shows them: the edition, its modules one by one, then the rest by kind."""
        return [
            Group(title, tuple(changes))
            for title, changes in [*self.around(HEAD), *self.by_module(), *self.around(REST)]
            if changes
        ]

    def around(self, rows: Mapping[str, tuple[Kind, ...]]) -> Iterator[tuple[str, list[Change]]]:
        for title, kinds in rows.items():
            yield title, [change for change in self.changes if change.part.kind in kinds]

    def by_module(self) -> Iterator[tuple[str, list[Change]]]:
        inside: dict[uuid.UUID | None, list[Change]] = defaultdict(list)
        for change in self.changes:
            if change.part.kind is Kind.MODULE:
                inside[change.key].insert(0, change)
            elif change.part.kind in (Kind.GOAL, Kind.UNIT):
                inside[change.part.home].append(change)
        gone = (part for part in self.old.of_kind(Kind.MODULE) if part.key not in self.new.by_key)
        for module in [*self.new.of_kind(Kind.MODULE), *gone]:
            yield f"Modul {module.name}", inside[module.key]


HEAD = {"Fassung": (Kind.EDITION,), "Ziele": (Kind.AIM,), "Angebote": (Kind.TRACK,)}
REST = {
    "Themen": (Kind.TOPIC,),
    "Methoden": (Kind.METHOD,),
    "Glossar": (Kind.TERM,),
    "Verantwortungsebenen": (Kind.LEVEL,),
    "Kompetenzen": (Kind.AREA, Kind.COMPETENCE),
}


def difference(old: Content, new: Content) -> Difference:
    """Added and changed parts in the order of the newer edition, then those that are gone."""
    moves, effort = moves_between(old, new), Effort()
    changed = (
        change_of(part, old=old, new=new, moves=moves, effort=effort)
        for part in new.by_key.values()
        if part.key in moves or part != old.by_key.get(part.key)
    )
    gone = (Change(old=part, new=None) for part in old.by_key.values() if part.key not in new.by_key)
    return Difference(old, new, (*(change for change in changed if change.signs), *gone))


def change_of(part: Part, *, old: Content, new: Content, moves: Mapping[uuid.UUID, Move], effort: Effort) -> Change:
    before = old.by_key.get(part.key)
    if before is None:
        return Change(old=None, new=part)
    return Change(
        old=before,
        new=part,
        move=moves.get(part.key),
        rewordings=tuple(rewordings_of(before, part, effort)),
        corrections=tuple(corrections_of(before, part)),
        relinkings=tuple(relinkings_of(before, part, old=old, new=new)),
    )


def rewordings_of(before: Part, part: Part, effort: Effort) -> Iterator[Rewording]:
    for label in merged(before.texts, part.texts):
        was, now = before.texts.get(label, ""), part.texts.get(label, "")
        if was != now:
            yield Rewording(label, was, now, effort)


def corrections_of(before: Part, part: Part) -> Iterator[Correction]:
    for label in merged(before.values, part.values):
        was, now = before.values.get(label, NOTHING), part.values.get(label, NOTHING)
        if was != now:
            yield Correction(label, was, now)


def relinkings_of(before: Part, part: Part, *, old: Content, new: Content) -> Iterator[Relinking]:
    nothing: frozenset[uuid.UUID] = frozenset()
    for label in merged(before.links, part.links):
        was, now = before.links.get(label, nothing), part.links.get(label, nothing)
        # What is gone altogether is told once, not at everything that referred to it.
        came, went = now - was, {key for key in was - now if key in new.by_key}
        if came or went:
            yield Relinking(label, names_of(came, new), names_of(went, old))


def merged(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """The labels of both, in the order of the newer one."""
    return [*new, *(label for label in old if label not in new)]


def names_of(keys: Iterable[uuid.UUID], content: Content) -> tuple[str, ...]:
    return tuple(sorted(content.by_key[key].name for key in keys if key in content.by_key))


def moves_between(old: Content, new: Content) -> dict[uuid.UUID, Move]:
    """Parts with another home, and as few others as explain the new order of those that stayed."""
    moves = {}
    for part in new.by_key.values():
        before = old.by_key.get(part.key)
        if before is not None and before.home != part.home:
            moves[part.key] = Move(home_name(before, old), home_name(part, new))
    for (kind, home), keys in new.siblings.items():
        row = old.siblings.get((kind, home), [])
        if kind.is_ordered:
            for key in out_of_order(row, keys):
                moves[key] = Move(f"Stelle{NBSP}{row.index(key) + 1}", f"Stelle{NBSP}{keys.index(key) + 1}")
    return moves


def home_name(part: Part, content: Content) -> str:
    home = content.by_key.get(part.home) if part.home else None
    return f"„{home.name}“" if home else "ohne Oberbegriff"


def out_of_order(old: Sequence[uuid.UUID], new: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """The fewest keys that must have moved so that the row `old` became the row `new`."""
    places = {key: place for place, key in enumerate(old)}
    common = [key for key in new if key in places]
    kept = longest_increasing([places[key] for key in common])
    return {key for at, key in enumerate(common) if at not in kept}


def longest_increasing(numbers: Sequence[int]) -> set[int]:
    """Indexes of a longest increasing subsequence of different numbers."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect.bisect_left(tails, number)
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [index]
        previous.append(ends[length - 1] if length else -1)
    found = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        found.add(index)
        index = previous[index]
    return found


def sum_of(content: Content) -> int:
    return sum(content.minutes_of_modules.values())


def minutes_in(content: Content, module: uuid.UUID) -> int | None:
    return content.minutes_of_modules[module] if module in content.by_key else None


def track_in(content: Content, track: uuid.UUID) -> int | None:
    if track not in content.by_key:
        return None
    offered = (part for part in content.of_kind(Kind.MODULE) if any(track in keys for keys in part.links.values()))
    return sum(content.minutes_of_modules[part.key] for part in offered)


NAMED_IN_SUMMARY = (Kind.MODULE, Kind.UNIT, Kind.GOAL)


def summary(found: Difference) -> str:
    """„Gegenüber der 1. Fassung: 2 Module neu, 1 entfallen, 4 Bausteine umformuliert, 48 → 52 UE.“"""
    start = f"Gegenüber der {found.old.number}.{NBSP}Fassung"
    if not found:
        return f"{start} hat sich nichts geändert."
    phrases = [phrase for kind in NAMED_IN_SUMMARY for phrase in phrases_of(found, kind)]
    others = sum(change.part.kind not in NAMED_IN_SUMMARY for change in found.changes)
    if others:
        further = "weitere " if phrases else ""
        phrases.append(f"{others}{NBSP}{further}{'Änderung' if others == 1 else 'Änderungen'}")
    return f"{start}: {', '.join([*phrases, extent_phrase(found.total)])}."


def phrases_of(found: Difference, kind: Kind) -> Iterator[str]:
    """„2 Module neu“, „1 entfallen“: the noun stands with the first figure only."""
    counts = Counter(sign for change in found.changes if change.part.kind is kind for sign in change.signs)
    noun_is_said = False
    for sign in Sign:
        if count := counts[sign]:
            noun = "" if noun_is_said else f"{kind.label if count == 1 else kind.plural} "
            yield f"{count}{NBSP}{noun}{sign.word}"
            noun_is_said = True


def extent_phrase(total: Extent) -> str:
    if not total.is_changed:
        return f"unverändert {ue(total.new)}"
    return f"{ue(total.old).removesuffix(f'{NBSP}UE')} → {ue(total.new)}"
