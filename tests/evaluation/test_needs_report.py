"""The Bedarfsbericht: what stands in it, who may have it, and that it is valid and always the same."""

import itertools
import re

import pytest
from django.urls import reverse

from evaluation import reports
from evaluation.queries.needs_report import needs_report_of
from tests import factories
from tests.evaluation import scenes, themes
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_text

SCRIPT = '"><script>alert(1)</script>'
CYRILLIC = "Смысл 漢字"


@pytest.fixture
def session(trainer):
    """A session of the trainer with needs, a closed survey with a topic of its module, and a wall."""
    survey = themes.closed_survey(topics=[("Konflikte", 4, 1), ("Fremdes Thema", 3, 1)])
    session = scenes.held_session(cohort=survey.cohort, trainers=[trainer])
    unit = factories.UnitFactory(module=session.module, title="Macht und Streit")
    unit.topics.add(survey.cohort.edition.topics.get(name="Konflikte"))
    themes.wall_of(survey.cohort, ("Rolle", ["Mandat", "Auftrag"]), session=session)
    themes.wall_of(survey.cohort, ("Anderswo", ["Fremde Karte"]))
    light, heavy = themes.need(survey.cohort, "Haltung"), themes.need(survey.cohort, "Rolle klären", weight=9)
    heavy.coverages.create(module=session.module, degree="FULL", unit=unit)
    light.coverages.create(module=factories.ModuleFactory(edition=survey.cohort.edition), degree="FULL")
    return session


def read(session, user):
    dated = type(session).objects.with_dates().select_related("cohort", "module", "venue").get(pk=session.pk)
    return needs_report_of(dated, user)


def paper(client, session):
    return client.get(reverse("evaluation:needs_report", args=[session.pk]))


def test_the_trainer_gets_needs_level_and_cards_of_the_own_session(client, trainer, session):
    client.force_login(trainer)

    response = paper(client, session)

    text = pdf_text(response.content)
    assert response["Content-Type"] == "application/pdf"
    assert "bedarfsbericht" in response["Content-Disposition"]
    assert "Am häufigsten genannt ist „Rolle klären“." in text
    assert "Dieser Termin soll einen von 2 Bedarfen" in text
    assert text.index("Rolle klären 9") < text.index("Haltung 1")
    assert "gedeckt: Macht und Streit" in text
    assert "nicht vorgesehen" in text
    assert "Konflikte 4,0 1,0 +3,0 6" in text
    assert "„Mehr zu Haltung“" in text
    assert "Mandat" in text
    assert "Fremdes Thema" not in text
    assert "Fremde Karte" not in text


def test_a_reader_gets_it_without_words(client, reader, session):
    client.force_login(reader)

    text = pdf_text(paper(client, session).content)

    assert "Rolle klären" in text
    assert "Mehr zu Haltung" not in text


def test_a_trainer_does_not_get_the_report_of_another_session(client, trainer, session):
    other = factories.SessionFactory(cohort=session.cohort)
    client.force_login(trainer)

    assert paper(client, other).status_code == 404


def test_needs_of_those_who_do_not_attend_are_left_out(organiser, session):
    themes.need(session.cohort, "Nur für Führungskräfte", audience="MANAGER", weight=99)
    type(session).objects.filter(pk=session.pk).update(audience="COORDINATOR")

    assert "Nur für Führungskräfte" not in [str(row.need) for row in read(session, organiser).needs]


def test_a_unit_that_stands_in_no_course_serves_nothing(organiser, session):
    session.days.get().agenda.create(position=1, kind="OTHER", title="Begrüßung", minutes=15)

    assert read(session, organiser).served == []


def test_an_open_survey_and_too_few_answers_show_no_level(organiser):
    running = scenes.needs_survey(6)
    few = themes.closed_survey(topics=[("Konflikte", 4, 1)], people=4)
    texts = []
    for survey in (running, few):
        session = factories.SessionFactory(cohort=survey.cohort)
        unit = factories.UnitFactory(module=session.module)
        unit.topics.set(survey.cohort.edition.topics.all())
        texts.append(pdf_text(reports.needs_report(read(session, organiser))))

    assert "Die Bedarfserhebung läuft noch bis" in texts[0]
    assert "Zum Schutz der Einzelnen" in texts[1]
    assert "Konflikte" not in texts[1]


def test_a_session_of_which_nothing_is_known_says_so(organiser):
    text = pdf_text(reports.needs_report(read(factories.SessionFactory(), organiser)))

    assert "Im Themenspeicher steht noch kein Bedarf" in text
    assert "keine Bedarfserhebung" in text


@pytest.mark.one_database
def test_needs_report_is_valid_pdf_ua_whatever_was_typed(organiser, session):
    need = themes.need(session.cohort, SCRIPT, weight=3, understanding=f"{CYRILLIC}\n\n{SCRIPT}")
    need.sources.create(text=CYRILLIC)
    themes.wall_of(session.cohort, (CYRILLIC, [SCRIPT, "😀" * 40]), session=session)

    pdf = reports.needs_report(read(session, organiser))

    assert_pdf_ua_and_a(pdf)
    levels = [int(tag[1]) for tag in pdf_outline(pdf) if re.fullmatch(r"H[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert pdf == reports.needs_report(read(session, organiser))


@pytest.mark.parametrize("count", [1, 3])
def test_needs_report_query_count(organiser, session, django_assert_num_queries, count):
    for number in range(count):
        themes.need(session.cohort, f"Bedarf {number}").sources.create(text="Noch ein Wort")
        themes.wall_of(session.cohort, (f"Spalte {number}", ["Karte"]), session=session)

    with django_assert_num_queries(27):
        report = read(session, organiser)

    assert (len(report.needs), len(report.walls)) == (count + 2, count + 1)
