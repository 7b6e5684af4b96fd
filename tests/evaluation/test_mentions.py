"""Which names are found in a text, however they are written."""

import pytest

from evaluation.mentions import Name, mentioned, ways_of_naming


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
    ways = [*ways_of_naming("Freiburg im Breisgau"), *ways_of_naming("Özdemir-Voß")]

    assert mentioned(text, map(Name, ways)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mark hat gut erklärt.", ["Mark"]),
        ("Marks Beispiele halfen.", ["Mark"]),
        ("Das Gespräch mit Eva", ["Eva"]),
        ("Eva's Bericht, JANS Bericht", ["Eva", "Jan"]),
        ("Der Markt, die Marke, die Evaluation im Januar", []),
        ("Bo war da.", []),
    ],
)
def test_a_given_name_is_a_whole_word_or_has_an_s(text, found):
    assert mentioned(text, [Name(each, is_given=True) for each in ("Mark", "Eva", "Jan", "Bo")]) == found


def test_a_family_name_may_have_an_ending_and_is_named_once():
    names = [Name("Peter"), Name("Peter", is_given=True)]

    assert mentioned("Peters Gruppe und die Petersche Art", names) == ["Peter"]
