import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.similar import Similar, similar_cards


def groups(*texts):
    return [[texts[card] for card in group.cards] for group in similar_cards(dict(enumerate(texts)))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rolle klären", "Klärung der Rollen"),
        ("Motivation halten", "Wie halte ich die Motivation?"),
        ("Netzwerk pflegen", "Netzwerkpflege"),
        ("Ja", "ja"),
        ("👍", "👍"),
        ("Auftrag der Leitung", "AUFTRÄGE VON LEITUNGEN"),
    ],
)
def test_cards_that_say_the_same_are_found(one, other):
    assert groups(one, other, "Geld") == [[one, other]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wer zahlt das?", "Wie geht das?"),
        ("Rolle und Auftrag im Netzwerk klären", "Zeit und Geld im Ehrenamt"),
        ("…", "!"),
        ("", ""),
    ],
)
def test_cards_that_share_only_filling_are_not_similar(one, other):
    assert groups(one, other) == []


def test_the_largest_group_comes_first_and_is_named_by_what_it_shares():
    texts = {1: "Geld", 2: "Zeit finden", 3: "Mehr Geld", 4: "Zeiten", 5: "Keine Zeit"}

    assert similar_cards(texts) == [Similar((2, 4, 5), "Zeit"), Similar((1, 3), "Geld")]


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, 30), st.text(max_size=40), max_size=12))
def test_every_card_stands_in_one_group_at_most(texts):
    cards = [card for group in similar_cards(texts) for card in group.cards]

    assert len(cards) == len(set(cards))
    assert set(cards) <= set(texts)


def test_a_wall_of_400_cards_is_looked_through_in_a_moment():
    """Worst are cards that all share a word; compared each with each, these take twenty seconds."""
    texts = {card: f"Gedanke im Netzwerk {'abcdefgh'[card % 8]}eres" for card in range(400)}
    before = time.process_time()

    [group] = similar_cards(texts)

    assert len(group.cards) == 400
    assert time.process_time() - before < 1
