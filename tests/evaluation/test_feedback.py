import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from evaluation.actions.answering import submit
from evaluation.actions.counting import count_due_surveys
from evaluation.ballots import TEXT_LIMIT, open_all
from evaluation.forms.feedback import FeedbackForm
from evaluation.models import Envelope, Invitation, Participation, QuestionKind, Survey
from netzkoord.lib import links
from netzkoord.models import PersonalLink
from tests.evaluation import scenes


@pytest.fixture
def survey(db):
    return scenes.open_survey(6)


@pytest.fixture
def invitation(survey):
    return survey.invitations.order_by("pk").first()


@pytest.fixture
def link(invitation):
    return scenes.link_of(invitation)


def field(survey, kind):
    return f"q{scenes.question(survey, kind).pk}"


def test_page_says_first_that_it_is_anonymous_and_asks_everything(client, survey, link):
    page = client.get(link).content.decode()

    assert page.index("Diese Rückmeldung ist anonym.") < page.index("<form")
    for question in survey.questionnaire.questions():
        assert question.text in page
    assert page.count('class="scale"') == 17
    assert page.count("kann ich nicht beurteilen") == 17
    assert page.count("Bitte nennen Sie keine Namen") == 3


def test_nothing_is_chosen_beforehand(client, link):
    assert " checked" not in client.get(link).content.decode()


def test_page_names_nobody_and_is_kept_by_no_cache(client, invitation, link):
    response = client.get(link)

    assert invitation.registration.family_name not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("state", ["open", "scheduled", "closed", "done"])
def test_page_of_somebody_signed_in_is_that_of_a_stranger(client, survey, invitation, link, state):
    set_state(survey, invitation, state)
    to_stranger = Client().get(link).content.decode()
    person = invitation.registration.person
    client.force_login(person)

    page = client.get(link).content.decode()

    assert person.get_short_name() not in page
    assert "menu-account" not in page
    assert without_forgery_token(page) == without_forgery_token(to_stranger)


def set_state(survey, invitation, state):
    if state == "scheduled":
        Survey.objects.update(opens_at=timezone.now() + scenes.DAY)
    elif state == "closed":
        scenes.end(survey)
    elif state == "done":
        scenes.send(invitation, {scenes.question(survey, QuestionKind.GRADE).pk: 1})


def without_forgery_token(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_page_needs_no_script_and_sets_no_cookie_but_the_one_against_forgery(client, link):
    response = client.get(link)

    assert set(response.cookies) == {"csrftoken"}
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    assert "<script" not in main
    assert re.findall(r"\son\w+=|\sstyle=", main) == []


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(client, survey, link, method):
    response = getattr(client, method)(link)

    assert response.status_code == 200
    assert not Participation.objects.exists()
    assert not Envelope.objects.exists()


def test_answers_are_stored_sealed_and_the_page_says_what_is_next(client, survey, invitation, link):
    data = {field(survey, QuestionKind.AGREEMENT): "6", field(survey, QuestionKind.TEXT): " Sehr gut.\r\nDanke! "}

    response = client.post(link, data, follow=True)

    assert response.redirect_chain == [(link, 302)]
    page = response.content.decode()
    assert "Ihre Rückmeldung ist gespeichert" in page
    assert "Erst dann werden alle Antworten zusammen geöffnet" in page
    assert scenes.opened(survey) == [
        {
            scenes.question(survey, QuestionKind.AGREEMENT).pk: 6,
            scenes.question(survey, QuestionKind.TEXT).pk: "Sehr gut.\nDanke!",
        }
    ]
    assert list(Participation.objects.values_list("pk", flat=True)) == [invitation.pk]


def test_sending_twice_shows_the_same_page_and_stores_one_ballot(client, survey, link):
    data = {field(survey, QuestionKind.GRADE): "1"}
    first = client.post(link, data, follow=True)

    second = client.post(link, {field(survey, QuestionKind.GRADE): "6"}, follow=True)

    assert second.status_code == 200
    assert strip_token(second) == strip_token(first)
    assert scenes.opened(survey) == [{scenes.question(survey, QuestionKind.GRADE).pk: 1}]


def strip_token(response):
    """The page's main part; the menu of `base.html` may carry a token that changes."""
    return response.content.decode().split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("data", [{}, {"q0": "1"}, "abstentions", "blanks"])
def test_empty_form_is_refused_with_a_sentence(client, survey, link, data):
    questions = survey.questionnaire.questions()
    if data == "abstentions":
        data = {f"q{question.pk}": "" for question in questions}
    elif data == "blanks":
        data = {f"q{question.pk}": " \n " for question in questions if question.kind == QuestionKind.TEXT}

    response = client.post(link, data)

    assert "Bitte beantworten Sie mindestens eine Frage" in response.content.decode()
    assert not Participation.objects.exists()


def test_what_was_typed_is_kept_beside_the_error(client, survey, link):
    agreement, text = field(survey, QuestionKind.AGREEMENT), field(survey, QuestionKind.TEXT)
    grade = field(survey, QuestionKind.GRADE)

    response = client.post(link, {agreement: "5", grade: "", text: "x" * (TEXT_LIMIT + 1)})

    page = response.content.decode()
    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert f'href="#id_{text}"' in page
    assert "x" * (TEXT_LIMIT + 1) in page
    assert checked(page) == {(agreement, "5"), (grade, "")}
    assert not Participation.objects.exists()


def checked(page):
    inputs = [tag for tag in re.findall(r"<input [^>]*>", page) if " checked" in tag]
    return {(re.search(r'name="([^"]*)"', tag)[1], re.search(r'value="([^"]*)"', tag)[1]) for tag in inputs}


def test_line_break_counts_as_one_character_as_in_the_browser(client, survey, link):
    text = "a\r\n" * (TEXT_LIMIT // 2)

    response = client.post(link, {field(survey, QuestionKind.TEXT): text.strip()})

    assert response.status_code == 302


@pytest.mark.parametrize("value", ["0", "7", "-1", "1.5", "sechs", "6\x00", "٣"])
def test_value_off_the_scale_is_refused(client, survey, link, value):
    response = client.post(link, {field(survey, QuestionKind.AGREEMENT): value})

    assert response.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    assert not Envelope.objects.exists()


def test_markup_in_a_text_is_shown_literally(client, survey, link):
    evil = '"><script>alert(1)</script>{{7*7}}'

    response = client.post(
        link, {field(survey, QuestionKind.TEXT): evil, field(survey, QuestionKind.AGREEMENT): "9"}
    )

    page = response.content.decode()
    assert "<script>alert(1)" not in page
    assert "{{7*7}}" in page


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.text(max_size=1100), number=st.one_of(st.text(max_size=5), st.integers().map(str)))
def test_whatever_is_typed_is_refused_or_fits_into_the_ballot(survey, text, number):
    data = {field(survey, QuestionKind.TEXT): text, field(survey, QuestionKind.AGREEMENT): number}

    form = FeedbackForm(data, questions=survey.questionnaire.questions())

    if form.is_valid():
        invitation = survey.invitations.order_by("pk").first()
        Participation.objects.all().delete()
        submit(invitation=invitation, answers=form.answers())
        assert form.answers() in [ballot.answers for ballot in open_all(survey)]


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_renewed_link_tells_nothing_of_whether_somebody_had_answered(
    client, survey, invitation, link, is_answered
):
    if is_answered:
        Participation.objects.create(invitation=invitation)
    before = PersonalLink.objects.count()

    client.post(reverse("link_renew"), {"token": link.strip("/").split("/")[-1]})

    assert PersonalLink.objects.count() == before + 1


def test_link_works_from_any_device_without_signing_in(survey, link):
    for _ in range(2):
        assert Client().get(link).status_code == 200


@pytest.mark.parametrize("token", ["x", "x.y", "{key}", "{key}.AAAA", "{other}", "{stranger}"])
def test_unknown_token_is_not_found(client, survey, invitation, token):
    token = token.format(
        key=invitation.link_key,
        other=links.create("needs", invitation.link_key, email="a@stadt.example", expires_at=links.in_days(1)),
        stranger="0123456789abcdef0123456789abcdef",
    )

    assert client.get(f"/rueckmeldung/{token}/").status_code == 404
    assert client.post(f"/rueckmeldung/{token}/", {}).status_code == 409


def test_survey_that_is_not_open_yet_says_when_it_opens(client, survey, link):
    Survey.objects.filter(pk=survey.pk).update(opens_at=survey.closes_at - scenes.DAY)

    page = client.get(link).content.decode()

    assert "Die Rückmeldung ist noch nicht offen" in page
    assert "<form" not in page.split("<main")[1]


def test_answer_that_comes_too_late_is_told_so(client, survey, link):
    scenes.end(survey)

    shown = client.get(link).content.decode()
    sent = client.post(link, {field(survey, QuestionKind.GRADE): "1"}).content.decode()

    assert "Die Rückmeldung ist geschlossen" in shown
    assert "nicht gespeichert" not in shown
    assert "Ihre Antworten sind nicht gespeichert" in sent
    assert not Participation.objects.exists()


def test_who_answered_still_reads_so_after_counting(client, survey, link):
    number = scenes.question(survey, QuestionKind.GRADE).pk
    scenes.hand_in(survey, [{number: 1}] * 6)
    scenes.end(survey)
    count_due_surveys()

    page = client.get(link).content.decode()

    assert "Ihre Rückmeldung ist gespeichert" in page
    assert "Die Erhebung ist geschlossen" in page


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, link, method):
    assert getattr(client, method)(link).status_code == 405


@pytest.mark.parametrize("people", [1, 3])
def test_answer_page_query_count(client, django_assert_num_queries, db, people):
    survey = scenes.open_survey(people)
    link = scenes.link_of(Invitation.objects.filter(survey=survey).first())

    with django_assert_num_queries(3):
        client.get(link)
