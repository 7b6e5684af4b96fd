"""When two texts are said to be the same words."""

import pytest

from evaluation.wording import pattern_of, spoken


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mehr Zeit", " mehr  ZEIT!\n"),
        ("Längere Pausen", "La\u0308ngere Pausen."),
        ("Größe", "grösse"),
        ("👍 👍", "👍  👍"),
    ],
)
def test_same_words_are_the_same_however_they_are_written(one, other):
    assert spoken(one) == spoken(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mehr Zeit", "Mehr Zeiten"), ("Mehr Zeit", "Zeit mehr"), ("👍", "👎"), ("Mehrzeit", "Mehr Zeit")],
)
def test_other_words_are_others(one, other):
    assert spoken(one) != spoken(other)


@pytest.mark.parametrize(
    ("entry", "text", "fits"),
    [
        ("Mehr Zeit!", "mehr zeit", True),
        ("Mehr Zeit", "Viel mehr Zeit", False),
        ("Frau [geschwärzt] soll mehr Zeit bekommen", "Frau Klug soll mehr Zeit bekommen.", True),
        ("Frau [geschwärzt] soll mehr Zeit bekommen", "Frau [geschwärzt] soll mehr Zeit bekommen", True),
        ("Frau [geschwärzt] soll mehr Zeit bekommen", "Frau Klug soll mehr Geld bekommen", False),
        ("Frau [geschwärzt] soll", "Frauen in Köln soll", False),
        ("[geschwärzt] und [geschwärzt] helfen", "Anna und Bernd helfen", True),
        ("[geschwärzt] und [geschwärzt] helfen", "Anna mit Bernd helfen", False),
        ("a [geschwärzt] a", "a", False),
        ("[geschwärzt]", "Frau Klug", False),
        ("[geschwärzt] [geschwärzt]", "Frau Klug", False),
        ("Mehr Zeit", "", False),
    ],
)
def test_entry_has_the_words_of_a_text_where_it_is_not_blackened(entry, text, fits):
    assert bool(pattern_of(entry).fullmatch(spoken(text))) is fits


def test_a_long_text_with_many_blackened_words_takes_no_time():
    entry, text = "a [geschwärzt] " * 60 + "b", "a " * 2500

    assert not pattern_of(entry).fullmatch(spoken(text))
