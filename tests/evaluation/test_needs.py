import datetime
import re

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Audience, Topic
from evaluation.actions.answering import AlreadyAnsweredError
from evaluation.actions.needs import invite_missing_to_needs, invite_to_needs, start_needs_survey
from evaluation.demo_needs import fill_needs
from evaluation.models import Participation, PersonalAnswer, Question, QuestionKind, Survey
from evaluation.queries import needs as queries
from evaluation.results import ResponseRate
from evaluation.said import Said
from evaluation.tokens import answer_token
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Selection
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
    Survey.objects.filter(pk=survey.pk).update(
        opens_at=timezone.now() - datetime.timedelta(days=2), closes_at=timezone.now() - datetime.timedelta(days=1)
    )


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
    assert all(re.search(r"http://testserver/bedarfe/\S+/\n", mail.message) for mail in mails)


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
    assert "Der Link ist an 1 Person gesendet." in answer


def test_organisers_cannot_read_the_personal_link_in_the_outbox(client, organiser, survey, settings):
    settings.DEMO = False
    client.force_login(organiser)
    email = Email.objects.first()

    page = client.get(reverse("outbox_mail", args=[email.pk])).content.decode()

    assert "/bedarfe/" in email.message
    assert "/bedarfe/" not in page


@pytest.mark.parametrize("role", ["trainer", "reader", "stranger"])
def test_needs_survey_add_forbidden_without_permission(client, request, cohort, role):
    client.force_login(request.getfixturevalue(role))

    assert client.post(reverse("evaluation:needs_survey_add", args=[cohort.pk])).status_code == 403


def test_invite_to_needs_mails_the_newly_accepted_once(survey, cohort):
    late = complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    Email.objects.all().delete()

    assert invite_to_needs(survey) == 2
    assert invite_to_needs(survey) == 0

    assert {mail.to[0] for mail in Email.objects.all()} == {half.email for half in late.registrations.all()}


def test_invite_missing_to_needs_invites_to_every_open_survey(survey, cohort):
    complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)

    assert invite_missing_to_needs() == 2
    assert invite_missing_to_needs() == 0


def test_invite_to_needs_invites_nobody_after_closing(survey, cohort):
    complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    close(survey)
    Email.objects.all().delete()

    assert survey.is_open  # as it was read before it was closed
    assert invite_to_needs(survey) == 0
    assert (survey.invitations.count(), Email.objects.count()) == (2, 0)


# Answering


def test_needs_answer_says_in_its_first_sentence_that_it_is_personal(client, invitation):
    response = client.get(address("needs_answer", invitation))

    text = response.content.decode()
    assert "Diese Erhebung ist persönlich: Ihre Angaben werden mit Ihrem Namen gespeichert." in text
    assert "Beginnen" in text
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["needs_answer", "needs_answer_check", "needs_answer_done"])
def test_pages_of_an_unknown_link_are_friendly_and_404(client, invitation, name):
    for token in ["unsinn", token_of(invitation)[:-1], invitation.link_key]:
        response = client.get(reverse(f"evaluation:{name}", args=[token]))

        assert response.status_code == 404
        assert "Dieser Link gilt nicht (mehr)" in response.content.decode()


def test_link_of_a_person_who_withdrew_is_unknown(client, invitation):
    invitation.registration.withdrawn_at = timezone.now()
    invitation.registration.save()

    assert client.get(address("needs_answer", invitation)).status_code == 404


def test_needs_answer_journey_leaves_in_the_middle_and_goes_on_elsewhere(client, django_client, invitation):
    survey = invitation.survey
    texts = Question.objects.filter(section__questionnaire=survey.questionnaire, kind=QuestionKind.TEXT)
    rating = Question.objects.get(section__questionnaire=survey.questionnaire, kind=QuestionKind.TOPICS)
    first, second = Topic.objects.all()

    left = client.post(
        address("needs_answer_step", invitation, 1), {f"q{texts[0].pk}": "Begriffe klären", "then": "pause"}
    )
    assert left.url == address("needs_answer", invitation)

    elsewhere = django_client.get(address("needs_answer", invitation)).content.decode()
    assert "Weiter mit Schritt 2 von 3" in elsewhere
    step = django_client.get(address("needs_answer_step", invitation, 2)).content.decode()
    assert f"gespeichert {timezone.localtime():%H:}" in step
    assert "Schritt 2 von 3" in step
    onward = django_client.post(
        address("needs_answer_step", invitation, 2),
        {
            f"q{rating.pk}-t{first.pk}-importance": "4",
            f"q{rating.pk}-t{first.pk}-skill": "2",
            f"q{rating.pk}-t{second.pk}-importance": "1",
            "then": "next",
        },
    )
    assert onward.url == address("needs_answer_step", invitation, 3)
    check = django_client.post(address("needs_answer_step", invitation, 3), {f"q{texts[1].pk}": ""})
    assert check.url == address("needs_answer_check", invitation)
    page = django_client.get(check.url).content.decode()
    assert "Begriffe klären" in page
    assert "Wichtigkeit: sehr wichtig<br>Können: etwas" in page
    assert "Wichtigkeit: unwichtig<br>Können: keine Angabe" in page
    assert page.count("Ändern") == 3

    done = django_client.post(check.url)

    assert done.url == address("needs_answer_done", invitation)
    assert "Was als Nächstes kommt" in django_client.get(done.url).content.decode()
    assert Participation.objects.get().invitation == invitation


@pytest.fixture
def django_client():
    """Another device: no cookie in common."""
    from django.test import Client  # noqa: PLC0415 -- only here

    return Client()


def test_going_back_saves_and_shows_what_was_typed(client, invitation):
    text = Question.objects.filter(section__questionnaire=invitation.survey.questionnaire, kind="TEXT").last()

    back = client.post(
        address("needs_answer_step", invitation, 3), {f"q{text.pk}": "Weniger Sitzungen", "then": "back"}
    )

    assert back.url == address("needs_answer_step", invitation, 2)
    assert "Weniger Sitzungen" in client.get(address("needs_answer_step", invitation, 3)).content.decode()


def test_saving_a_step_again_replaces_it(invitation):
    scenes.save(invitation, text_of(invitation.survey, "alt"))
    scenes.save(invitation, text_of(invitation.survey, "neu"))

    assert [answer.text for answer in invitation.personal_answers.all()] == ["neu"]


def test_text_that_is_too_long_is_kept_and_named(client, invitation):
    text = Question.objects.filter(section__questionnaire=invitation.survey.questionnaire, kind="TEXT").first()

    response = client.post(address("needs_answer_step", invitation, 1), {f"q{text.pk}": "ä" * 2001})

    page = response.content.decode()
    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert "ä" * 2001 in page
    assert not PersonalAnswer.objects.exists()


def test_line_break_counts_as_one_character_as_in_the_browser(client, invitation):
    text = Question.objects.filter(section__questionnaire=invitation.survey.questionnaire, kind="TEXT").first()

    response = client.post(address("needs_answer_step", invitation, 1), {f"q{text.pk}": "a\r\n" * 999 + "aa"})

    assert response.status_code == 302
    assert PersonalAnswer.objects.get(question=text).text == "a\n" * 999 + "aa"


@pytest.mark.parametrize("value", ["0", "5", "x", "1.5"])
def test_rating_off_the_scale_is_refused(client, invitation, value):
    rating = Question.objects.get(section__questionnaire=invitation.survey.questionnaire, kind="TOPICS")
    topic = Topic.objects.first()

    response = client.post(
        address("needs_answer_step", invitation, 2), {f"q{rating.pk}-t{topic.pk}-importance": value}
    )

    assert response.status_code == 200
    assert not PersonalAnswer.objects.exists()


def test_opening_the_pages_writes_nothing(client, invitation):
    for name, *args in [
        ("needs_answer",),
        ("needs_answer_step", 1),
        ("needs_answer_check",),
        ("needs_answer_done",),
    ]:
        client.get(address(name, invitation, *args))
        client.head(address(name, invitation, *args))

    assert not PersonalAnswer.objects.exists()
    assert not Participation.objects.exists()


def test_nothing_at_all_cannot_be_sent(client, invitation):
    response = client.post(address("needs_answer_check", invitation))

    assert "Sie haben noch nichts angegeben" in response.content.decode()
    assert not Participation.objects.exists()


def test_sent_answers_can_be_read_but_not_changed_nor_sent_again(client, invitation):
    scenes.save(invitation, text_of(invitation.survey, "Begriffe"))
    scenes.send_draft(invitation)

    again = client.post(address("needs_answer_check", invitation))
    step = client.post(address("needs_answer_step", invitation, 1), {})
    page = client.get(address("needs_answer_check", invitation)).content.decode()

    assert again.url == address("needs_answer", invitation)
    assert step.url == address("needs_answer", invitation)
    assert "Begriffe" in page
    assert "Ändern" not in page
    assert Participation.objects.count() == 1
    with pytest.raises(AlreadyAnsweredError):
        scenes.send_draft(invitation)
    with pytest.raises(AlreadyAnsweredError):
        scenes.save(invitation, text_of(invitation.survey, "Anderes"))


def test_participation_is_possible_once_in_the_database(invitation):
    Participation.objects.create(invitation=invitation)

    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(invitation=invitation)


def test_closed_survey_takes_nothing_and_says_so(client, invitation):
    scenes.save(invitation, text_of(invitation.survey, "Begriffe"))
    close(invitation.survey)

    step = client.post(address("needs_answer_step", invitation, 1), {}, follow=True)
    check = client.post(address("needs_answer_check", invitation), follow=True)

    assert "Die Erhebung ist geschlossen" in step.content.decode()
    assert "Die Erhebung ist geschlossen" in check.content.decode()
    assert not Participation.objects.exists()
    assert "wird nicht ausgewertet" in client.get(address("needs_answer", invitation)).content.decode()


def test_survey_that_is_not_open_yet_says_when(client, invitation):
    Survey.objects.update(opens_at=timezone.now() + datetime.timedelta(days=1))

    assert "Die Erhebung ist noch nicht offen" in client.get(address("needs_answer", invitation)).content.decode()


def test_step_that_does_not_exist_leads_to_the_first_page(client, invitation):
    assert client.get(address("needs_answer_step", invitation, 9)).url == address("needs_answer", invitation)


def test_partners_never_see_each_others_answers(client, survey, tandem):
    coordinator, manager = (survey.invitations.get(registration__role=role) for role in ["COORDINATOR", "MANAGER"])
    scenes.save(coordinator, text_of(survey, "Meine Leitung bremst"))
    scenes.send_draft(coordinator)
    client.force_login(manager.registration.person)

    pages = [client.get(address("needs_answer", manager)), client.get(address("needs_answer_check", manager))]
    pages += [client.get(address("needs_answer_step", manager, step)) for step in (1, 2, 3)]
    tab = client.get(reverse("evaluation:needs", args=[survey.cohort_id]))

    assert all("Meine Leitung bremst" not in page.content.decode() for page in pages)
    assert tab.status_code == 404


def test_text_is_literal_on_every_page(client, organiser, invitation):
    scenes.save(invitation, text_of(invitation.survey, SCRIPT))
    scenes.send_draft(invitation)
    client.force_login(organiser)

    for url in [
        address("needs_answer_check", invitation),
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

    assert "Weniger als fünf Personen haben geantwortet" in page
    assert "+3,0" not in page
    assert "Mein Bedarf" not in page


def test_topic_rated_by_four_is_withheld_for_organisers_too(client, organiser, cohort):
    survey = answered(cohort, organiser, 5)
    PersonalAnswer.objects.filter(
        invitation=survey.invitations.filter(participation__isnull=False).first(), topic__name="Moderation"
    ).update(skill=None)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()

    assert page.count("weniger als fünf Antworten</td>") == 1
    assert page.count("+3,0") == 1


def test_needs_shows_one_sentence_while_every_topic_is_withheld(client, organiser, cohort):
    answered(cohort, organiser, 4)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:needs", args=[cohort.pk])).content.decode()

    assert "Ein Thema wird ausgewertet, wenn fünf Personen es bewertet haben." in page
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
