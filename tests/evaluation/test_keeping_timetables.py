import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from post_office.models import STATUS, Email

from curriculum.models import SessionDay
from evaluation.actions.answering import submit
from evaluation.actions.inviting import invite_missing, remind_missing
from evaluation.actions.surveys import open_survey, set_period
from evaluation.actions.timetable import keep_timetables
from evaluation.models import Invitation, Purpose, QuestionKind, Survey, SurveyRule
from evaluation.timetable import Period
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Selection
from tests import factories
from tests.evaluation import scenes

BERLIN = ZoneInfo("Europe/Berlin")
DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(2030, 3, 18), datetime.date(2030, 6, 4)


def at(year, month, day, hour=12, minute=0):
    return time_machine.travel(datetime.datetime(year, month, day, hour, minute, tzinfo=BERLIN), tick=False)


@pytest.fixture
def cohort(db):
    """Two sessions and one tandem with places."""
    cohort = factories.CohortFactory(announced_at=timezone.now())
    for day in (FIRST, LAST):
        factories.SessionFactory(cohort=cohort, days=[day])
    factories.complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    return cohort


def work():
    """One round of the worker."""
    return keep_timetables(), invite_missing(), remind_missing()


def purposes(cohort):
    return list(cohort.surveys.order_by("opens_at").values_list("purpose", flat=True))


def dates(survey):
    return tuple(
        timezone.localtime(moment).strftime("%d.%m. %H:%M") for moment in (survey.opens_at, survey.closes_at)
    )


def answer(survey):
    invitation = survey.invitations.filter(participation__isnull=True).order_by("pk").first()
    question = scenes.question(survey, QuestionKind.TEXT)
    submit(invitation=invitation, answers=scenes.said({question.pk: "Ja"}))
    return invitation


@at(2030, 1, 7)
def test_needs_are_asked_when_the_first_people_have_a_place(cohort):
    cohort.tandems.update(selection=Selection.OPEN)
    before = (*work(), Survey.objects.count(), SurveyRule.objects.count())
    cohort.tandems.update(selection=Selection.ACCEPTED)

    rounds = [work(), work()]

    assert before == (0, 0, 0, 0, 0)
    assert rounds == [(1, 2, 0), (0, 0, 0)]
    survey = cohort.surveys.get()
    assert (survey.purpose, survey.follows_rule, survey.is_open) == (Purpose.NEEDS, True, True)
    assert dates(survey)[1] == "16.03. 00:00"
    assert Email.objects.count() == 2
    assert SurveyRule.objects.filter(cohort=cohort).count() == len(Purpose)


@pytest.mark.slow
def test_every_survey_of_a_course_comes_by_itself_and_each_mail_once(cohort):
    for day in (datetime.datetime(2030, 1, 7, 12, tzinfo=BERLIN) + number * DAY for number in range(0, 366, 2)):
        with time_machine.travel(day, tick=False):
            if day.date() in (FIRST, LAST):
                held = SessionDay.objects.get(date=day.date())
                for person in cohort.registrations.all():
                    factories.attend(person, held)
            work()

    expected = [Purpose.NEEDS, Purpose.START, Purpose.FEEDBACK, Purpose.FEEDBACK, Purpose.END, Purpose.TRANSFER]
    assert sorted(purposes(cohort)) == sorted(expected)
    assert {dates(survey) for survey in cohort.surveys.feedback()} == {
        ("18.03. 16:00", "01.04. 16:00"),
        ("04.06. 16:00", "18.06. 16:00"),
    }
    assert dates(cohort.surveys.get(purpose=Purpose.TRANSFER)) == ("04.12. 16:30", "01.01. 16:30")
    # An invitation and two reminders to each of two people.
    assert Email.objects.count() == len(expected) * 2 * 3
    assert set(Invitation.objects.values_list("reminders", flat=True)) == {2}


@at(2030, 1, 7)
def test_nothing_is_asked_without_people_in_a_cancelled_cohort_or_by_a_rule_switched_off(cohort):
    factories.SessionFactory(days=[FIRST])
    cancelled = factories.SessionFactory(days=[FIRST], cohort__cancelled_at=timezone.now()).cohort
    factories.complete_tandem(cohort=cancelled, selection=Selection.ACCEPTED)
    keep_timetables()
    Survey.objects.all().delete()
    SurveyRule.objects.update(is_active=False)

    assert work() == (0, 0, 0)
    assert not Survey.objects.exists()


@at(2030, 3, 11)
def test_a_survey_is_there_two_weeks_before_it_opens(cohort):
    keep_timetables()

    feedback = cohort.surveys.feedback().get()
    assert not feedback.is_open
    assert feedback.session.days.get().date == FIRST


@at(2030, 3, 11)
def test_a_moved_session_moves_its_surveys_and_what_counts_from_it(cohort):
    keep_timetables()
    SessionDay.objects.filter(date=FIRST).update(date=datetime.date(2030, 3, 21))

    rounds = [keep_timetables(), keep_timetables()]

    assert rounds[1] == 0
    assert dates(cohort.surveys.feedback().get()) == ("21.03. 16:00", "04.04. 16:00")
    assert dates(cohort.surveys.get(purpose=Purpose.START)) == ("14.03. 09:00", "21.03. 16:30")
    assert AuditEvent.objects.filter(action=AuditAction.SURVEY_MOVED).exists()


@at(2030, 3, 12)
def test_a_survey_with_answers_only_gets_a_later_end(cohort):
    work()
    survey = cohort.surveys.get(purpose=Purpose.NEEDS)
    opened = survey.opens_at
    answer(survey)
    closes = []
    for day in (datetime.date(2030, 3, 14), datetime.date(2030, 3, 25)):
        SessionDay.objects.filter(session=cohort.sessions.first()).update(date=day)
        keep_timetables()
        survey.refresh_from_db()
        closes.append(dates(survey)[1])

    assert closes == ["16.03. 00:00", "23.03. 00:00"]
    assert survey.opens_at == opened


@at(2030, 3, 12)
def test_a_survey_that_opens_later_again_invites_anew(cohort):
    work()
    Email.objects.update(status=STATUS.sent)
    start = cohort.surveys.get(purpose=Purpose.START)
    SessionDay.objects.filter(date=FIRST).update(date=datetime.date(2030, 4, 8))
    with_mail = Email.objects.count()

    keep_timetables()

    start.refresh_from_db()
    assert not start.is_open
    assert invite_missing() == 0
    with at(2030, 4, 2):
        work()
    assert Email.objects.filter(subject__contains="Selbsteinschätzung").count() == 4
    assert Email.objects.count() > with_mail


@at(2030, 3, 18, 16, 10)
def test_a_cancelled_session_takes_its_survey_along_unless_somebody_has_answered(cohort):
    session = cohort.sessions.first()
    for person in cohort.registrations.all():
        factories.attend(person, session.days.get())
    work()
    survey = cohort.surveys.feedback().get()
    answer(survey)
    session.cancelled_at = timezone.now()
    session.save()

    keep_timetables()
    assert cohort.surveys.feedback().filter(pk=survey.pk).exists()

    survey.invitations.all().delete()
    survey.envelopes.all().delete()
    keep_timetables()
    assert not cohort.surveys.feedback().exists()


@at(2030, 3, 11)
def test_what_was_set_by_hand_follows_no_rule_any_more(cohort, organiser):
    keep_timetables()
    survey = cohort.surveys.feedback().get()
    now = timezone.now()
    period = Period(now + DAY, now + 3 * DAY)

    assert set_period(survey=survey, period=period, by=organiser)
    SessionDay.objects.filter(date=FIRST).update(date=datetime.date(2030, 3, 25))
    keep_timetables()

    survey.refresh_from_db()
    assert (survey.opens_at, survey.closes_at, survey.follows_rule) == (*vars(period).values(), False)


@at(2030, 3, 11)
def test_a_rule_that_is_switched_off_takes_back_what_has_not_opened(cohort):
    work()
    SurveyRule.objects.update(is_active=False)

    keep_timetables()

    assert set(purposes(cohort)) == {Purpose.NEEDS, Purpose.START}


@at(2030, 3, 11)
def test_opening_now_invites_at_once_and_only_once(cohort, organiser):
    keep_timetables()
    Survey.objects.filter(purpose=Purpose.START).update(opens_at=timezone.now() + DAY)
    survey = Survey.objects.get(purpose=Purpose.START)

    assert [open_survey(survey=survey, by=organiser) for _ in range(2)] == [True, False]
    assert Email.objects.count() == 2
    survey.refresh_from_db()
    assert survey.is_open
    assert not survey.follows_rule


@at(2030, 1, 7)
def test_reminders_go_only_to_those_who_have_not_answered_and_twice_at_most(cohort):
    work()
    survey = cohort.surveys.get()
    answered = answer(survey)
    withdrawn = factories.RegistrationFactory(tandem__cohort=cohort, tandem__selection=Selection.ACCEPTED)
    invite_missing()
    withdrawn.withdrawn_at = timezone.now()
    withdrawn.save()
    silent = survey.invitations.exclude(pk=answered.pk).exclude(registration=withdrawn).get()
    Email.objects.all().delete()

    sent = []
    for number in range(40):
        with time_machine.travel(timezone.now() + number * DAY, tick=False):
            sent.append((remind_missing(), remind_missing()))

    assert [day for day, counts in enumerate(sent) if counts != (0, 0)] == [5, 10]
    assert sent[5] == sent[10] == (1, 0)
    assert {mail.to[0] for mail in Email.objects.all()} == {silent.registration.email}
    assert all("Erinnerung" in mail.subject for mail in Email.objects.all())


@at(2030, 1, 7)
def test_a_worker_that_was_away_sends_one_reminder_and_not_two(cohort):
    work()
    with at(2030, 2, 7):
        assert [remind_missing(), remind_missing()] == [2, 0]


@at(2030, 1, 7)
def test_a_closed_survey_reminds_nobody(cohort):
    work()
    with at(2030, 3, 17):
        assert remind_missing() == 0


@at(2030, 1, 7)
def test_an_address_that_is_none_stops_nobody_and_is_asked_once_it_is_mended(cohort):
    keep_timetables()
    person = cohort.registrations.order_by("pk").last()
    address = person.email
    cohort.registrations.filter(pk=person.pk).update(email="keine Adresse")

    invite_missing()
    assert [email.to for email in Email.objects.all()] == [[cohort.registrations.order_by("pk").first().email]]
    cohort.registrations.filter(pk=person.pk).update(email=address)
    invite_missing()

    assert Email.objects.count() == 2


@pytest.mark.parametrize("count", [1, 3])
@at(2030, 1, 7)
def test_looking_after_cohorts_where_nothing_is_due_costs_the_same_for_each(
    cohort, django_assert_num_queries, count
):
    for _ in range(count - 1):
        other = factories.SessionFactory(days=[FIRST]).cohort
        factories.complete_tandem(cohort=other, selection=Selection.ACCEPTED)
    keep_timetables()

    with django_assert_num_queries(1 + 5 * count):
        keep_timetables()
