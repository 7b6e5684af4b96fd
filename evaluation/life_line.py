"""The life line of a need: named → understood → planned → delivered → judged → what became of it; no database."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from netzkoord.lib.sentences import counted
from netzkoord.templatetags.german import german_date


class Progress(Enum):
    DONE = "DONE"
    NEXT = "NEXT"
    AHEAD = "AHEAD"


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
    """A module that is to serve the need, how far, with which unit, and whether it was held; `on` its last day."""

    module: str
    degree: str
    unit: str
    delivery: Delivery
    on: datetime.date | None

    @property
    def plan(self) -> str:
        with_unit = f", mit „{self.unit}“" if self.unit else ""
        return f"{self.module}: {self.degree}{with_unit}"

    @property
    def fate(self) -> str:
        return {
            Delivery.HELD: f"{self.module} am {german_date(self.on)}",
            Delivery.AHEAD: f"{self.module} folgt am {german_date(self.on)}",
            Delivery.UNDATED: f"{self.module} hat noch keinen Termin",
            Delivery.CANCELLED: f"{self.module} ist abgesagt",
            Delivery.LEFT_OUT: f"{self.module}: Der Baustein steht nicht im Ablauf",
            Delivery.NOT_FOR: f"{self.module}: Wer den Bedarf hat, ist nicht dabei",
        }[self.delivery]


@dataclass(frozen=True)
class Facts:
    """What is known about a need; `gaps` says in sentences for whom the plan does not cover it."""

    weight: int
    sources: int
    understanding: str
    understood_on: datetime.date | None
    servings: Sequence[Serving]
    gaps: Sequence[str]
    judgement: str
    outcome: str
    outcome_on: datetime.date | None


@dataclass(frozen=True)
class Station:
    title: str
    progress: Progress
    texts: tuple[str, ...]
    on: datetime.date | None = None


def life_line(facts: Facts) -> tuple[Station, ...]:
    """The six stations; the first that is not reached is what is next, and a later one may be reached before it."""
    reached = [tell(facts) for tell in (named, understood, planned, delivered, judged, ended)]
    first_open = next((place for place, (_, is_reached) in enumerate(reached) if not is_reached), None)
    return tuple(
        Station(title, progress_of(place, is_reached, first_open), texts, on)
        for place, ((title, texts, on), is_reached) in enumerate(reached)
    )


def progress_of(place: int, is_reached: bool, first_open: int | None) -> Progress:
    if is_reached:
        return Progress.DONE
    return Progress.NEXT if place == first_open else Progress.AHEAD


# Title, texts and day of a station; and whether it is reached.
Told = tuple[tuple[str, tuple[str, ...], datetime.date | None], bool]


def named(facts: Facts) -> Told:
    if not facts.sources:
        return ("Genannt", ("Keine Quelle mehr.",), None), False
    named_by = counted(facts.weight, "Nennung", "Nennungen")
    text = f"{named_by} aus {counted(facts.sources, 'Quelle', 'Quellen')}"
    return ("Genannt", (text,), None), True


def understood(facts: Facts) -> Told:
    text = facts.understanding or "Noch nicht festgehalten, wie der Bedarf gemeint ist."
    return ("Verstanden", (text,), facts.understood_on), bool(facts.understanding)


def planned(facts: Facts) -> Told:
    texts = tuple(serving.plan for serving in facts.servings)
    return ("Geplant", (*texts, *facts.gaps) if texts else ("In keinem Modul vorgesehen.",), None), bool(texts)


def delivered(facts: Facts) -> Told:
    texts = tuple(serving.fate for serving in facts.servings)
    held = [serving.on for serving in facts.servings if serving.delivery is Delivery.HELD and serving.on]
    return ("Durchgeführt", texts or ("Noch in keinem Termin.",), max(held, default=None)), bool(held)


def judged(facts: Facts) -> Told:
    text = facts.judgement or "Am Ende des Durchgangs urteilen die Teilnehmenden."
    return ("Beurteilt", (text,), None), bool(facts.judgement)


def ended(facts: Facts) -> Told:
    text = facts.outcome or "Noch nicht festgehalten."
    return ("Was daraus wurde", (text,), facts.outcome_on), bool(facts.outcome)
