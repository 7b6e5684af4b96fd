import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from evaluation.actions.counting import count_due_surveys
from evaluation.actions.inviting import invite, invite_missing
from evaluation.actions.surveys import close_survey, start_feedback_survey
from evaluation.demo.feedback import fill_feedback
from evaluation.models import Answer, Envelope, Invitation, Outcome, Purpose, QuestionKind, Response, Survey
from evaluation.queries.rules import rules_of
from evaluation.questionnaires import default_questionnaire
from netzkoord.actions.links import disguised, send_links
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Attendance, Half, Presence
from participants.tokens import address_token
from tests import factories
from tests.evaluation import scenes
from tests.links import is_link_to, token_in

BERLIN = ZoneInfo("Europe/Berlin")


def add_url(session):
    return reverse("evaluation:feedback_survey_add", args=[session.pk])


def list_url(cohort):
    return reverse("evaluation:feedback_list", args=[cohort.pk])


def close_url(survey):
    return reverse("evaluation:survey_close", args=[survey.pk])


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def period(opens_in=datetime.timedelta(0), closes_in=14 * scenes.DAY):
    now = timezone.now()
    return {"opens_at": local(now + opens_in), "closes_at": local(now + closes_in)}


def answer_fully(survey, number):
    agreement = scenes.question(survey, QuestionKind.AGREEMENT).pk
    scenes.hand_in(survey, [{agreement: 5}] * number)


def test_survey_is_proposed_for_the_last_half_hour_and_two_weeks(client, organiser):
    session = factories.SessionFactory(days=[datetime.date(2030, 3, 20), datetime.date(2030, 3, 21)])

    client.force_login(organiser)

    proposal = client.get(add_url(session)).context["form"].initial

    assert proposal["opens_at"] == datetime.datetime(2030, 3, 21, 16, 0, tzinfo=BERLIN)
    # Summer time begins on 31 March: the hour on the wall stays.
    assert timezone.localtime(proposal["closes_at"]).isoformat() == "2030-04-04T16:00:00+02:00"


@time_machine.travel(datetime.datetime(2030, 5, 2, 9, 15, tzinfo=BERLIN), tick=False)
def test_survey_of_a_session_long_past_is_proposed_from_now_on(client, organiser):
    session = factories.SessionFactory(days=[datetime.date(2030, 3, 21)])
    client.force_login(organiser)

    proposal = client.get(add_url(session)).context["form"].initial

    assert proposal["opens_at"] == datetime.datetime(2030, 5, 2, 9, 15, tzinfo=BERLIN)


def test_survey_is_proposed_for_as_long_as_the_rule_of_the_cohort_says(client, organiser):
    session = factories.SessionFactory(days=[datetime.date(2030, 7, 4)])
    rule = rules_of(session.cohort)[Purpose.FEEDBACK]
    rule.open_days, rule.questionnaire = 5, default_questionnaire(Purpose.FEEDBACK)
    rule.save()
    client.force_login(organiser)

    proposal = client.get(add_url(session)).context["form"].initial

    assert proposal["closes_at"] - proposal["opens_at"] == datetime.timedelta(days=5)


def test_form_shows_the_proposal_in_local_time(client, organiser):
    session = factories.SessionFactory(days=[datetime.date(2030, 7, 4)])
    client.force_login(organiser)

    page = client.get(add_url(session)).content.decode()

    assert 'value="2030-07-04T16:00"' in page
    assert "Die Anwesenheit ist noch nicht eingetragen" in page


def test_starting_invites_and_mails_everyone_who_was_there_for_half_a_day(client, organiser):
    session = scenes.held_session()
    there = [scenes.attend(session), scenes.attend(session)]
    there[1].attendances.filter(half=Half.AFTERNOON).update(presence=Presence.ABSENT)
    for presence in (Presence.ABSENT, Presence.EXCUSED):
        scenes.attend(session, presence)
    withdrawn = scenes.attend(session)
    withdrawn.withdrawn_at = timezone.now()
    withdrawn.save()
    client.force_login(organiser)

    response = client.post(add_url(session), period(), follow=True)

    assert "2 Personen haben den Link per Mail erhalten" in response.content.decode()
    survey = Survey.objects.get()
    assert (survey.purpose, survey.session) == ("FEEDBACK", session)
    assert {invitation.registration for invitation in survey.invitations.all()} == set(there)
    assert {mail.to[0] for mail in Email.objects.all()} == {registration.email for registration in there}
    assert AuditEvent.objects.get().action == AuditAction.SURVEY_STARTED


def test_starting_for_one_person_says_so_in_the_singular(client, organiser):
    session = scenes.held_session()
    scenes.attend(session)
    client.force_login(organiser)

    response = client.post(add_url(session), period(), follow=True)

    assert "1 Person hat den Link per Mail erhalten" in response.content.decode()


def test_mail_holds_the_personal_link_on_a_line_of_its_own(client, organiser):
    survey = scenes.open_survey(1)

    mail = Email.objects.get()

    assert mail.subject == f"Ihre Rückmeldung zum Termin „{survey.session}“"
    assert is_link_to(mail.message, "survey", survey.invitations.get().link_key)
    link = f"http://testserver/erhebung/{token_in(mail.message)}/"
    assert f"\n\n{link}\n\n" in mail.message
    assert "anonym" in mail.message
    assert client.get(link.removeprefix("http://testserver")).status_code == 200


def test_starting_twice_is_one_survey(client, organiser):
    session = scenes.held_session()
    scenes.attend(session)
    client.force_login(organiser)

    client.post(add_url(session), period())
    response = client.post(add_url(session), period(), follow=True)

    assert "schon gestartet" in response.content.decode()
    assert (Survey.objects.count(), Email.objects.count()) == (1, 1)


def test_starting_at_the_same_moment_gives_back_the_same_survey(organiser):
    session, now = scenes.held_session(), timezone.now()

    first, second = (
        start_feedback_survey(session=session, opens_at=now, closes_at=now + scenes.DAY, by=organiser)
        for _ in range(2)
    )

    assert first == second
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"opens_at": "", "closes_at": ""}, "Bitte füllen Sie dieses Feld aus"),
        ({"opens_at": "2030-01-04T10:00", "closes_at": "2030-01-03T10:00"}, "schließt, bevor sie öffnet"),
        ({"opens_at": "2020-01-01T10:00", "closes_at": "2020-01-02T10:00"}, "Dieser Zeitpunkt ist vorbei"),
        ({"opens_at": "morgen", "closes_at": "nie"}, "Bitte ein gültiges Datum"),
        ({"opens_at": "2030-02-31T10:00", "closes_at": "2030-02-32T10:00"}, "Bitte ein gültiges Datum"),
        ({"opens_at": "2030-01-02T10:00", "closes_at": "9999-12-31T23:59"}, "einen Tag von Di, 1. Januar 2030"),
        ({"opens_at": "0001-01-01T00:00", "closes_at": "2030-01-09T10:00"}, "einen Tag von Di, 1. Januar 2030"),
        ({"opens_at": "0001-01-01T00:00", "closes_at": "0001-01-02T00:00"}, "Dieser Zeitpunkt ist vorbei"),
        ({"opens_at": "9999-12-31T23:59", "closes_at": "9999-12-31T23:59"}, "bis Do, 2. Januar 2031"),
        ({"opens_at": "2029-12-31T23:59", "closes_at": "2030-01-09T10:00"}, "einen Tag von Di, 1. Januar 2030"),
        # The clocks go forward: this half hour does not exist.
        ({"opens_at": "2030-03-31T02:30", "closes_at": "2030-04-30T10:00"}, "Zeitzone"),
    ],
)
@time_machine.travel(datetime.datetime(2030, 1, 2, 9, 0, tzinfo=BERLIN), tick=False)
def test_period_that_cannot_be_is_refused_with_a_sentence(client, organiser, data, message):
    client.force_login(organiser)

    response = client.post(add_url(scenes.held_session()), data)

    page = response.content.decode().replace("\u00a0", " ")
    assert message in page
    assert data["opens_at"] in page
    assert not Survey.objects.exists()


def test_survey_that_opens_later_mails_when_it_opens(organiser):
    session = scenes.held_session()
    scenes.attend(session)
    opens_at = timezone.now() + scenes.DAY
    start_feedback_survey(session=session, opens_at=opens_at, closes_at=opens_at + scenes.DAY, by=organiser)
    before = (Invitation.objects.count(), invite_missing(), Email.objects.count())

    with time_machine.travel(opens_at, tick=False):
        sent = (invite_missing(), invite_missing(), Email.objects.count())

    assert before == (1, 0, 0)
    assert sent == (1, 0, 1)


def test_attendance_entered_later_is_invited_once(organiser):
    survey = scenes.open_survey(1)
    late = scenes.attend(survey.session)
    scenes.attend(survey.session, Presence.ABSENT)

    assert (invite_missing(), invite_missing()) == (1, 0)
    assert survey.invitations.filter(registration=late).exists()
    assert (survey.invitations.count(), Email.objects.count()) == (2, 2)


def test_closed_survey_invites_nobody_any_more(organiser):
    survey = scenes.open_survey(1)
    scenes.end(survey)
    scenes.attend(survey.session)

    assert invite_missing() == 0
    assert survey.invitations.count() == 1


def test_survey_closed_after_it_was_read_invites_and_mails_nobody(organiser):
    survey = scenes.open_survey(1)
    stale = Survey.objects.get()
    scenes.attend(survey.session)
    survey.invitations.update(mailed_on=None)
    close_survey(survey=survey, by=organiser)
    Email.objects.all().delete()

    sent = invite(stale)

    assert stale.is_open
    assert (sent, survey.invitations.count(), Email.objects.count()) == (0, 1, 0)


def test_attendance_corrected_before_the_mail_takes_the_invitation_back(organiser):
    session = scenes.held_session()
    registration = scenes.attend(session)
    opens_at = timezone.now() + scenes.DAY
    start_feedback_survey(session=session, opens_at=opens_at, closes_at=opens_at + scenes.DAY, by=organiser)
    Attendance.objects.filter(registration=registration).update(presence=Presence.ABSENT)

    invite_missing()

    assert not Invitation.objects.exists()


def test_closing_counts_at_once(client, organiser):
    survey = scenes.open_survey(6)
    answer_fully(survey, 5)
    client.force_login(organiser)

    page = client.get(close_url(survey)).content.decode()
    response = client.post(close_url(survey), follow=True)

    assert "5 von 6 Eingeladenen haben geantwortet" in page
    assert "ausgezählt" in response.content.decode()
    survey.refresh_from_db()
    assert (survey.outcome, survey.is_open) == (Outcome.COUNTED, False)
    assert Response.objects.count() == 5
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions == {AuditAction.SURVEY_STARTED, AuditAction.SURVEY_CLOSED, AuditAction.SURVEY_COUNTED}


def test_opening_the_confirmation_closes_nothing(client, organiser):
    survey = scenes.open_survey(6)
    client.force_login(organiser)

    client.get(close_url(survey))

    survey.refresh_from_db()
    assert survey.is_open


def test_closing_with_few_answers_warns_before(client, organiser):
    survey = scenes.open_survey(6)
    answer_fully(survey, 1)
    client.force_login(organiser)

    page = client.get(close_url(survey)).content.decode()
    assert "1 von 6 Eingeladenen hat geantwortet." in page
    assert "Mit so wenigen Antworten gibt es kein Ergebnis" in page


def test_closing_what_is_closed_changes_nothing(client, organiser):
    survey = scenes.open_survey(6)
    answer_fully(survey, 5)
    client.force_login(organiser)
    client.post(close_url(survey))
    closes_at = Survey.objects.get().closes_at

    response = client.post(close_url(survey), follow=True)

    assert "Die Erhebung war schon geschlossen." in response.content.decode()
    assert Survey.objects.get().closes_at == closes_at
    assert Response.objects.count() == 5


def test_closing_what_is_not_open_yet_changes_nothing_and_says_so(client, organiser):
    survey = scenes.open_survey(6)
    opens_at = timezone.now() + scenes.DAY
    Survey.objects.update(opens_at=opens_at)
    client.force_login(organiser)

    page = client.post(close_url(survey), follow=True).content.decode()

    assert "Die Erhebung ist noch nicht offen. Es ist nichts zu schließen." in page
    assert "Die Erhebung ist geschlossen" not in page
    assert Survey.objects.get().closes_at == survey.closes_at
    assert not AuditEvent.objects.filter(action=AuditAction.SURVEY_CLOSED).exists()


def test_list_says_for_each_session_what_is_next(client, organiser):
    cohort = factories.CohortFactory()
    scenes.held_session(cohort=cohort)
    scenes.open_survey(6, session=scenes.held_session(cohort=cohort))
    counted = scenes.open_survey(6, session=scenes.held_session(cohort=cohort))
    answer_fully(counted, 6)
    withheld = scenes.open_survey(6, session=scenes.held_session(cohort=cohort))
    answer_fully(withheld, 4)
    uncounted = scenes.open_survey(0, session=scenes.held_session(cohort=cohort))
    for survey in (counted, withheld):
        scenes.end(survey)
    count_due_surveys()
    scenes.end(uncounted)
    client.force_login(organiser)

    page = client.get(list_url(cohort)).content.decode()

    for sentence in (
        "Von Hand starten",
        "Vorzeitig schließen",
        "6 von 6",
        "4 von 6",
        "Die Antworten bleiben versiegelt",
        "wird ausgezählt",
    ):
        assert sentence in page


def test_trainer_sees_the_own_sessions_and_no_button(client, trainer):
    own = scenes.held_session(trainers=[trainer])
    other = scenes.held_session(cohort=own.cohort)
    client.force_login(trainer)

    page = client.get(list_url(own.cohort)).content.decode()

    assert own.module.title in page
    assert other.module.title not in page
    assert "Von Hand starten" not in page
    assert "/starten/" not in page


def test_reader_sees_all_sessions(client, reader):
    cohort = factories.CohortFactory()
    sessions = [scenes.held_session(cohort=cohort) for _ in range(2)]
    client.force_login(reader)

    page = client.get(list_url(cohort)).content.decode()

    assert all(session.module.title in page for session in sessions)


@pytest.mark.parametrize("count", [1, 3])
def test_feedback_list_query_count(client, organiser, django_assert_num_queries, count):
    cohort = factories.CohortFactory()
    for _ in range(count):
        scenes.open_survey(2, session=scenes.held_session(cohort=cohort))
    client.force_login(organiser)

    with django_assert_num_queries(10):
        page = client.get(list_url(cohort)).content.decode()

    assert page.count("Vorzeitig schließen") == count


def test_starting_and_closing_are_for_organisers(client, trainer, reader, stranger):
    session = scenes.held_session(trainers=[trainer])
    survey = scenes.open_survey(1, session=scenes.held_session(trainers=[trainer]))

    for person in (trainer, reader, stranger):
        client.force_login(person)
        answers = [client.post(url).status_code for url in (add_url(session), close_url(survey))]
        assert answers == [403, 403]
    survey.refresh_from_db()
    assert survey.is_open


def test_list_is_not_for_strangers_and_not_for_trainers_of_another_cohort(client, trainer, stranger):
    cohort = scenes.held_session().cohort

    client.force_login(stranger)
    assert client.get(list_url(cohort)).status_code == 403
    client.force_login(trainer)
    assert client.get(list_url(cohort)).status_code == 404


def test_demo_shows_results_and_one_survey_with_too_few_answers(db):
    cohort = factories.CohortFactory()
    today = timezone.localdate()
    sessions = [factories.SessionFactory(cohort=cohort, days=[today - days * scenes.DAY]) for days in (90, 60, 30)]
    for session in sessions:
        for _ in range(20):
            scenes.attend(session)

    fill_feedback(cohort)

    outcomes = [Survey.objects.get(session=session).outcome for session in sessions]
    assert outcomes == [Outcome.COUNTED, Outcome.COUNTED, Outcome.DESTROYED]
    assert not Envelope.objects.exists()
    assert not Email.objects.exists()
    assert Response.objects.filter(survey__session=sessions[0]).count() >= 5
    assert Answer.objects.exclude(text="").exists()
    assert (invite_missing(), count_due_surveys()) == (0, 0)


# A link that was lost, or ended with the former address


@pytest.mark.parametrize("is_open", [True, False])
def test_who_asks_with_the_address_gets_a_new_link_while_the_survey_is_open(db, is_open):
    survey = scenes.open_survey(2)
    invitation = survey.invitations.first()
    if not is_open:
        scenes.end(survey)
    Email.objects.all().delete()

    send_links.func(disguised(invitation.registration.email))

    found = [mail for mail in Email.objects.order_by("pk") if "erhebung" in mail.message]
    assert [mail.to for mail in found] == [[invitation.registration.email]] * is_open
    assert [is_link_to(mail.message, "survey", invitation.link_key) for mail in found] == [True] * is_open


def test_a_new_address_ends_the_link_to_a_survey_and_opens_the_way_to_a_new_one(client, db):
    half = scenes.open_survey(1).invitations.get().registration
    former = token_in(Email.objects.get(subject__startswith="Ihre Rückmeldung").message)

    client.post(reverse("participants:address_confirm", args=[address_token(half, "neu@stadt.example")]))
    assert client.get(reverse("evaluation:survey_answer", args=[former])).status_code == 404
    client.post(reverse("link_request"), {"email": "neu@stadt.example"})

    mail = Email.objects.filter(message__contains="erhebung").latest("pk")
    assert mail.to == ["neu@stadt.example"]
    assert client.get(reverse("evaluation:survey_answer", args=[token_in(mail.message)])).status_code == 200
