"""The matrix of needs and modules, and one cell of it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience, Session
from evaluation.coverage import Verdict
from evaluation.life_line import Delivery
from evaluation.models import Coverage, Need
from evaluation.queries.coverage import matrix_of, need_plan
from tests import factories
from tests.evaluation import scenes, themes


@pytest.fixture
def cohort(db):
    return factories.CohortFactory()


@pytest.fixture
def module(cohort):
    return factories.ModuleFactory(edition=cohort.edition)


def edit(client, need, module, **fields):
    return client.post(reverse("evaluation:coverage_edit", args=[need.pk, module.pk]), fields)


def test_uncovered_first_with_a_way_out_and_over_covered_last(client, organiser, cohort, module):
    second = factories.ModuleFactory(edition=cohort.edition)
    over, covered, partly = (themes.need(cohort, title, weight=9) for title in ("Zu viel", "Genug", "Halb"))
    themes.need(cohort, "Nichts", weight=1)
    for need, place, degree in [
        (over, module, "FULL"),
        (over, second, "FULL"),
        (covered, module, "FULL"),
        (partly, second, "PARTLY"),
    ]:
        need.coverages.create(module=place, degree=degree)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:coverage_matrix", args=[cohort.pk])).content.decode()

    places = [page.index(f">{title}</a>") for title in ("Nichts", "Halb", "Genug", "Zu viel")]
    assert places == sorted(places)
    assert page.count("Was tun?") == 1
    assert "Von 4 Bedarfen sind 2 gedeckt (50\u00a0%), 1 teilweise, 1 nicht." in page
    assert "1 ist mehrfach gedeckt" in page


def test_the_matrix_of_one_audience_counts_what_it_attends(cohort):
    only = factories.ModuleFactory(edition=cohort.edition, audiences=[Audience.MANAGER])
    themes.need(cohort).coverages.create(module=only, degree="FULL")

    verdicts = [
        matrix_of(cohort, audience).rows[0].verdict for audience in (None, Audience.MANAGER, Audience.COORDINATOR)
    ]

    assert verdicts == [Verdict.UNCOVERED, Verdict.COVERED, Verdict.UNCOVERED]
    assert matrix_of(cohort, Audience.COORDINATOR).modules == []


def test_needs_of_the_other_audience_are_left_out(cohort):
    themes.need(cohort, audience="MANAGER")

    assert matrix_of(cohort, Audience.COORDINATOR).rows == []
    assert len(matrix_of(cohort).rows) == 1


def test_a_session_says_who_attends_and_a_cancelled_one_serves_nobody(cohort, module):
    session = factories.SessionFactory(cohort=cohort, module=module, audience="MANAGER")
    need = themes.need(cohort, audience="COORDINATOR")
    need.coverages.create(module=module, degree="FULL")
    assert matrix_of(cohort).rows[0].verdict is Verdict.UNCOVERED

    Session.objects.update(audience="BOTH")
    assert matrix_of(cohort).rows[0].verdict is Verdict.COVERED

    Session.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())
    matrix = matrix_of(cohort)
    assert (matrix.rows[0].verdict, matrix.modules[0].note) == (Verdict.UNCOVERED, "abgesagt")


def test_nonsense_in_the_address_shows_all(client, organiser, cohort):
    themes.need(cohort)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:coverage_matrix", args=[cohort.pk]), {"zielgruppe": "'; DROP"})

    assert '<strong aria-current="true">Alle</strong>' in page.content.decode()


def test_a_cell_is_set_changed_and_emptied(client, organiser, cohort, module):
    need, unit = themes.need(cohort), factories.UnitFactory(module=module)
    client.force_login(organiser)

    response = edit(client, need, module, degree="PARTLY", unit=unit.pk)
    stored = Coverage.objects.get()
    assert response.url == f"{reverse('evaluation:coverage_matrix', args=[cohort.pk])}#bedarf-{need.pk}"
    assert (stored.need, stored.module, stored.degree, stored.unit) == (need, module, "PARTLY", unit)

    edit(client, need, module, degree="FULL")
    assert Coverage.objects.values_list("degree", "unit").get() == ("FULL", None)

    edit(client, need, module, degree="NONE", unit=unit.pk)
    assert not Coverage.objects.exists()


def seen_in(client, need, module):
    page = client.get(reverse("evaluation:coverage_edit", args=[need.pk, module.pk]))
    return page.context["form"]["seen"].value()


def test_a_cell_that_somebody_else_has_changed_is_replaced_only_once_it_was_read(client, organiser, cohort, module):
    need, unit = themes.need(cohort), factories.UnitFactory(module=module, title="Ziele")
    client.force_login(organiser)
    seen = seen_in(client, need, module)
    edit(client, need, module, degree="FULL", unit=unit.pk, seen=seen)

    refused = edit(client, need, module, degree="PARTLY", seen=seen)
    page = refused.content.decode()

    assert "Inzwischen hat jemand anderes diese Angabe geändert. Dort steht jetzt: „gedeckt, mit Ziele“." in page
    assert Coverage.objects.values_list("degree", "unit").get() == ("FULL", unit.pk)
    edit(client, need, module, degree="PARTLY", seen=refused.context["form"]["seen"].value())
    assert Coverage.objects.values_list("degree", "unit").get() == ("PARTLY", None)


def test_a_second_click_on_a_cell_is_no_conflict(client, organiser, cohort, module):
    need = themes.need(cohort)
    client.force_login(organiser)
    seen = seen_in(client, need, module)

    for _ in range(2):
        assert edit(client, need, module, degree="FULL", seen=seen).status_code == 302

    seen = seen_in(client, need, module)
    for _ in range(2):
        assert edit(client, need, module, degree="NONE", seen=seen).status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Wählen Sie eine der drei Angaben."),
        ({"degree": "MORE"}, "Wählen Sie eine der drei Angaben."),
        ({"degree": "FULL", "unit": "foreign"}, "Wählen Sie einen Baustein dieses Moduls."),
        ({"degree": "FULL", "unit": "9" * 30}, "Wählen Sie einen Baustein dieses Moduls."),
        ({"degree": "FULL", "unit": "<script>"}, "Wählen Sie einen Baustein dieses Moduls."),
    ],
)
def test_nonsense_in_a_cell_is_refused(client, organiser, cohort, module, fields, sentence):
    foreign = factories.UnitFactory(module=factories.ModuleFactory(edition=cohort.edition))
    client.force_login(organiser)
    sent = {name: foreign.pk if value == "foreign" else value for name, value in fields.items()}

    response = edit(client, themes.need(cohort), module, **sent)

    assert sentence in response.content.decode()
    assert not Coverage.objects.exists()


@pytest.mark.parametrize("proposed", ["x", "9" * 30, "-1", "<script>"])
def test_nonsense_as_proposed_unit_proposes_none(client, organiser, cohort, module, proposed):
    client.force_login(organiser)
    address = reverse("evaluation:coverage_edit", args=[themes.need(cohort).pk, module.pk])

    page = client.get(address, {"baustein": proposed}).content.decode()

    assert "selected" not in page
    assert "<script>" not in page


def test_a_module_of_another_edition_has_no_cell(client, organiser, cohort):
    client.force_login(organiser)

    response = edit(client, themes.need(cohort), factories.ModuleFactory(), degree="FULL")

    assert response.status_code == 404


def test_a_cohort_that_moved_to_a_newer_edition_keeps_what_was_set(client, organiser, cohort, module):
    need = themes.need(cohort)
    need.coverages.create(module=module, degree="FULL")
    newer = factories.EditionFactory(programme=cohort.edition.programme)
    same = factories.ModuleFactory(edition=newer, key=module.key)
    cohort.edition = newer
    cohort.save()
    client.force_login(organiser)

    assert matrix_of(cohort).rows[0].verdict is Verdict.COVERED
    edit(client, need, same, degree="PARTLY")

    assert Coverage.objects.values_list("module", "degree").get() == (same.pk, "PARTLY")


def test_remedies_name_units_on_the_topics_of_the_need_and_sessions_ahead(client, organiser):
    survey = themes.closed_survey(topics=[("Konflikte", 4, 1)])
    cohort, topic = survey.cohort, survey.topic_totals.get().topic
    unit = factories.UnitFactory(module=factories.ModuleFactory(edition=cohort.edition), title="Macht und Streit")
    unit.topics.add(topic)
    session = factories.SessionFactory(cohort=cohort)
    need = themes.need(cohort)
    need.sources.create(topic=topic)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:need_remedies", args=[need.pk])).content.decode()

    assert "„Macht und Streit“" in page
    assert reverse("curriculum:agenda_edit", args=[session.pk]) in page
    need.coverages.create(module=unit.module, degree="FULL")
    assert (
        "Macht und Streit" not in client.get(reverse("evaluation:need_remedies", args=[need.pk])).content.decode()
    )


def test_delivery_follows_session_and_course(cohort, module):
    unit = factories.UnitFactory(module=module)
    themes.need(cohort).coverages.create(module=module, degree="FULL", unit=unit)
    need = Need.objects.with_weight().get()
    assert [serving.delivery for serving in need_plan(need).servings] == [Delivery.UNDATED]

    session = scenes.held_session(cohort=cohort, module=module)
    assert [serving.delivery for serving in need_plan(need).servings] == [Delivery.HELD]

    day = session.days.get()
    day.agenda.create(position=1, kind="OTHER", title="Begrüßung", minutes=15)
    assert [serving.delivery for serving in need_plan(need).servings] == [Delivery.LEFT_OUT]

    matrix = matrix_of(cohort)
    assert matrix.rows[0].verdict is Verdict.UNCOVERED
    assert matrix.rows[0].cells[0].is_left_out

    day.agenda.create(position=2, unit=unit, minutes=90)
    assert matrix_of(cohort).rows[0].verdict is Verdict.COVERED
    day.date = timezone.localdate() + datetime.timedelta(days=3)
    day.save()
    assert [serving.delivery for serving in need_plan(need).servings] == [Delivery.AHEAD]


def test_gaps_say_for_whom_a_need_is_not_covered(cohort):
    for audience, degree in [(Audience.MANAGER, "FULL"), (Audience.COORDINATOR, "PARTLY")]:
        place = factories.ModuleFactory(edition=cohort.edition, audiences=[audience])
        need = Need.objects.first() or themes.need(cohort)
        need.coverages.create(module=place, degree=degree)

    assert need_plan(Need.objects.with_weight().get()).gaps == ["Für Koordinierungskräfte nur teilweise gedeckt."]


@pytest.mark.parametrize("count", [1, 3])
def test_coverage_matrix_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for number in range(count):
        session = factories.SessionFactory(cohort=cohort)
        unit = factories.UnitFactory(module=session.module)
        themes.need(cohort, f"Bedarf {number}").coverages.create(module=session.module, unit=unit, degree="FULL")
    client.force_login(organiser)

    with django_assert_num_queries(11):
        response = client.get(reverse("evaluation:coverage_matrix", args=[cohort.pk]))

    assert response.content.decode().count('class="coverage-unit"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_need_remedies_query_count(client, organiser, cohort, django_assert_num_queries, count):
    need = themes.need(cohort)
    for _ in range(count):
        factories.SessionFactory(cohort=cohort)
    client.force_login(organiser)

    with django_assert_num_queries(10):
        response = client.get(reverse("evaluation:need_remedies", args=[need.pk]))

    assert response.content.decode().count("Ablauf bearbeiten") == count


def test_module_that_those_who_have_the_need_do_not_attend_is_not_called_undated(db):
    session = factories.SessionFactory(audience="COORDINATOR")
    need = themes.need(session.cohort, "Haltung", audience="MANAGER")
    need.coverages.create(module=session.module, degree="FULL")

    need = Need.objects.with_weight().get()

    assert [serving.delivery for serving in need_plan(need).servings] == [Delivery.NOT_FOR]
