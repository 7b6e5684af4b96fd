"""Days on which no course is held in a Land: public holidays, and school holidays to think of.

A wrapper around the library `holidays`, so that nothing else depends on its words.
"""

import datetime
from collections.abc import Iterable
from functools import lru_cache

import holidays

from netzkoord.lib.states import State

SATURDAY = 5
WEEKEND = ("Samstag", "Sonntag")
CHRISTMAS_EVE, NEW_YEARS_EVE = (12, 24), (12, 31)
# School holidays are published some years ahead; the library knows none outside of these years.
SCHOOL_YEARS = range(2010, 2051)


@lru_cache(maxsize=512)
def public_holidays(state: str, year: int) -> dict[datetime.date, str]:
    """Public holidays by date; with no Land those that all Länder share."""
    return dict(holidays.country_holidays("DE", subdiv=subdivision(state), years=year, language="de"))


@lru_cache(maxsize=32)
def school_holidays(state: str) -> dict[datetime.date, str]:
    """Every day of school holidays that is known, by date; without a Land there are none."""
    if not state:
        return {}
    return dict(
        holidays.country_holidays(
            "DE", subdiv=subdivision(state), years=SCHOOL_YEARS, categories=("school",), language="de"
        )
    )


def subdivision(state: str) -> str | None:
    return State(state).name if state else None


@lru_cache(maxsize=32)
def school_holidays_known_until(state: str) -> datetime.date | None:
    """The last day that falls into known school holidays; nothing is known of what comes after."""
    return max(school_holidays(state), default=None)


def weekend_day(date: datetime.date) -> str:
    """„Samstag“ or „Sonntag“; empty on a weekday."""
    return WEEKEND[date.weekday() - SATURDAY] if date.weekday() >= SATURDAY else ""


def public_holiday(date: datetime.date, state: str) -> str:
    """The name of the public holiday; empty on any other day."""
    return public_holidays(state, date.year).get(date, "")


def between_the_years(date: datetime.date) -> str:
    """The days from Christmas Eve to New Year's Eve are no holidays, but nobody comes."""
    month_and_day = (date.month, date.day)
    if month_and_day == CHRISTMAS_EVE:
        return "Heiligabend"
    if month_and_day == NEW_YEARS_EVE:
        return "Silvester"
    return "zwischen den Jahren" if CHRISTMAS_EVE < month_and_day < NEW_YEARS_EVE else ""


def is_free(date: datetime.date, state: str) -> bool:
    """No working day: weekend, public holiday of the Land, or between the years."""
    return bool(weekend_day(date) or public_holiday(date, state) or between_the_years(date))


def school_holiday(date: datetime.date, state: str) -> str:
    """„Herbstferien“; empty when school is on, or when the year is not known yet."""
    return school_holidays(state).get(date, "")


def unknown_school_holidays(dates: Iterable[datetime.date], state: str) -> bool:
    """Some of these dates lie beyond the known school holidays of the Land."""
    known_until = school_holidays_known_until(state)
    return known_until is not None and any(date > known_until for date in dates)
