"""Blackening words: ranges that come and go without a change, and nothing of a blackened word left."""

from hypothesis import given
from hypothesis import strategies as st

from evaluation.mentions import Name
from evaluation.redactions import (
    MARK,
    Piece,
    chosen_in,
    pieces,
    proposed,
    ranges_of,
    words_of,
)

TEXT = "Frau Müller aus Köln\nhat gefehlt."
SIGNS = st.text(alphabet="ab ßé.\n\t😀", max_size=40)


def test_words_keep_their_places():
    assert [TEXT[word.start : word.end] for word in words_of(TEXT)] == TEXT.split()


def test_neighbours_become_one_range_and_its_length_tells_nothing():
    ranges = ranges_of(TEXT, {1, 3, 4})

    assert ranges == [[5, 11], [16, 24]]
    assert "".join(piece.text for piece in pieces(TEXT, ranges)) == f"Frau {MARK} aus {MARK} gefehlt."


def test_pieces_say_which_part_is_blackened():
    assert pieces("Herr Maier", [[5, 10]]) == [Piece("Herr "), Piece(MARK, is_blackened=True)]
    assert pieces("Herr Maier", []) == [Piece("Herr Maier")]


def test_numbers_of_no_word_are_left_out():
    assert ranges_of("ein Wort", {7, -1}) == []


@given(SIGNS, st.sets(st.integers(0, 12)))
def test_chosen_words_come_back_from_their_ranges(text, chosen):
    existing = {number for number in chosen if number < len(words_of(text))}

    assert chosen_in(text, ranges_of(text, chosen)) == existing


@given(SIGNS, st.sets(st.integers(0, 12)))
def test_what_is_not_blackened_stays_as_it_was_written(text, chosen):
    parts = pieces(text, ranges_of(text, chosen))

    kept = [part.text for part in parts if not part.is_blackened]
    place = 0
    for part in kept:
        place = text.index(part, place) + len(part)
    if not chosen:
        assert "".join(kept) == text


@given(SIGNS)
def test_a_text_that_is_black_as_a_whole_shows_nothing(text):
    words = words_of(text)

    shown = [part.text for part in pieces(text, ranges_of(text, range(len(words)))) if not part.is_blackened]

    assert "".join(shown).strip() == ""


def test_proposed_are_names_and_towns_with_their_endings():
    text = "Die Kölner (und Frau Müllers) waren in Bad Doberan, an der See."

    found = proposed(text, map(Name, ["Köln", "Müller", "Bad Doberan", "An"]))

    assert [text.split()[number] for number in sorted(found)] == ["Kölner", "Müllers)", "Bad", "Doberan,"]


def test_a_name_in_one_word_with_others_is_found():
    assert proposed("Meier-Schulze/Köln", [Name("Schulze")]) == {0}
