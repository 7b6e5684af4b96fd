"""Coverage by a point of the course: it counts as long as the point stands there."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from curriculum.models import AgendaItem, Session
from evaluation.coverage import Verdict
from evaluation.life_line import Delivery
from evaluation.models import Coverage, Need
from evaluation.queries.coverage import matrix_of, need_plan
from tests import factories
from tests.evaluation import themes


@pytest.fixture
def session(db):
    """A session ahead with a course of one unit, and a need that nothing serves."""
    session = factories.SessionFactory()
    unit = factories.UnitFactory(module=session.module, title="Ziele")
    session.days.get().agenda.create(position=1, unit=unit, minutes=60)
    themes.need(session.cohort, "Datenschutz")
    return session


def adopt(client, session, **fields):
    """Try the variant and adopt it; the point that it brought."""
    known = {"need": Need.objects.get().pk, "degree": "FULL", "session": session.pk, "minutes": 45}
    address = reverse("evaluation:coverage_variant", args=[session.cohort_id])
    sent = known | {"step": "OWN", "title": "Fallwerkstatt"} | fields
    course = client.get(address, sent).context["forecast"].course
    assert client.post(address, sent | {"course": course}).status_code == 302
    return AgendaItem.objects.latest("pk")


def remove(client, session, item):
    return client.post(
        reverse("curriculum:agenda_item_delete", args=[session.pk]), {"punkt": item.pk}, follow=True
    ).content.decode()


def matrix_page(client, session):
    return client.get(reverse("evaluation:coverage_matrix", args=[session.cohort_id])).content.decode()


def the_row(session):
    return matrix_of(session.cohort).rows[0]


def serving():
    return need_plan(Need.objects.with_weight().get()).servings[0]


@pytest.mark.parametrize(
    ("fields", "name"),
    [({}, "Fallwerkstatt"), ({"step": "REPORT", "title": ""}, "Erlebnisbericht")],
)
def test_a_removed_point_gives_nothing_and_is_named(client, organiser, session, fields, name):
    client.force_login(organiser)
    item = adopt(client, session, **fields)
    assert the_row(session).verdict is Verdict.COVERED
    assert f'<span class="coverage-unit">{name}</span>' in matrix_page(client, session)

    said = remove(client, session, item)

    assert "zählt nun nicht mehr: Bedarfsabdeckung „Datenschutz – gedeckt“." in said
    assert the_row(session).verdict is Verdict.UNCOVERED
    page = matrix_page(client, session)
    assert f'<span class="coverage-unit">{name}</span>' in page
    assert "steht nicht im Ablauf" in page
    assert serving().delivery is Delivery.LEFT_OUT
    assert serving().plan.endswith(f"gedeckt, mit „{name}“ – steht nicht im Ablauf")


def test_a_point_that_serves_no_need_is_removed_without_another_word(client, organiser, session):
    client.force_login(organiser)

    assert "zählt nun nicht mehr" not in remove(client, session, AgendaItem.objects.get())


def test_a_point_that_is_renamed_and_moved_goes_on_counting(client, organiser, session):
    client.force_login(organiser)
    item = adopt(client, session)
    later = session.days.create(
        date=session.days.get().date + datetime.timedelta(days=1),
        starts_at=datetime.time(9),
        ends_at=datetime.time(16),
        break_minutes=0,
    )

    edit = reverse("curriculum:agenda_item_edit", args=[session.pk, item.pk])
    client.post(edit, {"title": "Werkstatt", "minutes": 30})
    client.post(reverse("curriculum:agenda_item_move", args=[session.pk]), {"punkt": item.pk, "tag": later.pk})

    assert the_row(session).verdict is Verdict.COVERED
    assert serving().means == "Werkstatt"
    assert list(later.agenda.values_list("title", flat=True)) == ["Werkstatt"]


def test_the_time_that_a_unit_got_counts_while_it_is_there(client, organiser, session):
    client.force_login(organiser)
    unit = AgendaItem.objects.get().unit
    item = adopt(client, session, step="LONGER", unit=unit.pk, title="")
    assert serving().means == "Ziele (mehr Zeit)"

    remove(client, session, item)

    assert AgendaItem.objects.filter(unit=unit).exists()
    assert the_row(session).verdict is Verdict.UNCOVERED


def test_a_day_that_goes_takes_its_points_along(client, organiser, session):
    client.force_login(organiser)
    adopt(client, session)

    session.days.all().delete()

    assert the_row(session).verdict is Verdict.UNCOVERED


def test_a_point_in_a_cancelled_session_serves_nobody(client, organiser, session):
    client.force_login(organiser)
    adopt(client, session)
    Session.objects.update(audience="MANAGER", cancelled_at=timezone.now())
    assert "zählt nicht: Der Termin ist abgesagt" in matrix_page(client, session)

    factories.SessionFactory(cohort=session.cohort, module=session.module, audience="COORDINATOR")
    Need.objects.update(audience="COORDINATOR")

    assert the_row(session).verdict is Verdict.UNCOVERED
    assert the_row(session).cells[0].is_left_out


def test_what_takes_the_place_of_a_unit_is_another_point(client, organiser, session):
    client.force_login(organiser)
    first = AgendaItem.objects.get()

    item = adopt(client, session, leave_out=first.unit_id)

    assert item.pk != first.pk
    assert (item.position, AgendaItem.objects.count()) == (first.position, 1)


def cell(session):
    return reverse("evaluation:coverage_edit", args=[Need.objects.get().pk, session.module_id])


def test_a_cell_can_rest_on_an_own_point(client, organiser, session):
    item = session.days.get().agenda.create(position=2, kind="OTHER", title="Fallwerkstatt", minutes=45)
    client.force_login(organiser)

    client.post(cell(session), {"degree": "FULL", "point": item.pk})

    stored = Coverage.objects.get()
    assert (stored.unit, stored.point, stored.point_title) == (None, item, "Fallwerkstatt")
    assert f'<option value="{item.pk}" selected>' in client.get(cell(session)).content.decode()
    client.post(cell(session), {"degree": "PARTLY"})
    assert Coverage.objects.values_list("point", "point_title").get() == (None, "")


def test_a_module_without_own_points_asks_for_none(client, organiser, session):
    client.force_login(organiser)

    assert "eigenen Punkt" not in client.get(cell(session)).content.decode()


@pytest.mark.parametrize("chosen", ["unit", "9" * 30, "<script>", "-1"])
def test_nonsense_as_a_point_is_refused(client, organiser, session, chosen):
    session.days.get().agenda.create(position=2, kind="OTHER", title="Fallwerkstatt", minutes=45)
    unit = AgendaItem.objects.get(position=1)
    client.force_login(organiser)
    sent = {"degree": "FULL", "point": unit.pk if chosen == "unit" else chosen}

    page = client.post(cell(session), sent).content.decode()

    assert "Diesen Punkt gibt es im Ablauf nicht mehr." in page
    assert not Coverage.objects.exists()


def test_unit_and_point_together_are_refused(client, organiser, session):
    item = session.days.get().agenda.create(position=2, kind="OTHER", title="Fallwerkstatt", minutes=45)
    client.force_login(organiser)
    unit = AgendaItem.objects.get(position=1).unit

    page = client.post(cell(session), {"degree": "FULL", "point": item.pk, "unit": unit.pk}).content.decode()

    assert "nicht beides" in page
    assert not Coverage.objects.exists()


def test_a_point_without_its_title_is_not_stored(session):
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.get().coverages.create(module=session.module, degree="FULL", point=AgendaItem.objects.get())
