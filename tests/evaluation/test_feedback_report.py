"""The Feedbackbericht: what stands in it, who may have it, and that it is valid and always the same."""

import copy
import datetime
import itertools
import re
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from evaluation import reports
from evaluation.actions.comments import write_comment
from evaluation.models import Answer
from evaluation.queries.comparisons import comparisons_of
from evaluation.queries.results import survey_result
from netzkoord import roles
from tests.evaluation import scenes
from tests.evaluation.counted import counted_survey, release_all
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text

SCRIPT = '"><script>alert(1)</script>'


def paper_of(survey, user):
    return reports.feedback_report(survey_result(survey), comparisons_of(survey, user))


@pytest.fixture(scope="module")
def shared(module_db):
    """One counted survey with released texts and a comment, made once."""
    organiser = scenes.factories.staff(roles.ORGANISATION, email="organisation@stadt.example")
    trainer = scenes.factories.staff(roles.TRAINER, email="training@stadt.example")
    counted = counted_survey(session=scenes.held_session(trainers=[trainer]), organiser=organiser)
    release_all(counted)
    write_comment(survey=counted, text="Mehr Zeit für Fälle.", by=trainer)
    return SimpleNamespace(
        organiser=organiser, trainer=trainer, counted=counted, paper=paper_of(counted, organiser)
    )


@pytest.fixture
def organiser(shared, db):
    return copy.deepcopy(shared.organiser)


@pytest.fixture
def trainer(shared, db):
    return copy.deepcopy(shared.trainer)


@pytest.fixture
def counted(shared, db):
    return copy.deepcopy(shared.counted)


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["organiser", "reader", "trainer"])
def test_feedback_report_is_a_pdf_for_those_who_may(client, request, counted, role):
    client.force_login(request.getfixturevalue(role))

    response = client.get(reverse("evaluation:feedback_report", args=[counted.pk]))

    assert response["Content-Type"] == "application/pdf"
    assert "feedbackbericht" in response["Content-Disposition"]
    text = pdf_text(response.content)
    assert "6 von 8 (75\u00a0%)" in text
    assert "Gute Beispiele" in text
    assert "Die Ziele des Moduls waren mir klar." in text
    assert "hoch ist gut" in text
    assert "klein ist gut" in text
    assert "Mehr Zeit für Fälle." in text
    assert "kritisch" in text
    assert "eher zu schnell" in text
    assert "aus einer der beiden Rollen weniger als 5 geantwortet haben" in text


def test_feedback_report_is_unknown_to_strangers_and_other_trainers(client, stranger, counted):
    other = scenes.factories.staff("Trainer/in", email="anderes.training@stadt.example")
    for user in (stranger, other, counted.invitations.first().registration.person):
        client.force_login(user)
        assert client.get(reverse("evaluation:feedback_report", args=[counted.pk])).status_code == 404


@pytest.mark.parametrize("name", ["feedback_report", "result_csv", "result_workbook"])
def test_papers_of_an_open_survey_are_a_page_that_says_why(client, organiser, name):
    survey = scenes.open_survey(people=6)
    client.force_login(organiser)

    response = client.get(reverse(f"evaluation:{name}", args=[survey.pk]))

    assert response.status_code == 404
    assert "Ergebnisse gibt es erst, wenn die Erhebung geschlossen ist" in response.content.decode()


@pytest.mark.parametrize("name", ["feedback_report", "result_csv", "result_workbook"])
def test_papers_of_four_answers_are_a_page_that_says_why(client, organiser, name):
    survey = counted_survey(answers=4)
    client.force_login(organiser)

    response = client.get(reverse(f"evaluation:{name}", args=[survey.pk]))

    assert response.status_code == 404
    assert "kein Ergebnis" in response.content.decode()
    assert "Gute Beispiele" not in response.content.decode()


def heading_levels(pdf):
    return [int(tag[1]) for tag in pdf_outline(pdf) if re.fullmatch(r"H[1-6]", tag)]


@pytest.mark.one_database
def test_feedback_report_has_headings_bookmarks_and_table_headers(counted, shared):
    outline, levels = pdf_outline(shared.paper), heading_levels(shared.paper)
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert levels.count(1) == 1
    assert "TH" in outline
    assert all(tag.startswith("TD of") for tag in outline if tag.startswith("TD"))
    figures = [tag for tag in outline if tag.startswith("Figure")]
    assert len(figures) == len([q for q in counted.questionnaire.questions() if q.kind != "TEXT"])
    assert "Verteilung der Antworten: 6 mal 5" in figures[0]
    assert len(pdf_reader(shared.paper).outline) >= 1


@pytest.mark.verapdf
@pytest.mark.parametrize(
    "text", ["Gute Beispiele", SCRIPT, "Prima 😀 李雷 \u202e Łucja Größenwahn-Şahin", "ä" * 900]
)
def test_feedback_report_is_pdf_ua_whatever_was_written(organiser, text):
    survey = counted_survey(text=text)
    release_all(survey)
    write_comment(survey=survey, text=text, by=organiser)

    assert_pdf_ua_and_a(paper_of(survey, organiser))


@pytest.mark.one_database
def test_feedback_report_prints_texts_literally_and_names_letters_without_a_font(organiser):
    survey = counted_survey(text=f"{SCRIPT} 李 {{{{ 7*7 }}}}")
    release_all(survey)

    text = pdf_text(paper_of(survey, organiser))

    assert SCRIPT in text
    assert "[U+674E]" in text
    assert "{{ 7*7 }}" in text
    assert "\ufffd" not in text


@pytest.mark.one_database
def test_feedback_report_says_how_many_texts_wait_and_shows_none_of_them(organiser, counted):
    Answer.objects.filter(response__survey=counted).update(text_state="PENDING")

    text = pdf_text(paper_of(counted, organiser))

    assert "6 Texte noch nicht freigegeben." in text
    assert "Gute Beispiele" not in text


@pytest.mark.one_database
def test_feedback_report_holds_nothing_of_a_blackened_word(organiser, counted):
    answers = Answer.objects.filter(response__survey=counted).exclude(text="")
    answers.update(text="Frau Zimmermann hilft", redactions=[[5, 15]])

    paper = paper_of(counted, organiser)

    assert "Frau [geschwärzt] hilft" in pdf_text(paper)
    assert "Zimmermann" not in pdf_text(paper)


def test_the_same_data_give_the_same_bytes_whenever_it_is_made(organiser, counted, shared):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=400)):
        assert paper_of(counted, organiser) == shared.paper
