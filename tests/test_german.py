"""How dates, numbers and names are written in German."""

import datetime
from decimal import Decimal

import pytest

from netzkoord.templatetags import german


def test_date_has_weekday_and_month_in_words():
    assert german.german_date(datetime.date(2017, 12, 7)) == "Do, 7.\u00a0Dezember 2017"


def test_moment_is_dated_in_local_time():
    just_before_midnight_utc = datetime.datetime(2017, 12, 6, 23, 30, tzinfo=datetime.UTC)

    assert german.german_date(just_before_midnight_utc) == "Do, 7.\u00a0Dezember 2017"
    assert german.german_datetime(just_before_midnight_utc) == "Do, 7.\u00a0Dezember 2017, 0:30\u00a0Uhr"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Leiterinnen und -leitern", 'Leiterinnen und <span class="unbroken">-leitern</span>'),
        ("-leitern zuerst", '<span class="unbroken">-leitern</span> zuerst'),
        ("Führungs- und Fachkräfte", "Führungs- und Fachkräfte"),
        ("Leiter/-innen, 3 - 5, - nein", "Leiter/-innen, 3 - 5, - nein"),
        ("-<b>", "-&lt;b&gt;"),
    ],
)
def test_word_that_begins_with_a_hyphen_stays_in_one_piece(text, html):
    assert german.unbroken(text) == html


@pytest.mark.parametrize("show", [german.german_date, german.german_datetime, german.german_time, german.ue])
def test_nothing_is_shown_for_none(show):
    assert show(None) == ""


def test_time_has_no_leading_zero():
    assert german.german_time(datetime.time(9, 5)) == "9:05"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (12.5, "12,5"),
        (12.0, "12"),
        (12, "12"),
        (0, "0"),
        (0.04, "0"),
        (-0.04, "0"),
        (2.25, "2,3"),
        (-3.5, "−3,5"),
        (9999, "9999"),
        (12345.6, "12.345,6"),
        (Decimal("87.50"), "87,5"),
        (None, ""),
    ],
)
def test_decimal_comma(number, text):
    assert german.decimal_comma(number) == text


@pytest.mark.parametrize(("minutes", "text"), [(720, "16\u00a0UE"), (60, "1,3\u00a0UE"), (0, "0\u00a0UE")])
def test_ue_are_45_minutes(minutes, text):
    assert german.ue(minutes) == text


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Dr. Müller", "Dr.\u00a0Müller"),
        ("Prof. Dr. Łucja von und zu", "Prof.\u00a0Dr.\u00a0Łucja von und zu"),
        ("Anna Müller", "Anna Müller"),
        ("Ende. Dr.", "Ende. Dr."),
        ("Verein Hannover e. V.", "Verein Hannover e.\u00a0V."),
        ("z. B. morgen", "z.\u00a0B. morgen"),
        ("Das war gut. Danke", "Das war gut. Danke"),
    ],
)
def test_titles_stay_with_their_names(text, bound):
    assert german.nbsp_titles(text) == bound
