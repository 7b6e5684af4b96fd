"""The proposal of days: for every first day of two years, in every Land, the same rules hold."""

import datetime
import itertools

import pytest

from curriculum.planning import MAX_DAYS, Block, Hours, Terms, days_from, days_needed, propose
from netzkoord.lib import free_days
from netzkoord.lib.states import State

DAY = datetime.timedelta(days=1)
# The demo's programme, a week, more than a week, and a single day.
BLOCKS = [("F", 720), ("K1", 720), ("K2", 1800), ("K3", 3000), ("K4", 45)]


def plan_from(first_on, *, weeks_between=3, state="03", blocks=BLOCKS, **more):
    wanted = [Block(key, days_needed(minutes, Hours()), state) for key, minutes in blocks]
    return propose(wanted, terms=Terms(first_on, weeks_between), **more)


@pytest.mark.parametrize("state", ["", *State.values])
def test_no_proposed_day_is_a_weekend_or_a_holiday_of_the_land(state):
    for offset in range(0, 800, 3):
        plan = plan_from(datetime.date(2026, 12, 1) + DAY * offset, state=state)

        assert not [day for days in plan.values() for day in days if free_days.is_free(day, state)]


@pytest.mark.parametrize("weeks_between", [1, 2, 6])
def test_the_order_is_kept_and_the_distance_too(weeks_between):
    for offset in range(0, 800, 3):
        first_on = datetime.date(2027, 12, 1) + DAY * offset

        plan = list(plan_from(first_on, weeks_between=weeks_between).values())

        assert plan[0][0] >= first_on
        for earlier, later in itertools.pairwise(plan):
            assert earlier[-1] < later[0]
            mondays = [day - DAY * day.weekday() for day in (earlier[0], later[0])]
            assert mondays[1] - mondays[0] >= datetime.timedelta(weeks=weeks_between)


def test_every_block_has_the_days_that_its_minutes_need():
    plan = plan_from(datetime.date(2027, 3, 1))

    assert {key: len(days) for key, days in plan.items()} == {"F": 2, "K1": 2, "K2": 5, "K3": 9, "K4": 1}


def test_what_fits_in_a_week_stays_in_it_on_days_in_a_row():
    for offset in range(800):
        plan = plan_from(datetime.date(2027, 1, 1) + DAY * offset)

        for key in ("F", "K1", "K2"):
            days = plan[key]
            assert len({day.isocalendar()[:2] for day in days}) == 1
            assert days[-1] - days[0] == DAY * (len(days) - 1)


def test_the_same_terms_give_the_same_plan():
    assert plan_from(datetime.date(2028, 2, 24)) == plan_from(datetime.date(2028, 2, 24))


@pytest.mark.parametrize(
    ("first_on", "expected"),
    [
        ("2027-03-01", ["2027-03-01", "2027-03-02"]),
        # 29 February and the day after it
        ("2028-02-29", ["2028-02-29", "2028-03-01"]),
        # the week in which summer time begins, and the one in which it ends
        ("2027-03-25", ["2027-04-01", "2027-04-02"]),  # Karfreitag is the 26th
        ("2026-10-26", ["2026-10-26", "2026-10-27"]),
        # a Friday cannot hold two days: the Thursday of the next week
        ("2027-03-05", ["2027-03-11", "2027-03-12"]),
        # a Saturday means the Monday after it
        ("2027-03-06", ["2027-03-08", "2027-03-09"]),
        # over the turn of the year: Christmas Eve to New Year are left out
        ("2026-12-24", ["2027-01-07", "2027-01-08"]),
        # Tag der Deutschen Einheit on a Monday of 2033
        ("2033-10-03", ["2033-10-10", "2033-10-11"]),
    ],
)
def test_two_days_begin_where_they_fit(first_on, expected):
    plan = plan_from(datetime.date.fromisoformat(first_on), blocks=[("F", 720)])

    assert [day.isoformat() for day in plan["F"]] == expected


def test_holidays_differ_between_the_lands():
    corpus_christi = datetime.date(2027, 5, 27)

    plans = [plan_from(corpus_christi, state=state, blocks=[("F", 360)])["F"] for state in (State.NI, State.NW)]

    assert plans == [(corpus_christi,), (corpus_christi + DAY * 7,)]


def test_fixed_blocks_stay_and_the_others_go_around_them():
    fixed = {"K1": [datetime.date(2027, 6, 1), datetime.date(2027, 6, 2)]}

    plan = plan_from(datetime.date(2027, 3, 1), fixed=fixed)

    assert plan["K1"] == tuple(fixed["K1"])
    assert plan["F"][0] == datetime.date(2027, 3, 1)
    assert plan["K2"][0] == datetime.date(2027, 6, 21)


def test_no_proposed_day_is_a_fixed_one():
    fixed = {"K4": [datetime.date(2027, 3, 1)]}

    assert plan_from(datetime.date(2027, 3, 1), fixed=fixed)["F"][0] == datetime.date(2027, 3, 8)


@pytest.mark.parametrize(
    ("minutes", "days"), [(0, 1), (1, 1), (360, 1), (361, 2), (720, 2), (10_000, MAX_DAYS), (5040, 14)]
)
def test_days_needed(minutes, days):
    assert days_needed(minutes, Hours()) == days


def test_days_needed_when_breaks_fill_the_day():
    assert days_needed(720, Hours(datetime.time(9), datetime.time(10), 90)) == 1


def test_a_plan_that_leaves_the_century_stays_without_days():
    plan = plan_from(datetime.date(2099, 11, 30), blocks=[("F", 360), ("K", 360)], weeks_between=26)

    assert plan == {"F": (datetime.date(2099, 11, 30),), "K": ()}


@pytest.mark.parametrize(("day", "dates"), [(22, [22, 23]), (23, []), (30, [])])
def test_a_plan_may_reach_the_end_of_the_century(day, dates):
    plan = plan_from(datetime.date(2099, 12, day), blocks=[("F", 720)])

    assert [date.day for date in plan["F"]] == dates


def test_a_long_session_does_not_reach_into_the_next_century():
    assert plan_from(datetime.date(2099, 12, 7), blocks=[("K3", 3000)])["K3"][-1] == datetime.date(2099, 12, 17)
    assert plan_from(datetime.date(2099, 12, 21), blocks=[("K3", 3000)])["K3"] == ()


def test_the_holidays_of_its_own_land_count_for_each_block():
    corpus_christi = datetime.date(2027, 5, 27)
    blocks = [Block("here", 1, State.NI), Block("there", 1, State.NW)]

    plan = propose(blocks, terms=Terms(corpus_christi - DAY * 7, 1))

    assert plan == {"here": (corpus_christi - DAY * 7,), "there": (corpus_christi + DAY * 7,)}


def test_a_long_session_leaves_out_weekends_and_holidays():
    days = days_from(datetime.date(2027, 3, 22), 7, State.NI)

    assert [day.isoformat()[5:] for day in days] == [
        "03-22",
        "03-23",
        "03-24",
        "03-25",
        "03-30",
        "03-31",
        "04-01",
    ]


def test_a_short_session_may_be_on_a_weekend_if_somebody_wants_that():
    assert [day.isoweekday() for day in days_from(datetime.date(2027, 3, 5), 2, "")] == [5, 6]


# What the library knows


@pytest.mark.parametrize(
    ("date", "state", "name"),
    [
        ("2027-03-26", "", "Karfreitag"),
        ("2027-03-29", "", "Ostermontag"),
        ("2049-04-19", "", "Ostermontag"),
        ("2027-10-31", "", ""),
        ("2028-10-31", State.NI, "Reformationstag"),
        ("2028-10-31", State.BY, ""),
        ("2028-03-08", State.BE, "Frauentag"),
    ],
)
def test_public_holidays(date, state, name):
    assert free_days.public_holiday(datetime.date.fromisoformat(date), state) == name


@pytest.mark.parametrize(
    ("day", "name"), [(23, ""), (24, "Heiligabend"), (28, "zwischen den Jahren"), (31, "Silvester")]
)
def test_between_the_years(day, name):
    assert free_days.between_the_years(datetime.date(2027, 12, day)) == name


def test_school_holidays_are_named():
    assert free_days.school_holiday(datetime.date(2027, 7, 20), State.NI) == "Sommerferien"
    assert free_days.school_holiday(datetime.date(2027, 7, 20), "") == ""


@pytest.mark.parametrize("state", State.values)
def test_school_holidays_are_known_for_two_years_at_least(state):
    assert free_days.school_holidays_known_until(state) >= datetime.date(2029, 6, 1)


def test_dates_beyond_the_known_school_holidays_are_noticed():
    assert not free_days.unknown_school_holidays([datetime.date(2029, 6, 1)], State.NI)
    assert free_days.unknown_school_holidays([datetime.date(2029, 6, 1), datetime.date(2030, 6, 1)], State.NI)
    assert not free_days.unknown_school_holidays([datetime.date(2030, 6, 1)], "")
