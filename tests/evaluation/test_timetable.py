import datetime
from types import SimpleNamespace

from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation.models import Purpose
from evaluation.timetable import BERLIN, Held, Period, in_berlin, months_later, moved, planned, reminders_due

ACCEPTED_AT = datetime.datetime(2027, 1, 11, 10, 0, tzinfo=BERLIN)
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 12, 31))
INSTANTS = st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2035, 1, 1)).map(  # noqa: DTZ001 -- local
    lambda local: local.replace(tzinfo=BERLIN)
)
PERIODS = st.tuples(INSTANTS, INSTANTS).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Period(*pair))


def local(*parts):
    return datetime.datetime(*parts)  # noqa: DTZ001 -- as the clock on the wall shows it


def held(first, last=None):
    last = last or first
    return Held(
        datetime.datetime.combine(first, datetime.time(9, 0)),
        datetime.datetime.combine(last, datetime.time(16, 30)),
    )


def rule(purpose, **fields):
    return SimpleNamespace(purpose=purpose, **{"lead_days": 0, "months_after": 0, "open_days": 14} | fields)


FIRST = held(datetime.date(2027, 3, 1), datetime.date(2027, 3, 2))
LAST = held(datetime.date(2027, 8, 30), datetime.date(2027, 8, 31))
SESSIONS = st.lists(
    st.builds(lambda day, days: held(day, day + datetime.timedelta(days=days)), DAYS, st.integers(0, 3)), min_size=1
)
RULES = st.builds(
    lambda purpose, lead, months, days: rule(purpose, lead_days=lead, months_after=months, open_days=days),
    st.sampled_from(list(Purpose)),
    st.integers(0, 120),
    st.integers(0, 24),
    st.integers(1, 120),
)


def plan(purpose, of=None, sessions=(LAST, FIRST), **fields):
    found = planned(rule(purpose, **fields), sessions, accepted_at=ACCEPTED_AT, of=of)
    return found and (found.opens_at.isoformat(), found.closes_at.isoformat())


def test_needs_open_with_the_first_place_and_close_days_before_the_first_session():
    assert plan(Purpose.NEEDS, lead_days=3) == ("2027-01-11T10:00:00+01:00", "2027-02-27T00:00:00+01:00")


def test_start_opens_days_before_the_first_session_and_closes_with_it():
    assert plan(Purpose.START, lead_days=7) == ("2027-02-22T09:00:00+01:00", "2027-03-02T16:30:00+01:00")


def test_feedback_opens_half_an_hour_before_the_end_and_keeps_the_hour_when_clocks_change():
    session = held(datetime.date(2027, 3, 18), datetime.date(2027, 3, 19))

    assert plan(Purpose.FEEDBACK, of=session) == ("2027-03-19T16:00:00+01:00", "2027-04-02T16:00:00+02:00")


def test_end_opens_half_an_hour_before_the_end_of_the_last_session():
    assert plan(Purpose.END) == ("2027-08-31T16:00:00+02:00", "2027-09-14T16:00:00+02:00")


def test_transfer_opens_months_after_the_last_session_or_at_the_end_of_a_shorter_month():
    found = plan(Purpose.TRANSFER, months_after=6, open_days=28)

    assert found == ("2028-02-29T16:30:00+01:00", "2028-03-28T16:30:00+02:00")


def test_nothing_is_planned_without_dates_or_after_it_would_have_closed():
    assert [plan(purpose, sessions=()) for purpose in Purpose] == [None] * len(Purpose)
    assert plan(Purpose.NEEDS, sessions=[held(datetime.date(2027, 1, 12))], lead_days=3) is None


@given(RULES, SESSIONS, INSTANTS)
def test_whatever_the_rule_a_survey_opens_before_it_closes(rule, sessions, accepted_at):
    found = planned(rule, sessions, accepted_at=accepted_at, of=sessions[0])

    assert found is None or found.opens_at < found.closes_at
    assert found is not None or rule.purpose == Purpose.NEEDS


@given(RULES, SESSIONS, INSTANTS, st.randoms())
def test_the_order_of_the_sessions_does_not_matter(rule, sessions, accepted_at, chance):
    shuffled = chance.sample(sessions, len(sessions))
    plans = [planned(rule, each, accepted_at=accepted_at, of=sessions[0]) for each in (sessions, shuffled)]

    assert plans[0] == plans[1]


@given(SESSIONS, st.integers(1, 120))
def test_feedback_is_open_for_its_days_by_the_calendar_whatever_the_clocks_do(sessions, days):
    found = planned(rule(Purpose.FEEDBACK, open_days=days), sessions, accepted_at=ACCEPTED_AT, of=sessions[-1])

    assert found.opens_at.time() == found.closes_at.time() == datetime.time(16, 0)
    assert (found.closes_at.date() - found.opens_at.date()).days == days


def test_an_hour_that_the_clocks_leave_out_is_the_one_after():
    assert in_berlin(local(2027, 3, 28, 2, 30)).isoformat() == "2027-03-28T03:30:00+02:00"


@given(DAYS, st.integers(0, 24))
def test_months_later_is_in_that_month(day, months):
    later = months_later(datetime.datetime.combine(day, datetime.time(12, 0)), months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@given(PERIODS, st.none() | PERIODS, INSTANTS, st.booleans())
def test_a_moved_survey_never_ends_in_the_past_nor_earlier_for_those_who_answer(current, plan, now, has_answers):
    assume(now < current.closes_at)

    found = moved(current, plan, now=now, has_answers=has_answers)

    if found is None:
        assert plan is None
        assert not has_answers
        return
    assert now < found.closes_at
    assert found.opens_at < found.closes_at
    if has_answers:
        assert found.opens_at == current.opens_at
        assert found.closes_at >= current.closes_at


@given(PERIODS, PERIODS, INSTANTS)
def test_a_survey_without_answers_follows_its_plan(current, plan, now):
    assume(now < min(current.closes_at, plan.closes_at))

    assert moved(current, plan, now=now, has_answers=False) == plan


def test_reminders_are_due_from_nine_in_the_morning():
    invited_on = datetime.date(2027, 3, 1)
    counts = [
        reminders_due(4, 10, invited_on=invited_on, now=in_berlin(local(2027, 3, day, hour)))
        for day, hour in ((1, 12), (5, 8), (5, 9), (11, 8), (11, 9), (30, 0))
    ]

    assert counts == [0, 0, 1, 1, 2, 2]
    assert reminders_due(None, None, invited_on=invited_on, now=in_berlin(local(2027, 4, 1, 12))) == 0


@given(st.integers(0, 30), st.integers(31, 60), DAYS, INSTANTS)
def test_there_are_never_more_than_two_reminders_and_the_second_not_before_the_first(first, second, day, now):
    counts = [
        reminders_due(first, second, invited_on=day, now=now + datetime.timedelta(days=days)) for days in range(90)
    ]

    assert counts == sorted(counts)
    assert set(counts) <= {0, 1, 2}
