"""How alike two names of places are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.likeness import likeness


@pytest.mark.parametrize(
    ("written", "official", "place"),
    [
        ("Osnabrueck", "Osnabrück", ""),
        ("OSNABRUCK", "Osnabrück", ""),
        ("Stadt Osnabrück", "Osnabrück", ""),
        ("Osnabrück, Niedersachsen", "Osnabrück", "Niedersachsen"),
        ("Neuenkirchen (Kreis Steinfurt, NRW)", "Neuenkirchen", "Kreis Steinfurt, NRW"),
        ("LK Osnabrück", "Landkreis Osnabrück", "Niedersachsen"),
        ("Sankt Wendel", "St. Wendel", "Landkreis St. Wendel"),
        ("Muelheim/Ruhr", "Mülheim an der Ruhr", ""),
        ("Bad Neustadt a.d. Saale", "Bad Neustadt a.d.Saale", ""),
        ("Stadt", "Stadt", ""),
    ],
)
def test_one_name_is_one_name_however_it_is_written(written, official, place):
    assert likeness(written, official, place) == 1


@pytest.mark.parametrize(
    ("written", "official", "other"),
    [
        ("Onsabrück", "Osnabrück", "Bruck"),
        ("Osnabrük", "Osnabrück", "Fuldabrück"),
        ("Uml", "Ulm", "Umkirch"),
        ("Freiburg", "Freiburg im Breisgau", "Freiberg"),
        ("Berlin-Mitte", "Berlin", "Bernitt"),
        ("Lutherstadt Wittenberg", "Wittenberg", "Fürstenberg"),
        ("Kreis Wesel", "Kreis Wesel", "Wesel"),
    ],
)
def test_a_slip_or_a_word_more_or_less_is_nearer_than_another_place(written, official, other):
    assert 0.6 < likeness(written, official) > likeness(written, other)


@pytest.mark.parametrize("written", ["", "…", "Niedersachsen"])
def test_what_names_no_place_is_like_none(written):
    assert likeness(written, "Osnabrück", "Niedersachsen") == 0


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_a_share(written, official, place):
    assert 0 <= likeness(written, official, place) <= 1
