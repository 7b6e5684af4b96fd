"""The difference between two editions: rules that hold for any two, and what a reader is told."""

import sys
import uuid
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.difference import (
    Content,
    Kind,
    Part,
    Sign,
    difference,
    longest_increasing,
    summary,
)
from curriculum.wording import MOST_OF_A_TEXT, Effort, Matcher, Turn, pieces_of

WORDS = st.lists(st.sampled_from(["Netz", "Rat", "Amt", "und", "–", " ", "\n"]), max_size=12).map(" ".join)


def key(number):
    return uuid.UUID(int=number)


def module(number, title="Aufbau", **fields):
    return Part(key(number), Kind.MODULE, f"K{number} {title}", texts={"Titel": title}, **fields)


def unit(number, title="Ziele finden", home=1, minutes=90, **fields):
    texts = {"Titel": title, "Inhalt": fields.pop("summary", "")}
    values = {"Dauer": f"{minutes} Minuten"}
    return Part(key(number), Kind.UNIT, title, key(home), texts=texts, values=values, minutes=minutes, **fields)


def content(*parts, number=1):
    return Content(number, parts)


def between(old, new):
    return difference(content(*old), content(*new, number=2))


@contextmanager
def watching(*functions, look=lambda: None):
    """Yields what is called of these functions, in order: its name, and what `look` returns as it begins."""
    names, calls, before = {each.__code__: each.__name__ for each in functions}, [], sys.getprofile()

    def note(frame, event, _):
        if event == "call" and frame.f_code in names:
            calls.append((names[frame.f_code], look()))

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def steps_of(work):
    """How often something built in is called: a measure of time that no other process disturbs."""
    steps, before = [], sys.getprofile()
    sys.setprofile(lambda frame, event, function: steps.append(1) if event == "c_call" else None)
    try:
        work()
    finally:
        sys.setprofile(before)
    return len(steps)


def signs(found):
    return {change.key.int: [sign.word for sign in change.signs] for change in found.changes}


@st.composite
def contents(draw):
    """Modules, and units in any of them or in none that is there; any order."""
    numbers = draw(st.lists(st.integers(1, 9), unique=True, max_size=7))
    parts = [
        module(number, draw(st.sampled_from(["A", "B"])))
        if number <= 3
        else unit(number, draw(WORDS), home=draw(st.integers(1, 3)), minutes=draw(st.sampled_from([45, 90])))
        for number in numbers
    ]
    return Content(draw(st.integers(1, 9)), tuple(parts))


@given(contents())
def test_an_edition_does_not_differ_from_itself(edition):
    found = difference(edition, replace(edition, number=edition.number + 1))

    assert not found
    assert found.groups() == []


@given(contents(), contents())
def test_every_part_of_either_edition_is_accounted_for_once(old, new):
    found = difference(old, new)
    added = {change.key for change in found.changes if change.old is None}
    removed = {change.key for change in found.changes if change.new is None}
    stayed = old.by_key.keys() - removed

    assert len(found.by_key) == len(found.changes)
    assert added & removed == set()
    assert stayed | added == set(new.by_key)
    assert all(change.signs for change in found.changes)


@given(contents(), contents())
def test_swapping_the_editions_swaps_what_was_added_and_removed(old, new):
    there, back = difference(old, new), difference(new, old)
    swapped = {Sign.ADDED: Sign.REMOVED, Sign.REMOVED: Sign.ADDED}

    def changes_of(found, sign):
        return {change.key for change in found.changes if sign in change.signs}

    for sign in set(Sign) - {Sign.MOVED}:
        assert changes_of(back, swapped.get(sign, sign)) == changes_of(there, sign)
    assert len(changes_of(back, Sign.MOVED)) == len(changes_of(there, Sign.MOVED))


@given(contents(), contents())
def test_every_change_stands_in_one_group_unless_its_module_is_nowhere(old, new):
    found = difference(old, new)
    grouped = [change.key for group in found.groups() for change in group.changes]
    modules = {part.key for part in [*old.of_kind(Kind.MODULE), *new.of_kind(Kind.MODULE)]}
    homeless = {change.key for change in found.changes if change.part.home and change.part.home not in modules}

    assert sorted(grouped) == sorted(set(found.by_key) - homeless)


@given(WORDS, WORDS, st.sampled_from([0, 20, 60, 100, 10_000]))
def test_the_pieces_give_back_both_texts_whatever_the_effort(old, new, left):
    pieces = pieces_of(old, new, Effort(left))

    assert "".join(piece.text for piece in pieces if not piece.is_added) == old
    assert "".join(piece.text for piece in pieces if not piece.is_removed) == new


@given(st.permutations(range(7)))
def test_what_is_kept_in_order_increases_and_cannot_be_more(numbers):
    kept = [numbers[index] for index in sorted(longest_increasing(numbers))]
    longest = [1] * len(numbers)
    for index, number in enumerate(numbers):
        longest[index] += max((longest[at] for at in range(index) if numbers[at] < number), default=0)

    assert kept == sorted(kept)
    assert len(kept) == max(longest, default=0)


def test_one_module_moved_to_the_front_is_one_change():
    old = [module(1), module(2), module(3), module(4)]

    found = between(old, [old[3], *old[:3]])

    assert signs(found) == {4: ["verschoben"]}
    assert found.changes[0].move.old == "Stelle\xa04"
    assert found.changes[0].move.new == "Stelle\xa01"


def test_a_part_that_was_removed_or_added_moves_nobody():
    old = [module(1), module(2), module(3)]

    assert signs(between(old, [module(4), module(2), module(3)])) == {4: ["neu"], 1: ["entfallen"]}


def test_a_unit_in_another_module_has_moved_and_is_shown_there():
    old = [module(1), module(2, "Kultur"), unit(5), unit(6)]

    found = between(old, [*old[:2], unit(5), unit(6, home=2)])

    assert signs(found) == {6: ["verschoben"]}
    assert found.changes[0].move.old == "„K1 Aufbau“"
    assert [group.title for group in found.groups()] == ["Modul K2 Kultur"]


def test_the_changed_words_are_marked_in_their_sentence():
    pieces = pieces_of("Ziele finden und halten", "Ziele gemeinsam suchen und halten")

    assert [(piece.turn, piece.text) for piece in pieces] == [
        (None, "Ziele "),
        (Turn.REMOVED, "finden"),
        (Turn.ADDED, "gemeinsam suchen"),
        (None, " und halten"),
    ]


def marked(old, new, effort=None):
    """„Wer [-alt-]{+neu+} fragt“."""
    marks = {None: "{}", Turn.REMOVED: "[-{}-]", Turn.ADDED: "{{+{}+}}"}
    return "".join(marks[piece.turn].format(piece.text) for piece in pieces_of(old, new, effort))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Ziele finden", "Ziele finden und halten", "Ziele finden{+ und halten+}"),
        ("Wer fragt, führt.", "Wer fragt führt!", "Wer fragt[-,-] führt[-.-]{+!+}"),
        ("Ziele finden", "Neue Ziele finden", "{+Neue +}Ziele finden"),
        ("Ziele\nfinden", "Ziele finden", "Ziele[-\n-]{+ +}finden"),
        ("Ziele finden\n", "Ziele finden", "Ziele finden[-\n-]"),
        (
            "alte Fassung gilt noch heute",
            "neue Form gilt noch heute",
            "[-alte Fassung-]{+neue Form+} gilt noch heute",
        ),
    ],
)
def test_space_stays_where_only_words_change(old, new, expected):
    assert marked(old, new) == expected


def test_a_text_written_anew_is_not_taken_to_pieces():
    old = "Die Themen für die Leitung stehen fest und gelten für alle."
    new = "Welche Themen die Gruppe bearbeitet, entscheidet sie am ersten Tag selbst."

    assert [(piece.turn, piece.text) for piece in pieces_of(old, new)] == [(Turn.REMOVED, old), (Turn.ADDED, new)]


@pytest.mark.parametrize(("old", "new"), [("", "Neu hier"), ("Nun fort", "")])
def test_a_text_that_came_or_went_is_one_piece(old, new):
    assert len(pieces_of(old, new)) == 1


def test_texts_too_long_for_words_are_compared_by_paragraphs():
    paragraph = "Netz " * 1500
    assert MOST_OF_A_TEXT < 1500**2

    pieces = pieces_of(f"{paragraph}\nalt\n", f"{paragraph}\nneu\n")

    assert [piece.text for piece in pieces] == [f"{paragraph}\n", "alt\n", "neu\n"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("x " * 300, "x," * 300), ("a " * 400, "a b " * 200), ("x " * 2500, "x," * 2500), ("\n" * 5000, "a\n" * 2500)],
)
def test_a_word_that_stands_everywhere_costs_no_more_than_a_text_may(old, new):
    assert steps_of(lambda: pieces_of(old, new)) < 1.2 * MOST_OF_A_TEXT


def test_a_long_text_reworded_here_and_there_is_compared_by_the_word():
    words = ["die" if number % 7 == 0 else f"Wort{number % 300}" for number in range(700)]
    new = ["anders" if number % 60 == 31 else word for number, word in enumerate(words)]

    assert marked(" ".join(words), " ".join(new)).count("{+anders+}") == 12


def test_the_texts_of_a_page_share_its_effort():
    effort, plain = Effort(20_000), Effort(20_000)
    old, new = "Netz Rat Amt " * 20, "Netz Rat Haus " * 20

    steps = steps_of(lambda: [marked(old, new, effort) for _ in range(99)])

    assert steps < 2 * 20_000
    assert marked(old, new, plain) == "Netz Rat [-Amt-]{+Haus+} " * 20
    assert marked(old, new, effort) == f"[-{old}-]{{+{new}+}}"


def test_where_the_effort_of_a_page_is_spent_texts_are_not_even_read():
    effort = Effort(20_000)

    with watching(Matcher.__init__) as calls:
        marks = [marked("x " * 300, "x," * 300, effort) for _ in range(99)]

    assert set(marks) == {f"[-{'x ' * 300}-]{{+{'x,' * 300}+}}"}
    assert len(calls) < 20


def test_words_are_compared_when_they_are_shown():
    old = [module(1), *(unit(number, "Ziele finden") for number in (5, 6))]
    new = [module(1), *(unit(number, "Ziele suchen") for number in (5, 6))]

    with watching(pieces_of) as calls:
        found = between(old, new)
        assert summary(found)
        assert found.groups()
        assert calls == []
        assert [found.changes[0].rewordings[0].pieces for _ in range(2)]
        assert len(calls) == 1


def test_the_changes_of_one_difference_share_an_effort_and_those_of_two_do_not():
    old, new = [unit(5), unit(6)], [unit(5, "Ziele suchen"), unit(6, "Ziele suchen")]
    found, other = between(old, new), between(old, new)

    found.changes[0].rewordings[0].effort.left = 0

    assert [len(change.rewordings[0].pieces) for change in [*found.changes, *other.changes]] == [2, 2, 3, 3]


def test_a_value_names_both_sides_and_says_when_nothing_was_given():
    old = [unit(5, minutes=90)]
    new = [replace(unit(5, minutes=135), values={"Dauer": "135 Minuten", "mit Erlebnisbericht": "ja"})]

    corrections = between(old, new).changes[0].corrections

    assert [(each.label, each.old, each.new) for each in corrections] == [
        ("Dauer", "90 Minuten", "135 Minuten"),
        ("mit Erlebnisbericht", "keine Angabe", "ja"),
    ]


def test_links_are_told_by_the_names_of_what_came_and_went():
    topics = [Part(key(8), Kind.TOPIC, "Rolle"), Part(key(9), Kind.TOPIC, "Haltung")]
    old = [*topics, unit(5, links={"Themen": frozenset([key(8)])})]
    new = [*topics, unit(5, links={"Themen": frozenset([key(9)])})]

    change = between(old, new).changes[0]

    assert change.signs == (Sign.CHANGED,)
    assert (change.relinkings[0].added, change.relinkings[0].removed) == (("Haltung",), ("Rolle",))


def test_a_part_that_is_gone_is_not_told_again_at_what_referred_to_it():
    topic = Part(key(8), Kind.TOPIC, "Rolle")
    old = [topic, unit(5, links={"Themen": frozenset([topic.key])})]

    assert signs(between(old, [unit(5, links={"Themen": frozenset()})])) == {8: ["entfallen"]}


def test_ue_are_told_per_module_and_track_and_in_sum():
    track = Part(key(7), Kind.TRACK, "Für alle")
    offered = {"Angebote": frozenset([key(7)])}
    old = [track, module(1, links=offered), unit(5, minutes=90), module(2, links=offered), unit(6, home=2)]
    new = [track, module(1, links=offered), unit(5, minutes=135), module(3), unit(4, home=3, minutes=45)]

    found = between(old, new)

    assert [(each.label, each.old, each.new) for each in found.modules()] == [
        ("K1 Aufbau", 90, 135),
        ("K3 Aufbau", None, 45),
        ("K2 Aufbau", 90, None),
    ]
    assert [(each.old, each.new) for each in found.tracks()] == [(180, 135)]
    assert (found.total.old, found.total.new, found.total.is_changed) == (180, 180, False)
    assert [each.growth for each in [*found.modules(), *found.tracks()]] == [
        "+1\xa0UE",
        "neu",
        "entfallen",
        "−1\xa0UE",
    ]


def test_the_summary_counts_what_matters_in_one_sentence():
    old = [Part(key(8), Kind.TOPIC, "Rolle"), module(1), module(2), unit(5), unit(6)]
    new = [module(1), module(3), module(4), unit(5, "Ziele suchen", minutes=270), unit(6, "Rat gewinnen")]

    sentence = summary(between(old, new))

    assert sentence == (
        "Gegenüber der 1.\xa0Fassung: 2\xa0Module neu, 1\xa0entfallen, 2\xa0Bausteine umformuliert, 1\xa0geändert, "
        "1\xa0weitere Änderung, 4 → 8\xa0UE."
    )


def test_the_summary_of_no_difference_says_so():
    assert summary(between([module(1)], [module(1)])) == "Gegenüber der 1.\xa0Fassung hat sich nichts geändert."


def test_the_summary_says_that_the_extent_stayed():
    old, new = [module(1), unit(5)], [module(1), unit(5, "Neu gefasst")]

    assert summary(between(old, new)) == (
        "Gegenüber der 1.\xa0Fassung: 1\xa0Baustein umformuliert, unverändert 2\xa0UE."
    )
