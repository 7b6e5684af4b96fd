"""The organiser's list of registrations: filters, order, figures, and the rows of one page.

Filters, order and figures work on slim rows in memory, alike on every database (German order, search without
diacritics); models are built for the rows of one page only.
"""

import datetime
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from curriculum.models import Audience, Cohort
from curriculum.queries.selection_rules import rule_of
from netzkoord.lib.sentences import counted
from participants.counting import RegistrationCounts, in_words
from participants.models import Registration, Sector, Selection, Tandem, TandemState
from participants.queries.duplicates import dismissed_pairs, twins_of, with_two_letters
from participants.queries.lines import TandemLine, lines_of
from participants.queries.registrations import TandemRow, tandem_row
from participants.queries.search import fold
from participants.queries.selection import (
    RefusedBefore,
    asks_refused,
    candidates_of,
    offered_places_of,
    refused_before,
)
from participants.selection import Group, rank

# Flags that can be asked for, and how they read.
FLAGS = {
    "confirmed": "mindestens eine Person bestätigt",
    "twins": "nur mögliche Dubletten",
    "notes": "mit Notiz",
    "exception": "mit Ausnahme",
    "approval": "wartet auf Zustimmung",
    "pool": "aus dem Pool eingeladen",
    "offered": "Platz ist angeboten",
}


@dataclass(frozen=True)
class TandemFilter:
    """What the organiser asks the list for; an empty value asks for nothing."""

    text: str = ""
    state: str = ""
    selection: str = ""
    form: str = ""
    missing: str = ""
    land: str = ""
    sector: str = ""
    field_of_action: str = ""
    flags: tuple[str, ...] = ()

    def accepts(self, line: TandemLine, twins: set[int]) -> bool:
        return (
            (not self.state or line.state == self.state)
            and (not self.selection or line.selection == self.selection)
            and (not self.form or line.form == self.form)
            and (not self.missing or self.missing in line.missing_roles)
            and (not self.land or line.municipality.state == self.land)
            and (not self.sector or any(half.sector == self.sector for half in line.active))
            and (not self.field_of_action or any(h.field_of_action == self.field_of_action for h in line.active))
            and all(has_flag(line, flag, twins) for flag in self.flags)
            and (not self.text or is_among(self.text, line.texts))
        )


def has_flag(line: TandemLine, flag: str, twins: set[int]) -> bool:
    return {
        "confirmed": bool(line.confirmed),
        "twins": line.pk in twins,
        "notes": bool(line.note_count),
        "exception": line.has_exception,
        "approval": line.awaits_approval,
        "pool": line.is_from_pool,
        "offered": line.offered_until is not None,
    }[flag]


def is_among(text: str, texts: Sequence[str]) -> bool:
    """Whether each word occurs somewhere: „muller“, „mueller“ and „Müller“ all find Müller and Mueller."""
    ways = [" ".join([each for each in texts if each.isascii()]).casefold()]
    # Only these can be written in another way; to fold is what costs.
    if marked := [each for each in texts if not each.isascii()]:
        written = " ".join(marked).casefold()
        ways += [fold(written), fold(with_two_letters(written))]
    return all(any(spelling in way for spelling in spellings for way in ways) for spellings in spellings_of(text))


@lru_cache(maxsize=32)
def spellings_of(text: str) -> list[set[str]]:
    """For each word that was typed, how it may stand there."""
    words = unicodedata.normalize("NFC", text.casefold()).split()
    return [{fold(word), fold(with_two_letters(word))} for word in words]


# Order


def person_key(role: str) -> Callable[[TandemLine], tuple[object, ...]]:
    """By family name, then given names; where there is nobody, at the end."""

    def key(line: TandemLine) -> tuple[object, ...]:
        half = line.half_of(role)
        return (
            half is None,
            fold(half.family_name) if half else "",
            fold(half.given_names) if half else "",
            line.pk,
        )

    return key


DECISION_ORDER = [Selection.OPEN, Selection.ACCEPTED, Selection.WAITING, Selection.DECLINED]
STATE_ORDER = [TandemState.COMPLETE, TandemState.SEEKING, TandemState.DISSOLVED]
ORDERS: dict[str, Callable[[TandemLine], tuple[object, ...]]] = {
    "municipality": lambda line: (
        fold(line.municipality.sort_name),
        line.municipality.state,
        line.created_at,
        line.pk,
    ),
    "manager": person_key(Audience.MANAGER),
    "coordinator": person_key(Audience.COORDINATOR),
    "created": lambda line: (line.created_at, line.pk),
    "state": lambda line: (STATE_ORDER.index(line.state), len(line.confirmed) == 0, line.created_at, line.pk),
    "selection": lambda line: (DECISION_ORDER.index(Selection(line.selection)), line.created_at, line.pk),
}


def ordered(lines: Iterable[TandemLine], order: str) -> list[TandemLine]:
    """By one of `ORDERS`, downwards with a „-“ before it."""
    return sorted(lines, key=ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))


def ranked(cohort: Cohort, lines: Sequence[TandemLine]) -> list[TandemLine]:
    """In the order in which the cohort's rule gives places; two queries, three where it asks who was refused."""
    rule = rule_of(cohort)
    refused = refused_before(cohort) if asks_refused(rule) else RefusedBefore()
    # The rows have what ranking asks tandems for.
    rows = cast("Sequence[Tandem]", lines)
    candidates = candidates_of(rows, refused=refused, offered=offered_places_of(cohort))
    by_key = {line.pk: line for line in lines}
    return [by_key[key] for row in rank(candidates, rule) for key in row.candidate.keys]


# Figures


@dataclass(frozen=True)
class Quota:
    """One figure of the cohort: of all who are in the running, and of the accepted ones."""

    label: str
    registered: int
    accepted: int

    @property
    def text(self) -> str:
        return f"{self.accepted} von {self.registered}"

    @property
    def percent(self) -> int:
        return share(self.accepted, self.registered)


@dataclass(frozen=True)
class TandemCounts:
    """Figures of a cohort's registrations; people are counted in places."""

    places: int
    taken: int
    registered: RegistrationCounts
    exceptions: int
    twins: int
    quotas: list[Quota] = field(default_factory=list)

    @property
    def free(self) -> int:
        return max(0, self.places - self.taken)

    @property
    def taken_text(self) -> str:
        return f"{self.taken} von {self.places}"

    @property
    def taken_percent(self) -> int:
        return share(self.taken, self.places)


def share(part: int, whole: int) -> int:
    """Percent, between 0 and 100."""
    return min(100, round(100 * part / whole)) if whole else 0


def counts_of(cohort: Cohort, lines: Sequence[TandemLine], twins: set[int]) -> TandemCounts:
    """Figures from rows that are already read; no query. Who has left or was declined runs no more."""
    alive = [line for line in lines if line.active]
    running = [line for line in alive if line.confirmed and line.selection != Selection.DECLINED]
    accepted = [line for line in running if line.selection == Selection.ACCEPTED]
    return TandemCounts(
        places=cohort.places,
        taken=cohort.places_taken,
        registered=registered_of(lines),
        exceptions=sum(line.has_exception for line in alive),
        twins=sum(line.pk in twins for line in alive),
        quotas=quotas_of(running, accepted),
    )


def registered_of(lines: Iterable[TandemLine]) -> RegistrationCounts:
    counts = RegistrationCounts()
    for line in lines:
        counts.people += len(line.active)
        counts.add(selection=line.selection, group=line.group, confirmed=line.people)
    return counts


def quotas_of(running: Sequence[TandemLine], accepted: Sequence[TandemLine]) -> list[Quota]:
    """What a mixed cohort is made of."""
    figures: dict[str, Callable[[Sequence[TandemLine]], int]] = {
        "Personen": lambda lines: sum(len(line.confirmed) for line in lines),
        "Tandems": lambda lines: sum(line.group is Group.COMPLETE for line in lines),
        "Einzelanmeldungen": lambda lines: sum(line.group is Group.HALF for line in lines),
        "Länder": lambda lines: len({line.municipality.state for line in lines} - {""}),
        Sector.PUBLIC.label: lambda lines: sectors_of(lines)[Sector.PUBLIC],
        Sector.CIVIC.label: lambda lines: sectors_of(lines)[Sector.CIVIC],
    }
    return [Quota(label, count(running), count(accepted)) for label, count in figures.items()]


def sectors_of(lines: Iterable[TandemLine]) -> Counter[Sector | None]:
    return Counter(half.sector for line in lines for half in line.confirmed)


# The list


@dataclass(frozen=True)
class TandemList:
    """What was asked for, in order, out of all tandems of the cohort."""

    lines: list[TandemLine]
    twins: set[int]
    counts: TandemCounts

    @property
    def decidable(self) -> list[int]:
        """Keys of the shown tandems that can be decided: somebody has confirmed."""
        return [line.pk for line in self.lines if line.confirmed]

    @property
    def in_words(self) -> str:
        """„48 Tandems und 12 Einzelanmeldungen“."""
        return in_words(line.group for line in self.lines)


def tandem_list_of(cohort: Cohort, wanted: TandemFilter, order: str) -> TandemList:
    """Seven queries and those of the rank, however many tandems there are; `order` empty asks for the rank."""
    lines = lines_of(cohort)
    twins = twins_of((half for line in lines for half in line.halves), dismissed_pairs(cohort))
    in_order = ordered(lines, order) if order else ranked(cohort, lines)
    shown = [line for line in in_order if wanted.accepts(line, twins)]
    return TandemList(shown, twins, counts_of(cohort, lines, twins))


@dataclass(frozen=True)
class ListRow:
    """One row of the page: the tandem with its halves, and what stands beside it."""

    row: TandemRow
    line: TandemLine
    is_twin: bool

    @property
    def tandem(self) -> Tandem:
        return self.row.tandem

    @property
    def manager(self) -> Registration | None:
        return self.row.manager

    @property
    def coordinator(self) -> Registration | None:
        return self.row.coordinator

    @property
    def shared_manager(self) -> Registration | None:
        return self.shared_as(Audience.MANAGER)

    @property
    def shared_coordinator(self) -> Registration | None:
        return self.shared_as(Audience.COORDINATOR)

    def shared_as(self, role: Audience) -> Registration | None:
        """The neighbour's half that counts here in this role, by exception."""
        shared = self.tandem.shared
        return shared if shared and shared.role == role else None

    @property
    def marks(self) -> list[str]:
        """What else an organiser wants to know at a glance."""
        marks = {
            counted(self.line.note_count, "Notiz", "Notizen"): self.line.note_count,
            "wartet auf Zustimmung": self.line.awaits_approval,
            "aus dem Pool eingeladen": self.line.is_from_pool,
        }
        return [mark for mark, is_so in marks.items() if is_so]

    @property
    def offered_until(self) -> datetime.datetime | None:
        return self.line.offered_until


def rows_of(lines: Sequence[TandemLine], twins: set[int]) -> list[ListRow]:
    """Models for these lines, in their order; two queries."""
    found = {
        tandem.pk: tandem for tandem in Tandem.objects.with_people().filter(pk__in=[line.pk for line in lines])
    }
    return [ListRow(tandem_row(found[line.pk]), line, line.pk in twins) for line in lines if line.pk in found]


def export_rows(cohort: Cohort, keys: Sequence[int]) -> list[TandemRow]:
    """All of these tandems of the cohort, in this order, with whom approvals were asked of; three queries."""
    places = {key: place for place, key in enumerate(keys)}
    tandems = cohort.tandems.with_people().prefetch_related("registrations__approval")
    found = [tandem for tandem in tandems if tandem.pk in places]
    return [tandem_row(tandem) for tandem in sorted(found, key=lambda tandem: places[tandem.pk])]
