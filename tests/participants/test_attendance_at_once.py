"""Several people enter the same attendance at the same instant: nobody undoes another's work."""

from functools import partial

import pytest

from participants.actions.attendance import Entry, check_in, record_attendance
from participants.models import Attendance
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(transactional_db):
    session = factories.SessionFactory()
    for _ in range(3):
        factories.RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    return session


def test_of_two_different_choices_one_is_stored_and_the_other_told(at_once, session):
    day = session.days.get()
    people = list(session.cohort.registrations.order_by("pk"))
    users = [factories.UserFactory() for _ in range(4)]

    def entries(presence, own):
        return [
            Entry(people[0].pk, day.pk, "MORNING", presence),
            Entry(people[own % 3].pk, day.pk, "AFTERNOON", "PRESENT"),
        ]

    recorded = at_once(
        *(
            partial(record_attendance, session=session, entries=entries(presence, own), by=users[own])
            for own, presence in enumerate(["PRESENT", "ABSENT", "EXCUSED", "PRESENT"])
        )
    )

    winner = Attendance.objects.get(half="MORNING")
    conflicts = [row.presence for each in recorded for row in each.conflicts]
    assert conflicts == [winner.presence] * (2 if winner.presence == "PRESENT" else 3)
    assert Attendance.objects.filter(half="AFTERNOON", presence="PRESENT").count() == 3
    assert sum(each.count for each in recorded) == Attendance.objects.count()


def test_own_entry_and_that_of_the_staff_at_once_leave_one_row(at_once, session):
    day = session.days.get()
    person = session.cohort.registrations.earliest("pk")
    user = factories.UserFactory()

    at_once(
        partial(
            record_attendance, session=session, entries=[Entry(person.pk, day.pk, "MORNING", "ABSENT")], by=user
        ),
        *[partial(check_in, registration=person.pk, session=session, day=day.pk, half="MORNING", by=person.person)]
        * 3,
    )

    row = Attendance.objects.get()
    assert (row.presence, row.is_self_reported) in [("ABSENT", False), ("PRESENT", True)]
