"""What the database itself refuses, and what a cohort derives from its dates."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum.models import Cohort, CohortState, Session, SessionDay
from tests import factories

TODAY = datetime.date(2027, 3, 1)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"places": 1}, "cohort_places_positive"),
        ({"attendance_threshold_percent": 101}, "cohort_threshold_is_percentage"),
        ({"attendance_threshold_percent": 0}, "cohort_threshold_is_percentage"),
    ],
)
def test_cohort_refused_by_the_database(db, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        factories.CohortFactory(**fields)


def test_two_cohorts_of_one_title_are_refused_by_the_database(db):
    factories.CohortFactory(title="Durchgang 2027")

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.CohortFactory(title="Durchgang 2027")

    assert Cohort.objects.count() == 1


def test_a_module_has_one_session_in_a_cohort(db):
    session = factories.SessionFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.SessionFactory(cohort=session.cohort, module=session.module)

    assert Session.objects.count() == 1


def test_a_day_ends_after_its_start(db):
    session = factories.SessionFactory()

    with pytest.raises(IntegrityError, match="session_day_ends_after_start"):
        factories.SessionDayFactory(session=session, starts_at=datetime.time(9), ends_at=datetime.time(9))


def test_a_date_is_there_once_in_a_session(db):
    day = factories.SessionFactory().days.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.SessionDayFactory(session=day.session, date=day.date)

    assert SessionDay.objects.count() == 1


def test_net_minutes_are_hours_without_breaks():
    day = SessionDay(date=TODAY, starts_at=datetime.time(9), ends_at=datetime.time(16, 30), break_minutes=90)

    assert (day.net_minutes, day.ue) == (360, 8)


def test_net_minutes_are_never_negative():
    day = SessionDay(date=TODAY, starts_at=datetime.time(9), ends_at=datetime.time(10), break_minutes=90)

    assert day.net_minutes == 0


@pytest.mark.parametrize(
    ("fields", "first_on", "last_on", "state"),
    [
        ({"announced_at": None}, None, None, CohortState.PLANNED),
        ({}, None, None, CohortState.REGISTRATION_OPEN),
        ({}, TODAY + datetime.timedelta(days=1), TODAY + datetime.timedelta(days=9), CohortState.REGISTRATION_OPEN),
        (
            {"registration_closes_on": TODAY - datetime.timedelta(days=1)},
            TODAY + datetime.timedelta(days=1),
            TODAY + datetime.timedelta(days=9),
            CohortState.REGISTRATION_CLOSED,
        ),
        ({}, TODAY, TODAY, CohortState.RUNNING),
        ({}, TODAY - datetime.timedelta(days=9), TODAY - datetime.timedelta(days=1), CohortState.FINISHED),
        ({"cancelled_at": timezone.now()}, TODAY, TODAY, CohortState.CANCELLED),
    ],
)
@pytest.mark.parametrize("hour", [0, 23])
def test_state_follows_the_dates(time_machine, fields, first_on, last_on, state, hour):
    now = datetime.datetime.combine(TODAY, datetime.time(hour, 30), tzinfo=timezone.get_default_timezone())
    time_machine.move_to(now, tick=False)
    cohort = Cohort(**{"registration_closes_on": TODAY, "announced_at": now} | fields)

    assert cohort.state(first_on=first_on, last_on=last_on) is state


def test_trainer_sees_dates_of_the_whole_cohort(trainer):
    cohort = factories.CohortFactory()
    factories.SessionFactory(cohort=cohort, days=[datetime.date(2027, 1, 4)])
    factories.SessionFactory(cohort=cohort, days=[datetime.date(2027, 3, 1)], trainers=[trainer])

    seen = Cohort.objects.with_dates().visible_to(trainer).get()

    assert (seen.first_on, seen.last_on) == (datetime.date(2027, 1, 4), datetime.date(2027, 3, 1))
