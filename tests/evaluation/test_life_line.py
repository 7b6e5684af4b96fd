"""The life line of a need on plain values."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.life_line import Delivery, Facts, Heard, Progress, Serving, life_line

DAY = datetime.date(2017, 12, 8)
TITLES = ["Genannt", "Verstanden", "Geplant", "Durchgeführt", "Beurteilt", "Was daraus wurde"]


def serving(delivery=Delivery.HELD, *, means="", on=DAY):
    return Serving("K1 Grundverständnis", "gedeckt", means, delivery, on)


def facts(**fields):
    empty = {
        "weight": 0,
        "sources": 0,
        "understanding": "",
        "understood_on": None,
        "servings": [],
        "gaps": [],
        "heard": Heard("Am Ende urteilen die Teilnehmenden.", Progress.AHEAD),
        "outcome": "",
        "outcome_on": None,
        "is_over": False,
    }
    return Facts(**empty | fields)


WHOLE = {
    "weight": 14,
    "sources": 3,
    "understanding": "Ohne Weisung koordinieren.",
    "understood_on": DAY,
    "servings": [serving(means="Lebenslinie")],
    "heard": Heard("12 von 18: gedeckt.", Progress.DONE),
    "outcome": "In K1 behandelt.",
    "outcome_on": DAY,
}


def test_a_whole_life_has_reached_all_stations():
    stations = life_line(facts(**WHOLE))

    assert [station.title for station in stations] == TITLES
    assert {station.progress for station in stations} == {Progress.DONE}
    assert stations[0].texts == ("14 Nennungen aus 3 Quellen",)
    assert stations[2].texts == ("K1 Grundverständnis: gedeckt, mit „Lebenslinie“",)
    assert stations[3].texts == ("K1 Grundverständnis am Fr, 8.\u00a0Dezember 2017",)
    assert [station.on for station in stations] == [None, DAY, None, DAY, None, DAY]


def test_a_named_need_is_to_be_understood_next():
    stations = life_line(facts(weight=1, sources=1))

    assert [station.progress.value for station in stations] == ["DONE", "NEXT", "AHEAD", "AHEAD", "AHEAD", "AHEAD"]
    assert stations[0].texts == ("1 Nennung aus 1 Quelle",)
    assert stations[2].texts == ("In keinem Modul vorgesehen.",)


@pytest.mark.parametrize(
    ("delivery", "on", "text", "is_planned"),
    [
        (Delivery.AHEAD, DAY, "folgt am Fr, 8.\u00a0Dezember 2017", True),
        (Delivery.UNDATED, None, "noch keinen Termin", True),
        (Delivery.CANCELLED, None, "ist abgesagt", False),
        (Delivery.LEFT_OUT, DAY, "„Fallwerkstatt“ steht nicht im Ablauf", False),
        (Delivery.NOT_FOR, None, "ist nicht dabei", False),
    ],
)
def test_what_was_not_held_is_not_delivered_and_says_why(delivery, on, text, is_planned):
    _, _, plan, station, *_ = life_line(
        facts(**WHOLE | {"servings": [serving(delivery, means="Fallwerkstatt", on=on)]})
    )

    assert (plan.progress is Progress.DONE) is is_planned
    assert station.progress is (Progress.NEXT if is_planned else Progress.AHEAD)
    assert text in station.texts[0]
    assert station.on is None


def test_the_plan_says_for_whom_it_does_not_cover_the_need():
    gap = "Für Führungskräfte in keinem Modul gedeckt."

    station = life_line(facts(**WHOLE | {"gaps": [gap]}))[2]

    assert station.texts == ("K1 Grundverständnis: gedeckt, mit „Lebenslinie“", gap)


def test_a_cohort_that_is_over_leaves_only_what_became_of_the_need_to_be_done():
    withheld = Heard("Kein Ergebnis: weniger als 5 hatten diesen Bedarf.", Progress.WITHHELD)

    stations = life_line(facts(weight=1, sources=1, heard=withheld, is_over=True))

    assert [station.progress.label for station in stations] == [
        "erreicht",
        "ausgeblieben",
        "ausgeblieben",
        "ausgeblieben",
        "ohne Ergebnis",
        "als Nächstes",
    ]
    assert stations[1].texts == ("Nicht festgehalten, wie der Bedarf gemeint ist.",)
    assert stations[3].texts == ("In keinem Termin.",)


@given(
    st.fixed_dictionaries({name: st.sampled_from([value, facts().__dict__[name]]) for name, value in WHOLE.items()})
)
def test_one_station_is_next_unless_all_are_reached(fields):
    progress = [station.progress for station in life_line(facts(**fields))]

    assert progress.count(Progress.NEXT) == (0 if set(progress) == {Progress.DONE} else 1)
    reached = itertools.takewhile(lambda each: each is Progress.DONE, progress)
    assert Progress.NEXT not in progress or progress.index(Progress.NEXT) == len(list(reached))
