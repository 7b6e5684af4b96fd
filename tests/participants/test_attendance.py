"""Entering who was there, and what follows from it."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Attendance, Half
from participants.queries.attendance import attendance_of
from participants.queries.certificates import certificate_dues, certificate_rows
from tests.factories import (
    CohortFactory,
    ModuleFactory,
    RegistrationFactory,
    SessionDayFactory,
    SessionFactory,
    attend,
)
from tests.rewriting import rewrite

MORNING, AFTERNOON = Half.MORNING, Half.AFTERNOON
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


def url_of(session, day=None):
    address = reverse("participants:attendance_edit", args=[session.pk])
    return f"{address}?tag={day.pk}" if day else address


def sent(choices, *, shown=None):
    """Choices by (person, half) as the page posts them; what was shown was open, or as `shown` says."""
    posted = {}
    for (registration, half), choice in choices.items():
        name = f"{registration.pk}-{half}"
        presence, _, note = choice.partition(":")
        before, _, note_before = (shown or {}).get((registration, half), "").partition(":")
        posted |= {f"p{name}": presence, f"n{name}": note}
        posted |= {f"initial-p{name}": before, f"initial-n{name}": note_before}
    return posted


def stored(registration):
    """Presence by date and half, with the note after a colon."""
    rows = registration.attendances.select_related("day")
    return {(row.day.date, row.half): ":".join(filter(None, [row.presence, row.note])) for row in rows}


@pytest.mark.parametrize("role", ["organiser", "trainer"])
def test_attendance_edit_saves_each_half_and_leaves_a_line(client, request, role, session, person):
    user = request.getfixturevalue(role)
    client.force_login(user)
    first = session.days.first()

    response = client.post(
        url_of(session, first),
        sent({(person, MORNING): "PRESENT", (person, AFTERNOON): "EXCUSED:Rat tagt"}),
        follow=True,
    )

    assert stored(person) == {(THURSDAY, MORNING): "PRESENT", (THURSDAY, AFTERNOON): "EXCUSED:Rat tagt"}
    assert "2 Einträge sind gespeichert." in response.content.decode()
    event = AuditEvent.objects.get(action=AuditAction.ATTENDANCE_RECORDED)
    assert (event.target_id, event.by_id, event.details) == (str(session.pk), user.pk, {"entries": 2})
    assert {row.changed_by for row in person.attendances.all()} == {user}


def test_attendance_edit_shows_the_latest_day_that_has_come(client, organiser, session, person):
    client.force_login(organiser)

    page = client.get(url_of(session)).content.decode()

    assert page.count("<legend>") == 1
    assert page.count('type="radio"') == 8
    assert person.sort_name in page
    assert "<h2>Fr, 8.\u00a0Dezember 2017</h2>" in page
    assert "Vormittag 9:00–12:45 Uhr, 4\u00a0UE" in page
    assert "0\u00a0UE von 16\u00a0UE" in page


def test_attendance_edit_shows_the_day_asked_for(client, organiser, session, person):
    client.force_login(organiser)

    page = client.get(url_of(session, session.days.first())).content.decode()

    assert "<h2>Do, 7.\u00a0Dezember 2017</h2>" in page


def test_attendance_edit_of_a_short_day_asks_for_one_half(client, organiser, session, person):
    session.days.update(starts_at=datetime.time(13), ends_at=datetime.time(17), break_minutes=15)
    client.force_login(organiser)

    page = client.get(url_of(session)).content.decode()

    assert page.count('type="radio"') == 4
    assert "Nachmittag 13:00–17:00 Uhr, 5\u00a0UE" in page
    assert "Vormittag" not in page


def test_attendance_edit_allows_partial_entry_and_taking_back(client, organiser, session, person):
    client.force_login(organiser)
    client.post(url_of(session), sent({(person, MORNING): "PRESENT", (person, AFTERNOON): ""}))
    assert stored(person) == {(FRIDAY, MORNING): "PRESENT"}

    client.post(url_of(session), sent({(person, MORNING): ""}, shown={(person, MORNING): "PRESENT"}))

    assert stored(person) == {}


def test_attendance_edit_does_not_undo_what_somebody_else_entered(client, organiser, session, person):
    other = RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    attend(other, session.days.last(), "ABSENT")
    client.force_login(organiser)

    client.post(url_of(session), sent({(person, MORNING): "PRESENT", (other, MORNING): "", (other, AFTERNOON): ""}))

    assert stored(other) == {(FRIDAY, MORNING): "ABSENT", (FRIDAY, AFTERNOON): "ABSENT"}


def test_attendance_edit_says_who_was_faster_and_keeps_that(client, organiser, trainer, session, person):
    row = attend(person, session.days.last(), "EXCUSED")
    Attendance.objects.update(changed_by=trainer)
    client.force_login(organiser)

    response = client.post(url_of(session), sent({(person, AFTERNOON): "PRESENT"}), follow=True)

    row.refresh_from_db()
    assert row.presence == "EXCUSED"
    page = response.content.decode()
    assert f"{person.full_name}, Nachmittag Fr, 8.\u00a0Dezember 2017: Inzwischen ist „entschuldigt“" in page
    assert f"({trainer}, 19:00\u00a0Uhr)" in page
    assert "gespeichert.</p>" not in page.replace("nicht gespeichert", "")


def test_attendance_edit_says_when_somebody_took_the_entry_back(client, organiser, session, person):
    client.force_login(organiser)

    response = client.post(
        url_of(session), sent({(person, MORNING): "ABSENT"}, shown={(person, MORNING): "PRESENT"}), follow=True
    )

    assert "Jemand hat den Eintrag inzwischen zurückgenommen." in response.content.decode()
    assert stored(person) == {}


def test_attendance_edit_twice_is_once(client, organiser, session, person):
    client.force_login(organiser)
    for _ in range(2):
        response = client.post(url_of(session), sent({(person, MORNING): "PRESENT"}), follow=True)

    assert "Es gab nichts zu ändern." in response.content.decode()
    assert AuditEvent.objects.filter(action=AuditAction.ATTENDANCE_RECORDED).count() == 1


def test_attendance_edit_changes_a_note(client, organiser, session, person):
    client.force_login(organiser)
    client.post(url_of(session), sent({(person, MORNING): "EXCUSED:Zug"}))

    client.post(
        url_of(session), sent({(person, MORNING): "EXCUSED:Zug fiel aus"}, shown={(person, MORNING): "EXCUSED:Zug"})
    )

    assert stored(person) == {(FRIDAY, MORNING): "EXCUSED:Zug fiel aus"}


def test_attendance_edit_drops_the_note_of_whoever_is_there(client, organiser, session, person):
    client.force_login(organiser)

    client.post(url_of(session), sent({(person, MORNING): "PRESENT:stand noch da"}))

    assert stored(person) == {(FRIDAY, MORNING): "PRESENT"}


def test_attendance_edit_fills_only_what_is_open(client, organiser, session, person):
    other = RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    third = RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    attend(other, session.days.last(), "ABSENT")
    client.force_login(organiser)

    shown = {(other, MORNING): "ABSENT"}
    data = sent({(person, MORNING): "", (other, MORNING): "ABSENT", (third, MORNING): "EXCUSED"}, shown=shown)
    client.post(url_of(session), data | {"fill": MORNING})

    assert stored(person) == {(FRIDAY, MORNING): "PRESENT"}
    assert stored(other) == {(FRIDAY, MORNING): "ABSENT", (FRIDAY, AFTERNOON): "ABSENT"}
    assert stored(third) == {(FRIDAY, MORNING): "EXCUSED"}


def test_attendance_edit_finds_people_by_name(client, organiser, session, person):
    searched = RegistrationFactory(tandem__cohort=session.cohort, accepted=True, family_name="Łukasik-Groß")
    client.force_login(organiser)

    page = client.get(url_of(session), {"suche": "lukasik"}).content.decode()

    assert searched.sort_name in page
    assert person.sort_name not in page
    assert "noch 2 von 2 offen" in page
    assert "kommt hier nicht vor" in client.get(url_of(session), {"suche": "zzz"}).content.decode()


def test_attendance_edit_fills_only_those_searched_for(client, organiser, session, person):
    searched = RegistrationFactory(tandem__cohort=session.cohort, accepted=True, family_name="Berg")
    client.force_login(organiser)

    client.post(url_of(session) + "?suche=berg", {"fill": MORNING})

    assert stored(searched) == {(FRIDAY, MORNING): "PRESENT"}
    assert stored(person) == {}


def test_attendance_edit_refuses_the_future(client, organiser, session, person):
    future = SessionDayFactory(session=session, date=MONDAY)
    client.force_login(organiser)

    page = client.get(url_of(session, future)).content.decode()
    client.post(url_of(session, future), sent({(person, MORNING): "PRESENT"}))

    assert "Mo, 11.\u00a0Dezember 2017 liegt in der Zukunft." in page
    assert "<h2>Fr, 8." in page
    assert not future.attendances.exists()


@pytest.mark.parametrize("presence", ["🐘\x00", "FULL", "PRESENT " * 50])
def test_attendance_edit_survives_nonsense(client, organiser, session, person, presence):
    client.force_login(organiser)

    response = client.post(url_of(session), sent({(person, MORNING): presence}) | {"fill": "x²"})

    assert response.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    assert stored(person) == {}


def test_attendance_edit_refuses_a_note_that_is_too_long(client, organiser, session, person):
    client.force_login(organiser)

    response = client.post(url_of(session), sent({(person, MORNING): "EXCUSED:" + "x" * 201}))

    page = response.content.decode()
    assert "Ein Vermerk hat höchstens 200 Zeichen." in page
    assert "x" * 201 in page
    assert stored(person) == {}


def test_attendance_edit_of_a_person_outside_the_session_is_ignored(client, trainer, session, person):
    stranger = RegistrationFactory(accepted=True)
    client.force_login(trainer)

    client.post(url_of(session), sent({(stranger, MORNING): "PRESENT"}))

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
        attend(registration, session.days.first())
    client.force_login(organiser)

    with django_assert_num_queries(9):
        page = client.get(url_of(session)).content.decode()

    assert page.count("<legend>") == count


def record_of(person):
    (record,) = [record for record in attendance_of(person.cohort) if record.registration == person]
    return record


def enter(person, *presences):
    """One presence for the whole day, or for its morning and afternoon; None is left open."""
    days = [day for session in person.cohort.sessions.all() for day in session.days.all()]
    for day, presence in zip(days, presences, strict=True):
        morning, _, afternoon = (presence or "").partition("/")
        for half, value in [(MORNING, morning), (AFTERNOON, afternoon or morning)]:
            if value:
                Attendance.objects.create(registration=person, day=day, half=half, presence=value)


@pytest.mark.parametrize(
    ("presences", "minutes", "missed"),
    [
        (["PRESENT", "PRESENT"], 720, ""),
        (["PRESENT", "PRESENT/ABSENT"], 540, "gefehlt: 8. Dezember 2017 (Nachmittag)"),
        (["PRESENT", "ABSENT"], 360, "gefehlt: 8. Dezember 2017"),
        (
            ["EXCUSED", "ABSENT/EXCUSED"],
            0,
            "gefehlt: 8. Dezember 2017 (Vormittag); "
            "entschuldigt: 7. Dezember 2017 und 8. Dezember 2017 (Nachmittag)",
        ),
        (["PRESENT", None], 360, ""),
    ],
)
def test_what_was_attended_and_missed_is_counted_by_half_days(person, presences, minutes, missed):
    enter(person, *presences)

    record = record_of(person)

    assert record.attended_minutes == minutes
    assert record.missed.replace("\u00a0", " ") == missed


def test_a_day_entered_by_half_is_still_open(person):
    enter(person, "PRESENT", "PRESENT")
    Attendance.objects.filter(day__date=FRIDAY, half=AFTERNOON).delete()

    assert record_of(person).open_days == [FRIDAY]


def fulfils(person):
    return [row.fulfils for row in certificate_rows(person.cohort) if row.registration == person] == [True]


def test_the_rule_is_exact(person):
    day = person.cohort.sessions.get().days.first()
    day.break_minutes = 91  # 359 of 719 minutes are 49.9 %
    day.save()
    rewrite(person.cohort, attendance_threshold_percent=50)
    enter(person, "PRESENT", "ABSENT")

    assert not fulfils(person)

    rewrite(person.cohort, attendance_threshold_percent=49)
    assert fulfils(person)


def test_rule_is_not_fulfilled_before_the_last_hour(person):
    enter(person, "PRESENT", "PRESENT")

    with time_machine.travel(datetime.datetime(2017, 12, 8, 15, 29, tzinfo=datetime.UTC), tick=False):
        assert not fulfils(person)
    with time_machine.travel(datetime.datetime(2017, 12, 8, 15, 30, tzinfo=datetime.UTC), tick=False):
        assert fulfils(person)


def test_only_sessions_of_the_own_track_count(person):
    for_managers = ModuleFactory(edition=person.cohort.edition, audiences=[Audience.MANAGER])
    SessionFactory(cohort=person.cohort, module=for_managers, days=[THURSDAY])

    assert record_of(person).planned_minutes == 16 * 45


def test_without_sessions_nobody_fulfils(db):
    person = RegistrationFactory(accepted=True)

    assert not fulfils(person)


def test_those_not_accepted_or_withdrawn_are_left_out(session):
    RegistrationFactory(tandem__cohort=session.cohort)
    RegistrationFactory(tandem__cohort=session.cohort, accepted=True, withdrawn_at=timezone.now())
    RegistrationFactory(accepted=True)

    assert attendance_of(session.cohort) == []


def test_ready_for_certificate_counts_who_fulfils(person):
    assert certificate_dues([person.cohort])[person.cohort.pk].ready == 0

    enter(person, "PRESENT", "PRESENT")

    assert certificate_dues([person.cohort])[person.cohort.pk].ready == 1


@pytest.mark.parametrize("count", [1, 3])
def test_attendance_of_query_count(db, django_assert_num_queries, count):
    cohort = CohortFactory()
    for _ in range(count):
        SessionFactory(cohort=cohort, days=[THURSDAY])
        RegistrationFactory(tandem__cohort=cohort, accepted=True)

    with django_assert_num_queries(5):
        records = attendance_of(cohort)
        assert [len(record.days) for record in records] == [count] * count
        assert [record.registration.tandem.municipality.name for record in records]
