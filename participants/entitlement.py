"""Which certificate a person is entitled to, why, and what is missing: pure calculation, no database.

The Teilnahmebescheinigung confirms attendance: in full from the cohort's rule on, below it a reduced one that says
how much was attended. The Zertifikat asks for its own share of the units, and for project and colloquium where the
cohort's rule does. Time that was made up counts towards both shares; who was never there gets neither. Shares are
compared in whole minutes, so that 79.9 percent never pass for 80. The municipality gets its own when both of its
tandem have theirs in full.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from netzkoord.lib.sentences import listed
from netzkoord.templatetags.german import MINUTES_PER_UE, NBSP, decimal_comma, long_date, ue
from participants.models import CertificateKind


class Outcome(Enum):
    """What a person gets, from nothing to all; a later one is never less."""

    NOT = 0
    NOT_YET = 1
    REDUCED = 2
    FULL = 3


# Kind of sign and words for each
SIGNS = {
    Outcome.FULL: ("done", "erfüllt"),
    Outcome.REDUCED: ("info", "nur für die besuchte Zeit"),
    Outcome.NOT_YET: ("info", "noch nicht"),
    Outcome.NOT: ("neutral", "nicht erfüllt"),
}


STAYED_AWAY = "Besucht wurde keine UE. Nachgeholte Zeit allein genügt nicht."


class Lack(Enum):
    """What a person still needs, as it is named inside a sentence."""

    TIME = "Zeit, die nachzuholen ist"
    PROJECT = "das Praxisprojekt"
    COLLOQUIUM = "das Kolloquium"


@dataclass(frozen=True)
class Done:
    """A project or colloquium that is recorded; only a project has a title."""

    completed_on: datetime.date
    title: str = ""


@dataclass(frozen=True)
class Rule:
    """The rule of a cohort (curriculum.Cohort), as it was announced. Without a date nothing can be made up."""

    attendance_percent: int
    certificate_percent: int
    grants_certificate: bool
    needs_project: bool
    needs_colloquium: bool
    make_up_until: datetime.date | None


@dataclass(frozen=True)
class Facts:
    """What is known of one person today. `open_days` are over and not entered as a whole."""

    rule: Rule
    planned_minutes: int
    attended_minutes: int
    made_up_minutes: int
    project: Done | None
    colloquium: Done | None
    open_days: tuple[datetime.date, ...]
    last_on: datetime.date | None
    is_over: bool
    today: datetime.date

    @property
    def missed_minutes(self) -> int:
        """Planned and not attended: no more than this can be made up."""
        return self.planned_minutes - self.attended_minutes

    @property
    def counted_minutes(self) -> int:
        return self.attended_minutes + min(self.made_up_minutes, self.missed_minutes)

    @property
    def is_known(self) -> bool:
        """Everything is over and entered."""
        return self.is_over and not self.open_days

    @property
    def has_stayed_away(self) -> bool:
        """Nothing was attended: then there is nothing to confirm, whatever was made up."""
        return self.is_known and not self.attended_minutes

    @property
    def can_make_up(self) -> bool:
        until = self.rule.make_up_until
        return until is not None and self.today <= until

    def missing_minutes(self, percent: int) -> int:
        """Whole minutes up to this share of what was planned, rounded up."""
        return max(0, -(-self.planned_minutes * percent // 100) - self.counted_minutes)

    def lacks(self) -> tuple[Lack, ...]:
        """What the Zertifikat asks for beside time and is not recorded."""
        return (
            *([Lack.PROJECT] if self.rule.needs_project and self.project is None else []),
            *([Lack.COLLOQUIUM] if self.rule.needs_colloquium and self.colloquium is None else []),
        )


@dataclass(frozen=True)
class Verdict:
    """What a person gets of one kind. All sentences can be said of the person and to the person.

    `why` says what holds; `why_not` what stands in the way, and is empty for a full one. `until` is the day until
    which what is missing can be made up: then the verdict may still become better.
    """

    outcome: Outcome
    why: str = ""
    why_not: str = ""
    lacks: tuple[Lack, ...] = ()
    missing_minutes: int = 0
    until: datetime.date | None = None

    @property
    def sign(self) -> str:
        return SIGNS[self.outcome][0]

    @property
    def label(self) -> str:
        return SIGNS[self.outcome][1]

    @property
    def missing(self) -> str:
        """„2 UE und das Kolloquium“"""
        return lacks_in_words(self.lacks, self.missing_minutes)

    @property
    def is_reduced(self) -> bool:
        return self.outcome is Outcome.REDUCED

    @property
    def is_not_yet(self) -> bool:
        return self.outcome is Outcome.NOT_YET

    @property
    def is_entitled(self) -> bool:
        return self.outcome in {Outcome.FULL, Outcome.REDUCED}

    @property
    def is_final(self) -> bool:
        """Nothing that is still to come can change it."""
        return self.outcome is not Outcome.NOT_YET and self.until is None


@dataclass(frozen=True)
class Entitlement:
    """The verdicts on both kinds."""

    attendance: Verdict
    qualification: Verdict

    def of(self, kind: CertificateKind) -> Verdict:
        return self.attendance if kind == CertificateKind.ATTENDANCE else self.qualification


def entitlement(facts: Facts) -> Entitlement:
    return Entitlement(attendance=attendance_verdict(facts), qualification=qualification_verdict(facts))


def attendance_verdict(facts: Facts) -> Verdict:
    """The Teilnahmebescheinigung."""
    if pending := pending_sentence(facts):
        outcome = Outcome.NOT_YET if facts.planned_minutes else Outcome.NOT
        return Verdict(outcome, why_not=pending)
    if facts.has_stayed_away:
        return Verdict(Outcome.NOT, why_not=STAYED_AWAY)
    missing = facts.missing_minutes(facts.rule.attendance_percent)
    why = sentence([attended_words(facts)])
    if not missing:
        return Verdict(Outcome.FULL, why)
    share = needed_sentence(facts.rule.attendance_percent, missing)
    return lacking(facts, Outcome.REDUCED, (Lack.TIME,), missing, why=why, before=share)


def qualification_verdict(facts: Facts) -> Verdict:
    """The Zertifikat."""
    if not facts.rule.grants_certificate:
        return Verdict(Outcome.NOT, why_not="In diesem Durchgang gibt es kein Zertifikat.")
    if not facts.planned_minutes:
        return Verdict(Outcome.NOT, why_not=pending_sentence(facts))
    if facts.has_stayed_away:
        return Verdict(Outcome.NOT, why_not=STAYED_AWAY)
    why = sentence([*([attended_words(facts)] if facts.is_known else []), *achieved_words(facts)])
    missing = facts.missing_minutes(facts.rule.certificate_percent) if facts.is_known else 0
    lacks = (*([Lack.TIME] if missing else []), *facts.lacks())
    if not lacks and facts.is_known:
        return Verdict(Outcome.FULL, why)
    before = pending_sentence(facts)
    if missing:
        before = needed_sentence(facts.rule.certificate_percent, missing)
    is_lost = facts.is_over and lacks and not facts.can_make_up
    return lacking(facts, Outcome.NOT if is_lost else Outcome.NOT_YET, lacks, missing, why=why, before=before)


def tandem_verdict(halves: Sequence[tuple[str, Verdict]]) -> Verdict:
    """The certificate for the municipality; of each who has a place come the name and the better verdict."""
    if len(halves) < 2:
        return Verdict(Outcome.NOT, why_not="Zum Tandem gehören nicht zwei Personen mit einem Platz im Durchgang.")
    short = [(name, verdict) for name, verdict in halves if verdict.outcome is not Outcome.FULL]
    if not short:
        names = listed([name for name, _ in halves])
        return Verdict(Outcome.FULL, f"{names} haben erreicht, was der Durchgang verlangt.")
    is_lost = any(verdict.is_final for _, verdict in short)
    why_not = " ".join(f"{name}: {verdict.why_not}" for name, verdict in short)
    return Verdict(Outcome.NOT if is_lost else Outcome.NOT_YET, why_not=why_not)


def lacking(
    facts: Facts, outcome: Outcome, lacks: tuple[Lack, ...], missing: int, *, why: str, before: str
) -> Verdict:
    """A verdict that could be better: what is missing, and whether it can still be made up."""
    until = facts.rule.make_up_until if lacks and facts.can_make_up else None
    parts = [before, lack_sentence(facts, lacks, missing)]
    return Verdict(outcome, why, " ".join(filter(None, parts)), lacks, missing, until)


def pending_sentence(facts: Facts) -> str:
    """Why it cannot be said yet how much was attended; empty when it can."""
    if not facts.planned_minutes:
        return "Für dieses Angebot sind keine Termine geplant."
    if facts.open_days:
        return f"Anwesenheit für {listed([long_date(day) for day in facts.open_days])} fehlt noch."
    if not facts.is_over and facts.last_on:
        return f"Die Termine gehen noch bis {long_date(facts.last_on)}."
    return ""


def lack_sentence(facts: Facts, lacks: Sequence[Lack], missing: int) -> str:
    """„Es fehlen 2 UE und das Kolloquium; nachholen bis 30. Juni 2018.“"""
    if not lacks:
        return ""
    is_one = len(lacks) == 1 and (not missing or missing_words(missing) == f"1{NBSP}UE")
    return f"Es {'fehlt' if is_one else 'fehlen'} {lacks_in_words(lacks, missing)}{until_words(facts)}."


def lacks_in_words(lacks: Sequence[Lack], missing: int) -> str:
    return listed([missing_words(missing) if lack is Lack.TIME else lack.value for lack in lacks])


def until_words(facts: Facts) -> str:
    until = facts.rule.make_up_until
    if not facts.is_over:
        return f"; Zeit ist bis {long_date(until)}" if until else ""
    if until is None:
        return "; Nachholen ist in diesem Durchgang nicht vorgesehen"
    is_open = facts.can_make_up
    return f"; nachholen bis {long_date(until)}" if is_open else f"; die Frist dafür endete am {long_date(until)}"


def attended_words(facts: Facts) -> str:
    """„besucht 46 von 48 UE (95 %)“; with what was made up the share of both."""
    planned = facts.planned_minutes
    words = f"besucht {decimal_comma(facts.attended_minutes / MINUTES_PER_UE)} von {ue(planned)}"
    made_up = facts.counted_minutes - facts.attended_minutes
    if not made_up:
        return f"{words} ({percent_words(facts.attended_minutes, planned)})"
    return f"{words}, nachgeholt {ue(made_up)} (zusammen {percent_words(facts.counted_minutes, planned)})"


def achieved_words(facts: Facts) -> list[str]:
    """What the rule asks for and is recorded."""
    words = []
    if facts.rule.needs_project and facts.project:
        title = f" „{facts.project.title}“" if facts.project.title else ""
        words.append(f"Praxisprojekt{title} am {long_date(facts.project.completed_on)} abgeschlossen")
    if facts.rule.needs_colloquium and facts.colloquium:
        words.append(f"Kolloquium am {long_date(facts.colloquium.completed_on)}")
    return words


def needed_sentence(percent: int, missing: int) -> str:
    return f"Nötig sind {percent}{NBSP}% der UE." if missing else ""


def missing_words(minutes: int) -> str:
    """In UE, rounded up to a tenth: whoever makes up what stands here has enough."""
    return ue(-(-minutes * 10 // MINUTES_PER_UE) * MINUTES_PER_UE / 10)


def percent_words(minutes: int, planned: int) -> str:
    """Rounded down, so that 79.9 never reads as the 80 that are needed."""
    return f"{minutes * 100 // planned}{NBSP}%"


def sentence(parts: Iterable[str]) -> str:
    """The parts as one sentence with a capital and a full stop; empty for none."""
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""
