import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from evaluation.actions.room import send_room_link
from evaluation.models import Invitation, Survey
from evaluation.queries.room import signed_code
from participants.models import Presence
from tests import factories
from tests.evaluation import scenes
from tests.links import is_link_to


@pytest.fixture
def survey(db):
    survey = scenes.open_survey(2)
    Email.objects.all().delete()
    return survey


def room_url(survey):
    """As the QR code leads to it."""
    return reverse("evaluation:room_survey", args=[signed_code(survey)])


def ask(client, survey, email):
    return client.post(room_url(survey), {"email": email})


def shown(response):
    return response.content.decode()


def address_of(survey):
    return survey.invitations.earliest("pk").registration.email


def test_the_code_opens_the_page_however_it_is_typed(client, survey):
    code = survey.room_code

    for typed in (code, code.lower(), f" {code[:3]}-{code[3:]} "):
        response = client.post(reverse("evaluation:room"), {"code": typed})
        assert response.url == room_url(survey)
    assert client.get(room_url(survey)).status_code == 200


@pytest.mark.parametrize("code", ["ZZZZZZ", "", "x" * 30, "%", "<b>", "AAAAAAA"])
def test_a_wrong_code_is_refused_with_a_sentence(client, survey, code):
    page = shown(client.post(reverse("evaluation:room"), {"code": code}))

    assert "Diesen Raumcode gibt es nicht" in page or "füllen Sie dieses Feld aus" in page or "höchstens" in page
    assert client.get("/raum/ZZZZZZ/").status_code == 404


def test_a_code_of_a_personal_survey_opens_nothing(client, db):
    survey = scenes.needs_survey()

    assert client.get(room_url(survey)).status_code == 404


def test_only_wrong_codes_count_and_only_so_many_are_tried(client, survey, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # a minute has an end
    typed = reverse("evaluation:room_survey", args=[survey.room_code])
    right = {client.get(typed).status_code for _ in range(40)}
    wrong = [client.get("/raum/ZZZZZZ/").status_code for _ in range(31)]

    assert right == {200}
    assert wrong == [404] * 30 + [429]
    assert client.get(typed).status_code == 429
    assert client.post(reverse("evaluation:room"), {"code": survey.room_code}).status_code == 429


def test_who_scanned_or_typed_the_code_gets_the_link_while_somebody_beside_guesses(client, survey, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    typed = client.get(reverse("evaluation:room_survey", args=[survey.room_code]))
    for _ in range(31):
        client.get("/raum/ZZZZZZ/")

    assert f'action="{room_url(survey)}"' in shown(typed)
    assert client.get(room_url(survey)).status_code == 200
    assert ask(client, survey, address_of(survey)).status_code == 302


def test_a_whole_room_behind_one_address_gets_through(client, survey):
    answers = [ask(client, survey, f"person{number}@stadt.example").status_code for number in range(40)]

    assert answers == [302] * 40


def test_who_attended_gets_the_own_link_and_everybody_the_same_answer(client, survey):
    known, unknown = ask(client, survey, address_of(survey)), ask(client, survey, "fremd@stadt.example")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    mail = Email.objects.get()
    assert mail.to == [address_of(survey)]
    assert is_link_to(mail.message, "survey", survey.invitations.earliest("pk").link_key)


def test_who_was_absent_gets_no_link(client, survey):
    absent = scenes.attend(survey.session, Presence.ABSENT)

    ask(client, survey, absent.email)

    assert not Email.objects.exists()
    assert not Invitation.objects.filter(registration=absent).exists()


def test_who_was_entered_a_moment_ago_is_invited_once(client, survey):
    late = scenes.attend(survey.session)

    ask(client, survey, late.email)

    assert [mail.to for mail in Email.objects.all()] == [[late.email]]
    assert survey.invitations.filter(registration=late).count() == 1


def test_who_has_answered_gets_the_mail_too_but_not_more_than_three_a_day(client, survey):
    invitation = survey.invitations.earliest("pk")
    scenes.send(invitation, {scenes.question(survey, "AGREEMENT").pk: 5})

    for _ in range(5):
        ask(client, survey, invitation.registration.email)

    assert Email.objects.count() == 3


def test_who_is_signed_in_goes_to_the_own_form_and_nobody_elses(client, survey):
    invitation = survey.invitations.earliest("pk")
    person = factories.UserFactory()
    invitation.registration.person = person
    invitation.registration.save()
    client.force_login(person)
    own = client.get(room_url(survey))
    client.force_login(factories.UserFactory())

    assert own.url == reverse("evaluation:survey_answer", args=[invitation.link_key])
    assert client.get(own.url).status_code == 404
    assert client.get(room_url(survey)).status_code == 200


def test_before_and_after_the_page_says_when(client, survey):
    Survey.objects.filter(pk=survey.pk).update(opens_at=timezone.now() + scenes.DAY)
    before = client.get(room_url(survey))
    Survey.objects.filter(pk=survey.pk).update(opens_at=timezone.now() - 3 * scenes.DAY)
    scenes.end(survey)
    after = client.get(room_url(survey))

    assert "öffnet am" in shown(before)
    assert "geschlossen" in shown(after)
    assert ask(client, survey, address_of(survey)).status_code == 200
    assert send_room_link.func(survey.pk, address_of(survey)) == 0
    assert not Email.objects.exists()


@pytest.mark.parametrize("email", ["", "kaputt", "a@b", '"><script>@x.example'])
def test_nonsense_for_an_address_is_refused(client, survey, email):
    response = ask(client, survey, email)

    assert response.status_code == 200
    assert response.context["form"].errors


def test_the_screen_shows_the_code_and_nothing_to_press(client, organiser, survey):
    client.force_login(organiser)

    page = shown(client.get(reverse("evaluation:survey_screen", args=[survey.pk])))

    assert f"{survey.room_code[:3]}-{survey.room_code[3:]}" in page
    assert "testserver/raum/" in page
    assert "<svg" in page
    assert "<button" not in page


def test_the_screen_is_for_organisers_and_the_trainers_of_the_session(client, trainer, reader):
    own = scenes.open_survey(1, session=scenes.held_session(trainers=[trainer]))
    other = scenes.open_survey(1)

    answers = {}
    for person in (trainer, reader):
        client.force_login(person)
        answers[person] = [
            client.get(reverse("evaluation:survey_screen", args=[survey.pk])).status_code for survey in (own, other)
        ]
    assert answers == {trainer: [200, 404], reader: [404, 404]}


def test_survey_and_trainers_start_lead_to_the_slide_until_it_has_closed(client, organiser, trainer, reader):
    survey = scenes.open_survey()
    survey.session.trainers.add(trainer)
    address = f'href="{reverse("evaluation:survey_screen", args=[survey.pk])}"'
    places = [(organiser, survey.get_absolute_url()), (trainer, survey.get_absolute_url()), (trainer, "/")]

    def links():
        for user, place in [*places, (reader, survey.get_absolute_url())]:
            client.force_login(user)
            yield address in client.get(place).content.decode()

    assert list(links()) == [True, True, True, False]
    scenes.end(survey)
    assert list(links()) == [False] * 4
