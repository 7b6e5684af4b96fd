"""How participants judge at the end whether their needs were covered: rules on plain values, no database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

from evaluation.coverage import Verdict
from netzkoord.lib.sentences import listed, quoted


class NeedAnswer(IntEnum):
    """What one person says of one need."""

    NOT_MINE = 0
    UNCOVERED = 1
    PARTLY = 2
    FULLY = 3


class Judgement(Enum):
    """What those whose need it was say together; UNKNOWN where too few have said it."""

    UNKNOWN = "UNKNOWN"
    UNCOVERED = "UNCOVERED"
    PARTLY = "PARTLY"
    COVERED = "COVERED"


@dataclass(frozen=True)
class JudgedCounts:
    """How many of those whose need it was say what; `people` have said whether it was."""

    people: int
    fully: int
    partly: int
    uncovered: int

    @property
    def concerned(self) -> int:
        return self.fully + self.partly + self.uncovered

    @property
    def not_theirs(self) -> int:
        return self.people - self.concerned


class KeptCounts(NamedTuple):
    """How many have judged a need, and what those said whose own it was; None where it would be of too few."""

    people: int | None = None
    fully: int | None = None
    partly: int | None = None
    uncovered: int | None = None

    def of_enough(self, needed: int) -> "KeptCounts":
        """From `needed` people on how many have judged; from as many whose need it was, what those said."""
        if self.people is None or self.people < needed:
            return KeptCounts()
        known = self.known
        return self if known and known.concerned >= needed else KeptCounts(self.people)

    @property
    def known(self) -> JudgedCounts | None:
        if self.people is None or self.fully is None or self.partly is None or self.uncovered is None:
            return None
        return JudgedCounts(self.people, self.fully, self.partly, self.uncovered)


def added_up(answers: Iterable[int]) -> KeptCounts:
    """All that is said of one need, from a `NeedAnswer` of each."""
    said = Counter(answers)
    return KeptCounts(said.total(), said[NeedAnswer.FULLY], said[NeedAnswer.PARTLY], said[NeedAnswer.UNCOVERED])


def judgement_of(judged: JudgedCounts | None) -> Judgement:
    """More than half decides; where neither „ganz“ nor „nicht“ has them, it was covered partly."""
    if judged is None or not judged.concerned:
        return Judgement.UNKNOWN
    if 2 * judged.fully > judged.concerned:
        return Judgement.COVERED
    return Judgement.UNCOVERED if 2 * judged.uncovered > judged.concerned else Judgement.PARTLY


PLANNED = {
    Verdict.UNCOVERED: Judgement.UNCOVERED,
    Verdict.PARTLY: Judgement.PARTLY,
    Verdict.COVERED: Judgement.COVERED,
    Verdict.OVER: Judgement.COVERED,
}


def differs(plan: Verdict, judgement: Judgement) -> bool:
    """Whether the participants judge otherwise than the organisers have planned."""
    return judgement is not Judgement.UNKNOWN and PLANNED[plan] is not judgement


@dataclass(frozen=True)
class Share:
    """How many of the needs that could be judged were covered; `unknown` were too few people's."""

    covered: int
    judged: int
    unknown: int

    @property
    def value(self) -> float | None:
        return self.covered / self.judged if self.judged else None


def share_of(judgements: Iterable[Judgement]) -> Share:
    found = list(judgements)
    unknown = found.count(Judgement.UNKNOWN)
    return Share(found.count(Judgement.COVERED), len(found) - unknown, unknown)


WORDS = {
    Judgement.UNKNOWN: "noch nicht beurteilt",
    Judgement.UNCOVERED: "nicht gedeckt",
    Judgement.PARTLY: "teilweise gedeckt",
    Judgement.COVERED: "gedeckt",
}


def is_covered(plan: Verdict, judgement: Judgement) -> bool:
    """As those judge whose need it was; where nothing is known of that, as it is planned."""
    known = PLANNED[plan] if judgement is Judgement.UNKNOWN else judgement
    return known is Judgement.COVERED


def is_worse(plan: Verdict, judgement: Judgement) -> bool:
    order = list(Judgement)
    return differs(plan, judgement) and order.index(judgement) < order.index(PLANNED[plan])


def attention(plan: Verdict, judgement: Judgement) -> tuple[bool, bool, int, int]:
    """Sorts needs: what is judged worse than planned first, then better, then the rest; of these the worst first.

    What nobody has judged comes last, as the plan has it.
    """
    order = [*list(Judgement)[1:], Judgement.UNKNOWN]
    place = order.index(judgement), list(Verdict).index(plan)
    return not is_worse(plan, judgement), not differs(plan, judgement), *place


def difference(plan: Verdict, judgement: Judgement, modules: Sequence[str]) -> str:
    """Where plan and judgement part, in a sentence that says what to do; empty where they agree."""
    if not differs(plan, judgement):
        return ""
    known = f"Geplant als {WORDS[PLANNED[plan]]}, beurteilt als {WORDS[judgement]}: "
    if not is_worse(plan, judgement):
        return f"{known}zu klären, was ihn gedeckt hat, und für die nächste Fassung festzuhalten."
    return f"{known}zu prüfen mit dem Training von {listed(modules)}."


def counts_sentence(judged: JudgedCounts) -> str:
    return (
        f"Ganz gedeckt: {judged.fully} von {judged.concerned}, deren Bedarf es war; "
        f"teilweise {judged.partly}, nicht {judged.uncovered}."
    )


def share_sentence(share: Share, few: str) -> str:
    """`few` says of how many people nothing is told: „weniger als 5 Personen“."""
    if not share.judged:
        return f"Kein Bedarf konnte beurteilt werden: Zu jedem haben {few} geurteilt, deren Bedarf es war."
    unknown = ""
    if share.unknown:
        verb = "konnte" if share.unknown == 1 else "konnten"
        unknown = (
            f"; {share.unknown} {verb} nicht beurteilt werden, weil {few} geurteilt haben, deren Bedarf es war"
        )
    return f"{covered_words(share)}{unknown}."


def covered_words(share: Share) -> str:
    if share.judged == 1:
        return f"Der einzige beurteilte Bedarf ist {'gedeckt' if share.covered else 'nicht ganz gedeckt'}"
    verb = "sind" if share.covered > 1 else "ist"
    return f"{share.covered or 'Keiner'} von {share.judged} beurteilten Bedarfen {verb} gedeckt"


def total_of(shares: Iterable[Share]) -> Share:
    """The same over several cohorts: every need counts once in each that named it."""
    found = list(shares)
    return Share(*(sum(getattr(share, name) for share in found) for name in ("covered", "judged", "unknown")))


@dataclass(frozen=True)
class NeedResult:
    """What a survey says of one need, in the words in which it was asked; `needed` is how few are too few.

    `planned` and `modules` are the plan as it was then; None where it was asked before plans were kept.
    """

    title: str
    kept: KeptCounts
    needed: int
    planned: Verdict | None = None
    modules: tuple[str, ...] = ()

    @property
    def counts(self) -> JudgedCounts | None:
        return self.kept.known

    @property
    def judgement(self) -> Judgement:
        return judgement_of(self.counts)

    @property
    def why_withheld(self) -> str:
        """Empty where it says something."""
        if self.counts:
            return ""
        who = "haben geurteilt" if self.kept.people is None else "hatten diesen Bedarf"
        return f"weniger als {self.needed} {who}"

    @property
    def sentence(self) -> str:
        return counts_sentence(self.counts) if self.counts else f"Kein Ergebnis: {self.why_withheld}."


def need_sentences(needs: Sequence[NeedResult]) -> list[str]:
    """By rule: how many were covered, of how many nothing is known, and which ones were not covered."""
    if not needs:
        return []
    share = share_of(need.judgement for need in needs)
    sentences = [share_sentence(share, f"weniger als {needs[0].needed} Personen")]
    if uncovered := [need.title for need in needs if need.judgement is Judgement.UNCOVERED]:
        sentences.append(f"Nicht gedeckt {'wurde' if len(uncovered) == 1 else 'wurden'} {quoted(uncovered)}.")
    return sentences
