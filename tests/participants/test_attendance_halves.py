"""Where a day is parted, what the migration makes of whole days, and the sums of a cohort."""

import datetime
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.models import AgendaItem, Audience, SessionDay
from participants import migrations
from participants.halves import kinds_of, parted
from participants.models import Attendance, Half
from participants.queries.attendance_totals import cohort_attendance
from tests.factories import (
    CohortFactory,
    ModuleFactory,
    RegistrationFactory,
    SessionDayFactory,
    SessionFactory,
    attend,
)

DAY = datetime.date(2026, 10, 5)


def day(start, end, break_minutes=0):
    """A day that is nowhere stored."""
    return SessionDay(
        date=DAY,
        starts_at=datetime.time.fromisoformat(start),
        ends_at=datetime.time.fromisoformat(end),
        break_minutes=break_minutes,
    )


def halves(made, course=()):
    """`course` are pairs of kind and minutes."""
    return parted(made, [AgendaItem(kind=kind, minutes=minutes) for kind, minutes in course])


def parts(made, course=()):
    return [
        (span.half.value, f"{span.starts_at:%H:%M}–{span.ends_at:%H:%M}", span.minutes)
        for span in halves(made, course)
    ]


def test_day_is_parted_by_its_longest_break():
    course = [("UNIT", 90), ("BREAK", 20), ("UNIT", 75), ("BREAK", 60), ("UNIT", 95), ("BREAK", 15), ("UNIT", 105)]

    assert parts(day("09:00", "16:40", 95), course) == [
        ("MORNING", "09:00–12:05", 165),
        ("AFTERNOON", "13:05–16:40", 200),
    ]


def test_of_equally_long_breaks_the_one_nearest_to_the_middle_is_noon():
    course = [("UNIT", 60), ("BREAK", 30), ("UNIT", 90), ("BREAK", 30), ("UNIT", 120)]

    assert [minutes for *_, minutes in parts(day("09:00", "14:30", 60), course)] == [150, 120]


@pytest.mark.parametrize(
    "course",
    [
        (),
        [("UNIT", 180), ("BREAK", 20), ("UNIT", 100)],
        [("BREAK", 60), ("UNIT", 300)],
        [("UNIT", 300), ("BREAK", 60)],
    ],
)
def test_without_a_break_at_noon_both_halves_are_equal(course):
    assert parts(day("09:00", "15:00", 60), course) == [
        ("MORNING", "09:00–12:00", 150),
        ("AFTERNOON", "12:00–15:00", 150),
    ]


def test_course_that_does_not_fit_its_day_is_scaled():
    course = [("UNIT", 100), ("BREAK", 60), ("UNIT", 300)]

    assert [minutes for *_, minutes in parts(day("09:00", "17:00", 80), course)] == [100, 300]


@pytest.mark.parametrize(
    ("start", "end", "kinds"),
    [
        ("09:00", "14:00", [Half.MORNING]),
        ("09:00", "14:01", [Half.MORNING, Half.AFTERNOON]),
        ("13:00", "17:00", [Half.AFTERNOON]),
        ("18:00", "21:00", [Half.AFTERNOON]),
        ("11:00", "15:00", [Half.MORNING]),
        ("11:00", "15:02", [Half.AFTERNOON]),
    ],
)
def test_short_day_has_one_half(start, end, kinds):
    assert list(kinds_of(day(start, end))) == kinds


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 1000),
    st.integers(1, 439),
    st.integers(0, 200),
    st.lists(st.tuples(st.sampled_from(["UNIT", "BREAK", "OTHER"]), st.integers(1, 200)), max_size=8),
)
def test_halves_have_the_minutes_of_the_day(begin, length, pause, course):
    def moment(minute):
        return f"{minute // 60:02}:{minute % 60:02}"

    made = day(moment(begin), moment(begin + length), min(pause, length))
    found = halves(made, course)

    assert sum(span.minutes for span in found) == made.net_minutes
    assert all(span.minutes >= 0 and span.starts_at <= span.ends_at for span in found)
    assert tuple(span.half for span in found) == kinds_of(made)


@pytest.fixture
def migration():
    """The one that splits days, whatever its number."""
    (name,) = (name for _, name, _ in iter_modules(migrations.__path__) if name.endswith("attendance_split"))
    return import_module(f"participants.migrations.{name}")


@pytest.mark.django_db
def test_migration_splits_days_and_joins_them_again(migration):
    fill_before()

    migration.split(apps, None)
    assert sorted(Attendance.objects.values_list("registration__family_name", "half", "presence", "note")) == AFTER

    migration.join(apps, None)
    assert sorted(Attendance.objects.values_list("registration__family_name", "presence")) == BEFORE


BEFORE = [("A", "FULL"), ("B", "HALF"), ("C", "EXCUSED"), ("D", "ABSENT"), ("E", "FULL")]
UNKNOWN = "Als „halbtägig da“ übernommen; welche Hälfte es war, ist nicht bekannt."
AFTER = sorted(
    [
        ("A", "MORNING", "PRESENT", ""),
        ("A", "AFTERNOON", "PRESENT", ""),
        ("B", "MORNING", "PRESENT", ""),
        ("B", "AFTERNOON", "ABSENT", UNKNOWN),
        ("C", "MORNING", "EXCUSED", ""),
        ("C", "AFTERNOON", "EXCUSED", ""),
        ("D", "MORNING", "ABSENT", ""),
        ("D", "AFTERNOON", "ABSENT", ""),
        ("E", "AFTERNOON", "PRESENT", ""),
    ]
)


def fill_before():
    """Five people on a long day, the last on one that is an afternoon only, as they were before."""
    long = SessionFactory(days=[DAY]).days.get()
    short = SessionDayFactory(session=long.session, starts_at=datetime.time(13))
    for name, presence in BEFORE:
        person = RegistrationFactory(tandem__cohort=long.session.cohort, accepted=True, family_name=name)
        day = short if name == "E" else long
        Attendance.objects.create(registration=person, day=day, half="MORNING", presence=presence)


@pytest.fixture
def cohort(db):
    """A session for both, and one for managers only, each a day of 8 UE."""
    cohort = CohortFactory()
    SessionFactory(cohort=cohort, module=ModuleFactory(edition=cohort.edition, code="B1"), days=[DAY])
    managers = ModuleFactory(edition=cohort.edition, code="F1", audiences=[Audience.MANAGER])
    SessionFactory(cohort=cohort, module=managers, days=[DAY + datetime.timedelta(days=1)])
    return cohort


def test_totals_per_person_session_and_cohort(cohort):
    both, managers = cohort.sessions.order_by("pk")
    manager, coordinator = (
        RegistrationFactory(tandem__cohort=cohort, accepted=True, role=role, family_name=name)
        for role, name in [("MANAGER", "Amann"), ("COORDINATOR", "Berg")]
    )
    attend(manager, both.days.get())
    attend(manager, managers.days.get(), "EXCUSED")
    attend(coordinator, both.days.get()).delete()

    table = cohort_attendance(cohort, shown={both.pk, managers.pk})

    assert table.sessions == [both, managers]
    assert [
        (row.person, row.total.attended_minutes, row.total.planned_minutes, row.percent) for row in table.rows
    ] == [
        (manager, 360, 720, 50),
        (coordinator, 180, 360, 50),
    ]
    assert [(total.attended_minutes, total.planned_minutes) for total in table.totals] == [(540, 720), (0, 360)]
    assert [cell.has_open for cell in table.rows[1].cells] == [True, False]
    assert (table.total.attended_minutes, table.total.planned_minutes) == (540, 1080)


def test_attendance_overview_shows_units(client, organiser, cohort):
    person = RegistrationFactory(tandem__cohort=cohort, accepted=True)
    attend(person, cohort.sessions.earliest("pk").days.get())
    client.force_login(organiser)

    page = client.get(reverse("participants:attendance_overview", args=[cohort.pk])).content.decode()

    assert "8\u00a0UE von 8\u00a0UE" in page
    assert "Zusammen 8\u00a0UE von 8\u00a0UE." in page


def test_attendance_overview_shows_trainers_their_own_sessions(client, trainer, cohort):
    RegistrationFactory(tandem__cohort=cohort, accepted=True, role="MANAGER")
    cohort.sessions.earliest("pk").trainers.add(trainer)
    client.force_login(trainer)

    page = client.get(reverse("participants:attendance_overview", args=[cohort.pk])).content.decode()

    assert ">B1<" in page
    assert ">F1<" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_attendance_overview_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for _ in range(count):
        attend(RegistrationFactory(tandem__cohort=cohort, accepted=True), cohort.sessions.earliest("pk").days.get())
    client.force_login(organiser)

    with django_assert_num_queries(11):
        page = client.get(reverse("participants:attendance_overview", args=[cohort.pk])).content.decode()

    assert page.count('<th scope="row">') == count + 1
