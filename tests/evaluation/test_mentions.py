"""Which names are found in a text, however they are written."""

import pytest

from evaluation.mentions import mentioned, ways_of_naming


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("Halle (Saale)", ["Halle"]),
        ("Wiesbaden, Landeshauptstadt", ["Wiesbaden"]),
        ("Freiburg im Breisgau", ["Freiburg im Breisgau", "Freiburg"]),
        ("Bad Neustadt a. d. Saale", ["Bad Neustadt a. d. Saale", "Bad Neustadt"]),
        ("Dessau-Roßlau", ["Dessau-Roßlau", "Dessau", "Roßlau"]),
        ("Özdemir-Voß", ["Özdemir-Voß", "Özdemir", "Voß"]),
        ("Rhein-Sieg-Kreis", ["Rhein-Sieg-Kreis"]),
        ("Kühn", ["Kühn"]),
    ],
)
def test_names_are_written_in_several_ways(name, ways):
    assert ways_of_naming(name) == ways


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bei uns in Freiburg ist das anders.", ["Freiburg"]),
        ("In Freiburg im Breisgau auch.", ["Freiburg im Breisgau"]),
        ("Frau Özdemir hat gut geleitet.", ["Özdemir"]),
        ("Die freie Zeit war kurz.", []),
    ],
)
def test_the_longest_way_that_stands_in_the_text_is_found(text, found):
    names = [*ways_of_naming("Freiburg im Breisgau"), *ways_of_naming("Özdemir-Voß")]

    assert mentioned(text, names) == found
