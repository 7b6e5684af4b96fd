"""Entering who was there, and what follows from it."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Attendance, Presence
from participants.queries.attendance import attendance_of
from participants.queries.certificates import ready_for_certificate
from tests.factories import CohortFactory, ModuleFactory, RegistrationFactory, SessionDayFactory, SessionFactory

TODAY = datetime.date(2017, 12, 8)
THURSDAY, FRIDAY, MONDAY = (datetime.date(2017, 12, day) for day in (7, 8, 11))


@pytest.fixture(autouse=True)
def on_friday_evening():
    with time_machine.travel(datetime.datetime(2017, 12, 8, 18, 0, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def session(trainer):
    return SessionFactory(days=[THURSDAY, FRIDAY], trainers=[trainer])


@pytest.fixture
def person(session):
    return RegistrationFactory(tandem__cohort=session.cohort, accepted=True)


def url_of(session):
    return reverse("participants:attendance_edit", args=[session.pk])


def entries(form_data):
    """Choices by (person, day) as the page posts them; what was shown was open."""
    posted = {}
    for (registration, day), presence in form_data.items():
        posted[f"p{registration.pk}-{day.pk}"] = presence
        posted.setdefault(f"initial-p{registration.pk}-{day.pk}", "")
    return posted


def stored(registration):
    return {entry.day.date: entry.presence for entry in registration.attendances.select_related("day")}


@pytest.mark.parametrize("role", ["organiser", "trainer"])
def test_attendance_edit_saves_each_day_and_leaves_a_line(client, request, role, session, person):
    client.force_login(request.getfixturevalue(role))
    first, second = session.days.all()

    response = client.post(
        url_of(session), entries({(person, first): "FULL", (person, second): "HALF"}), follow=True
    )

    assert stored(person) == {THURSDAY: Presence.FULL, FRIDAY: Presence.HALF}
    assert "2 Einträge sind gespeichert." in response.content.decode()
    event = AuditEvent.objects.get(action=AuditAction.ATTENDANCE_RECORDED)
    assert (event.target_id, event.details) == (str(session.pk), {"entries": 2})


def test_attendance_edit_shows_a_choice_per_person_and_day(client, organiser, session, person):
    client.force_login(organiser)

    page = client.get(url_of(session)).content.decode()

    assert page.count("<legend>") == 2
    assert page.count('type="radio"') == 10
    assert person.sort_name in page
    assert "Do, 7.\u00a0Dezember 2017" in page


def test_attendance_edit_allows_partial_entry_and_taking_back(client, organiser, session, person):
    client.force_login(organiser)
    first, second = session.days.all()
    client.post(url_of(session), entries({(person, first): "FULL", (person, second): ""}))
    assert stored(person) == {THURSDAY: Presence.FULL}

    name = f"p{person.pk}-{first.pk}"
    client.post(url_of(session), {name: "", f"initial-{name}": "FULL"})

    assert stored(person) == {}


def test_attendance_edit_does_not_undo_what_somebody_else_entered(client, organiser, session, person):
    other = RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    first = session.days.first()
    Attendance.objects.create(registration=other, day=first, presence=Presence.ABSENT)
    client.force_login(organiser)

    client.post(url_of(session), entries({(person, first): "FULL", (other, first): ""}))

    assert stored(other) == {THURSDAY: Presence.ABSENT}


def test_attendance_edit_fills_only_what_is_open(client, organiser, session, person):
    other = RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    third = RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    first, second = session.days.all()
    Attendance.objects.create(registration=other, day=first, presence=Presence.ABSENT)
    client.force_login(organiser)

    data = entries({(person, first): "", (other, first): "ABSENT", (third, first): "EXCUSED"})
    client.post(url_of(session), data | {"fill": str(first.pk), f"initial-p{other.pk}-{first.pk}": "ABSENT"})

    assert stored(person) == {THURSDAY: Presence.FULL}
    assert stored(other) == {THURSDAY: Presence.ABSENT}
    assert stored(third) == {THURSDAY: Presence.EXCUSED}
    assert not Attendance.objects.filter(day=second).exists()


def test_attendance_edit_refuses_the_future(client, organiser, session, person):
    future = SessionDayFactory(session=session, date=MONDAY)
    client.force_login(organiser)

    page = client.get(url_of(session)).content.decode()
    client.post(url_of(session), entries({(person, future): "FULL"}) | {"fill": str(future.pk)})

    assert "Mo, 11.\u00a0Dezember 2017 liegt in der Zukunft." in page
    assert stored(person) == {}


def test_attendance_edit_survives_nonsense(client, organiser, session, person):
    client.force_login(organiser)
    first = session.days.first()

    response = client.post(url_of(session), entries({(person, first): "🐘\x00"}) | {"fill": "x²"})

    assert response.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    assert stored(person) == {}


def test_attendance_edit_of_a_person_outside_the_session_is_ignored(client, trainer, session, person):
    stranger = RegistrationFactory(accepted=True)
    client.force_login(trainer)

    client.post(url_of(session), entries({(stranger, session.days.first()): "FULL"}))

    assert stored(stranger) == {}


def test_attendance_edit_says_when_nobody_is_accepted(client, organiser, session):
    RegistrationFactory(tandem__cohort=session.cohort)
    client.force_login(organiser)

    assert "noch niemand angenommen" in client.get(url_of(session)).content.decode()


@pytest.mark.parametrize(("role", "status"), [("stranger", 403), ("reader", 403)])
def test_attendance_edit_forbidden_without_permission(client, request, session, role, status):
    client.force_login(request.getfixturevalue(role))

    assert client.get(url_of(session)).status_code == status
    assert client.post(url_of(session)).status_code == status


def test_attendance_edit_of_anothers_session_is_not_found(client, trainer):
    client.force_login(trainer)

    assert client.get(url_of(SessionFactory())).status_code == 404


def test_attendance_edit_refuses_other_methods(client, organiser, session):
    client.force_login(organiser)

    assert client.put(url_of(session)).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_attendance_edit_query_count(client, organiser, session, django_assert_num_queries, count):
    for _ in range(count):
        registration = RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
        Attendance.objects.create(registration=registration, day=session.days.first(), presence=Presence.FULL)
    client.force_login(organiser)

    with django_assert_num_queries(9):
        page = client.get(url_of(session)).content.decode()

    assert page.count("<legend>") == 2 * count


def record_of(person):
    (record,) = [record for record in attendance_of(person.cohort) if record.registration == person]
    return record


def enter(person, *presences):
    days = [day for session in person.cohort.sessions.all() for day in session.days.all()]
    for day, presence in zip(days, presences, strict=True):
        if presence:
            Attendance.objects.create(registration=person, day=day, presence=presence)


@pytest.mark.parametrize(
    ("presences", "percent", "reason"),
    [
        (["FULL", "FULL"], 100, ""),
        (["FULL", "HALF"], 75, "12 von 16 UE, 75 % – nötig sind 80 %; halbtägig da: 8. Dezember 2017."),
        (["FULL", "ABSENT"], 50, "8 von 16 UE, 50 % – nötig sind 80 %; gefehlt: 8. Dezember 2017."),
        (
            ["EXCUSED", "EXCUSED"],
            0,
            "0 von 16 UE, 0 % – nötig sind 80 %; entschuldigt: 7. Dezember 2017 und 8. Dezember 2017.",
        ),
        (["FULL", None], 50, "Anwesenheit für 8. Dezember 2017 fehlt noch."),
    ],
)
def test_rule_is_explained_in_words(person, presences, percent, reason):
    enter(person, *presences)

    record = record_of(person)

    assert record.percent == percent
    assert record.reason.replace("\u00a0", " ") == reason
    assert record.fulfils == (reason == "")


def test_percent_is_rounded_down_and_the_rule_is_exact(person):
    day = person.cohort.sessions.get().days.first()
    day.break_minutes = 91  # 359 of 719 minutes are 49.9 %
    day.save()
    person.cohort.attendance_threshold_percent = 50
    person.cohort.save()
    enter(person, "FULL", "ABSENT")

    record = record_of(person)

    assert record.percent == 49
    assert not record.fulfils


def test_rule_is_not_fulfilled_before_the_last_hour(person):
    enter(person, "FULL", "FULL")

    with time_machine.travel(datetime.datetime(2017, 12, 8, 15, 29, tzinfo=datetime.UTC), tick=False):
        assert record_of(person).reason.replace("\u00a0", " ") == "Die Termine gehen noch bis 8. Dezember 2017."
    with time_machine.travel(datetime.datetime(2017, 12, 8, 15, 30, tzinfo=datetime.UTC), tick=False):
        assert record_of(person).fulfils


def test_only_sessions_of_the_own_track_count(person):
    for_managers = ModuleFactory(edition=person.cohort.edition, audiences=[Audience.MANAGER])
    SessionFactory(cohort=person.cohort, module=for_managers, days=[THURSDAY])

    assert record_of(person).planned_ue == 16


def test_without_sessions_nobody_fulfils(db):
    person = RegistrationFactory(accepted=True)

    assert record_of(person).reason == "Für dieses Angebot sind keine Termine geplant."
    assert not record_of(person).fulfils


def test_those_not_accepted_or_withdrawn_are_left_out(session):
    RegistrationFactory(tandem__cohort=session.cohort)
    RegistrationFactory(tandem__cohort=session.cohort, accepted=True, withdrawn_at=timezone.now())
    RegistrationFactory(accepted=True)

    assert attendance_of(session.cohort) == []


def test_ready_for_certificate_counts_who_fulfils(person):
    assert ready_for_certificate(person.cohort) == 0

    enter(person, "FULL", "FULL")

    assert ready_for_certificate(person.cohort) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_attendance_of_query_count(db, django_assert_num_queries, count):
    cohort = CohortFactory()
    for _ in range(count):
        SessionFactory(cohort=cohort, days=[THURSDAY])
        RegistrationFactory(tandem__cohort=cohort, accepted=True)

    with django_assert_num_queries(4):
        records = attendance_of(cohort)
        assert [len(record.days) for record in records] == [count] * count
        assert [record.registration.tandem.municipality.name for record in records]
