"""The questionnaire on paper: what stands on it, how many pages it takes, and that it is valid."""

import pytest
from django.urls import reverse

from curriculum.demo.programme import fill_programme
from evaluation import papers
from evaluation.models import Purpose, Question, QuestionKind
from evaluation.queries.asking import sheet_of
from evaluation.queries.printed import numbered
from evaluation.questionnaires import default_questionnaire
from netzkoord.lib import pdf
from tests import factories
from tests.evaluation import scenes, themes
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text


@pytest.fixture(scope="module")
def shared(module_db):
    trainer = factories.staff("Trainer/in")
    session = scenes.held_session(module__title="Netzwerke verstehen", trainers=[trainer])
    survey = scenes.open_survey(1, session=session)
    return trainer, survey, papers.survey_paper(survey)


def pages(paper):
    return len(pdf_reader(paper).pages)


@pytest.mark.verapdf
def test_feedback_form_fits_on_two_pages_and_is_valid(shared):
    assert pages(shared[2]) == 2
    assert_pdf_ua_and_a(shared[2])


def test_survey_paper_says_what_it_is_about_and_where_it_goes(shared):
    text = pdf_text(shared[2])

    for part in [
        "Netzwerke verstehen",
        "So, 1. November 2026",
        "Nummer des Bogens",
        "Anonym: Bitte schreiben Sie Ihren Namen nicht auf den Bogen",
        "trifft nicht zu",
        "trifft voll zu",
        "kann ich nicht beurteilen",
        "1 Die Ziele des Moduls waren mir klar.",
        "20 Was empfehlen Sie für die nächste Durchführung?",
        "Bitte geben Sie den Bogen bis So, 15. November 2026 zurück",
        "Seite 2 von 2",
    ]:
        assert part in text.replace("\u00a0", " ")


def test_every_row_of_boxes_has_a_heading(shared):
    outline = pdf_outline(shared[2])

    assert outline.count("Table") == 8
    assert outline.count("H1") == 1
    assert "TD of 2" in outline


@pytest.fixture(scope="module")
def programme(module_db):
    return fill_programme()


@pytest.mark.verapdf
@pytest.mark.parametrize("purpose", Purpose)
def test_every_shipped_questionnaire_fits_on_two_pages_and_is_valid(programme, db, purpose):
    questionnaire = default_questionnaire(purpose)

    paper = papers.questionnaire_paper(questionnaire, programme)

    text = pdf_text(paper)
    assert questionnaire.title in text
    assert ("Ihr Name und Ihre Kommune" in text) is Purpose(purpose).is_personal
    assert pages(paper) == 2
    assert_pdf_ua_and_a(paper)


TWELVE_NEEDS = (
    "Rolle und Mandat klären",
    "Koordinieren ohne Weisungsrecht",
    "Konflikte zwischen Trägern",
    "Wirkung zeigen",
    "Digital zusammenarbeiten",
    "Kommunikation zwischen den Treffen",
    "Akteure gewinnen und Motivation halten",
    "Verbindlichkeit und gemeinsame Ziele",
    "Verankerung in Rat und Fachausschuss",
    "Ressourcen sichern, auch befristet",
    "Eigene Überforderung und Nein sagen",
    "Begriffe und gemeinsames Grundverständnis",
)


@pytest.mark.verapdf
def test_end_with_twelve_needs_fits_on_two_pages_and_is_valid(programme, db):
    cohort = factories.CohortFactory(edition=programme)
    for title in TWELVE_NEEDS:
        themes.need(cohort, title)

    paper = papers.survey_paper(scenes.open_end_survey(cohort))

    text = " ".join(pdf_text(paper).split())
    assert pages(paper) == 2
    assert all(title in text for title in TWELVE_NEEDS)
    assert "0 war nicht mein Bedarf · 1 nicht gedeckt" in text
    assert_pdf_ua_and_a(paper)


def test_open_questions_get_fewer_lines_before_a_third_page(db):
    questionnaire = factories_questionnaire(12)

    assert papers.pages_of(questionnaire, None) == 2


def test_levels_stand_instead_of_the_description_of_a_competence(programme, db):
    text = pdf_text(papers.questionnaire_paper(default_questionnaire(Purpose.START), programme))

    assert "1 Kennt die Aufgabe der anderen Person im Tandem." in text
    assert "Anlässe für Verbindungen schaffen" not in text
    assert "x: kann ich nicht beurteilen." in text


def test_long_questionnaire_says_how_many_pages_it_takes(db):
    questionnaire = factories_questionnaire(30)

    paper = papers.questionnaire_paper(questionnaire, None)

    assert f"Seite 1 von {pages(paper)}" in pdf_text(paper)
    assert pages(paper) == papers.pages_of(questionnaire, None) > 2


@pytest.mark.parametrize(
    ("texts", "sentence"), [(1, "eine Seite"), (12, "2 Seiten, also ein Blatt"), (30, "mehr als ein Blatt")]
)
def test_organiser_reads_before_the_release_how_many_pages_it_takes(client, db, texts, sentence):
    draft = factories_questionnaire(texts)
    client.force_login(factories.staff("Organisation"))

    page = client.get(reverse("evaluation:questionnaire_release", args=[draft.pk])).content.decode()

    assert sentence in page.replace("&nbsp;", " ")


def test_pages_are_counted_once_for_the_same_content(db, monkeypatch):
    draft = factories_questionnaire(1)
    first = papers.pages_of(draft, None)
    monkeypatch.setattr(pdf, "presses", None)

    assert papers.pages_of(draft, None) == first == 1
    draft.intro = "Ein anderer Text"
    with pytest.raises(TypeError):
        papers.pages_of(draft, None)


def test_what_is_too_long_for_a_document_has_no_number_of_pages(client, db, monkeypatch):
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 100)
    draft = factories_questionnaire(1)
    client.force_login(factories.staff("Organisation"))

    page = client.get(reverse("evaluation:questionnaire_release", args=[draft.pk])).content.decode()

    assert "Für Papier ist der Fragebogen zu lang." in page
    assert papers.pages_of(draft, None) is None


def factories_questionnaire(texts):
    """A draft with so many open questions."""
    questionnaire = default_questionnaire(Purpose.FEEDBACK)
    draft = type(questionnaire).objects.create(purpose=Purpose.FEEDBACK, title="Lang")
    section = draft.sections.create(position=1, title="Alles")
    for position in range(1, texts + 1):
        section.questions.create(position=position, kind=QuestionKind.TEXT, text=f"Frage {position}")
    return draft


def test_hint_says_where_to_go_on(db):
    draft = factories_questionnaire(3)
    section = draft.sections.get()
    first, second, third = Question.objects.filter(section=section)
    Question.objects.filter(pk=first.pk).update(kind=QuestionKind.AGREEMENT)
    Question.objects.filter(pk=second.pk).update(condition_question=first, condition_values=[1, 2])

    (part,) = numbered(sheet_of(draft, 0)).sections

    assert [question.hint for question in part.questions] == [
        "",
        "Nur wenn Sie bei Frage 1 1 oder 2 angekreuzt haben – sonst weiter mit Frage 3.",
        "",
    ]
    Question.objects.filter(pk=third.pk).update(condition_question=first, condition_values=[1, 2])
    (part,) = numbered(sheet_of(draft, 0)).sections
    assert part.questions[1].hint.endswith("sonst sind Sie fertig.")
    assert part.questions[2].hint == ""


def test_options_are_named_in_a_hint(db):
    questionnaire = default_questionnaire(Purpose.TRANSFER)

    text = pdf_text(papers.questionnaire_paper(questionnaire, None))

    assert "„Wir haben damit begonnen“ oder „Noch nichts“ angekreuzt haben" in text
    assert "(nur Führungskräfte)" in text


def test_who_may_print(shared, client, db):
    trainer, survey, _ = shared
    stranger = factories.staff("Trainer/in")
    url = reverse("evaluation:survey_paper", args=[survey.pk])

    client.force_login(stranger)
    assert client.get(url).status_code == 404
    client.force_login(trainer)
    answer = client.get(url)

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == shared[2]


def test_personal_survey_has_no_sheet(shared, client, db):
    client.force_login(factories.staff("Organisation"))

    answer = client.get(reverse("evaluation:survey_paper", args=[scenes.needs_survey().pk]))

    assert answer.status_code == 404
