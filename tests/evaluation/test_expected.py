"""The warning that people have no link yet because they are not on the attendance list."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.actions.surveys import create_survey
from evaluation.models import Purpose
from participants.models import Attendance, Half, Presence, Selection
from tests import factories
from tests.evaluation import scenes

NOBODY = "Noch ist niemand als anwesend eingetragen; erwartet werden 3 Personen."
RULE = "Nur wer als anwesend eingetragen ist, bekommt einen Link zu dieser Rückmeldung."


@pytest.fixture
def session(db, trainer):
    """Held yesterday in two halves."""
    return scenes.held_session(trainers=[trainer])


def expect(session, count=1):
    """People for whom nothing is entered."""
    return [
        factories.RegistrationFactory(
            tandem=factories.TandemFactory(cohort=session.cohort, selection=Selection.ACCEPTED)
        )
        for _ in range(count)
    ]


def shown(client, survey, name="survey_screen"):
    return client.get(reverse(f"evaluation:{name}", args=[survey.pk])).content.decode()


def list_address(survey):
    return reverse("participants:attendance_edit", args=[survey.session_id])


@pytest.mark.parametrize("name", ["survey_screen", "survey_detail"])
@pytest.mark.parametrize("who", ["organiser", "trainer"])
def test_while_nobody_is_on_the_list_both_pages_say_so_and_lead_to_it(client, session, request, who, name):
    expect(session, 3)
    survey = scenes.open_survey(0, session=session)
    client.force_login(request.getfixturevalue(who))

    page = shown(client, survey, name)

    assert f"{NOBODY} {RULE}" in page
    assert list_address(survey) in page


def test_while_some_are_missing_both_numbers_are_named(client, session, organiser):
    survey = scenes.open_survey(4, session=session)
    expect(session, 2)
    client.force_login(organiser)

    assert "Als anwesend eingetragen sind 4 von 6 Erwarteten; bei 2 fehlt noch ein Eintrag." in shown(
        client, survey
    )


def test_who_was_absent_is_settled_and_once_all_are_nothing_is_said(client, session, organiser):
    survey = scenes.open_survey(2, session=session)
    scenes.attend(session, Presence.ABSENT)
    scenes.attend(session, Presence.EXCUSED)
    client.force_login(organiser)

    assert "eingetragen" not in shown(client, survey)
    assert list_address(survey) not in shown(client, survey, "survey_detail")


def test_who_was_there_for_half_a_day_is_on_the_list(client, session, organiser):
    survey = scenes.open_survey(1, session=session)
    day = session.days.get()
    (person,) = expect(session)
    Attendance.objects.create(registration=person, day=day, half=Half.MORNING, presence=Presence.ABSENT)
    client.force_login(organiser)
    before = shown(client, survey)

    Attendance.objects.create(registration=person, day=day, half=Half.AFTERNOON, presence=Presence.PRESENT)

    assert "Als anwesend eingetragen ist 1 von 2 Erwarteten; bei 1 fehlt noch ein Eintrag." in before
    assert RULE not in shown(client, survey)


def test_half_days_still_to_come_are_missed_by_nobody(client, session, organiser):
    survey = scenes.open_survey(1, session=session)
    scenes.attend(session, Presence.ABSENT)
    factories.SessionDayFactory(session=session, date=timezone.localdate() + datetime.timedelta(days=1))
    client.force_login(organiser)

    assert RULE not in shown(client, survey)


def test_readers_are_told_without_the_address_of_the_list(client, session, reader):
    expect(session, 3)
    survey = scenes.open_survey(0, session=session)
    client.force_login(reader)

    page = shown(client, survey, "survey_detail")

    assert NOBODY in page
    assert list_address(survey) not in page


def test_a_closed_survey_and_one_of_the_whole_cohort_do_not_ask_for_it(client, session, organiser):
    expect(session, 3)
    closed = scenes.open_survey(0, session=session)
    scenes.end(closed)
    client.force_login(organiser)
    whole = create_survey(
        session.cohort, Purpose.START, opens_at=closed.opens_at, closes_at=timezone.now() + scenes.DAY
    )

    for survey in (closed, whole):
        assert RULE not in shown(client, survey)


@pytest.mark.parametrize("count", [1, 3])
def test_survey_screen_query_count(client, organiser, session, django_assert_num_queries, count):
    survey = scenes.open_survey(count, session=session)
    expect(session, count)
    client.force_login(organiser)

    with django_assert_num_queries(9):
        page = shown(client, survey)

    assert f"{count} von {2 * count} Erwarteten" in page
