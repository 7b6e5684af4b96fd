"""The rule by which a cohort gives its places, as plain values and in words."""

import datetime
from dataclasses import dataclass, field

from curriculum.models import Criterion, RuleMethod, TieBreak


@dataclass(frozen=True)
class Weighted:
    """One criterion of a rule; its weight counts where the rule goes by weight."""

    criterion: Criterion
    weight: int = 1


@dataclass(frozen=True)
class Rule:
    """A rule of selection (Auswahlregel): criteria in their order, and what decides between equals.

    Complete tandems come first whatever it says. `seed` is empty until the lot has been drawn.
    """

    method: RuleMethod = RuleMethod.ORDER
    criteria: tuple[Weighted, ...] = ()
    tie_break: TieBreak = TieBreak.ARRIVAL
    seed: str = ""
    drawn_at: datetime.datetime | None = field(default=None, compare=False)

    @property
    def waits_for_lot(self) -> bool:
        return self.tie_break == TieBreak.LOT and not self.seed

    @property
    def is_by_weight(self) -> bool:
        return self.method == RuleMethod.WEIGHT and bool(self.criteria)


# A cohort without a rule of its own gives places by arrival alone.
ARRIVAL_ALONE = Rule()
# What a new cohort starts with.
USUAL_RULE = Rule(criteria=(Weighted(Criterion.NEW_MUNICIPALITY),))

# What each criterion means to somebody who registers.
MEANINGS = {
    Criterion.NEW_MUNICIPALITY: "Kommunen, die noch nicht vertreten sind, haben Vorrang vor weiteren Tandems einer "
    "Kommune.",
    Criterion.SECTOR_BALANCE: "Verwaltung und Zivilgesellschaft kommen abwechselnd an die Reihe, damit beide "
    "ausgewogen vertreten sind.",
    Criterion.STATE_SPREAD: "Die Länder kommen reihum an die Reihe.",
    Criterion.FIELD_SPREAD: "Die Handlungsfelder kommen reihum an die Reihe.",
    Criterion.DECLINED_BEFORE: "Wer bei einem früheren Durchgang keinen Platz bekam, hat Vorrang; das gilt für "
    "Personen und für ihre Kommune.",
}
TOGETHER = (
    "Vollständige Tandems kommen zuerst, danach Anmeldungen mit einer bestätigten Person. "
    "Ein Tandem wird immer gemeinsam angenommen."
)
ONE_AFTER_THE_OTHER = "Dann gilt, was hier zuerst steht; das Nächste entscheidet nur, wo das Vorige gleich ist:"
BY_WEIGHT = (
    "Dann zählen alle folgenden Punkte zusammen: Jeder ergibt eine Zahl – die wievielte Anmeldung ihrer Gruppe es "
    "ist – mal seinem Gewicht. Die kleinere Summe steht vorn:"
)
BY_ARRIVAL = "Unter sonst Gleichen entscheidet, welche Anmeldung früher eingegangen ist."
BY_LOT = (
    "Unter sonst Gleichen entscheidet das Los. Es wird nach dem Anmeldeschluss einmal gezogen; der Startwert wird "
    "festgehalten, damit sich die Reihenfolge nachrechnen lässt."
)
LATECOMERS = (
    "Gezählt wird in der Reihenfolge des Eingangs: Eine spätere Anmeldung nimmt keiner früheren ihre Zählung weg."
)


@dataclass(frozen=True)
class RuleInWords:
    """What the announcement says about the rule: sentences before a list, the list, sentences after it."""

    before: tuple[str, ...]
    criteria: tuple[str, ...]
    is_ordered: bool
    after: tuple[str, ...]
    seed: str = ""
    drawn_at: datetime.datetime | None = None


def in_words(rule: Rule) -> RuleInWords:
    several = len(rule.criteria) > 1
    introduction = BY_WEIGHT if rule.is_by_weight else ONE_AFTER_THE_OTHER if several else ""
    return RuleInWords(
        before=tuple(filter(None, [TOGETHER, introduction])),
        criteria=tuple(criterion_in_words(weighted, rule) for weighted in rule.criteria),
        is_ordered=several and not rule.is_by_weight,
        after=after_criteria(rule),
        seed=rule.seed,
        drawn_at=rule.drawn_at,
    )


def criterion_in_words(weighted: Weighted, rule: Rule) -> str:
    meaning = MEANINGS[weighted.criterion]
    return f"{meaning} (Gewicht\u00a0{weighted.weight})" if rule.is_by_weight else meaning


def after_criteria(rule: Rule) -> tuple[str, ...]:
    if rule.tie_break == TieBreak.LOT:
        return (BY_LOT,)
    return (BY_ARRIVAL, LATECOMERS) if rule.criteria else (BY_ARRIVAL,)
