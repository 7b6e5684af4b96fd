"""The trainers' comment, and giving the result back to those who were asked: one mail, one page."""

import re

import pytest
from django.db import transaction
from django.urls import reverse
from post_office.models import Email

from evaluation.actions.comments import NoCommentError, return_result, write_comment
from evaluation.actions.counting import count_survey
from evaluation.actions.renewals import renew
from evaluation.models import Participation, SurveyComment
from evaluation.tokens import returned_token
from netzkoord.models import AuditEvent, PersonalLink
from tests.evaluation import counted as made
from tests.evaluation import scenes

LINK = re.compile(r"/erhebung/[0-9a-f]{32}/")


@pytest.fixture
def survey(trainer):
    return made.counted_survey(session=scenes.held_session(trainers=[trainer]))


@pytest.fixture
def commented(survey, trainer):
    write_comment(survey=survey, text="Mehr Zeit für Fälle.", by=trainer)
    return survey


def address(name, survey):
    return reverse(f"evaluation:{name}", args=[survey.pk])


def result_mails():
    return Email.objects.filter(subject__startswith="Das haben Sie gesagt")


def page_of(client, invitation):
    return client.get(reverse("evaluation:survey_returned", args=[returned_token(invitation)]))


@pytest.mark.parametrize("role", ["trainer", "organiser"])
def test_comment_is_written_at_the_result_and_stands_there(client, request, survey, role):
    client.force_login(request.getfixturevalue(role))

    response = client.post(address("comment_edit", survey), {"text": "Danke für die Offenheit."}, follow=True)

    assert "Danke für die Offenheit." in response.content.decode()
    assert "Noch nicht an die Teilnehmenden zurückgegeben." in response.content.decode()


def test_reader_sees_the_comment_and_may_not_write(client, reader, commented):
    client.force_login(reader)

    assert client.get(address("comment_edit", commented)).status_code == 403
    assert client.post(address("result_return", commented)).status_code == 403
    page = client.get(address("survey_detail", commented)).content.decode()
    assert "Mehr Zeit für Fälle." in page
    assert "Kommentar ändern" not in page


@pytest.mark.parametrize("name", ["comment_edit", "result_return"])
def test_trainer_of_another_session_finds_nothing(client, commented, name):
    client.force_login(scenes.factories.staff("Trainer/in", email="anderes.training@stadt.example"))

    assert client.get(address(name, commented)).status_code == 404


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "\x00"])
def test_comment_refuses_nonsense(client, trainer, survey, text):
    client.force_login(trainer)

    response = client.post(address("comment_edit", survey), {"text": text})

    assert response.status_code == 200
    assert not SurveyComment.objects.exists()


def test_only_organisers_decide_on_the_texts(client, trainer, organiser, commented):
    client.force_login(trainer)
    client.post(address("comment_edit", commented), {"text": "Kommentar", "shows_texts": "on"})
    assert not SurveyComment.objects.get().shows_texts

    client.force_login(organiser)
    client.post(address("comment_edit", commented), {"text": "Kommentar", "shows_texts": "on"})
    assert SurveyComment.objects.get().shows_texts

    client.force_login(trainer)
    client.post(address("comment_edit", commented), {"text": "Neuer Kommentar"})
    assert SurveyComment.objects.get().shows_texts


def test_there_is_nothing_to_comment_on_before_counting(client, organiser):
    survey = scenes.open_survey(people=6)
    client.force_login(organiser)

    assert client.get(address("comment_edit", survey)).status_code == 404


def test_result_is_not_returned_without_a_comment(client, trainer, survey):
    client.force_login(trainer)

    for response in (client.get(address("result_return", survey)), client.post(address("result_return", survey))):
        assert response.url == address("comment_edit", survey)
    with pytest.raises(NoCommentError):
        return_result(survey=survey, by=trainer)
    assert not result_mails().exists()


def test_return_mails_everybody_who_was_asked_once(client, trainer, commented):
    client.force_login(trainer)

    for _ in range(2):
        client.post(address("result_return", commented))

    invited = commented.invitations.values_list("registration__email", flat=True)
    assert sorted(mail.to[0] for mail in result_mails()) == sorted(invited)
    assert AuditEvent.objects.filter(action="RESULT_RETURNED").count() == 1


def test_return_does_not_mail_who_has_withdrawn(commented, trainer):
    registration = commented.invitations.first().registration
    registration.withdrawn_at = registration.confirmed_at
    registration.save()

    assert return_result(survey=commented, by=trainer) == commented.invitations.count() - 1


def test_get_of_the_return_page_changes_nothing_and_shows_what_is_sent(client, trainer, commented):
    client.force_login(trainer)

    page = client.get(address("result_return", commented)).content.decode()

    assert "Mehr Zeit für Fälle." in page
    assert "Alle 8 Befragten erhalten eine Mail" in page
    assert not result_mails().exists()


def test_everybody_who_was_asked_sees_the_same_page(client, commented, trainer):
    return_result(survey=commented, by=trainer)
    answered = Participation.objects.filter(invitation__survey=commented).values("invitation")
    one = commented.invitations.filter(pk__in=answered).first()
    other = commented.invitations.exclude(pk__in=answered).first()

    pages = [LINK.sub("/erhebung/…/", page_of(client, invitation).content.decode()) for invitation in (one, other)]

    assert pages[0] == pages[1]
    assert "6 von 8 Befragten haben geantwortet" in pages[0]
    assert "Mehr Zeit für Fälle." in pages[0]
    assert "Gute Beispiele" not in pages[0]


def test_released_texts_go_along_when_the_organisers_say_so(client, commented, organiser):
    made.release_all(commented)
    write_comment(survey=commented, text="Kommentar", shows_texts=True, by=organiser)
    return_result(survey=commented, by=organiser)

    assert "Gute Beispiele" in page_of(client, commented.invitations.first()).content.decode()


def test_nothing_is_seen_before_it_was_returned(client, commented):
    response = page_of(client, commented.invitations.first())

    assert response.status_code == 302


def test_link_of_the_first_mail_leads_on_to_the_result(client, commented, trainer):
    invitation = commented.invitations.exclude(participation__isnull=False).first()
    link = scenes.link_of(invitation)
    assert "Ergebnis ansehen" not in client.get(link).content.decode()

    return_result(survey=commented, by=trainer)

    assert "Ergebnis ansehen" in client.get(link).content.decode()


def test_forged_link_leads_nowhere(client, commented, trainer):
    return_result(survey=commented, by=trainer)

    response = client.get(reverse("evaluation:survey_returned", args=["0" * 32]))

    assert response.status_code in (404, 410)


@pytest.mark.parametrize("count", [1, 3])
def test_returned_page_query_count(client, trainer, django_assert_num_queries, count):
    survey = made.counted_survey(answers=5 * count)
    write_comment(survey=survey, text="Kommentar", by=trainer)
    return_result(survey=survey, by=trainer)
    invitation = survey.invitations.first()
    token = returned_token(invitation)

    with django_assert_num_queries(8):
        client.get(reverse("evaluation:survey_returned", args=[token]))


def test_expired_link_to_a_returned_result_is_renewed(commented, trainer):
    return_result(survey=commented, by=trainer)
    invitation = commented.invitations.first()
    returned_token(invitation)
    link = PersonalLink.objects.filter(target_id=invitation.link_key).latest("pk")

    renew(link)

    assert len([mail for mail in result_mails() if mail.to == [invitation.registration.email]]) == 2


def test_expired_link_of_a_survey_that_was_not_returned_is_not_renewed(commented):
    invitation = commented.invitations.first()
    returned_token(invitation)

    renew(PersonalLink.objects.filter(target_id=invitation.link_key).latest("pk"))

    assert not result_mails().exists()


# The mail to the trainers


def test_trainers_get_one_mail_when_their_survey_was_counted(trainer, db):
    survey = made.counted_survey(session=scenes.held_session(trainers=[trainer]))
    made.counted(survey)

    mails = [mail for mail in Email.objects.all() if mail.to == [trainer.email]]
    assert len(mails) == 1
    assert reverse("evaluation:survey_detail", args=[survey.pk]) in mails[0].message


def test_count_that_does_not_come_to_its_end_sends_no_mail_and_the_next_one_does(trainer, db):
    survey = scenes.open_survey(people=6, session=scenes.held_session(trainers=[trainer]))
    scenes.hand_in(survey, [{scenes.question(survey, "AGREEMENT").pk: 5}] * 6)
    scenes.end(survey)
    with transaction.atomic():
        count_survey(survey)
        transaction.set_rollback(True)
    assert not [mail for mail in Email.objects.all() if mail.to == [trainer.email]]

    count_survey(survey)

    assert len([mail for mail in Email.objects.all() if mail.to == [trainer.email]]) == 1


def test_trainers_get_no_mail_about_four_answers(trainer, db):
    made.counted_survey(answers=4, session=scenes.held_session(trainers=[trainer]))

    assert not [mail for mail in Email.objects.all() if mail.to == [trainer.email]]


def test_start_page_of_everybody_who_was_asked_leads_to_the_result(client, commented, trainer):
    invitation = commented.invitations.first()
    client.force_login(invitation.registration.person)
    address = reverse("evaluation:survey_returned", args=[invitation.link_key])
    assert address not in client.get("/").content.decode()

    return_result(survey=commented, by=trainer)

    assert address in client.get("/").content.decode()
    assert "Mehr Zeit für Fälle." in client.get(address).content.decode()
