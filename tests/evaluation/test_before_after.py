"""„Vorher und nachher“ of a cohort: joined by code, only together, only from five pairs on."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience, Competence
from evaluation.models import Purpose, Survey
from evaluation.queries.before_after import before_after
from evaluation.queries.results import survey_result
from netzkoord import roles
from tests import factories
from tests.evaluation import coded


@pytest.fixture
def reader(db):
    return factories.staff(roles.READER)


def page(client, user, cohort):
    client.force_login(user)
    return client.get(reverse("evaluation:before_after", args=[cohort.pk])).content.decode()


def test_pairs_are_compared_and_each_role_with_its_target(db):
    cohort = coded.asked_twice(before=22, after=22)

    (comparison,) = before_after(cohort).comparisons

    (row,) = comparison.rows
    assert (row.change.n, row.change.before, row.change.after) == (22, 1, 3)
    assert [(row.role, row.target, row.reached, row.n, row.is_together) for row in comparison.targets] == [
        ("MANAGER", 2, 3, 11, False),
        ("COORDINATOR", 3, 3, 11, False),
    ]
    assert all(row.is_reached for row in comparison.targets)


def test_pairs_are_given_up_so_that_the_others_cannot_be_told(db):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(20), 1))
    coded.answered(cohort, Purpose.END, dict.fromkeys(range(2, 20), 3) | {20: 3})

    (comparison,) = before_after(cohort).comparisons

    (line,) = comparison.lines
    assert len(comparison.joining.pairs) == 14
    assert line.development.shown == 14
    assert "keine oder mindestens 5 Antworten ohne Gegenstück" in comparison.rest_sentence


def test_together_each_role_keeps_its_own_target(db):
    cohort = coded.asked_twice(before=7, after=7)

    targets = before_after(cohort).comparisons[0].targets

    assert [(row.role, row.target, row.n, row.is_together) for row in targets] == [
        ("MANAGER", 2, 7, True),
        ("COORDINATOR", 3, 7, True),
    ]


def test_sentence_says_whose_mean_reaches_the_targets(db):
    apart = before_after(coded.asked_twice(before=22, after=22)).comparisons[0]
    together = before_after(coded.asked_twice(before=7, after=7)).comparisons[0]

    assert apart.target_sentences[0] == "Führungskräfte haben in 1 von 1 Kompetenzen ihre Zielstufe erreicht."
    assert together.target_sentences[0] == (
        "Die Zielstufe der Führungskräfte erreicht das Mittel beider Rollen in 1 von 1 Kompetenzen."
    )


def test_four_pairs_are_no_comparison(client, db, reader):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(10), 0))
    coded.answered(cohort, Purpose.END, dict.fromkeys(range(6, 16), 4))

    text = page(client, reader, cohort)

    (comparison,) = before_after(cohort).comparisons
    assert comparison.rows == []
    assert "oder die Codes vom Beginn lagen beim Auszählen nicht vor. Darum stehen hier zwei Gruppen" in text
    assert "Darum stehen hier zwei Gruppen nebeneinander: alle Antworten zu Beginn und alle am Ende." in text
    assert "+4,0" not in text


def test_an_end_that_was_counted_before_the_beginning_says_so(client, db, reader):
    cohort = coded.cohort_with_profile()
    end = coded.answered(cohort, Purpose.END, dict.fromkeys(range(10), 4))
    Survey.objects.filter(pk=end.pk).update(counted_on=timezone.localdate() - datetime.timedelta(days=1))
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(10), 0))

    text = page(client, reader, cohort)

    assert (
        "Die Antworten am Ende wurden vor denen vom Beginn ausgezählt, also ohne deren Codes. Darum stehen" in text
    )


def test_without_codes_the_means_of_all_stand_unjoined(client, db, reader):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(10), 1), code="")
    coded.answered(cohort, Purpose.END, dict.fromkeys(range(10), 3), code="")

    text = page(client, reader, cohort)

    assert "0 Paare aus 10 Antworten zu Beginn und 10 am Ende" in text
    assert (
        "In 1 von 1 Kompetenzen ist das Mittel aller Antworten am Ende höher als zu Beginn; "
        "verglichen sind zwei Gruppen, nicht dieselben Personen."
    ) in text
    assert '<td class="number">1,0</td><td class="number">10</td>' in text


@pytest.mark.parametrize("sheets", [0, 1])
def test_the_page_says_what_a_sheet_of_paper_is_joined_with(client, db, reader, sheets):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(12), 1), on_paper=range(sheets))
    coded.answered(cohort, Purpose.END, dict.fromkeys(range(12), 3))

    text = page(client, reader, cohort)

    assert text.count("Ein Papierbogen wird nur mit einem Papierbogen verbunden.") == sheets


def test_months_later_is_compared_with_the_same_beginning(db):
    cohort = coded.asked_twice(before=22, after=17)
    coded.answered(cohort, Purpose.TRANSFER, dict.fromkeys(range(17), 2))

    end, transfer = before_after(cohort).comparisons

    assert end.lines[0].development.shown == 17
    assert transfer.lines[0].development.shown == 17
    sizes = [len(block) for blocks in transfer.blocks.values() for block in blocks]
    assert min(sizes) >= 5
    assert sum(sizes) == 22


def test_nothing_is_compared_before_both_are_counted(client, db, reader):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(10), 1))

    text = page(client, reader, cohort)

    assert before_after(cohort).comparisons == []
    assert "Ein Vergleich steht hier, sobald" in text
    assert "1,0" not in text


def test_too_few_answers_say_so(client, db, reader):
    cohort = coded.cohort_with_profile()
    coded.answered(cohort, Purpose.START, dict.fromkeys(range(10), 1))
    coded.answered(cohort, Purpose.END, dict.fromkeys(range(4), 1))

    assert "weniger als 5 Antworten, darum ohne Ergebnis" in page(client, reader, cohort)


def test_a_cohort_that_was_never_asked_says_so(client, db, reader):
    text = page(client, reader, factories.CohortFactory())

    assert "keine Selbsteinschätzung erhoben" in text


def test_the_page_shows_chart_table_and_summary(client, db, reader):
    text = page(client, reader, coded.asked_twice(before=22, after=22))

    assert "In 1 von 1 Kompetenzen schätzen sich die Teilnehmenden höher ein." in text
    assert "<title>Kompetenz 1: vorher 1,0, nachher 3,0 von 4</title>" in text
    assert "<title>Kompetenz 1, Führungskräfte: erreicht 3,0, Ziel 2 von 4</title>" in text
    assert "<title>Kompetenz 1: 0 gesunken, 0 gleich, 22 gestiegen</title>" in text
    assert "+2,0" in text


@pytest.mark.parametrize(("role", "status"), [(roles.ORGANISATION, 200), (roles.READER, 200), (roles.TRAINER, 403)])
def test_before_after_is_for_organisers_and_readers(client, db, role, status):
    cohort = coded.cohort_with_profile(tandems=1)
    client.force_login(factories.staff(role))

    assert client.get(reverse("evaluation:before_after", args=[cohort.pk])).status_code == status
    assert client.post(reverse("evaluation:before_after", args=[cohort.pk])).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_before_after_query_count(client, reader, django_assert_num_queries, count):
    cohort = coded.asked_twice(before=12, after=12, competences=count)
    client.force_login(reader)

    with django_assert_num_queries(11):
        text = client.get(reverse("evaluation:before_after", args=[cohort.pk])).content.decode()

    assert text.count("<title>Kompetenz") == 4 * count


def test_the_page_of_a_survey_divides_nothing_by_role_that_is_compared(client, db, reader):
    """Inside of the pairs it is divided already: both together would tell fewer than five apart."""
    cohort = coded.asked_twice(before=22, after=22)
    client.force_login(reader)

    for survey in cohort.surveys.all():
        page = client.get(survey.get_absolute_url()).content.decode()
        tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
        assert not [table for table in tables if "Führungskräfte" in table and "Kompetenz 1" in table]


def test_a_code_is_why_the_roles_stand_together(db):
    end = coded.asked_twice(before=22, after=22).surveys.get(purpose=Purpose.END)

    assert "weil ein Code diese Antworten mit früheren oder späteren verbindet" in survey_result(end).why_undivided


def test_a_code_is_not_why_where_a_competence_of_one_role_needs_the_roles(db):
    cohort = coded.cohort_with_profile(tandems=4, competences=2)
    Competence.objects.last().profiles.filter(track__audience=Audience.MANAGER).delete()

    start = coded.answered(cohort, Purpose.START, dict.fromkeys(range(8), 1))

    assert "weil aus einer der beiden Rollen weniger als 5 geantwortet haben" in survey_result(start).why_undivided
