"""What may be shown of the answers to a survey, and what only together. Pure calculation, without the database.

One rule stands behind all of it. Whatever is shown about a question, on any page, in any file and at any time, is
made of blocks of people that do not overlap, and every block is empty or has at least k people.
Who adds and subtracts what is shown always arrives at whole blocks, and so never at fewer than k people. How many k
are, a survey says by its `minimum`.

* A survey is a block of its own, and in it who answered by link; below k (`may_be_opened`) it stays sealed, or is
  part of a pool, which is a block then.
* The answers of a survey fall into the blocks of the two roles, or are not divided (`may_divide`).
* One person may have given several ballots of a pool, or of a survey by link and on paper. A question needs as many
  answers beyond k as there may be such ballots (`surplus_of`).
* A sum over several surveys is made of what each of them shows by itself (`summed`).
* Pairs of answers before and after divide their surveys (`evaluation.change`), which for that reason are not
  divided by role anywhere else.
* There is no cut by city, by tandem, or by anything else that a person has, and no list of single responses.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from curriculum.models import Audience
from evaluation.results import is_too_small

ROLES = (Audience.MANAGER, Audience.COORDINATOR)
TOGETHER = "Führungs- und Koordinierungskräfte sind zusammengefasst"
WHY_POOL_UNDIVIDED = f"{TOGETHER}, weil mehrere Erhebungen gemeinsam ausgewertet sind."


@dataclass(frozen=True)
class RoleCounts:
    """How many people of each role answered; the role of those who answered on paper is unknown."""

    managers: int = 0
    coordinators: int = 0
    unknown: int = 0

    @classmethod
    def of(cls, roles: Iterable[str]) -> "RoleCounts":
        """From the role of each response; empty for paper."""
        counts = Counter(roles)
        return cls(counts[Audience.MANAGER], counts[Audience.COORDINATOR], counts[""])

    @property
    def total(self) -> int:
        return self.managers + self.coordinators + self.unknown


def are_blocks(sizes: Iterable[int], minimum: int) -> bool:
    """Whether all of these parts may be seen: each is empty or large enough."""
    return not any(0 < size < minimum for size in sizes)


def people_behind(by_link: int, on_paper: int) -> int:
    """How many different people a survey surely has.

    Each has one link, and may have filled in a sheet besides. Where anybody answered by link, only they count:
    whoever typed in the sheets knows those.
    """
    return by_link or on_paper


def surplus_of(ballots: int, people: int) -> int:
    """How many ballots may be of somebody who has given another one, too.

    So many answers to a question are needed beyond k: then they are of k people, whoever has left it out.
    """
    return max(ballots - people, 0)


def why_more(minimum: int, surplus: int) -> str:
    """Says in a sentence why a question needs more answers than the survey; empty where it does not."""
    if not surplus:
        return ""
    return (
        "Dieselbe Person kann zweimal geantwortet haben, auf Papier und über ihren Link oder zu mehreren Terminen. "
        f"Darum wird eine Frage erst ab {minimum + surplus} Antworten ausgewertet; "
        f"sie stammen dann von mindestens {minimum} Personen."
    )


def may_divide(survey: RoleCounts, item: RoleCounts | None = None, *, minimum: int, surplus: int = 0) -> bool:
    """Whether the roles may be shown apart: in a survey, or in one item (question, topic, competence) of it.

    Both roles need k answers, beyond the sheets of paper that may be among them. The rest, whose role is unknown,
    is what remains when both are subtracted from the whole: it must be empty or of k people, too. Not
    to be asked about what is compared before and after.
    """
    counts = [survey] if item is None else [survey, item]
    needed = needed_of_role(survey, minimum, surplus)
    return all(
        not is_too_small(min(count.managers, count.coordinators), needed) and are_blocks([count.unknown], minimum)
        for count in counts
    )


def needed_of_role(survey: RoleCounts, minimum: int, surplus: int) -> int:
    """Sheets of unknown role stand apart from both; only the others can be of somebody in it who has a link."""
    return minimum + max(surplus - survey.unknown, 0)


def why_undivided(survey: RoleCounts, minimum: int, surplus: int = 0, *, needs_role: bool = True) -> str:
    """Says in a sentence why a survey is not divided by role; empty when it is.

    One that a code joins with another is stored without roles, unless something in it needs them.
    """
    if may_divide(survey, minimum=minimum, surplus=surplus):
        return ""
    if not needs_role and survey.unknown == survey.total:
        return (
            f"{TOGETHER}, weil ein Code diese Antworten mit früheren oder späteren verbindet: "
            "Mit der Rolle ließe sich leichter erkennen, wer nur einmal geantwortet hat."
        )
    needed = needed_of_role(survey, minimum, surplus)
    if is_too_small(min(survey.managers, survey.coordinators), needed):
        return f"{TOGETHER}, weil aus einer der beiden Rollen weniger als {needed} geantwortet haben."
    return (
        f"{TOGETHER}, weil weniger als {minimum} auf Papier geantwortet haben: "
        "Ihre Rolle ist unbekannt, und ihre Antworten ließen sich sonst errechnen."
    )


def shows_texts(asked: int, minimum: int) -> bool:
    """Whether the texts to a question may be shown, by the number of ballots of those who were asked it.

    Not by the number of texts: any of those who were asked may have written each. A question only to one role, or
    only after a certain answer, was asked of fewer than the survey.
    """
    return not is_too_small(asked, minimum)


def summed(distributions: Iterable[tuple[Mapping[int, int], int]]) -> Counter[int]:
    """The distribution of one item over several surveys, made of those only that show it by themselves.

    Each comes with the minimum of its survey. With a single one that is withheld, its answers could be calculated
    from the sum.
    """
    return sum(
        (Counter(counts) for counts, minimum in distributions if not is_too_small(sum(counts.values()), minimum)),
        Counter[int](),
    )


def may_be_opened(by_link: int, on_paper: int, minimum: int) -> bool:
    """Whether the ballots of a survey may be opened: k in all, and by link none or k.

    Whoever typed in the sheets knows what stands on them, and would subtract them.
    """
    return not is_too_small(by_link + on_paper, minimum) and are_blocks([by_link], minimum)


def may_be_pooled(answers: Collection[int], people: int, minimum: int) -> bool:
    """Whether withheld surveys may be opened together: two with answers, by k different people.

    `answers` are the ballots of each, `people` those who have answered any of them by link: several ballots can be
    of the same person, and on paper nobody knows.
    """
    return sum(number > 0 for number in answers) >= 2 and not is_too_small(people, minimum)
