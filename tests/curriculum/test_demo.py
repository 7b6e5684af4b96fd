"""The demo's programme and cohorts."""

import datetime

import pytest

from curriculum.demo import programme as demo
from curriculum.models import CompetenceProfile, SessionDay, Unit
from curriculum.queries import cohort_schedule, delivery_features
from curriculum.queries.editions import edition_overview
from netzkoord.lib.free_days import is_free


@pytest.fixture
def cohorts(trainer, organiser):
    return demo.fill_cohorts(demo.fill_programme(), trainer, organiser)


def test_programme_is_complete(cohorts):
    edition = cohorts[0].edition
    page = edition_overview(edition)

    assert {part.audience.value: part.minutes for part in page.tracks} == {"MANAGER": 720, "COORDINATOR": 2160}
    assert [part.module.code for part in page.modules] == ["F", "K1", "K2", "K3"]
    assert [part.minutes for part in page.modules] == [720] * 4
    assert edition.topics.count() == 9
    units = Unit.objects.filter(module__edition=edition)
    assert not units.filter(topics=None).exists()
    assert not units.filter(methods=None).exists()
    assert CompetenceProfile.objects.count() == 12 * 3 * 2
    assert "Synthetisch" in page.edition.note


def test_delivery_has_something_left_to_do(cohorts):
    features = delivery_features(cohorts)[cohorts[0].pk]

    assert (features.modules, features.practice_reports, features.attitude) == (4, 3, 3)


def test_past_cohort_has_the_real_dates(cohorts):
    schedule = cohort_schedule(cohorts[0])

    dates = {row.module.code: [day.date for day in row.days] for row in schedule.rows}
    assert dates["F"] == [datetime.date(2017, 10, 9), datetime.date(2017, 10, 10)]
    assert dates["K1"] == [datetime.date(2017, 12, 7), datetime.date(2017, 12, 8)]
    assert schedule.unscheduled == ()
    assert not any(row.deviation or row.conflicts for row in schedule.rows)


def test_future_cohort_is_open(cohorts):
    assert cohorts[1].is_registration_open
    assert cohorts[1].registration_closes_on < cohort_schedule(cohorts[1]).rows[0].days[0].date


@pytest.mark.parametrize("offset", range(0, 366, 7))
def test_future_days_are_working_days_in_order(offset):
    today = datetime.date(2026, 11, 23) + datetime.timedelta(days=offset)

    days = demo.future_days(today)

    both = [day + datetime.timedelta(days=step) for day in days.values() for step in (0, 1)]
    assert both == sorted(set(both))
    assert not any(is_free(day, demo.HOST_STATE) for day in both)
    assert today < demo.closing_date(days["F"]) < days["F"]


def test_sessions_have_eight_units_a_day(cohorts):
    assert {day.ue for day in SessionDay.objects.all()} == {8}
