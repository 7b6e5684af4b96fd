"""Who is joined, and which pairs may be kept so that nobody is told by having no partner; k is 5 here."""

import random
import uuid
from collections import Counter
from itertools import starmap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import codes, pairing
from evaluation.codes import Coded
from evaluation.pairing import Pair, balanced, kept, matches, numbers_kept
from evaluation.withholding import are_blocks

SECRET = b"secret"
K = 5
MANAGER, COORDINATOR = "MANAGER", "COORDINATOR"
ROLES = (MANAGER, COORDINATOR)


def response(code="", role=""):
    return Coded(uuid.uuid4(), codes.prints(code, secret=SECRET) if code else [], role)


# Which codes match


def test_matches_join_the_same_code_and_one_slip_and_nobody_else():
    before = [response("MA07EN"), response("AN12RG"), response("XX99YY"), response()]
    after = [response("ma 07 en"), response("AN12RC"), response("UU11VV"), response()]

    assert {(pair.before, pair.after) for pair in matches(before, after)} == {
        (before[0].response, after[0].response),
        (before[1].response, after[1].response),
    }


def test_matches_keep_the_role_that_one_of_the_two_names():
    before, after = [response("MA07EN", MANAGER), response("AN12RG")], [response("MA07EN"), response("AN12RG")]

    assert sorted(pair.role for pair in matches(before, after)) == ["", MANAGER]


def test_matches_never_join_two_roles():
    assert matches([response("MA07EN", MANAGER)], [response("MA07EN", COORDINATOR)]) == []


def test_matches_join_nobody_where_two_gave_the_same_code():
    assert matches([response("MA07EN"), response("MA07EN")], [response("MA07EN")]) == []


letters = st.text("ABCDEFGHKMNPRSTUVW123456789ÄÖÜ", min_size=6, max_size=6)


@given(code=letters, place=st.integers(0, 5), letter=st.sampled_from("ABCXYZ123"), slip=st.integers(0, 3))
def test_codes_with_one_slip_are_joined(code, place, letter, slip):
    wrong = {
        0: code[:place] + letter + code[place + 1 :],
        1: code[:place] + code[place + 1 :],
        2: code[:place] + letter + code[place:],
        3: code[: max(place - 1, 0)] + code[max(place - 1, 0) : place + 1][::-1] + code[place + 1 :],
    }[slip]

    assert len(matches([response(code)], [response(wrong)])) == 1


@given(st.lists(letters, max_size=8), st.lists(letters, max_size=8))
def test_nobody_is_joined_twice_and_equal_codes_come_first(before, after):
    ones, others = [response(code) for code in before], [response(code) for code in after]

    pairs = matches(ones, others)

    assert len({pair.before for pair in pairs}) == len({pair.after for pair in pairs}) == len(pairs)
    whole = {one.response: one.prints[0] for one in (*ones, *others)}
    once = {code for code in whole.values() if list(whole.values()).count(code) == 2}
    joined = {whole[pair.before] for pair in pairs if whole[pair.before] == whole[pair.after]}
    between = {whole[one.response] for one in ones} & {whole[other.response] for other in others}
    assert joined == once & between


# Which pairs are kept


@pytest.mark.parametrize(
    ("before", "after", "found", "expected"),
    [
        (22, 22, 22, 22),
        (22, 18, 18, 13),
        (22, 16, 16, 16),
        (20, 19, 18, 14),
        (9, 9, 9, 9),
        (9, 9, 8, 0),
        (20, 20, 4, 0),
        (12, 11, 10, 6),
    ],
)
def test_pairs_are_given_up_until_none_or_enough_are_left_on_both_sides(before, after, found, expected):
    assert numbers_kept({("", ""): found}, {"": before}, {"": after}, K) == {("", ""): expected}


def test_each_role_that_is_stored_needs_enough_without_a_partner():
    """Eighteen of twenty-two have a partner; two of each role have none."""
    found = {(MANAGER, ""): 9, (COORDINATOR, ""): 9}

    numbers = numbers_kept(found, {MANAGER: 11, COORDINATOR: 11}, {"": 18}, K)

    assert numbers == {(MANAGER, ""): 6, (COORDINATOR, ""): 6}


class People:
    """Invented people with their responses to three surveys, as the count joins them one after the other."""

    def __init__(self, chance, *, stores_roles=False):
        self.role = [chance.choice(ROLES) for _ in range(chance.randint(5, 40))]
        answering = [chance.choice([0.5, 0.9, 0.97, 1]) for _ in range(3)]
        self.keys = [
            {p: uuid.UUID(int=chance.getrandbits(128)) for p in range(len(self.role)) if chance.random() < share}
            for share in answering
        ]
        self.stored = [stores_roles and self.has_blocks(keys) for keys in self.keys]
        self.pairs = []
        for later in (1, 2):
            both = [p for p in self.keys[0] if p in self.keys[later] and chance.random() < 0.95]
            found = [Pair(self.keys[0][p], self.keys[later][p], self.role[p]) for p in both]
            before, after = self.kinds(0), self.kinds(later)
            self.pairs.append(kept(found, before, after, K) if are_blocks([len(before), len(after)], K) else [])

    def has_blocks(self, keys):
        return are_blocks(Counter(self.role[person] for person in keys).values(), K)

    def kinds(self, survey):
        """What the database tells of each response of a survey by now."""
        partners = {key: [] for key in self.keys[survey].values()}
        for pairs in self.pairs:
            for pair in pairs:
                for one in {pair.before, pair.after} & set(partners):
                    partners[one].append((pair.role, self.survey_of({pair.before, pair.after} - {one})))
        return {
            key: (self.role[person] if self.stored[survey] else "", tuple(sorted(partners[key])))
            for person, key in self.keys[survey].items()
        }

    def survey_of(self, keys):
        return next(number for number, survey in enumerate(self.keys) if keys <= set(survey.values()))


@given(st.integers(min_value=0), st.booleans())
def test_no_kind_of_response_is_smaller_than_k(seed, stores_roles):
    people = People(random.Random(seed), stores_roles=stores_roles)  # noqa: S311 -- invented people

    for survey in range(3):
        if are_blocks([len(people.keys[survey])], K):
            assert are_blocks(Counter(people.kinds(survey).values()).values(), K)


def test_three_surveys_are_joined_often_enough_to_prove_something():
    invented = [People(random.Random(seed), stores_roles=seed % 2) for seed in range(300)]  # noqa: S311 -- invented

    assert sum(bool(people.pairs[0]) for people in invented) > 60
    assert sum(all(people.pairs) for people in invented) > 15


def only_one_dropped_out(chance):
    """Twenty answered before and all but the first of them after, each under a random key."""
    before, after = ([uuid.UUID(int=chance.getrandbits(128)) for _ in range(20)] for _ in range(2))
    pairs = list(starmap(Pair, list(zip(before, after, strict=True))[1:]))
    return before, kept(pairs, dict.fromkeys(before, ""), dict.fromkeys(after[1:], ""), K)


def guessed(guess):
    """How often somebody who guesses among those without a partner finds the one who dropped out."""
    chance, hits = random.Random(4), 0  # noqa: S311 -- invented keys
    for _ in range(500):
        before, pairs = only_one_dropped_out(chance)
        alone = set(before) - {pair.before for pair in pairs}
        assert len(alone) >= 5
        hits += guess(alone, pairs, before) == before[0]
    return hits / 500


GUESSES = {
    "the first key": lambda alone, pairs, before: min(alone),
    "the last key": lambda alone, pairs, before: max(alone),
    "next to a pair": lambda alone, pairs, before: min(alone, key=lambda key: abs(key.int - pairs[0].before.int)),
}


@pytest.mark.parametrize("guess", GUESSES)
def test_who_dropped_out_is_guessed_no_better_than_one_of_k(guess):
    assert guessed(GUESSES[guess]) < 0.27


def test_without_the_lot_the_order_of_the_keys_would_tell(monkeypatch):
    monkeypatch.setattr(pairing, "shuffled", lambda pairs: sorted(pairs, key=lambda pair: pair.before))

    assert guessed(GUESSES["the first key"]) > 0.4


def test_roles_are_told_where_each_has_enough_pairs():
    def roles_kept(roles):
        pairs = [Pair(uuid.UUID(int=n), uuid.UUID(int=100 + n), role) for n, role in enumerate(roles)]
        found = kept(pairs, {p.before: "" for p in pairs}, {p.after: "" for p in pairs}, K)
        return Counter(pair.role for pair in found)

    assert roles_kept([MANAGER] * 5 + [COORDINATOR] * 6) == {MANAGER: 5, COORDINATOR: 6}
    assert roles_kept([MANAGER] * 4 + [COORDINATOR] * 6) == {"": 10}
    assert roles_kept([MANAGER] * 5 + [""] * 2) == {"": 7}


def test_balanced_leaves_out_of_the_role_that_has_most():
    roles = [MANAGER, MANAGER, COORDINATOR] * 3
    pairs = [Pair(uuid.UUID(int=n), uuid.UUID(int=100 + n), role) for n, role in enumerate(roles)]

    left = balanced(pairs, 6)

    assert [pair.role for pair in left].count(COORDINATOR) == 3
    assert left == [pair for pair in pairs if pair in left]
