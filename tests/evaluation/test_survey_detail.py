"""The page of a survey: its state, and the result with all kinds of questions once it is counted."""

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience
from evaluation.actions.answering import submit
from evaluation.actions.counting import count_due_surveys
from evaluation.actions.surveys import start_needs_survey
from evaluation.models import UNKEPT_KINDS, Answer, Outcome, Question, Survey, SurveyPool
from evaluation.models import QuestionKind as Kind
from evaluation.queries.results import survey_result
from evaluation.said import Said
from tests import factories
from tests.evaluation import counted as made
from tests.evaluation import scenes
from tests.evaluation.counted import counted_survey, release_all

M, C = Audience.MANAGER, Audience.COORDINATOR


def page_of(client, survey):
    return client.get(reverse("evaluation:survey_detail", args=[survey.pk])).content.decode()


@pytest.fixture
def as_organiser(client, organiser):
    client.force_login(organiser)
    return client


def test_survey_detail_says_the_answer_first_then_charts_numbers_and_texts(as_organiser):
    survey = counted_survey()
    release_all(survey)

    page = page_of(as_organiser, survey)

    marks = ["6 von 8 Befragten haben geantwortet", 'class="chart-drawing"', "Nach Rolle", "<caption>Zustimmung"]
    places = [page.index(mark) for mark in [*marks, "Gute Beispiele"]]
    assert places == sorted(places)
    assert page.count('class="chart-drawing"') == 17
    assert "Die Texte sind zu jeder Frage neu gemischt." in page


def test_schulnoten_and_agreement_stand_in_charts_of_their_own_with_their_direction(as_organiser):
    page = page_of(as_organiser, counted_survey())

    agreement, grade = page.index("<h3>Zustimmung</h3>"), page.index("<h3>Gesamturteil in Schulnoten</h3>")
    assert agreement < page.index("hoch ist gut", agreement) < grade < page.index("klein ist gut", grade)


def test_survey_detail_of_an_open_survey_shows_rate_and_no_result(as_organiser):
    survey = scenes.open_survey(people=6)
    contents = {q.pk: "Geheim" if q.kind == "TEXT" else 5 for q in survey.questionnaire.questions()}
    scenes.hand_in(survey, [contents] * 6)

    page = page_of(as_organiser, survey)

    assert "6 von 6" in page
    assert "Geheim" not in page
    assert "chart-drawing" not in page


def test_survey_detail_before_counting_says_so(as_organiser):
    survey = scenes.open_survey(people=6)
    scenes.end(survey)

    assert "wird ausgezählt" in page_of(as_organiser, survey)


def test_survey_detail_of_four_answers_says_why_there_is_nothing(as_organiser):
    page = page_of(as_organiser, counted_survey(answers=4))

    assert "damit niemand erkannt wird" in page
    assert "Gute Beispiele" not in page
    assert "chart-drawing" not in page


def test_question_answered_by_four_is_withheld_among_others(as_organiser):
    survey = scenes.open_survey(people=6)
    questions = [q for q in survey.questionnaire.questions() if q.kind != "TEXT"]
    full = {question.pk: 5 for question in questions}
    without_first = {question.pk: 5 for question in questions[1:]}
    scenes.hand_in(survey, [full] * 4 + [without_first] * 2)

    page = page_of(as_organiser, made.counted(survey))

    assert page.count("Weniger als 5 Antworten, darum kein Ergebnis.") == 1
    assert page.count('class="chart-drawing"') == 16


def test_texts_stand_in_the_order_of_random_keys(as_organiser):
    survey = scenes.open_survey(people=6)
    question = scenes.question(survey, "TEXT")
    scenes.hand_in(survey, [{question.pk: text} for text in ["Zeit", "Anfang", "mehr", "Beispiele", "Ruhe"]])
    made.counted(survey)
    release_all(survey)

    shown = [str(text) for text in survey_result(survey).texts[0].texts]

    by_key = Answer.objects.filter(response__survey=survey).order_by("pk").values_list("text", flat=True)
    assert shown == list(by_key)


def test_survey_detail_of_needs_leads_to_the_tab(as_organiser, organiser):
    cohort = factories.CohortFactory()
    survey = start_needs_survey(cohort=cohort, closes_at=timezone.now() + scenes.DAY, by=organiser)

    response = as_organiser.get(reverse("evaluation:survey_detail", args=[survey.pk]))

    assert response.url == reverse("evaluation:needs", args=[survey.cohort_id])


@pytest.mark.parametrize("count", [1, 3])
def test_survey_detail_query_count(as_organiser, django_assert_num_queries, count):
    survey = counted_survey(answers=5 * count)
    release_all(survey)

    with django_assert_num_queries(15):
        page_of(as_organiser, survey)


# Every kind of question, and who was asked


# What is said to the others is not kept; needs are tried in test_judging_shown.
ALL_KINDS = [kind for kind in Kind if kind not in UNKEPT_KINDS]


@pytest.fixture
def every_kind(db):
    """Counted answers of five managers and six coordinators to one question of each kind."""
    session = scenes.held_session()
    topic, competence = made.add_topic_and_competence(session.cohort.edition)
    questionnaire = made.released(made.questionnaire_of(ALL_KINDS))
    survey = made.survey_of(questionnaire, session, [M] * 5 + [C] * 6)
    for number, invitation in enumerate(survey.invitations.select_related("registration").order_by("pk")):
        submit(invitation=invitation, answers=answers_to(questionnaire, number, topic, competence))
    return made.counted(survey)


def answers_to(questionnaire, number, topic, competence):
    """The first five are of managers; the last one abstains where that is possible."""
    answers = {}
    for question in questionnaire.questions():
        options = list(question.options.order_by("position"))
        said = {
            Kind.SINGLE: Said(options=(options[0].pk,)) if options else None,
            Kind.MULTIPLE: Said(options=tuple(option.pk for option in options[: 1 + number % 2])),
            Kind.TOPICS: Said(4, 2),
            Kind.COMPETENCES: Said(1 if number < 5 else 3),
            Kind.TEXT: Said(text=f"Text {number}"),
        }.get(question.kind, Said(2 if number < 5 else 4))
        item = {Kind.TOPICS: topic.pk, Kind.COMPETENCES: competence.pk}.get(question.kind)
        is_abstaining = number == 10 and question.kind == Kind.AGREEMENT
        answers[question.pk, item] = Said(is_abstention=True) if is_abstaining else said
    return answers


def test_result_has_every_kind_of_question(every_kind):
    result = survey_result(every_kind)

    assert [group.kind for group in result.groups] == [
        Kind.AGREEMENT, Kind.AGREEMENT_FIVE, Kind.GRADE, Kind.TEN, Kind.TARGET, Kind.MIDDLE,
    ]  # fmt: skip
    single, multiple = result.choices
    assert [(o.label, o.count) for o in single.options] == [("Ja", 11), ("Nein", 0), ("Vielleicht", 0)]
    assert [(o.label, o.count) for o in multiple.options] == [("Ja", 11), ("Nein", 5), ("Vielleicht", 0)]
    assert multiple.n == 11
    topics, levels = result.rated
    assert [(t.name, t.importance, t.skill, t.gap) for t in topics.topics] == [("Netzwerk-Arten", 4, 2, 2)]
    assert [(level.name, level.n, round(level.mean, 2)) for level in levels.levels] == [
        ("Netzwerke verstehen", 11, 2.09)
    ]
    assert [part.pending for part in result.texts] == [11]


def test_abstained_and_left_out_are_told_apart(every_kind):
    agreement = survey_result(every_kind).questions[0]

    assert (agreement.n, agreement.abstained, agreement.left_out) == (10, 1, 0)


def test_roles_stand_side_by_side_where_each_has_five(every_kind, as_organiser):
    result = survey_result(every_kind)

    assert [(who, part.mean, part.n) for who, part in result.questions[0].by_role] == [
        ("Führungskräfte", 2.0, 5),
        ("Koordinierungskräfte", 4.0, 5),
    ]
    page = page_of(as_organiser, every_kind)
    assert "Zustimmung nach Rolle" in page
    assert "zusammengefasst" not in page


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_page_shows_every_kind(every_kind, as_organiser, kind):
    release_all(every_kind)

    assert f"Frage {kind}" in page_of(as_organiser, every_kind)


def test_question_for_one_role_was_left_out_by_nobody_else(as_organiser):
    session = scenes.held_session()
    questionnaire = made.released(made.questionnaire_of([Kind.AGREEMENT, Kind.GRADE], GRADE={"audience": M}))
    agreement, grade = questionnaire.questions()
    survey = made.survey_of(questionnaire, session, [M] * 6 + [C] * 6)
    for invitation in survey.invitations.select_related("registration"):
        asked = [agreement, grade] if invitation.registration.role == M else [agreement]
        scenes.send(invitation, {question.pk: 2 for question in asked})

    result = survey_result(made.counted(survey))

    assert [(q.n, q.left_out) for q in result.questions] == [(12, 0), (6, 0)]
    assert [q.asked.whom for q in result.questions] == ["", "nur Führungskräfte"]
    assert page_of(as_organiser, survey).count("(nur Führungskräfte)") == 2


def test_question_after_a_condition_counts_those_who_were_asked(db):
    """Six of eight said 1 or 2; one of these left the text out. To the other text only three came."""
    session = scenes.held_session()
    questionnaire = made.questionnaire_of([Kind.AGREEMENT, Kind.TEXT])
    agreement, text = questionnaire.questions()
    Question.objects.filter(pk=text.pk).update(condition_question=agreement, condition_values=[1, 2])
    made.released(questionnaire)
    survey = made.survey_of(questionnaire, session, [C] * 8)
    values = [1, 1, 1, 2, 2, 2, 6, 6]
    for value, invitation in zip(values, survey.invitations.order_by("pk"), strict=True):
        texts = {text.pk: "Warum"} if value < 3 else {}
        scenes.send(invitation, {agreement.pk: value, **texts})
    made.counted(survey)
    release_all(survey)

    assert [len(part.texts) for part in survey_result(survey).texts] == [6]


def test_texts_to_a_question_that_four_were_asked_are_shown_to_nobody(as_organiser):
    session = scenes.held_session()
    questionnaire = made.questionnaire_of([Kind.AGREEMENT, Kind.TEXT])
    agreement, text = questionnaire.questions()
    Question.objects.filter(pk=text.pk).update(condition_question=agreement, condition_values=[1])
    made.released(questionnaire)
    survey = made.survey_of(questionnaire, session, [C] * 8)
    for number, invitation in enumerate(survey.invitations.order_by("pk")):
        texts = {text.pk: "Warum denn"} if number < 4 else {}
        scenes.send(invitation, {agreement.pk: 1 if number < 4 else 6, **texts})
    made.counted(survey)
    release_all(survey)

    page = page_of(as_organiser, survey)
    desk = as_organiser.get(reverse("evaluation:text_list", args=[survey.pk])).content.decode()

    assert "darum liest die Texte niemand" in page
    assert "Warum denn" not in page + desk


# Pools


@pytest.fixture
def pooled(db, trainer):
    """Two surveys of four answers each, on sessions of two trainers, counted together."""
    cohort = factories.CohortFactory()
    other = factories.staff("Trainer/in", email="zweites.training@stadt.example")
    surveys = [
        scenes.open_survey(people=4, session=scenes.held_session(cohort=cohort, trainers=[person]))
        for person in (trainer, other)
    ]
    for survey in surveys:
        contents = {q.pk: 5 for q in survey.questionnaire.questions() if q.kind != "TEXT"}
        scenes.hand_in(survey, [{pk: min(value, 4) for pk, value in contents.items()}] * 4)
        scenes.end(survey)
    count_due_surveys()
    return list(Survey.objects.filter(pk__in=[survey.pk for survey in surveys]).order_by("pk"))


def test_pooled_surveys_lead_to_one_result_that_says_what_it_stands_for(pooled, as_organiser):
    assert {survey.outcome for survey in pooled} == {Outcome.POOLED}

    for survey in pooled:
        page = page_of(as_organiser, survey)
        assert "Das Ergebnis steht für 2 Erhebungen zusammen" in page
        assert all(str(one.session) in page for one in pooled)
        assert "8 von 8 Befragten haben geantwortet" in page


def test_list_leads_from_each_pooled_survey_to_the_common_result(pooled, as_organiser):
    page = as_organiser.get(reverse("evaluation:feedback_list", args=[pooled[0].cohort_id])).content.decode()

    assert all(f'href="{reverse("evaluation:survey_detail", args=[survey.pk])}"' in page for survey in pooled)
    assert page.count("Über ihren Link haben weniger als 5 geantwortet.") == len(pooled)


def test_trainers_see_a_pool_only_when_they_led_all_of_it(pooled, client, trainer):
    client.force_login(trainer)

    page = page_of(client, pooled[0])
    report = client.get(reverse("evaluation:feedback_report", args=[pooled[0].pk]))

    assert "chart-drawing" not in page
    assert "Termine anderer Trainerinnen und Trainer" in page
    assert report.status_code == 404

    pooled[1].session.trainers.add(trainer)
    assert "chart-drawing" in page_of(client, pooled[0])
    assert SurveyPool.objects.count() == 1
