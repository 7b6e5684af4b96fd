import copy
import itertools
import re
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience, Topic
from evaluation import reports
from evaluation.actions.counting import end_personal_surveys
from evaluation.actions.surveys import start_needs_survey
from evaluation.models import Question, Survey, Workshop
from evaluation.queries.report import cohort_report, strength_sentence
from evaluation.results import Asked, question_result
from evaluation.said import Said
from netzkoord import roles
from netzkoord.lib import pdf
from tests.evaluation import scenes
from tests.evaluation.counted import counted_survey
from tests.factories import CohortFactory, ModuleFactory, SessionFactory, UnitFactory
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text

SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def shared(module_db):
    """One counted survey and the finished cohort around it with its papers: made once, as nobody changes them."""
    organiser = scenes.factories.staff(roles.ORGANISATION, email="organisation@stadt.example")
    trainer = scenes.factories.staff(roles.TRAINER, email="training@stadt.example")
    counted = counted_survey(session=scenes.held_session(trainers=[trainer]), organiser=organiser)
    return SimpleNamespace(
        organiser=organiser,
        trainer=trainer,
        counted=counted,
        finished=finish(counted.cohort, organiser),
        evaluation_paper=reports.evaluation_report(counted.cohort),
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


@pytest.fixture
def finished(shared, db):
    return copy.deepcopy(shared.finished)


@pytest.fixture
def evaluation_paper(shared):
    return shared.evaluation_paper


def heading_levels(pdf):
    return [int(tag[1]) for tag in pdf_outline(pdf) if re.fullmatch(r"H[1-6]", tag)]


def assert_no_level_is_skipped(pdf):
    levels = heading_levels(pdf)
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


# Evaluationsbericht


def finish(cohort, organiser):
    """A cohort with a counted session gets a withheld one, needs and a topic without a unit."""
    counted_survey(
        answers=4,
        text="Vier Stimmen",
        value=1,
        session=scenes.held_session(cohort=cohort, module=ModuleFactory(edition=cohort.edition, code="K9")),
    )
    add_needs(cohort, organiser)
    workshop = Workshop.objects.create(
        title="Auftakt", held_on="2017-06-14", place="Düsseldorf", edition=cohort.edition
    )
    workshop.recommendations.create(text=f"Tandems aufnehmen {SCRIPT}", state="DONE", reason="Ist Regel geworden.")
    return cohort


def add_needs(cohort, organiser):
    topics = [Topic.objects.create(edition=cohort.edition, position=n, name=f"Thema {n}") for n in (1, 2)]
    UnitFactory(module=cohort.sessions.first().module).topics.add(topics[1])
    survey = start_needs_survey(cohort=cohort, closes_at=timezone.now() + scenes.DAY, by=organiser)
    rating = Question.objects.get(section__questionnaire=survey.questionnaire, kind="TOPICS")
    for invitation in survey.invitations.all()[:5]:
        scenes.save(invitation, {(rating.pk, t.pk): Said(4, 2) for t in topics})
        scenes.send_draft(invitation)
    Survey.objects.filter(pk=survey.pk).update(opens_at=timezone.now() - 2 * scenes.DAY)
    scenes.end(survey)
    end_personal_surveys()


def test_evaluation_report_has_the_chapters_and_the_facts(evaluation_paper):
    text = pdf_text(evaluation_paper)
    chapters = ["Zweck", "Beteiligte", "Methode", "Rücklauf", "Ergebnisse", "Bewertung", "Empfehlungen", "Grenzen"]
    places = [text.index(f"{number} {chapter}") for number, chapter in enumerate(chapters, start=1)]
    assert places == sorted(places)
    assert "nach festen Regeln aus den Zahlen" in text
    assert f"Tandems aufnehmen {SCRIPT}" in text
    assert "Für „Thema 1“ ist der Bedarf hoch" in text
    assert "Für „Thema 2“" not in text
    assert "+2,0" in text


def test_evaluation_report_names_withheld_sessions_and_nothing_that_was_said_there(evaluation_paper):
    text = pdf_text(evaluation_paper)

    assert "K9 (zu wenige Antworten)" in text
    assert "Vier Stimmen" not in text
    assert "4 von 6" not in text
    assert "gesamt" not in text.lower().replace("gesamturteil", "").replace("insgesamt", "")


def test_evaluation_report_names_no_person_and_no_municipality(finished, evaluation_paper):
    text = pdf_text(evaluation_paper)

    for registration in finished.registrations.select_related("tandem__municipality"):
        assert registration.family_name not in text
        assert registration.tandem.municipality.name not in text


@pytest.mark.one_database
def test_evaluation_report_has_headings_bookmarks_and_table_headers(evaluation_paper):
    assert_no_level_is_skipped(evaluation_paper)
    assert all(tag.startswith("TD of") for tag in pdf_outline(evaluation_paper) if tag.startswith("TD"))
    assert len(pdf_reader(evaluation_paper).outline) >= 1


@pytest.mark.verapdf
def test_evaluation_report_is_pdf_ua(evaluation_paper):
    assert_pdf_ua_and_a(evaluation_paper)


@pytest.mark.verapdf
def test_evaluation_report_of_an_empty_cohort_is_pdf_ua_and_says_what_is_missing(db):
    paper = reports.evaluation_report(CohortFactory())

    assert_pdf_ua_and_a(paper)
    assert "noch keine Termine" in pdf_text(paper)


def test_report_of_the_withheld_session_cannot_be_subtracted(finished):
    """What the report knows is the same whatever four people said in the withheld session."""
    report = cohort_report(finished)

    assert [part.row.module.code for part in report.withheld] == ["K9"]
    assert all(part.result is None for part in report.withheld)
    assert sum(part.result.rate.answered for part in report.counted) == 6


def test_report_of_a_cohort_that_has_not_begun_recommends_nothing_about_feedback(db):
    cohort = CohortFactory()
    SessionFactory(cohort=cohort, days=[timezone.localdate() + 30 * scenes.DAY])

    report = cohort_report(cohort)

    assert (len(report.without_result), report.withheld, report.recommendations) == (1, [], [])


def test_report_recommends_to_announce_the_feedback_when_too_few_have_answered(finished):
    assert any("damit 5 oder mehr antworten" in sentence for sentence in cohort_report(finished).recommendations)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "1 Aussage findet starke Zustimmung: „Satz“ (5,5 von 6)."),
        (2, "2 Aussagen finden starke Zustimmung, am meisten „Satz“ (5,5 von 6)."),
    ],
)
def test_strengths_are_counted_in_singular_and_plural(number, sentence):
    strong = question_result(Asked("Satz.", "AGREEMENT"), {5: 3, 6: 3}, minimum=5, responses=6)

    assert strength_sentence([strong] * number) == sentence


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["feedback_report", "evaluation_report"])
def test_report_that_is_too_long_for_a_pdf_is_a_page_that_says_so(client, organiser, counted, monkeypatch, name):
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 1000)
    client.force_login(organiser)
    pk, back = {
        "feedback_report": (counted.pk, counted.get_absolute_url()),
        "evaluation_report": (counted.cohort_id, reverse("evaluation:cohort_report", args=[counted.cohort_id])),
    }[name]

    response = client.get(reverse(f"evaluation:{name}", args=[pk]))

    assert response.status_code == 422
    assert "Das Dokument ist zu lang für ein PDF. Bitte kürzen Sie die Texte" in response.content.decode()
    assert f'href="{back}"' in response.content.decode()


@pytest.mark.one_database
def test_evaluation_report_speaks_of_one_person_in_the_singular(db):
    cohort = CohortFactory()
    scenes.attend(scenes.held_session(cohort=cohort), role=Audience.MANAGER)

    text = " ".join(pdf_text(reports.evaluation_report(cohort)).split())

    assert "1 Person nahm teil: 1 Führungskraft und 0 Koordinierungskräfte in 1 Tandem aus 1 Kommune." in text
    assert "1 von 1 Person erfüllt die Anwesenheitsregel: mindestens" in text
    assert "0 Bescheinigungen sind ausgestellt." in text


@pytest.mark.parametrize("role", ["organiser", "reader"])
def test_cohort_report_shows_page_and_paper_to_those_who_may(client, request, finished, role):
    client.force_login(request.getfixturevalue(role))

    page = client.get(reverse("evaluation:cohort_report", args=[finished.pk])).content.decode()
    paper = client.get(reverse("evaluation:evaluation_report", args=[finished.pk]))

    assert "6 von 8 Befragten haben geantwortet" in page
    assert "zu wenige Antworten" in page
    assert "Vier Stimmen" not in page
    assert paper["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("role", ["trainer", "stranger"])
@pytest.mark.parametrize("name", ["cohort_report", "evaluation_report"])
def test_cohort_report_forbidden_without_permission(client, request, finished, role, name):
    client.force_login(request.getfixturevalue(role))

    assert client.get(reverse(f"evaluation:{name}", args=[finished.pk])).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_cohort_report_query_count(client, organiser, db, django_assert_num_queries, count):
    cohort = CohortFactory()
    for _ in range(count):
        scenes.attend(scenes.held_session(cohort=cohort))
    client.force_login(organiser)

    with django_assert_num_queries(44):
        client.get(reverse("evaluation:cohort_report", args=[cohort.pk]))
