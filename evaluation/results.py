"""Results of a survey, calculated from counts: shares, means, response rate, and the withholding of small groups.

Pure calculation without the database. What is withheld carries no number at all, so that no page and no
report can show it by mistake.
"""

import enum
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evaluation.models import QuestionKind
from netzkoord.lib.numbers import decimal, percent

# QDFH evaluation of the Frühe Hilfen: agreement is reported as the share of the two highest values.
AGREEMENTS = (QuestionKind.AGREEMENT, QuestionKind.AGREEMENT_FIVE)
STRENGTH_FROM = 5.0
ACTION_BELOW = 4.0
# A question whose middle is ideal is mentioned when its mean is farther away from it; its own band goes first.
OFF_MIDDLE = 0.5


@dataclass(frozen=True)
class Scale:
    """Values from `lowest` to `highest`, the one that is ideal, and how the direction is called on the page."""

    lowest: int
    highest: int
    ideal: int
    direction: str

    @property
    def values(self) -> range:
        return range(self.lowest, self.highest + 1)


SCALES: dict[str, Scale] = {
    QuestionKind.AGREEMENT: Scale(1, 6, 6, "1 = keine, 6 = volle Zustimmung; hoch ist gut"),
    QuestionKind.AGREEMENT_FIVE: Scale(1, 5, 5, "1 = keine, 5 = volle Zustimmung; hoch ist gut"),
    QuestionKind.GRADE: Scale(1, 6, 1, "Schulnote 1–6; klein ist gut"),
    QuestionKind.TEN: Scale(0, 10, 10, "0 = gar nicht, 10 = auf jeden Fall; hoch ist gut"),
    QuestionKind.TARGET: Scale(1, 4, 4, "Zielscheibe 1–4; 4 ist die Mitte; hoch ist gut"),
    QuestionKind.MIDDLE: Scale(1, 5, 3, "Skala 1–5; die Mitte (3) ist ideal"),
}


@dataclass(frozen=True)
class Asked:
    """A question as the calculation needs it; `whom` says whom it was asked, where not all were."""

    text: str
    kind: str
    low_label: str = ""
    high_label: str = ""
    good_within: float | None = None
    poor_beyond: float | None = None
    whom: str = ""

    @property
    def scale(self) -> Scale:
        return SCALES[self.kind]

    @property
    def has_bands(self) -> bool:
        return self.good_within is not None and self.poor_beyond is not None

    @property
    def quoted(self) -> str:
        """The question inside a sentence: in quotation marks, without its own full stop."""
        return f"„{self.text.rstrip('.')}“"


class Band(enum.Enum):
    """How near a mean lies to the ideal of its scale: a word, never a colour alone."""

    GOOD = "gut"
    FAIR = "mittel"
    POOR = "kritisch"

    @property
    def sign(self) -> str:
        """Kind of the sign that stands beside the word."""
        return {Band.GOOD: "done", Band.FAIR: "neutral", Band.POOR: "due"}[self]

    @property
    def mark(self) -> str:
        """The sign as a letter, for tables and paper."""
        return {Band.GOOD: "✓", Band.FAIR: "○", Band.POOR: "▲"}[self]


def band_of(asked: Asked, mean: float) -> Band | None:
    """The band of a mean; None for a question that defines none."""
    if asked.good_within is None or asked.poor_beyond is None:
        return None
    # 6 - 4.6 is a little more than 1.4 in the computer's numbers.
    distance = round(abs(mean - asked.scale.ideal), 6)
    if distance <= asked.good_within:
        return Band.GOOD
    return Band.POOR if distance > asked.poor_beyond else Band.FAIR


@dataclass(frozen=True)
class ValueShare:
    value: int
    count: int
    share: float


@dataclass(frozen=True)
class QuestionResult:
    """What is known about one question; everything but the question is empty when it is withheld.

    `by_role` holds the same for each role, by its name, where the roles may be told apart.
    """

    asked: Asked
    is_withheld: bool
    n: int = 0
    abstained: int = 0
    left_out: int = 0
    shares: tuple[ValueShare, ...] = ()
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None
    top_share: float | None = None
    by_role: tuple[tuple[str, "QuestionResult"], ...] = ()

    @property
    def band(self) -> Band | None:
        return None if self.mean is None else band_of(self.asked, self.mean)

    @property
    def ideal_share(self) -> float | None:
        """How many chose exactly the ideal value."""
        return next((share.share for share in self.shares if share.value == self.asked.scale.ideal), None)

    @property
    def leaning(self) -> str:
        """For a question whose middle is ideal: „genau richtig“ or „eher zu schnell“; empty for every other."""
        if self.asked.kind != QuestionKind.MIDDLE or self.mean is None:
            return ""
        label = off_middle_label(self)
        return f"eher {label}" if label else "genau richtig"


@dataclass(frozen=True)
class ResponseRate:
    """How many answered, those on paper included, of how many who were invited."""

    answered: int
    invited: int
    on_paper: int = 0

    @property
    def is_above_invited(self) -> bool:
        """Possible only with paper, which needs no invitation."""
        return self.answered > self.invited

    @property
    def note(self) -> str:
        """What must stand beside the numbers when some answered on paper; empty otherwise."""
        if not self.on_paper:
            return ""
        explanation = "; auf Papier kann auch antworten, wer keine Einladung hat" if self.is_above_invited else ""
        return f"davon {self.on_paper} auf Papier{explanation}"

    @property
    def share(self) -> float:
        return self.answered / self.invited if self.invited else 0.0


def is_too_small(number_of_people: int, minimum: int) -> bool:
    """Promise 1 of the product; what the minimum is says `Survey.minimum`, or that of a pool."""
    return number_of_people < minimum


def question_result(
    asked: Asked, counts: Mapping[int, int], *, minimum: int, responses: int, abstained: int = 0
) -> QuestionResult:
    """Result of one scaled question from the counts per value; values off the scale are refused.

    `responses` is the number of people who answered the survey and were asked this, `abstained` how many of them
    said that they cannot judge.
    """
    if off_scale := set(counts) - set(asked.scale.values):
        raise ValueError(f"Values {off_scale!r} are not on the scale of {asked.kind}")
    n = sum(counts.values())
    if is_too_small(n, minimum):
        return QuestionResult(asked, is_withheld=True)
    mean = mean_of(counts)
    return QuestionResult(
        asked,
        is_withheld=False,
        n=n,
        abstained=abstained,
        left_out=max(responses - n - abstained, 0),
        shares=shares_of(counts, asked.scale.values),
        mean=mean,
        median=median(counts),
        deviation=deviation(counts, mean),
        top_share=top_share(counts, n, asked.scale) if asked.kind in AGREEMENTS else None,
    )


def mean_of(counts: Mapping[int, int]) -> float:
    return sum(value * count for value, count in counts.items()) / sum(counts.values())


def shares_of(counts: Mapping[int, int], values: Sequence[int]) -> tuple[ValueShare, ...]:
    n = sum(counts.values())
    return tuple(ValueShare(value, counts.get(value, 0), counts.get(value, 0) / n) for value in values)


def median(counts: Mapping[int, int]) -> float:
    """The middle value, or the mean of the two middle ones."""
    n = sum(counts.values())
    return (value_at(counts, (n - 1) // 2) + value_at(counts, n // 2)) / 2


def value_at(counts: Mapping[int, int], index: int) -> int:
    """The value at `index` (from 0) when all are put in order."""
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if index < seen:
            return value
    raise IndexError(index)


def deviation(counts: Mapping[int, int], mean: float) -> float:
    """Standard deviation of the sample (n - 1)."""
    n = sum(counts.values())
    return math.sqrt(sum(count * (value - mean) ** 2 for value, count in counts.items()) / (n - 1))


def top_share(counts: Mapping[int, int], n: int, scale: Scale) -> float:
    """Share of the two highest values."""
    return sum(count for value, count in counts.items() if value >= scale.highest - 1) / n


def strongest_and_weakest(results: Sequence[QuestionResult]) -> tuple[QuestionResult, QuestionResult] | None:
    """The agreement questions with the highest and the lowest mean; None when they do not differ.

    Of the two scales of agreement that on which more was asked: means of different scales are not compared.
    """
    shown = [result for result in results if result.asked.kind in AGREEMENTS and not result.is_withheld]
    kinds = Counter(result.asked.kind for result in shown)
    if not kinds:
        return None
    main = kinds.most_common(1)[0][0]
    ranked = sorted((r for r in shown if r.asked.kind == main), key=lambda r: r.mean or 0.0, reverse=True)
    if len(ranked) < 2 or ranked[0].mean == ranked[-1].mean:
        return None
    return ranked[0], ranked[-1]


def agreements(results: Sequence[QuestionResult]) -> list[QuestionResult]:
    return [r for r in results if r.asked.kind == QuestionKind.AGREEMENT and not r.is_withheld]


def summary(rate: ResponseRate, results: Sequence[QuestionResult]) -> list[str]:
    """The answer in sentences, by rule: response rate, strongest and weakest, mark, what is off the middle."""
    sentences = [rate_sentence(rate)]
    if pair := strongest_and_weakest(results):
        strongest, weakest = pair
        sentences.append(
            f"Am meisten Zustimmung fand {strongest.asked.quoted} "
            f"(im Mittel {decimal(strongest.mean or 0)} von {strongest.asked.scale.highest}), "
            f"am wenigsten {weakest.asked.quoted} ({decimal(weakest.mean or 0)})."
        )
    sentences += [
        f"{result.asked.quoted}: im Mittel {decimal(result.mean)} als Schulnote."
        for result in results
        if result.asked.kind == QuestionKind.GRADE and result.mean is not None
    ]
    return sentences + [sentence for result in results if (sentence := off_middle_sentence(result))]


def rate_sentence(rate: ResponseRate) -> str:
    note = f", {rate.note}" if rate.note else ""
    if rate.is_above_invited:
        return f"Eingeladen waren {rate.invited}, geantwortet haben {rate.answered}{note}."
    return f"{rate.answered} von {rate.invited} Befragten haben geantwortet ({percent(rate.share)}){note}."


def off_middle_sentence(result: QuestionResult) -> str:
    """Says to which side a question lies whose middle is ideal; empty when it lies in the middle."""
    label = off_middle_label(result)
    if not label:
        return ""
    return f"{result.asked.quoted} liegt bei {decimal(result.mean or 0)} (ideal ist 3), also eher bei „{label}“."


def off_middle_label(result: QuestionResult) -> str:
    """The word at the end to which a question leans whose middle is ideal; empty when it does not."""
    if result.asked.kind != QuestionKind.MIDDLE or result.mean is None:
        return ""
    distance = result.mean - result.asked.scale.ideal
    limit = OFF_MIDDLE if result.asked.good_within is None else result.asked.good_within
    if abs(distance) <= limit:
        return ""
    return result.asked.high_label if distance > 0 else result.asked.low_label


def strengths(results: Sequence[QuestionResult]) -> list[QuestionResult]:
    return [result for result in agreements(results) if (result.mean or 0) >= STRENGTH_FROM]


def needing_action(results: Sequence[QuestionResult]) -> list[QuestionResult]:
    return [result for result in agreements(results) if (result.mean or 0) < ACTION_BELOW]


@dataclass(frozen=True)
class TopicNeed:
    """How much a topic is needed: importance and own skill, both 1–4; empty when withheld."""

    name: str
    is_withheld: bool
    n: int = 0
    importance: float | None = None
    skill: float | None = None

    @property
    def gap(self) -> float | None:
        """The need: importance minus own skill; negative where people can do more than they find important."""
        if self.importance is None or self.skill is None:
            return None
        return self.importance - self.skill


def topic_need(name: str, ratings: Sequence[tuple[int, int]], *, minimum: int) -> TopicNeed:
    """Need of one topic from (importance, skill) of the people who gave both."""
    total = RatingTotal(len(ratings), sum(first for first, _ in ratings), sum(second for _, second in ratings))
    return need_of_total(name, total, minimum=minimum)


class RatingTotal(NamedTuple):
    """How many rated a topic, and the sums of the importance and of the skill that they named."""

    people: int = 0
    importance: int = 0
    skill: int = 0


def need_of_total(name: str, total: RatingTotal, *, minimum: int) -> TopicNeed:
    n = total.people
    if is_too_small(n, minimum):
        return TopicNeed(name, is_withheld=True)
    return TopicNeed(name, is_withheld=False, n=n, importance=total.importance / n, skill=total.skill / n)


def ranked(needs: Sequence[TopicNeed]) -> list[TopicNeed]:
    """Greatest need first, then by importance, then by name; withheld ones last."""
    return sorted(needs, key=lambda need: (need.is_withheld, -(need.gap or 0), -(need.importance or 0), need.name))
