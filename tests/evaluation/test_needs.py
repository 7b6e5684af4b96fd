import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Audience, Topic
from evaluation.actions.counting import end_personal_surveys
from evaluation.actions.inviting import invite, invite_missing
from evaluation.actions.surveys import start_needs_survey
from evaluation.demo.needs import fill_needs
from evaluation.models import PersonalAnswer, Question, QuestionKind, Survey
from evaluation.queries import needs as queries
from evaluation.results import ResponseRate
from evaluation.said import Said
from evaluation.tokens import answer_token
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Registration, Selection
from tests.evaluation import scenes
from tests.factories import CohortFactory, RegistrationFactory, SessionFactory, TandemFactory, complete_tandem

SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def cohort(db):
    cohort = CohortFactory(title="Durchgang Nord")
    for position, name in enumerate(["Rolle & Mandat", "Moderation"], start=1):
        Topic.objects.create(edition=cohort.edition, position=position, name=name)
    return cohort


@pytest.fixture
def tandem(cohort):
    return complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)


def start(cohort, by, days=14):
    return start_needs_survey(cohort=cohort, closes_at=timezone.now() + datetime.timedelta(days=days), by=by)


@pytest.fixture
def survey(cohort, tandem, organiser):
    return start(cohort, organiser)


@pytest.fixture
def invitation(survey):
    return survey.invitations.get(registration__role=Audience.COORDINATOR)


def token_of(invitation):
    """The same link each time that a test asks for it."""
    if not hasattr(invitation, "token"):
        invitation.token = answer_token(invitation)
    return invitation.token


def address(name, invitation, *args):
    return reverse(f"evaluation:{name}", args=[token_of(invitation), *args])


def close(survey):
    """Its time has run out, and the worker has settled it."""
    Survey.objects.filter(pk=survey.pk).update(
        opens_at=timezone.now() - datetime.timedelta(days=2), closes_at=timezone.now() - datetime.timedelta(days=1)
    )
    end_personal_surveys()


def rating_of(survey, importance=4, skill=1):
    question = Question.objects.get(section__questionnaire=survey.questionnaire, kind=QuestionKind.TOPICS)
    return {
        (question.pk, topic.pk): Said(importance, skill)
        for topic in Topic.objects.filter(edition=survey.cohort.edition)
    }


def text_of(survey, text):
    question = Question.objects.filter(section__questionnaire=survey.questionnaire, kind=QuestionKind.TEXT).first()
    return {(question.pk, None): Said(text=text)}


def answered(cohort, organiser, count, text="Mein Bedarf"):
    """A survey in which `count` of `count + 1` people have sent their answers."""
    people = [
        RegistrationFactory(
            tandem__cohort=cohort, tandem__selection=Selection.ACCEPTED, family_name=f"Nachbar{number}"
        )
        for number in range(count + 1)
    ]
    survey = start(cohort, organiser)
    for number, person in enumerate(people[:count]):
        invitation = survey.invitations.get(registration=person)
        scenes.save(invitation, rating_of(survey) | text_of(survey, f"{text} {chr(90 - number)}"))
        scenes.send_draft(invitation)
    draft = survey.invitations.get(registration=people[count])
    scenes.save(draft, rating_of(survey, 1, 4) | text_of(survey, "Nur ein Entwurf"))
    return survey


# Starting and inviting


def test_needs_survey_add_starts_invites_and_mails_the_accepted(client, organiser, cohort, tandem):
    complete_tandem(cohort=cohort)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:needs_survey_add", args=[cohort.pk]))
    response = client.post(
        reverse("evaluation:needs_survey_add", args=[cohort.pk]),
        {"closes_on": (timezone.localdate() + datetime.timedelta(days=7)).isoformat()},
    )

    assert "2&nbsp;angenommene Personen" in page.content.decode()
    assert response.url == reverse("evaluation:needs", args=[cohort.pk])
    survey = Survey.objects.get()
    assert survey.is_open
    assert timezone.localtime(survey.closes_at).time() == datetime.time(0, 0)
    assert queries.last_day(survey) == timezone.localdate() + datetime.timedelta(days=7)
    assert {i.registration for i in survey.invitations.all()} == set(tandem.registrations.all())
    assert AuditEvent.objects.get().action == AuditAction.SURVEY_STARTED
    mails = Email.objects.all()
    assert {mail.to[0] for mail in mails} == {half.email for half in tandem.registrations.all()}
    assert all(re.search(r"http://testserver/erhebung/\S+/\n", mail.message) for mail in mails)


@pytest.mark.parametrize(
    ("closes_on", "message"),
    [
        ("", "Bitte füllen Sie dieses Feld aus"),
        ("nie", "Bitte ein gültiges Datum"),
        ("31.02.2030", "Bitte ein gültiges Datum"),
        ("2017-01-01", "Dieser Tag ist vorbei"),
        ("0001-01-01", "Dieser Tag ist vorbei"),
        ("9999-12-31", "Bitte wählen Sie einen Tag von"),
        ("2031-01-03", "Bitte wählen Sie einen Tag von Mi, 2. Januar 2030 bis Do, 2. Januar 2031."),
    ],
)
@time_machine.travel(datetime.datetime(2030, 1, 2, 9, 0, tzinfo=datetime.UTC), tick=False)
def test_needs_survey_add_refuses_nonsense_and_what_is_out_of_reach(client, organiser, cohort, closes_on, message):
    client.force_login(organiser)

    response = client.post(reverse("evaluation:needs_survey_add", args=[cohort.pk]), {"closes_on": closes_on})

    page = response.content.decode().replace("\u00a0", " ")
    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert message in page
    assert not Survey.objects.exists()


def test_needs_survey_add_leads_to_the_survey_when_there_is_one(client, organiser, survey):
    client.force_login(organiser)

    response = client.post(
        reverse("evaluation:needs_survey_add", args=[survey.cohort_id]),
        {"closes_on": (timezone.localdate() + datetime.timedelta(days=7)).isoformat()},
    )

    assert response.url == reverse("evaluation:needs", args=[survey.cohort_id])
    assert Survey.objects.count() == 1


def test_starting_at_the_same_moment_gives_back_the_same_survey(cohort, tandem, organiser):
    first, second = start(cohort, organiser), start(cohort, organiser)

    assert first == second
    assert (AuditEvent.objects.count(), Email.objects.count()) == (1, 2)


def test_needs_survey_add_for_one_person_speaks_in_the_singular(client, organiser, cohort):
    RegistrationFactory(tandem__cohort=cohort, tandem__selection=Selection.ACCEPTED)
    client.force_login(organiser)
    url = reverse("evaluation:needs_survey_add", args=[cohort.pk])

    page = client.get(url).content.decode()
    answer = client.post(url, {"closes_on": timezone.localdate().isoformat()}, follow=True).content.decode()

    assert "1&nbsp;angenommene Person erhält den persönlichen Link" in page
    assert "Die Bedarfserhebung ist offen. 1 Person hat den Link per Mail erhalten." in answer


def test_needs_survey_add_for_nobody_says_that_no_link_went_out(client, organiser, cohort):
    client.force_login(organiser)
    url = reverse("evaluation:needs_survey_add", args=[cohort.pk])

    answer = client.post(url, {"closes_on": timezone.localdate().isoformat()}, follow=True).content.decode()

    assert "Die Bedarfserhebung ist offen. Noch hat niemand einen Link" in answer


def test_organisers_cannot_read_the_personal_link_in_the_outbox(client, organiser, survey, settings):
    settings.DEMO = False
    client.force_login(organiser)
    email = Email.objects.first()

    page = client.get(reverse("outbox_mail", args=[email.pk])).content.decode()

    assert "/erhebung/" in email.message
    assert "/erhebung/" not in page


@pytest.mark.parametrize("role", ["trainer", "reader", "stranger"])
def test_needs_survey_add_forbidden_without_permission(client, request, cohort, role):
    client.force_login(request.getfixturevalue(role))

    assert client.post(reverse("evaluation:needs_survey_add", args=[cohort.pk])).status_code == 403


def test_invite_to_needs_mails_the_newly_accepted_once(survey, cohort):
    late = complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    Email.objects.all().delete()

    assert invite(survey) == 2
    assert invite(survey) == 0

    assert {mail.to[0] for mail in Email.objects.all()} == {half.email for half in late.registrations.all()}


def test_an_address_that_is_none_keeps_nobody_from_being_invited_and_gets_the_mail_once_corrected(survey, cohort):
    late = complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    broken = late.registrations.first()
    Registration.objects.filter(pk=broken.pk).update(email="keine adresse")

    assert [invite(survey), invite(survey)] == [1, 0]

    Registration.objects.filter(pk=broken.pk).update(email="richtig@stadt.example")
    assert [invite(survey), invite(survey)] == [1, 0]


def test_invite_missing_to_needs_invites_to_every_open_survey(survey, cohort):
    complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)

    assert invite_missing() == 2
    assert invite_missing() == 0


def test_invite_to_needs_invites_nobody_after_closing(survey, cohort):
    complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    close(survey)
    Email.objects.all().delete()

    assert survey.is_open  # as it was read before it was closed
    assert invite(survey) == 0
    assert (survey.invitations.count(), Email.objects.count()) == (2, 0)


def test_text_is_literal_on_every_page(client, organiser, invitation):
    scenes.save(invitation, text_of(invitation.survey, SCRIPT))
    scenes.send_draft(invitation)
    client.force_login(organiser)

    for url in [
        address("survey_answer_sent", invitation),
        reverse("evaluation:needs", args=[invitation.survey.cohort_id]),
    ]:
        page = client.get(url).content.decode()
        assert "&quot;&gt;&lt;script&gt;alert(1)" in page
        assert "<script" not in page


# The cohort's tab


def test_needs_without_survey_offers_the_next_step_to_organisers_only(client, organiser, reader, cohort):
    client.force_login(organiser)
    assert "Bedarfserhebung starten" in client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()
    client.force_login(reader)
    assert (
        "Bedarfserhebung starten" not in client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()
    )


def test_needs_shows_organisers_names_ranking_and_who_is_missing(client, organiser, cohort):
    survey = answered(cohort, organiser, 5)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:needs", args=[survey.cohort_id])).content.decode()

    assert "5 von 6" in page
    assert "Nachbar0" in page
    assert "Mein Bedarf Z" in page
    assert "<strong>+3,0</strong>" in page
    assert "Nachbar5" in page.split("Noch ohne Antwort")[1]
    assert "Nur ein Entwurf" not in page


def test_needs_shows_readers_aggregated_numbers_only_after_closing(client, organiser, reader, cohort):
    survey = answered(cohort, organiser, 5)
    client.force_login(reader)

    open_page = client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()
    close(survey)
    page = client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()

    assert "+3,0" not in open_page
    assert "+3,0" in page
    assert "Nachbar" not in page
    assert "Mein Bedarf" not in page


def test_needs_shows_trainers_cards_without_names_in_an_order_of_their_own(client, organiser, trainer, cohort):
    SessionFactory(cohort=cohort, trainers=[trainer])
    close(answered(cohort, organiser, 5))
    client.force_login(trainer)

    page = client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()

    assert "+3,0" in page
    assert "Nachbar" not in page
    texts = re.findall(r"Mein Bedarf (\w)", page)
    assert texts == ["V", "W", "X", "Y", "Z"]


@pytest.mark.parametrize("role", ["reader", "trainer"])
def test_needs_of_four_people_are_withheld(client, request, organiser, cohort, role):
    user = request.getfixturevalue(role)
    SessionFactory(cohort=cohort, trainers=[user])
    close(answered(cohort, organiser, 4))
    client.force_login(user)

    page = client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()

    assert "Weniger als 5&nbsp;Personen haben geantwortet" in page
    assert "+3,0" not in page
    assert "Mein Bedarf" not in page


def test_topic_rated_by_four_is_withheld_for_organisers_too(client, organiser, cohort):
    survey = answered(cohort, organiser, 5)
    PersonalAnswer.objects.filter(
        invitation=survey.invitations.filter(participation__isnull=False).first(), topic__name="Moderation"
    ).update(skill=None)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()

    assert page.count("weniger als 5&nbsp;Antworten</td>") == 1
    assert page.count("+3,0") == 1


def test_needs_shows_one_sentence_while_every_topic_is_withheld(client, organiser, cohort):
    answered(cohort, organiser, 4)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()

    assert "Ein Thema wird ausgewertet, wenn 5&nbsp;Personen es bewertet haben." in page
    assert "<table" not in page
    assert "+3,0" not in page
    assert "Mein Bedarf Z" in page


def test_needs_says_from_when_results_are_shown_while_nobody_has_answered(client, organiser, cohort):
    survey = answered(cohort, organiser, 0)
    client.force_login(organiser)
    url = reverse("evaluation:needs", args=[cohort.pk])

    open_page = client.get(url).content.decode()
    close(survey)
    closed_page = client.get(url).content.decode()

    assert "Noch hat niemand geantwortet. Texte erscheinen hier mit der ersten Antwort" in open_page
    assert "Niemand hat geantwortet, darum gibt es kein Ergebnis." in closed_page
    for page in (open_page, closed_page):
        assert "<table" not in page
        assert "Dazu hat niemand etwas geschrieben" not in page
        assert "Nachbar0" in page.split("Noch ohne Antwort")[1]


@pytest.mark.parametrize("role", ["trainer", "stranger"])
def test_needs_is_unknown_to_strangers_and_other_trainers(client, request, survey, role):
    client.force_login(request.getfixturevalue(role))

    assert client.get(reverse("evaluation:needs", args=[survey.cohort_id])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_needs_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for _ in range(count):
        TandemFactory(cohort=cohort)
    answered(cohort, organiser, 5 * count)
    client.force_login(organiser)

    with django_assert_num_queries(12):
        client.get(reverse("evaluation:needs", args=[cohort.pk]))


# The demo


def test_fill_needs_answers_the_survey_of_a_past_cohort(cohort):
    SessionFactory(cohort=cohort, days=[datetime.date(2017, 10, 9)])
    for _ in range(4):
        complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)

    fill_needs(cohort)

    overview = queries.needs_aggregated(Survey.objects.get())
    assert overview.rate == ResponseRate(answered=6, invited=8)
    assert [topic.n for topic in overview.topics] == [6, 6]
    assert not Email.objects.exists()


def test_fill_needs_opens_the_survey_of_a_future_cohort(cohort, tandem):
    fill_needs(cohort)

    assert Survey.objects.get().is_open
    assert Email.objects.count() == 2


def test_fill_needs_does_nothing_without_people(cohort):
    fill_needs(cohort)

    assert not Survey.objects.exists()
