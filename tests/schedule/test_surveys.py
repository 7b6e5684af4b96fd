"""Before a session is moved or cancelled the page names every survey that goes along, and tells the truth."""

import contextlib
import datetime

import pytest
import time_machine

from evaluation.actions.inviting import invite_missing
from evaluation.actions.timetable import keep_timetables
from evaluation.models import Participation, Purpose, Survey, SurveyRule
from netzkoord.templatetags.german import german_datetime
from tests import factories
from tests.schedule.steps import AFTER_THE_CHANGE, MONDAY, TUESDAY, cancel_url, check, local, store

JUNE = datetime.date(2027, 6, 7)
NAMES = {
    Purpose.NEEDS: "Die Bedarfserhebung",
    Purpose.START: "Die Selbsteinschätzung zu Beginn",
    Purpose.FEEDBACK: "Die Rückmeldung",
    Purpose.END: "Die Abschlusserhebung",
    Purpose.TRANSFER: "Die Transfererhebung",
}


@pytest.fixture
def later(session):
    """A second session of the cohort, months after the first one."""
    return factories.SessionFactory(cohort=session.cohort, days=[JUNE])


@pytest.fixture
def at(client, organiser):
    """The clock at noon of a day, and an organiser who is signed in then."""

    @contextlib.contextmanager
    def travelled(*day):
        with time_machine.travel(local(*day, 12)):
            client.force_login(organiser)
            yield client

    return travelled


def cancel_page(client, session):
    return client.get(cancel_url(session)).content.decode()


def named(page):
    return {purpose for purpose, name in NAMES.items() if f"<li>{name} " in page}


def test_moving_the_only_session_names_every_survey_with_its_new_times(signed_in, session):
    page = check(signed_in, session, MONDAY, AFTER_THE_CHANGE)

    assert named(page) == {Purpose.START, Purpose.FEEDBACK, Purpose.END, Purpose.TRANSFER}
    assert (
        "Die Abschlusserhebung öffnet von selbst Mo, 12.\u00a0April 2027, 16:00\u00a0Uhr und schließt Mo, "
        "26.\u00a0April 2027, 16:00\u00a0Uhr (bisher: Di, 23.\u00a0März 2027, 16:00\u00a0Uhr bis "
        "Di, 6.\u00a0April 2027, 16:00\u00a0Uhr). Erinnert wird am Fr, 16.\u00a0April 2027 "
        "und Do, 22.\u00a0April 2027."
    ) in page
    assert "Die Transfererhebung öffnet von selbst Di, 12.\u00a0Oktober 2027, 16:30\u00a0Uhr" in page


def test_moving_the_first_day_names_what_counts_from_the_beginning(signed_in, session, later):
    page = check(signed_in, session, "2027-03-15", TUESDAY)

    assert named(page) == {Purpose.NEEDS, Purpose.START}
    assert "Die Selbsteinschätzung zu Beginn öffnet von selbst Mo, 8.\u00a0März 2027, 9:00\u00a0Uhr" in page
    assert "Die Bedarfserhebung schließt Sa, 13.\u00a0März 2027, 0:00\u00a0Uhr (bisher: Sa, 20." in page


def test_a_session_in_the_middle_moves_its_own_feedback_only(signed_in, session, later):
    factories.SessionFactory(cohort=session.cohort, days=[datetime.date(2027, 5, 3)])
    middle = session.cohort.sessions.latest("pk")

    assert named(check(signed_in, middle, "2027-05-10")) == {Purpose.FEEDBACK}


def test_what_no_rule_starts_is_not_named(signed_in, session):
    keep_timetables()
    SurveyRule.objects.exclude(purpose=Purpose.END).update(is_active=False)

    assert named(check(signed_in, session, MONDAY, AFTER_THE_CHANGE)) == {Purpose.END}


def test_what_was_set_by_hand_is_said_to_stay(at, session):
    with at(2027, 3, 20) as client:
        keep_timetables()
        Survey.objects.filter(purpose=Purpose.END).update(follows_rule=False)

        page = check(client, session, MONDAY, AFTER_THE_CHANGE)

    assert "Die Abschlusserhebung ist von Hand gesetzt und bleibt, wie sie ist." in page


@pytest.mark.parametrize("answers", [0, 1])
def test_an_open_survey_opens_anew_unless_somebody_has_answered(at, session, answers):
    with at(2027, 3, 18) as client:
        keep_timetables()
        invite_missing()
        start = Survey.objects.get(purpose=Purpose.START)
        for invitation in start.invitations.all()[:answers]:
            Participation.objects.create(invitation=invitation)

        page = check(client, session, AFTER_THE_CHANGE, "2027-04-13")

    anew = "öffnet neu Mo, 5.\u00a0April 2027, 9:00\u00a0Uhr"
    assert (f"Die Selbsteinschätzung zu Beginn {anew}" in page) is not answers
    assert ("Die Links gehen dann noch einmal hinaus." in page) is not answers
    assert "Die Selbsteinschätzung zu Beginn schließt" in page or not answers


def test_cancelling_the_last_session_names_what_comes_earlier_then(signed_in, session, later):
    page = cancel_page(signed_in, later)

    assert named(page) == {Purpose.END, Purpose.TRANSFER}
    assert "Die Abschlusserhebung öffnet von selbst Di, 23.\u00a0März 2027, 16:00\u00a0Uhr" in page


def test_cancelling_the_only_session_names_what_does_not_come(at, session):
    with at(2027, 3, 18) as client:
        keep_timetables()

        page = cancel_page(client, session)

    assert "Die Abschlusserhebung entfällt; geantwortet hat noch niemand." in page
    assert "Die Transfererhebung startet dann nicht mehr von selbst." in page


MOMENTS = [(2027, 1, 4), (2027, 3, 10), (2027, 3, 18), (2027, 3, 24)]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("has_later", [False, True])
def test_the_times_that_are_named_are_those_that_the_worker_sets(at, session, moment, has_later):
    if has_later:
        factories.SessionFactory(cohort=session.cohort, days=[JUNE])
    with at(*moment) as client:
        keep_timetables()
        before = periods(session.cohort)
        page = check(client, session, "2027-04-12", "2027-04-13")
        store(client, session, "2027-04-12", "2027-04-13")
        keep_timetables()

    changed = {purpose: times for purpose, times in periods(session.cohort).items() if before.get(purpose) != times}
    for purpose, (opens_at, closes_at) in changed.items():
        sentence = next(part for part in page.split("<li>") if part.startswith(NAMES[purpose]))
        assert german_datetime(closes_at) in sentence
        assert purpose == Purpose.NEEDS or german_datetime(opens_at) in sentence


def periods(cohort):
    return {survey.purpose: (survey.opens_at, survey.closes_at) for survey in cohort.surveys.all()}
