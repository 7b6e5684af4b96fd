"""Free texts that nobody has looked at, on the organiser's start page."""

import pytest
from django.urls import reverse

from curriculum.models import Audience
from evaluation.actions.texts import hold_text, release_texts
from evaluation.models import Question, QuestionKind, Survey
from evaluation.queries.texts import readable_texts
from evaluation.queries.unread import unread_texts
from netzkoord import overview
from tests.evaluation import counted as made
from tests.evaluation import scenes


def unread_in(survey):
    return unread_texts(Survey.objects.filter(pk=survey.pk).with_counts())[survey.pk]


def dues(cohort):
    return [due for due in overview.strip_of(cohort).due if "angesehen" in due.text]


@pytest.mark.django_db
def test_texts_of_a_counted_survey_are_due_until_somebody_has_decided(organiser):
    survey = made.counted_survey(answers=6, text="Gute Beispiele")
    first, *others = readable_texts(survey)
    (due,) = dues(survey.cohort)

    hold_text(survey=survey, answer=first, by=organiser)
    after_one = dues(survey.cohort)[0].text
    release_texts(survey=survey, answers=[each.pk for each in others], by=organiser)

    code = survey.session.module.code
    assert due.text == f"Rückmeldung zu {code}: 18 freie Texte sind noch nicht angesehen"
    assert due.url == reverse("evaluation:text_list", args=[survey.pk]) + "?stand=PENDING"
    assert after_one == f"Rückmeldung zu {code}: 17 freie Texte sind noch nicht angesehen"
    assert dues(survey.cohort) == []


@pytest.mark.django_db
def test_the_sentence_stands_on_the_page_and_leads_to_the_texts(client, organiser):
    survey = made.counted_survey()
    client.force_login(organiser)

    page = client.get(reverse("start")).content.decode()

    assert "18 freie Texte sind noch nicht angesehen" in page
    assert f'href="{reverse("evaluation:text_list", args=[survey.pk])}?stand=PENDING"' in page


@pytest.mark.django_db
def test_texts_in_envelopes_are_not_due():
    survey = scenes.open_survey(people=6)
    scenes.hand_in(survey, [{scenes.question(survey, QuestionKind.TEXT).pk: "Gute Beispiele"}] * 6)

    assert dues(survey.cohort) == []


def survey_with(roles, *, text=None, said_before=4):
    """A counted survey: a scale, and a text that all write whom it is asked of."""
    questionnaire = made.questionnaire_of([QuestionKind.AGREEMENT, QuestionKind.TEXT])
    scale, written = questionnaire.questions()
    Question.objects.filter(pk=written.pk).update(**text(scale) if text else {})
    survey = made.survey_of(made.released(questionnaire), scenes.held_session(), roles)
    for number, invitation in enumerate(survey.invitations.select_related("registration").order_by("pk")):
        says = {scale.pk: 1 if number < said_before else 5}
        is_asked = invitation.registration.role == Audience.MANAGER if text and "audience" in text(scale) else True
        is_asked = is_asked and not (text and "condition_values" in text(scale) and says[scale.pk] != 1)
        scenes.send(invitation, says | ({written.pk: "Gute Beispiele"} if is_asked else {}))
    return made.counted(survey)


@pytest.mark.django_db
@pytest.mark.parametrize(("managers", "unread"), [(4, 0), (5, 5)])
def test_texts_to_a_question_for_too_few_of_a_role_are_not_due(managers, unread):
    roles = [Audience.MANAGER] * managers + [Audience.COORDINATOR] * 6

    survey = survey_with(roles, text=lambda _: {"audience": Audience.MANAGER})

    assert unread_in(survey) == readable_texts(survey).count() == unread


@pytest.mark.django_db
@pytest.mark.parametrize(("said_before", "unread"), [(4, 0), (5, 5)])
def test_texts_to_a_question_that_too_few_were_led_to_are_not_due(said_before, unread):
    survey = survey_with(
        [Audience.COORDINATOR] * 9,
        text=lambda scale: {"condition_question": scale, "condition_values": [1]},
        said_before=said_before,
    )

    assert unread_in(survey) == readable_texts(survey).count() == unread


@pytest.mark.django_db
def test_texts_of_surveys_counted_together_are_due_once():
    first = scenes.open_survey(3)
    second = scenes.open_survey(4, session=scenes.held_session(cohort=first.cohort))
    for survey, answers in [(first, 3), (second, 4)]:
        scenes.hand_in(survey, [{scenes.question(survey, QuestionKind.TEXT).pk: "Gute Beispiele"}] * answers)
        scenes.end(survey)
    made.counted(second)

    (due,) = dues(first.cohort)

    assert "7 freie Texte" in due.text
    assert readable_texts(Survey.objects.get(pk=first.pk)).count() == 7


@pytest.mark.parametrize("count", [1, 3])
def test_start_query_count_does_not_grow_with_texts(client, organiser, django_assert_num_queries, count):
    for _ in range(count):
        made.counted_survey()
    client.force_login(organiser)

    with django_assert_num_queries(48):
        page = client.get(reverse("start")).content.decode()

    assert page.count("freie Texte sind noch nicht angesehen") == count
