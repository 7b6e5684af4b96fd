"""The life line of a need: named → understood → planned → delivered → judged → what became of it; no database."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from netzkoord.lib.sentences import counted
from netzkoord.templatetags.german import german_date


class Progress(Enum):
    """MISSED is what a cohort that is over has not reached; WITHHELD what too few have said."""

    DONE = "DONE"
    NEXT = "NEXT"
    AHEAD = "AHEAD"
    MISSED = "MISSED"
    WITHHELD = "WITHHELD"

    @property
    def label(self) -> str:
        return PROGRESS_WORDS[self]


PROGRESS_WORDS = {
    Progress.DONE: "erreicht",
    Progress.NEXT: "als Nächstes",
    Progress.AHEAD: "offen",
    Progress.MISSED: "ausgeblieben",
    Progress.WITHHELD: "ohne Ergebnis",
}


class Delivery(Enum):
    """How it stands with a module that is to serve the need."""

    HELD = "HELD"
    AHEAD = "AHEAD"
    UNDATED = "UNDATED"
    CANCELLED = "CANCELLED"
    LEFT_OUT = "LEFT_OUT"
    NOT_FOR = "NOT_FOR"


@dataclass(frozen=True)
class Serving:
    """A module that is to serve the need, how far, by what means, and whether it was held; `on` its last day.

    `means` is a unit or a point of the course; empty for the module as a whole.
    """

    module: str
    degree: str
    means: str
    delivery: Delivery
    on: datetime.date | None

    @property
    def plan(self) -> str:
        by_means = f", mit „{self.means}“" if self.means else ""
        missing = " – steht nicht im Ablauf" if self.delivery is Delivery.LEFT_OUT else ""
        return f"{self.module}: {self.degree}{by_means}{missing}"

    @property
    def counts(self) -> bool:
        """Whether the plan really has it: not by what was taken out, called off, or is for others."""
        return self.delivery not in (Delivery.LEFT_OUT, Delivery.CANCELLED, Delivery.NOT_FOR)

    @property
    def fate(self) -> str:
        return {
            Delivery.HELD: f"{self.module} am {german_date(self.on)}",
            Delivery.AHEAD: f"{self.module} folgt am {german_date(self.on)}",
            Delivery.UNDATED: f"{self.module} hat noch keinen Termin",
            Delivery.CANCELLED: f"{self.module} ist abgesagt",
            Delivery.LEFT_OUT: f"{self.module}: „{self.means}“ steht nicht im Ablauf",
            Delivery.NOT_FOR: f"{self.module}: Wer den Bedarf hat, ist nicht dabei",
        }[self.delivery]


@dataclass(frozen=True)
class Heard:
    """What those say whose need it was, or why nothing is known of it."""

    text: str
    progress: Progress


@dataclass(frozen=True)
class Facts:
    """What is known about a need; `gaps` says in sentences for whom the plan does not cover it.

    `is_over`: the last session of the cohort has been.
    """

    weight: int
    sources: int
    understanding: str
    understood_on: datetime.date | None
    servings: Sequence[Serving]
    gaps: Sequence[str]
    heard: Heard
    outcome: str
    outcome_on: datetime.date | None
    is_over: bool


@dataclass(frozen=True)
class Station:
    title: str
    progress: Progress
    texts: tuple[str, ...]
    on: datetime.date | None = None


def life_line(facts: Facts) -> tuple[Station, ...]:
    """The six stations; the first that is still open is what is next, and a later one may be reached before it."""
    stations = [tell(facts) for tell in (named, understood, planned, delivered, judged, ended)]
    ahead = [place for place, station in enumerate(stations) if station.progress is Progress.AHEAD]
    for place in ahead[:1]:
        stations[place] = replace(stations[place], progress=Progress.NEXT)
    return tuple(stations)


def reached(is_reached: object, *, is_over: bool) -> Progress:
    if is_reached:
        return Progress.DONE
    return Progress.MISSED if is_over else Progress.AHEAD


def named(facts: Facts) -> Station:
    progress = reached(facts.sources, is_over=facts.is_over)
    if not facts.sources:
        return Station("Genannt", progress, ("Keine Quelle mehr.",))
    named_by = counted(facts.weight, "Nennung", "Nennungen")
    text = f"{named_by} aus {counted(facts.sources, 'Quelle', 'Quellen')}"
    return Station("Genannt", progress, (text,))


def understood(facts: Facts) -> Station:
    known = "Nicht" if facts.is_over else "Noch nicht"
    text = facts.understanding or f"{known} festgehalten, wie der Bedarf gemeint ist."
    progress = reached(facts.understanding, is_over=facts.is_over)
    return Station("Verstanden", progress, (text,), facts.understood_on)


def planned(facts: Facts) -> Station:
    texts = tuple(serving.plan for serving in facts.servings)
    told = (*texts, *facts.gaps) if texts else ("In keinem Modul vorgesehen.",)
    is_planned = any(serving.counts for serving in facts.servings)
    return Station("Geplant", reached(is_planned, is_over=facts.is_over), told)


def delivered(facts: Facts) -> Station:
    texts = tuple(serving.fate for serving in facts.servings)
    held = [serving.on for serving in facts.servings if serving.delivery is Delivery.HELD and serving.on]
    nowhere = "In keinem Termin." if facts.is_over else "Noch in keinem Termin."
    progress = reached(held, is_over=facts.is_over)
    return Station("Durchgeführt", progress, texts or (nowhere,), max(held, default=None))


def judged(facts: Facts) -> Station:
    return Station("Beurteilt", facts.heard.progress, (facts.heard.text,))


def ended(facts: Facts) -> Station:
    """Can be held at any time, so that it is open in a cohort that is over, too."""
    text = facts.outcome or "Noch nicht festgehalten."
    return Station("Was daraus wurde", reached(facts.outcome, is_over=False), (text,), facts.outcome_on)
