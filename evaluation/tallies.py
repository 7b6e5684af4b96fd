"""Results of every kind of question, from what the database has counted. Pure calculation, without the database.

A part of the answers is shown only from the minimum of the survey on; what each role said stands apart only where
`withholding` allows it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from curriculum.models import Audience
from evaluation.models import QuestionKind
from evaluation.results import (
    Asked,
    QuestionResult,
    TopicNeed,
    ValueShare,
    is_too_small,
    mean_of,
    question_result,
    shares_of,
    topic_need,
)
from evaluation.withholding import ROLES, RoleCounts, may_divide
from netzkoord.lib.numbers import decimal, percent

Key = TypeVar("Key")
Result = TypeVar("Result")

LEVELS = range(5)
ROLE_NAMES = {Audience.MANAGER: "Führungskräfte", Audience.COORDINATOR: "Koordinierungskräfte"}


class TallyRow(NamedTuple):
    """How many people of a role said the same thing to a question; of texts only their state is counted."""

    question: int
    role: str
    option: int | None
    topic: int | None
    competence: int | None
    number: int | None
    skill: int | None
    is_abstention: bool
    text_state: str
    people: int


@dataclass(frozen=True)
class Tally:
    """All that was said to one question, or to one topic or competence in it.

    `asked` says how many people of each role were asked, `chose` how many chose at least one option, `minimum` and
    `surplus` how few are too few (`withholding.surplus_of`).
    """

    asked: RoleCounts
    rows: Sequence[TallyRow]
    chose: Mapping[str, int]
    minimum: int
    surplus: int = 0

    @property
    def needed(self) -> int:
        """From so many answers on anything of it is shown."""
        return self.minimum + self.surplus

    def of_role(self, role: str) -> "Tally":
        """What a role said; to be asked for where `may_divide` allows it."""
        return Tally(
            RoleCounts(*(count if role == own else 0 for own, count in self.people())),
            [row for row in self.rows if row.role == role],
            {role: self.chose.get(role, 0)},
            self.minimum,
        )

    def people(self) -> list[tuple[str, int]]:
        asked = self.asked
        return [
            (Audience.MANAGER, asked.managers),
            (Audience.COORDINATOR, asked.coordinators),
            ("", asked.unknown),
        ]

    @property
    def numbers(self) -> Counter[int]:
        return counted((row.number, row.people) for row in self.rows if row.number is not None)

    @property
    def pairs(self) -> Counter[tuple[int, int]]:
        """Importance and skill of those who gave both."""
        return counted(
            ((row.number, row.skill), row.people)
            for row in self.rows
            if row.number is not None and row.skill is not None
        )

    @property
    def options(self) -> Counter[int]:
        return counted((row.option, row.people) for row in self.rows if row.option is not None)

    @property
    def text_states(self) -> Counter[str]:
        """How many texts were released, held back, not looked at; for an open question."""
        return counted((row.text_state, row.people) for row in self.rows)

    @property
    def abstained(self) -> int:
        return sum(row.people for row in self.rows if row.is_abstention)


def counted(pairs: Iterable[tuple[Key, int]]) -> Counter[Key]:
    counter: Counter[Key] = Counter()
    for key, count in pairs:
        counter[key] += count
    return counter


def role_counts(pairs: Iterable[tuple[str, int]]) -> RoleCounts:
    """From a role and a number each; empty for paper."""
    counts = counted(pairs)
    return RoleCounts(counts[Audience.MANAGER], counts[Audience.COORDINATOR], counts[""])


def by_role(
    tally: Tally, build: Callable[[Tally], Result], *, survey: RoleCounts, item: RoleCounts
) -> tuple[tuple[str, Result], ...]:
    """What each role said; empty where it would tell about fewer than the minimum."""
    may_be_seen = not is_too_small(item.total, tally.needed)
    if not may_be_seen or not may_divide(survey, item, minimum=tally.minimum, surplus=tally.surplus):
        return ()
    return tuple((ROLE_NAMES[role], build(tally.of_role(role))) for role in ROLES)


def scale_result(asked: Asked, tally: Tally, *, survey: RoleCounts) -> QuestionResult:
    def build(part: Tally) -> QuestionResult:
        return question_result(
            asked,
            part.numbers,
            minimum=part.needed,
            responses=part.asked.total,
            abstained=part.abstained,
        )

    item = role_counts((row.role, row.people) for row in tally.rows if row.number is not None)
    return replace(build(tally), by_role=by_role(tally, build, survey=survey, item=item))


@dataclass(frozen=True)
class OptionShare:
    label: str
    count: int
    share: float


@dataclass(frozen=True)
class ChoiceResult:
    """How often each option was chosen; empty when it is withheld."""

    asked: Asked
    is_withheld: bool
    n: int = 0
    abstained: int = 0
    left_out: int = 0
    options: tuple[OptionShare, ...] = ()
    by_role: tuple[tuple[str, "ChoiceResult"], ...] = ()

    @property
    def is_multiple(self) -> bool:
        return self.asked.kind == QuestionKind.MULTIPLE

    @property
    def rows(self) -> list[tuple[OptionShare, list[OptionShare]]]:
        """Each option with what each role chose."""
        parts = [result.options for _, result in self.by_role]
        return [(option, [part[place] for part in parts]) for place, option in enumerate(self.options)]


def choice_result(
    asked: Asked, labels: Sequence[tuple[int, str]], tally: Tally, *, survey: RoleCounts
) -> ChoiceResult:
    """Shares of those who chose anything; of several options they add up to more than the whole."""

    def build(part: Tally) -> ChoiceResult:
        n = sum(part.chose.values())
        if is_too_small(n, part.needed):
            return ChoiceResult(asked, is_withheld=True)
        chosen = part.options
        return ChoiceResult(
            asked,
            is_withheld=False,
            n=n,
            abstained=part.abstained,
            left_out=max(part.asked.total - n - part.abstained, 0),
            options=tuple(OptionShare(label, chosen[pk], chosen[pk] / n) for pk, label in labels),
        )

    item = role_counts(tally.chose.items())
    return replace(build(tally), by_role=by_role(tally, build, survey=survey, item=item))


@dataclass(frozen=True)
class LevelResult:
    """On which level of one competence people see themselves, 0–4; empty when it is withheld."""

    name: str
    is_withheld: bool
    n: int = 0
    abstained: int = 0
    shares: tuple[ValueShare, ...] = ()
    mean: float | None = None


def level_result(name: str, tally: Tally) -> LevelResult:
    """Never by role: what is compared before and after is divided there (`evaluation.change`)."""
    counts = tally.numbers
    n = sum(counts.values())
    if is_too_small(n, tally.needed):
        return LevelResult(name, is_withheld=True)
    return LevelResult(
        name,
        is_withheld=False,
        n=n,
        abstained=tally.abstained,
        shares=shares_of(counts, LEVELS),
        mean=mean_of(counts),
    )


def topic_result(name: str, tally: Tally) -> TopicNeed:
    return topic_need(name, list(tally.pairs.elements()), minimum=tally.needed)


def item_sentences(
    choices: Sequence[ChoiceResult], levels: Sequence[LevelResult], topics: Sequence[TopicNeed]
) -> list[str]:
    """By rule: the answer chosen most often, the competences at both ends, the topic most needed."""
    sentences = [choice_sentence(choice) for choice in choices if choice.options and not choice.is_multiple]
    sentences += level_sentences([level for level in levels if level.mean is not None])
    needed = next((topic for topic in topics if (topic.gap or 0) > 0), None)
    if needed:
        sentences.append(f"Am größten ist der Bedarf bei „{needed.name}“.")
    return sentences


def choice_sentence(choice: ChoiceResult) -> str:
    most = max(choice.options, key=lambda option: option.count)
    return f"{choice.asked.quoted}: am häufigsten „{most.label}“ ({percent(most.share)})."


def level_sentences(levels: Sequence[LevelResult]) -> list[str]:
    ranked = sorted(levels, key=lambda level: level.mean or 0, reverse=True)
    if len(ranked) < 2 or ranked[0].mean == ranked[-1].mean:
        return []
    highest, lowest = ranked[0], ranked[-1]
    return [
        f"Am weitesten sehen sich die Befragten bei „{highest.name}“ (im Mittel {decimal(highest.mean or 0)} "
        f"von 4), am wenigsten weit bei „{lowest.name}“ ({decimal(lowest.mean or 0)})."
    ]
