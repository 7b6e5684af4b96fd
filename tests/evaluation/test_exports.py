"""The result as a table: what the page shows, and nothing that a spreadsheet program would calculate."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from curriculum.models import Audience
from evaluation.models import Answer
from evaluation.models import QuestionKind as Kind
from evaluation.queries.results import survey_result
from evaluation.reports import feedback_report
from tests.evaluation import counted as made
from tests.evaluation import scenes
from tests.pdf import pdf_text

FORMULA = '=HYPERLINK("http://boese.example";"Klick")'


@pytest.fixture
def survey(trainer):
    survey = made.counted_survey(session=scenes.held_session(trainers=[trainer]), text=FORMULA)
    made.release_all(survey)
    return survey


def csv_rows(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def sheet_of(response):
    return load_workbook(io.BytesIO(response.content)).active


def test_csv_opens_in_a_german_excel(client, trainer, survey):
    client.force_login(trainer)

    response = client.get(reverse("evaluation:result_csv", args=[survey.pk]))

    assert response.content.startswith("\ufeff".encode())
    assert "attachment" in response["Content-Disposition"]
    header, *rows = csv_rows(response)
    assert header == ["Frage", "Gefragt", "Skala oder Gegenstand", "Wer", "Was", "Zahl", "Text"]
    assert rows[0] == ["", "", "", "alle", "befragt", "8", ""]
    means = {row[0]: row[5] for row in rows if row[4] == "Mittel"}
    assert means["Die Ziele des Moduls waren mir klar."] == "5,00"
    assert f"'{FORMULA}" in {row[6] for row in rows}


def test_workbook_has_numbers_and_no_formula(client, trainer, survey):
    client.force_login(trainer)

    sheet = sheet_of(client.get(reverse("evaluation:result_workbook", args=[survey.pk])))

    rows = list(sheet.iter_rows())
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "inlineStr"}
    mean = next(row[5].value for row in rows if row[4].value == "Mittel")
    assert mean == 5
    assert FORMULA in [row[6].value for row in rows]


def test_tables_leave_out_what_is_not_released_or_blackened(client, trainer, survey):
    answers = list(Answer.objects.filter(response__survey=survey).exclude(text="").order_by("pk"))
    Answer.objects.filter(pk__in=[a.pk for a in answers]).update(text="Frau Zimmermann", text_state="PENDING")
    Answer.objects.filter(pk=answers[0].pk).update(text_state="RELEASED", redactions=[[5, 15]])
    client.force_login(trainer)

    rows = csv_rows(client.get(reverse("evaluation:result_csv", args=[survey.pk])))

    assert [row[6] for row in rows if row[4] == "Text"] == ["Frau [geschwärzt]"]


def test_question_answered_by_four_has_no_number_in_the_table(client, organiser):
    survey = scenes.open_survey(people=6)
    questions = [q for q in survey.questionnaire.questions() if q.kind != "TEXT"]
    rest = {question.pk: 5 for question in questions[1:]}
    scenes.hand_in(survey, [{questions[0].pk: 5, **rest}] * 4 + [rest] * 2)
    made.counted(survey)
    client.force_login(organiser)

    rows = csv_rows(client.get(reverse("evaluation:result_csv", args=[survey.pk])))

    assert [row[4:] for row in rows if row[0] == questions[0].text] == [["zu wenige Antworten", "", ""]]


@pytest.mark.parametrize("name", ["result_csv", "result_workbook"])
def test_tables_are_unknown_to_strangers_and_other_trainers(client, stranger, survey, name):
    for user in (stranger, scenes.factories.staff("Trainer/in", email="anderes.training@stadt.example")):
        client.force_login(user)
        assert client.get(reverse(f"evaluation:{name}", args=[survey.pk])).status_code == 404


def test_tables_page_and_report_say_whom_a_question_was_asked(client, organiser):
    questionnaire = made.questionnaire_of(
        [Kind.AGREEMENT, Kind.TEXT, Kind.TOPICS],
        **{kind: {"audience": Audience.MANAGER} for kind in (Kind.TEXT, Kind.TOPICS)},
    )
    session = scenes.held_session()
    made.add_topic_and_competence(session.cohort.edition)
    survey = made.survey_of(made.released(questionnaire), session, [Audience.MANAGER] * 6)
    agreement, text, _ = questionnaire.questions()
    scenes.hand_in(survey, [{agreement.pk: 5, text.pk: "Mehr Zeit"}] * 6)
    made.counted(survey)
    made.release_all(survey)
    client.force_login(organiser)

    rows = csv_rows(client.get(reverse("evaluation:result_csv", args=[survey.pk])))
    page = client.get(survey.get_absolute_url()).content.decode()
    report = pdf_text(feedback_report(survey_result(survey), []))

    whom = {row[0]: row[1] for row in rows}
    managers = "nur Führungskräfte"
    assert whom == {
        "Frage": "Gefragt",
        "": "",
        agreement.text: "alle",
        text.text: managers,
        "Frage TOPICS": managers,
    }
    assert page.count(f'<span class="muted">({managers})</span></h3>') == 2
    assert " ".join(report.split()).count(f"({managers})") == 2
