"""Evaluationsbericht: contents, levels, the course as a whole; the chapters are tested in `test_reports`."""

import re
from types import SimpleNamespace

import pytest

from evaluation import reports
from evaluation.models import Purpose
from evaluation.queries.report import attendance_figures, cohort_report
from evaluation.queries.report_levels import levels_of
from participants.queries.certificates import certificate_rows
from tests import factories
from tests.evaluation import coded
from tests.participants.finished import (
    attending,
    finished_cohort,
    make_up,
    there_on_the_first_day,
    with_time_limit,
)
from tests.pdf import assert_pdf_ua_and_a, pdf_reader, pdf_text

LONG = "Netzwerkkoordination in der Kommune und in den Ortsteilen, mit Kreis und Trägern " * 2


@pytest.fixture(scope="module")
def shared(module_db):
    """A cohort with a long title that was asked three times, and its paper: made once, as nobody changes them."""
    cohort = coded.asked_twice(before=22, after=17, competences=3)
    coded.answered(cohort, Purpose.TRANSFER, dict.fromkeys(range(12), 2))
    type(cohort).objects.filter(pk=cohort.pk).update(title=LONG.strip()[:150])
    cohort.refresh_from_db()
    return SimpleNamespace(cohort=cohort, paper=reports.evaluation_report(cohort))


@pytest.fixture
def cohort(shared, db):
    return shared.cohort


@pytest.fixture
def paper(shared):
    return shared.paper


@pytest.mark.one_database
def test_contents_name_every_chapter_with_its_page(paper):
    reader = pdf_reader(paper)
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    entries = re.findall(r"(\d(?:\.\d)? [A-ZÄÖÜ][^.]*?) (?:\. ?)+(\d+)", pages[0].partition("Inhalt ")[2])

    assert len(entries) == 16
    assert all(title.strip() in pages[int(number) - 1] for title, number in entries)


@pytest.mark.one_database
def test_bookmarks_lead_to_the_chapters(paper):
    def titles(outline):
        for entry in outline:
            if isinstance(entry, list):
                yield from titles(entry)
            else:
                yield entry.title

    found = list(titles(pdf_reader(paper).outline))

    assert [title for title in found if re.match(r"\d ", title)] == [
        "1 Zweck",
        "2 Beteiligte",
        "3 Methode",
        "4 Rücklauf",
        "5 Ergebnisse",
        "6 Bewertung",
        "7 Empfehlungen",
        "8 Grenzen",
    ]


@pytest.mark.one_database
def test_the_same_data_are_the_same_bytes(cohort, paper):
    assert reports.evaluation_report(cohort) == paper


@pytest.mark.verapdf
def test_report_of_a_whole_course_is_pdf_ua(paper):
    assert_pdf_ua_and_a(paper)


def test_report_tells_before_and_after_with_charts_and_numbers(paper):
    text = " ".join(pdf_text(paper).split())

    assert "In 3 von 3 Kompetenzen schätzen sich die Teilnehmenden höher ein." in text
    assert "Führungskräfte haben in 3 von 3 Kompetenzen ihre Zielstufe erreicht." in text
    assert "17 Paare aus 22 Antworten zu Beginn und 17 am Ende." in text
    assert "Transfererhebung ausgezählt 12 22 55" in text


def test_report_shows_two_groups_side_by_side_where_nobody_could_be_joined(db):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(10), 1), code="")
    coded.answered(cohort, Purpose.END, dict.fromkeys(range(8), 3), code="")

    text = " ".join(pdf_text(reports.evaluation_report(cohort)).split())

    assert "Darum stehen hier zwei Gruppen nebeneinander" in text
    assert "Mittel aller Antworten, zu Beginn und am Ende" in text
    assert "Kompetenz 1 1,0 10 3,0 8" in text


def test_levels_say_what_is_known_and_what_is_not(cohort):
    reaction, learning, behaviour, outcomes = levels_of(cohort_report(cohort))

    assert reaction.known == []
    assert "In 3 von 3 Kompetenzen schätzen sich die Teilnehmenden höher ein." in learning.known
    assert "12 von 22 Befragten haben geantwortet (55\u00a0%)." in behaviour.known
    assert outcomes.known == []
    assert all(level.unknown for level in (reaction, learning, behaviour, outcomes))


def test_levels_of_a_cohort_that_was_asked_nothing_say_so(db):
    levels = levels_of(cohort_report(factories.CohortFactory()))

    assert [level.known for level in levels] == [[], [], [], []]
    assert levels[1].unknown == ["Noch nichts. Abschlusserhebung: nicht erhoben."]
    assert levels[2].unknown == ["Noch nichts. Transfererhebung: nicht erhoben."]


def test_who_fulfils_the_rule_is_who_does_in_the_list_of_certificates(db):
    cohort = with_time_limit(finished_cohort())
    attending(cohort)
    make_up(there_on_the_first_day(cohort), minutes=8 * 45)
    there_on_the_first_day(cohort)

    figures = attendance_figures(cohort)

    assert (figures.fulfilling, figures.people) == (2, 3)
    assert figures.fulfilling == sum(row.fulfils for row in certificate_rows(cohort))
