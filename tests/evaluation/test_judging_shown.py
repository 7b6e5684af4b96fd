"""What is shown of the judgements of needs, in previews and results, and where they can be asked."""

import pytest
from django.urls import reverse

from evaluation.exports import rows_of
from evaluation.judgements import KeptCounts, NeedResult, need_sentences
from evaluation.models import JudgedNeed, Purpose, QuestionKind
from evaluation.queries.questionnaires import outline_of
from evaluation.queries.results import survey_result
from evaluation.questionnaires import default_questionnaire
from evaluation.readiness import problems_of
from evaluation.reports import feedback_report
from netzkoord import roles
from tests import factories
from tests.evaluation import forms, judging
from tests.pdf import assert_pdf_ua_and_a, pdf_text

K = 5

# What is shown


def test_result_page_report_and_table_show_each_need_or_say_why_not(db, client):
    survey = judging.judged_survey(*[[3, 0, None]] * 3, *[[2, 0, None]] * 2, [1, 3, None])
    client.force_login(factories.staff(roles.ORGANISATION))

    page = client.get(survey.get_absolute_url()).content.decode()
    rows = list(rows_of(survey_result(survey)))

    assert "Rolle und Mandat: 3 mal ganz, 2 mal teilweise, 1 mal nicht gedeckt" in page
    assert "weniger als 5 hatten diesen Bedarf" in page
    assert "weniger als 5 haben geurteilt" in page
    assert "Der einzige beurteilte Bedarf ist nicht ganz gedeckt; 2 konnten nicht beurteilt werden" in page
    assert ("Bedarfe", "alle", "Rolle und Mandat", "alle", "ganz gedeckt", 3, "") in rows
    assert (
        "Bedarfe",
        "alle",
        "Wirkung zeigen",
        "alle",
        "ohne Ergebnis",
        None,
        "weniger als 5 haben geurteilt",
    ) in rows


@pytest.mark.verapdf
def test_report_shows_the_needs_and_is_valid(db):
    survey = judging.judged_survey(*[[3, 0, None]] * 6)

    paper = feedback_report(survey_result(survey), [])

    text = " ".join(pdf_text(paper).split())
    assert "Rolle und Mandat" in text
    assert "weniger als 5 hatten diesen Bedarf" in text
    assert "weniger als 5 haben geurteilt" in text
    assert text.count("hatten ihn nicht") == 1
    assert_pdf_ua_and_a(paper)


def test_raised_minimum_hides_what_was_kept_under_a_smaller_one(db, settings):
    survey = judging.judged_survey(*[[3, 0, 1]] * 6)
    settings.MINIMUM_ANSWERS = 6
    before = [need.judgement.value for need in survey_result(survey).needs]
    JudgedNeed.objects.filter(fully=6).update(people=6, fully=5)

    after = [need.why_withheld for need in survey_result(survey).needs]

    assert before == ["COVERED", "UNKNOWN", "UNCOVERED"]
    assert after[0] == "weniger als 6 hatten diesen Bedarf"


@pytest.mark.parametrize("number", [1, 3])
def test_result_costs_the_same_for_few_and_many_needs(db, django_assert_num_queries, number):
    survey = judging.judged_survey(*[[3] * number] * 5, titles=judging.TITLES[:number])

    with django_assert_num_queries(9):
        result = survey_result(survey)

    assert len(result.needs) == number


def need(title, *counts):
    return NeedResult(title, KeptCounts(*counts), K)


@pytest.mark.parametrize(
    ("needs", "sentences"),
    [
        ([], []),
        ([need("A", 6, 5, 0, 0)], ["Der einzige beurteilte Bedarf ist gedeckt."]),
        (
            [need("A", 6, 5, 0, 0), need("B", 9, 1, 1, 6), need("C", 6)],
            [
                "1 von 2 beurteilten Bedarfen ist gedeckt; 1 konnte nicht beurteilt werden, weil weniger als 5 "
                "Personen geurteilt haben, deren Bedarf es war.",
                "Nicht gedeckt wurde „B“.",
            ],
        ),
    ],
)
def test_sentences_follow_by_rule(needs, sentences):
    assert need_sentences(needs) == sentences


# Previews


def test_preview_shows_the_needs_of_a_chosen_cohort_and_says_honestly_where_none_is(db, client):
    survey = judging.planned_survey(judging.cohort_with_needs(1))
    client.force_login(factories.staff(roles.ORGANISATION))
    address = reverse("evaluation:questionnaire_preview", args=[survey.questionnaire.pk])

    without = client.get(address).content.decode()
    chosen = client.get(address, {"durchgang": survey.cohort.pk}).content.decode()

    assert "Hier stehen die Bedarfe des Durchgangs" in without
    assert "Rolle und Mandat" not in without
    assert "Hier stehen die Bedarfe des Durchgangs" not in chosen
    assert all(f"<legend>{title}" in chosen for title in judging.TITLES)
    assert f"?durchgang={survey.cohort.pk}" in chosen


def test_preview_of_another_questionnaire_offers_no_cohort(db, client):
    questionnaire = default_questionnaire(Purpose.FEEDBACK)
    client.force_login(factories.staff(roles.ORGANISATION))

    page = client.get(reverse("evaluation:questionnaire_preview", args=[questionnaire.pk])).content.decode()

    assert "durchgang" not in page


# In the editor


@pytest.mark.parametrize(("purpose", "is_offered"), [(Purpose.END, True), (Purpose.FEEDBACK, False)])
def test_only_the_questionnaire_for_the_end_offers_to_ask_about_needs(db, client, purpose, is_offered):
    draft = forms.draft(purpose=purpose)
    client.force_login(factories.staff(roles.ORGANISATION))
    address = reverse("evaluation:question_add", args=[draft.sections.first().pk])

    page = client.get(address).content.decode()
    client.post(address, {"kind": QuestionKind.COVERAGE, "text": "War das gedeckt?", "can_abstain": "on"})

    assert ('value="COVERAGE"' in page) is is_offered
    assert [q.can_abstain for q in draft.questions()] == ([True] if is_offered else [])


def test_question_about_needs_in_another_questionnaire_keeps_it_from_release(db):
    draft = forms.draft(purpose=Purpose.FEEDBACK, sections=["Eins"])
    forms.ask(draft, "War das gedeckt?", kind=QuestionKind.COVERAGE)

    assert [problem.text for problem in problems_of(outline_of(draft))] == [
        "Frage 1 „War das gedeckt?“: Ob Bedarfe gedeckt wurden, fragt nur die Abschlusserhebung. "
        "Bitte löschen Sie die Frage hier."
    ]


@pytest.mark.parametrize("chosen", ["", "abc", "0", "-1", "9" * 30])
def test_previews_of_no_cohort_say_that_the_needs_come_later(db, client, chosen):
    questionnaire = judging.asking()
    client.force_login(factories.staff(roles.READER))

    page = client.get(reverse("evaluation:questionnaire_preview", args=[questionnaire.pk]), {"durchgang": chosen})
    paper = client.get(reverse("evaluation:questionnaire_paper", args=[questionnaire.pk]), {"durchgang": chosen})

    assert "Hier stehen die Bedarfe des Durchgangs" in page.content.decode()
    assert "Hier stehen die Bedarfe des Durchgangs" in " ".join(pdf_text(paper.content).split())


def test_preview_on_paper_shows_the_needs_of_a_chosen_cohort(db, client):
    survey = judging.planned_survey(judging.cohort_with_needs(1))
    client.force_login(factories.staff(roles.ORGANISATION))
    address = reverse("evaluation:questionnaire_paper", args=[survey.questionnaire.pk])

    text = " ".join(pdf_text(client.get(address, {"durchgang": survey.cohort.pk}).content).split())

    assert all(title in text for title in judging.TITLES)
