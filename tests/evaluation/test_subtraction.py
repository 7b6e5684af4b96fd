"""Promise 1: nothing that can be seen can be subtracted to fewer than k people.

A cohort is invented, everything that may be shown of it is collected – by the functions that pages, reports and
files ask – and a solver adds and subtracts. That it would find a hole is seen by making one.
"""

import random
import sys
import uuid
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.models import Audience
from evaluation import change as comparing
from evaluation import withholding
from evaluation.codes import Coded
from evaluation.pairing import kept, matches
from evaluation.results import is_too_small
from evaluation.withholding import ROLES, RoleCounts
from tests.evaluation.solver import smallest_leak

ITEMS = range(2)
K = 5
# So many cohorts are enough to find each of the holes below.
ATTEMPTS = 800


@dataclass(frozen=True)
class Sent:
    """One response: which survey, by whom, the role that is known of it (none on paper), what was answered."""

    key: int
    survey: int
    person: int
    role: str
    items: frozenset[int]


def invented(chance):
    """The responses to some sessions of a cohort, and to its surveys at the beginning, at the end and later."""
    people = [chance.choice(ROLES) for _ in range(chance.randint(4, 26))]
    sharing, skipping, paper = chance.random(), chance.random() / 2, chance.choice([0, 0.1, 0.3])
    surveys = []
    for survey in range(chance.randint(1, 4) + 3):
        answering = [person for person in range(len(people)) if chance.random() < sharing]
        surveys.append([sent(chance, survey, p, people[p], skipping, paper) for p in answering])
    return surveys[:-3], surveys[-3:]


def sent(chance, survey, person, role, skipping, paper):
    items = frozenset(item for item in ITEMS if chance.random() > skipping)
    return Sent(survey * 100 + person, survey, person, "" if chance.random() < paper else role, items)


def boxes(sessions):
    """What is counted together: each survey by itself, and those that are too small as one pool."""
    shown = [box for box in sessions if may_be_opened(box)]
    few = [box for box in sessions if not may_be_opened(box)]
    if withholding.may_be_pooled([len(box) for box in few], people_beside_paper(together_in(few)), K):
        shown.append(together_in(few))
    return shown


def together_in(boxes):
    return [response for box in boxes for response in box]


def may_be_opened(box):
    on_paper = sum(not response.role for response in box)
    return withholding.may_be_opened(len(box) - on_paper, on_paper, K)


def figures_of(cohort, item):
    """All groups whose answers to one item are shown, on whichever page."""
    sessions, moments = cohort
    shown = boxes(sessions)
    whole = [[response for response in box if item in response.items] for box in shown]
    enough = [needed(box) for box in shown]
    seen = [group for group, number in zip(whole, enough, strict=True) if not is_too_small(len(group), number)]
    divided = [box_group for box, box_group in zip(shown, whole, strict=True) if may_divide(box, box_group)]
    by_role = {role: [[r for r in group if r.role == role] for group in divided] for role in ROLES}
    for groups in by_role.values():
        seen += [*groups, together(groups, [K] * len(groups))]
    return [group for group in [*seen, together(whole, enough), *change(moments, item)] if group]


def needed(box):
    """How many answers a question needs in what is counted together."""
    return K + surplus(box)


def surplus(box):
    people = people_beside_paper(box)
    return withholding.surplus_of(len(box), people or len(box))


def may_divide(box, group):
    return withholding.may_divide(
        RoleCounts.of(response.role for response in box),
        RoleCounts.of(response.role for response in group),
        minimum=K,
        surplus=surplus(box),
    ) and not is_too_small(len(group), needed(box))


def together(groups, enough):
    """The sum over several surveys; every response has a value of its own, so that it is seen which are in it."""
    by_key = {response.key: response for group in groups for response in group}
    counted = withholding.summed(
        ({response.key: 1 for response in group}, number) for group, number in zip(groups, enough, strict=True)
    )
    return [by_key[key] for key in counted]


def change(moments, item):
    """What is shown of the same item at the beginning, at the end and months after, joined by codes."""
    counted = [box for box in moments if may_be_opened(box)]
    levels = [{key_of(r): r for r in box if item in r.items} for box in counted]
    enough = [needed(box) for box in counted]
    seen = [
        list(side.values())
        for side, number in zip(levels, enough, strict=True)
        if not is_too_small(len(side), number)
    ]
    blocks = [set(levels[0])] if levels else []
    needed_in_all = max(enough, default=K)
    for box, after in zip(counted[1:], levels[1:], strict=True):
        minimum = max(needed(counted[0]), needed(box))
        pairs = kept(matches(coded(counted[0]), coded(box)), kinds(counted[0]), kinds(box), needed_in_all)
        roles = {key_of(r): r.role for r in box} | {pair.after: pair.role for pair in pairs}
        complete = [pair for pair in pairs if pair.before in levels[0] and pair.after in after]
        shown = comparing.shown_pairs(complete, blocks, after, minimum)
        reached = comparing.by_role({pair.after for pair in shown} or set(after), roles, minimum)
        seen += [[levels[0][pair.before] for pair in shown], [after[pair.after] for pair in shown]]
        seen += [[after[key] for key in keys] for keys in reached.values() if not is_too_small(len(keys), minimum)]
        blocks = comparing.divided(blocks, {pair.before for pair in shown})
    return seen


def key_of(response):
    return uuid.UUID(int=response.key)


def coded(box):
    """With a code of each person who answered the first item, too."""
    return [
        Coded(key_of(response), (f"code of {response.person}",) if 0 in response.items else (), response.role)
        for response in box
    ]


def kinds(box):
    """As if no role were stored: so the most pairs are kept, and the most is shown."""
    return {key_of(response): "" for response in box}


@settings(deadline=None, max_examples=300)
@given(st.integers(min_value=0))
def test_nothing_that_is_shown_can_be_subtracted_to_fewer_than_k(seed):
    cohort = invented(random.Random(seed))  # noqa: S311 -- an invented cohort

    for item in ITEMS:
        assert smallest_leak(figures_of(cohort, item), K) is None


def people_beside_paper(box):
    """Who remains for somebody who typed in the sheets of a survey or a pool, and subtracts them."""
    return len({response.person for response in box if response.role})


@settings(deadline=None, max_examples=300)
@given(st.integers(min_value=0))
def test_nobody_is_alone_beside_sheets_or_in_several_ballots_of_a_pool(seed):
    sessions, _ = invented(random.Random(seed))  # noqa: S311 -- invented sessions

    assert withholding.are_blocks((people_beside_paper(box) for box in boxes(sessions)), K)


def alone_in_an_item(cohorts):
    """How many different people remain for somebody who subtracts the sheets from what is shown of one question."""
    return [
        people_beside_paper(group)
        for sessions, _ in cohorts
        for box in boxes(sessions)
        for item in ITEMS
        if not is_too_small(len(group := [r for r in box if item in r.items]), needed(box))
    ]


@settings(deadline=None, max_examples=300)
@given(st.integers(min_value=0))
def test_nobody_is_alone_in_one_question_of_a_pool_or_beside_sheets(seed):
    cohort = invented(random.Random(seed))  # noqa: S311 -- an invented cohort

    assert withholding.are_blocks(alone_in_an_item([cohort]), K)


def test_counting_answers_instead_of_people_leaves_somebody_alone_in_one_question(monkeypatch):
    cohorts = [invented(random.Random(seed)) for seed in range(ATTEMPTS)]  # noqa: S311 -- invented cohorts
    assert any(alone_in_an_item(cohorts))
    monkeypatch.setattr(withholding, "surplus_of", lambda ballots, people: 0)

    assert not withholding.are_blocks(alone_in_an_item(cohorts), K)


@pytest.mark.parametrize(
    ("rule", "plain"),
    [
        ("may_be_opened", lambda by_link, on_paper, minimum: not is_too_small(by_link + on_paper, minimum)),
        ("may_be_pooled", lambda answers, people, minimum: not is_too_small(sum(answers), minimum)),
    ],
)
def test_counting_ballots_instead_of_people_leaves_somebody_alone(monkeypatch, rule, plain):
    monkeypatch.setattr(withholding, rule, plain)
    cohorts = [invented(random.Random(seed)) for seed in range(ATTEMPTS)]  # noqa: S311 -- invented cohorts

    found = [people_beside_paper(box) for sessions, _ in cohorts for box in boxes(sessions)]

    assert not withholding.are_blocks(found, K)


def any_leak():
    """Whether the solver finds a hole in one of many cohorts."""
    for seed in range(ATTEMPTS):
        cohort = invented(random.Random(seed))  # noqa: S311 -- an invented cohort
        if any(smallest_leak(figures_of(cohort, item), K) for item in ITEMS):
            return True
    return False


def plain_sum(distributions):
    return sum((Counter(counts) for counts, _ in distributions), Counter())


def by_the_survey_alone(survey, item=None, *, minimum, surplus):
    return not is_too_small(min(survey.managers, survey.coordinators), K) and not 0 < survey.unknown < K


def by_both_roles_alone(survey, item=None, *, minimum, surplus):
    return not is_too_small(min(item.managers, item.coordinators), K)


def each_role(people, roles, minimum):
    return {role: [person for person in people if roles[person] == role] for role in ("", *ROLES)}


HOLES = {
    "sums hold what is withheld": (withholding, "summed", plain_sum),
    "items are divided by the size of the survey": (withholding, "may_divide", by_the_survey_alone),
    "paper is what remains": (withholding, "may_divide", by_both_roles_alone),
    "pairs leave a few behind": (comparing, "shown_pairs", lambda pairs, blocks, after, minimum: pairs),
    "who is paired is divided by role however few there are": (comparing, "by_role", each_role),
}


@pytest.mark.parametrize("hole", HOLES)
def test_solver_finds_a_hole(monkeypatch, hole):
    monkeypatch.setattr(*HOLES[hole])

    assert any_leak()


def test_solver_finds_a_pool_that_holds_what_is_shown_by_itself(monkeypatch):
    def with_all(sessions):
        shown = [box for box in sessions if not is_too_small(len(box), K)]
        return [*shown, [response for box in sessions for response in box]]

    monkeypatch.setattr(sys.modules[__name__], "boxes", with_all)

    assert any_leak()


def test_solver_subtracts():
    everybody, some, others = range(12), range(7), range(7, 10)

    assert smallest_leak([everybody, some], 5) is None
    assert smallest_leak([everybody, some, others], 5) == 3
    assert smallest_leak([everybody, some, range(7, 11)], 3) == 1
    assert smallest_leak([everybody, range(8)], 5) == 4
    assert smallest_leak([range(6), range(3, 9), range(9)], 5) == 3


def test_the_invented_cohorts_show_every_kind_of_figure():
    """Or the property would hold because nothing is ever shown."""
    kinds = Counter()
    for seed in range(ATTEMPTS):
        cohort = invented(random.Random(seed))  # noqa: S311 -- an invented cohort
        sessions, moments = cohort
        kinds["pool"] += len(boxes(sessions)) > sum(not is_too_small(len(box), K) for box in sessions)
        kinds["change"] += len(change(moments, 0)) > 2 * len(moments)
        kinds["roles"] += any({r.role for r in figure} == {Audience.MANAGER} for figure in figures_of(cohort, 0))

    assert min(kinds[kind] for kind in ("pool", "change", "roles")) >= 10, kinds
