"""„Geplant und beurteilt“ in the report of a cohort, on the page and as a paper."""

import pytest
from django.urls import reverse

from evaluation import reports
from evaluation.queries.report import cohort_report
from tests import factories
from tests.evaluation import themes
from tests.pdf import assert_pdf_ua_and_a, pdf_text

DIFFERENCE = "Geplant als gedeckt, beurteilt als nicht gedeckt: zu prüfen mit dem Training von K7."


@pytest.fixture
def cohort(db):
    cohort = factories.CohortFactory()
    module = factories.ModuleFactory(edition=cohort.edition, code="K7")
    for title, said in [("Rolle und Mandat", (9, 3, 2)), ("Umgang mit Konkurrenz", (1, 1, 8)), ("Mittel", ())]:
        need = themes.need(cohort, title)
        need.coverages.create(module=module, degree="FULL")
        themes.judged(need, *said)
    return cohort


def test_the_report_tells_share_counts_and_differences(cohort):
    text = " ".join(pdf_text(reports.evaluation_report(cohort)).split())

    assert "1 von 2 beurteilten Bedarfen ist gedeckt; 1 konnte nicht beurteilt werden" in text
    assert "Ganz gedeckt: 9 von 14, deren Bedarf es war; teilweise 3, nicht 2." in text
    assert DIFFERENCE in text


@pytest.mark.verapdf
def test_the_report_with_judged_needs_is_pdf_ua(cohort):
    assert_pdf_ua_and_a(reports.evaluation_report(cohort))


def test_the_share_is_part_of_the_assessment_and_a_difference_of_what_follows(cohort):
    report = cohort_report(cohort)

    assert report.judged.sentence in report.assessment
    assert f"„Umgang mit Konkurrenz“: {DIFFERENCE}" in report.recommendations


def test_the_page_of_the_report_shows_the_same(client, reader, cohort):
    client.force_login(reader)

    page = client.get(reverse("evaluation:cohort_report", args=[cohort.pk])).content.decode()

    assert "<h4>Geplant und beurteilt</h4>" in page
    assert DIFFERENCE in page


def test_before_it_is_judged_the_report_says_so(client, reader, db):
    cohort = themes.need(factories.CohortFactory()).cohort
    client.force_login(reader)

    page = client.get(reverse("evaluation:cohort_report", args=[cohort.pk])).content.decode()

    assert "gibt es kein Urteil der Teilnehmenden" in page
