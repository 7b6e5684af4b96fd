"""What the script of the attendance page asks for and sends."""

import datetime
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import Attendance
from tests import factories


@pytest.fixture
def session(db, trainer):
    return factories.SessionFactory(days=[timezone.localdate()], trainers=[trainer])


@pytest.fixture
def person(session):
    return factories.RegistrationFactory(tandem__cohort=session.cohort, accepted=True)


def address(session, day=None):
    day = day or session.days.get()
    return reverse("participants:attendance_state", args=[session.pk]) + f"?tag={day.pk}"


def choice(person, presence, note="", seen=("", "")):
    name = f"{person.pk}-MORNING"
    return {f"p{name}": presence, f"n{name}": note, f"initial-p{name}": seen[0], f"initial-n{name}": seen[1]}


def test_attendance_state_saves_and_answers_with_what_holds(client, trainer, session, person):
    client.force_login(trainer)

    answer = client.post(address(session), choice(person, "EXCUSED", "Rat tagt")).json()

    (entry,) = answer["entries"].values()
    assert re.fullmatch(rf"{trainer}, \d+:\d\d\u00a0Uhr", entry.pop("last"))
    assert entry == {"presence": "EXCUSED", "note": "Rat tagt"}
    assert answer["open"] == {"MORNING": 0, "AFTERNOON": 1}
    assert answer["units"] == {str(person.pk): "0\u00a0UE von 8\u00a0UE"}
    assert answer["conflicts"] == {}
    assert client.get(address(session)).json()["entries"].keys() == answer["entries"].keys()


def test_attendance_state_sent_twice_is_saved_once(client, trainer, session, person):
    client.force_login(trainer)

    answers = [client.post(address(session), choice(person, "PRESENT")).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert Attendance.objects.count() == 1


def sent_before(person, *presences):
    """Choices of this page to which no answer came."""
    name = f"{person.pk}-MORNING"
    return {f"sent-p{name}": list(presences), f"sent-n{name}": ["" for _ in presences]}


@pytest.mark.parametrize(("chosen", "stored"), [("EXCUSED", ["EXCUSED"]), ("", [])])
def test_own_choice_whose_answer_was_lost_is_nobody_elses(client, trainer, session, person, chosen, stored):
    client.force_login(trainer)
    client.post(address(session), choice(person, "PRESENT"))

    answer = client.post(address(session), choice(person, chosen) | sent_before(person, "PRESENT")).json()

    assert answer["conflicts"] == {}
    assert [row.presence for row in person.attendances.all()] == stored


def test_what_somebody_else_entered_after_a_lost_answer_stays(client, trainer, session, person):
    factories.attend(person, session.days.get(), "ABSENT")
    client.force_login(trainer)

    answer = client.post(address(session), choice(person, "EXCUSED") | sent_before(person, "PRESENT")).json()

    assert len(answer["conflicts"]) == 1
    assert {row.presence for row in person.attendances.all()} == {"ABSENT"}


def test_attendance_state_leaves_what_was_not_sent(client, trainer, session, person):
    other = factories.RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
    factories.attend(other, session.days.get(), "EXCUSED")
    client.force_login(trainer)

    client.post(address(session), choice(person, "PRESENT"))

    assert {row.presence for row in other.attendances.all()} == {"EXCUSED"}


def test_attendance_state_names_who_was_faster(client, trainer, session, person):
    factories.attend(person, session.days.get(), "ABSENT")
    client.force_login(trainer)

    answer = client.post(address(session), choice(person, "PRESENT")).json()

    assert "Inzwischen ist „gefehlt“ eingetragen." in answer["conflicts"][f"{person.pk}-MORNING"]
    assert answer["entries"][f"{person.pk}-MORNING"]["presence"] == "ABSENT"


def test_attendance_state_refuses_nonsense_with_a_sentence(client, trainer, session, person):
    client.force_login(trainer)

    response = client.post(address(session), choice(person, "🐘\x00", "x" * 300))

    assert response.status_code == 422
    assert "Ein Vermerk hat höchstens 200 Zeichen." in response.json()["error"]
    assert not Attendance.objects.exists()


def test_attendance_state_of_a_day_to_come_is_not_there(client, trainer, session, person):
    future = factories.SessionDayFactory(session=session, date=timezone.localdate() + datetime.timedelta(days=1))
    client.force_login(trainer)

    response = client.post(address(session, future), choice(person, "PRESENT"))

    assert response.status_code == 404
    assert "Bitte laden Sie die Seite neu." in response.json()["error"]
    assert not Attendance.objects.exists()


def test_attendance_state_without_a_session_or_a_token_is_refused(client, trainer, session, person):
    assert client.post(address(session), choice(person, "PRESENT")).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(trainer)
    assert strict.post(address(session), choice(person, "PRESENT")).status_code == 403

    assert not Attendance.objects.exists()


def test_attendance_state_refuses_other_methods(client, trainer, session):
    client.force_login(trainer)

    assert client.put(address(session)).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_attendance_state_query_count(client, trainer, session, django_assert_num_queries, count):
    for _ in range(count):
        half = factories.RegistrationFactory(tandem__cohort=session.cohort, accepted=True)
        factories.attend(half, session.days.get())
    client.force_login(trainer)

    with django_assert_num_queries(10):
        answer = client.get(address(session)).json()

    assert len(answer["entries"]) == 2 * count


def test_attendance_worker_may_look_after_the_page(client):
    response = client.get(reverse("participants:attendance_worker"))

    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Service-Worker-Allowed"] == "/termine/"
    assert response.content == Path(finders.find("js/attendance_worker.js")).read_bytes()
