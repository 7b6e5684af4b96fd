"""„Was wäre, wenn“: the coverage of another course of a session, seen first and adopted then."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from curriculum.models import AgendaItem
from evaluation.coverage import Verdict
from evaluation.models import Coverage, Need
from evaluation.queries.coverage import matrix_of
from netzkoord.models import AuditEvent
from tests import factories
from tests.evaluation import scenes, themes

SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def session(db):
    """A session ahead whose course has two units: one serves a need, the other may make room."""
    session = factories.SessionFactory()
    first, second = (factories.UnitFactory(module=session.module, title=title) for title in ("Ziele", "Ehrenamt"))
    day = session.days.get()
    day.agenda.create(position=1, unit=first, minutes=60)
    day.agenda.create(position=2, unit=second, minutes=45)
    day.agenda.create(position=3, kind="BREAK", title="Pause", minutes=15)
    day.agenda.create(position=4, unit=second, minutes=45)
    served = themes.need(session.cohort, "Ehrenamt einbinden")
    served.coverages.create(module=session.module, unit=second, degree="FULL")
    themes.need(session.cohort, "Konflikte", weight=5)
    return session


def unit(title):
    return AgendaItem.objects.filter(unit__title=title).first().unit


def need(title):
    return matrix_row(title).need


def matrix_row(title):
    cohort = Need.objects.first().cohort
    return next(row for row in matrix_of(cohort).rows if row.need.title == title)


def fields_for(session, /, **fields):
    known = {
        "need": need("Konflikte").pk,
        "degree": "FULL",
        "session": session.pk,
        "step": "OWN",
        "unit": "",
        "title": "Fallwerkstatt",
        "minutes": 90,
        "leave_out": "",
    }
    return known | fields


def address(session):
    return reverse("evaluation:coverage_variant", args=[session.cohort_id])


def adopt(client, session, fields):
    """As the page offers it: what was typed, and the course that it was reckoned on."""
    shown = client.get(address(session), fields)
    return client.post(address(session), fields | {"course": shown.context["forecast"].course})


def course(session):
    items = AgendaItem.objects.filter(day__session=session)
    return [(str(item), item.minutes) for item in items]


def test_an_exchange_shows_what_gets_better_and_what_gets_worse_and_writes_nothing(client, organiser, session):
    client.force_login(organiser)
    before = course(session)

    page = client.get(address(session), fields_for(session, leave_out=unit("Ehrenamt").pk)).content.decode()

    assert "Besser: <strong>Konflikte</strong>" in page
    assert "Schlechter: <strong>Ehrenamt einbinden</strong>" in page
    assert "Gedeckt wären 1 von 2 Bedarfen (50\u00a0%)" in page
    assert "Der Termin bleibt gleich lang." in page
    assert course(session) == before
    assert Coverage.objects.count() == 1


def test_forecast_names_the_learning_goals_that_only_the_unit_serves(client, organiser, session):
    goals = [session.module.learning_goals.create(position=number, text=f"Ziel {number}") for number in (1, 2, 3)]
    later = factories.UnitFactory(module=session.module, title="Noch nicht im Ablauf")
    unit("Ehrenamt").learning_goals.set(goals)
    unit("Ziele").learning_goals.set(goals[1:2])
    later.learning_goals.set(goals[2:])
    client.force_login(organiser)
    fields = fields_for(session, leave_out=unit("Ehrenamt").pk)

    alone = client.get(address(session), fields)
    with_later = client.get(address(session), fields | {"step": "LONGER", "unit": later.pk})
    kept = client.get(address(session), fields | {"leave_out": ""})

    assert alone.context["forecast"].lost_goals == [goals[0], goals[2]]
    assert with_later.context["forecast"].lost_goals == goals[:1]
    assert "kein Baustein mehr den Lernzielen:</p>" in alone.content.decode()
    assert "kein Baustein mehr dem Lernziel:</p>" in with_later.content.decode()
    assert "kein Baustein mehr" not in kept.content.decode()


def test_forecast_names_the_features_that_would_be_lost(client, organiser, session):
    given = {"is_about_attitude": True, "has_practice_report": True}
    type(unit("Ehrenamt")).objects.filter(title="Ehrenamt").update(**given)
    type(session.module).objects.update(requires_attitude_unit=True)
    client.force_login(organiser)
    fields = fields_for(session, leave_out=unit("Ehrenamt").pk)

    lost = client.get(address(session), fields)
    with_report = client.get(address(session), fields | {"step": "REPORT"})
    kept = client.get(address(session), fields | {"leave_out": ""})

    attitude = "Haltung: Dann steht in diesem Termin kein Baustein mehr dazu, obwohl das Modul ihn verlangt."
    report = "Erlebnisbericht: Dann hat in diesem Termin keiner mehr einen Platz."
    assert lost.context["forecast"].lost_features == [attitude, report]
    assert with_report.context["forecast"].lost_features == [attitude]
    assert kept.context["forecast"].lost_features == []
    assert attitude in lost.content.decode()


def test_adopting_an_exchange_changes_what_counts_of_the_features(client, organiser, session):
    type(unit("Ehrenamt")).objects.filter(title="Ehrenamt").update(is_about_attitude=True)
    type(session.module).objects.update(requires_attitude_unit=True)
    client.force_login(organiser)

    adopt(client, session, fields_for(session, leave_out=unit("Ehrenamt").pk))
    page = client.get(session.cohort.get_absolute_url()).content.decode()

    assert "0 von 1 Modulen" in page
    assert "fehlt der Baustein zur Haltung, den das Modul verlangt." in page


def test_adopting_an_exchange_changes_the_course_and_never_the_edition(client, organiser, session):
    factories.publish(session.cohort.edition)
    leave_out = unit("Ehrenamt")
    client.force_login(organiser)

    response = adopt(client, session, fields_for(session, leave_out=leave_out.pk))

    assert response.url == reverse("curriculum:agenda_edit", args=[session.pk])
    assert course(session) == [("Ziele", 60), ("Fallwerkstatt", 90), ("Pause", 15)]
    assert matrix_row("Konflikte").verdict is Verdict.COVERED
    assert matrix_row("Ehrenamt einbinden").verdict is Verdict.UNCOVERED
    assert session.module.units.count() == 2
    assert AuditEvent.objects.filter(action="AGENDA_CHANGED").count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_change_sessions_is_offered_no_variant(client, stranger, session, method):
    granted = ["change_need", "view_need", "view_all_cohorts"]
    stranger.user_permissions.set(Permission.objects.filter(codename__in=granted))
    client.force_login(stranger)
    before = course(session)

    response = getattr(client, method)(address(session), fields_for(session))

    assert response.status_code == 403
    assert course(session) == before
    for name, key in (("coverage_matrix", session.cohort_id), ("need_remedies", need("Konflikte").pk)):
        page = client.get(reverse(f"evaluation:{name}", args=[key])).content.decode()
        assert address(session) not in page


def test_a_report_without_a_unit_that_makes_room_makes_the_session_longer(client, organiser, session):
    client.force_login(organiser)
    fields = fields_for(session, step="REPORT", title="", degree="PARTLY", minutes=30)

    page = client.get(address(session), fields).content.decode()
    response = adopt(client, session, fields)

    assert "Wer berichtet, tragen Sie danach unter „Erlebnisberichte“ ein." in page
    plan = f"{reverse('curriculum:practice_report_add', args=[session.cohort_id])}?termin={session.pk}"
    for url in (response.url, session.cohort.get_absolute_url()):
        shown = client.get(url).content.decode()
        assert "Im Ablauf steht ein Erlebnisbericht, aber noch nicht, wer berichtet." in shown
        assert plan in shown
    assert "Der Termin würde 30&nbsp;Minuten länger." in page
    assert course(session)[-1] == ("Erlebnisbericht", 30)
    assert len(course(session)) == 5
    assert matrix_row("Konflikte").verdict is Verdict.PARTLY


def test_a_unit_with_more_time_serves_the_need(client, organiser, session):
    client.force_login(organiser)

    adopt(client, session, fields_for(session, step="LONGER", unit=unit("Ziele").pk, title=""))

    assert course(session)[-1] == ("Ziele", 90)
    stored = Coverage.objects.get(need__title="Konflikte")
    assert (stored.degree, stored.unit) == ("FULL", unit("Ziele"))


def test_for_whom_the_need_stays_open_is_said(client, organiser, session):
    type(session).objects.update(audience="COORDINATOR")
    client.force_login(organiser)

    page = client.get(address(session), fields_for(session)).content.decode()

    assert "offen bliebe: Für Führungskräfte in keinem Modul gedeckt." in page
    assert "„Konflikte“ für Koordinierungskräfte: jetzt" in page
    assert "würde sich nichts ändern" not in page


def test_less_than_the_module_gives_already_changes_no_cell(client, organiser, session):
    client.force_login(organiser)
    fields = fields_for(session, need=need("Ehrenamt einbinden").pk, degree="PARTLY")

    page = client.get(address(session), fields).content.decode()
    adopt(client, session, fields)

    assert "An der Abdeckung würde sich nichts ändern." in page
    assert Coverage.objects.get().degree == "FULL"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_exchange_that_was_adopted_before_says_so(client, organiser, session, method):
    client.force_login(organiser)
    fields = fields_for(session, leave_out=unit("Ehrenamt").pk)
    adopt(client, session, fields)

    page = getattr(client, method)(address(session), fields).content.decode()

    assert "Das ist schon übernommen" in page
    assert "steht nicht im Ablauf des gewählten Termins" not in page
    assert len(course(session)) == 3


def test_a_second_click_adds_a_point_once(client, organiser, session):
    client.force_login(organiser)
    fields = fields_for(session)
    sent = fields | {"course": client.get(address(session), fields).context["forecast"].course}

    first, second = (client.post(address(session), sent, follow=True) for _ in range(2))

    assert "Der Ablauf ist geändert." in first.content.decode()
    assert "Das steht schon im Ablauf" in second.content.decode()
    assert second.redirect_chain[0][0] == reverse("curriculum:agenda_edit", args=[session.pk])
    assert [title for title, _ in course(session)].count("Fallwerkstatt") == 1


def test_the_same_point_can_be_meant_twice(client, organiser, session):
    client.force_login(organiser)

    for _ in range(2):
        adopt(client, session, fields_for(session))

    assert [title for title, _ in course(session)].count("Fallwerkstatt") == 2


def change_a_point(session):
    AgendaItem.objects.filter(day__session=session, title="Pause").update(minutes=20)


def remove_a_point(session):
    AgendaItem.objects.filter(day__session=session, title="Pause").delete()


def add_a_point(session):
    session.days.get().agenda.create(position=5, kind="OTHER", title="Ausklang", minutes=15)


@pytest.mark.parametrize("change", [change_a_point, remove_a_point, add_a_point])
def test_what_was_reckoned_on_another_course_is_not_adopted(client, organiser, session, change):
    client.force_login(organiser)
    fields = fields_for(session)
    shown = client.get(address(session), fields).context["forecast"].course
    change(session)
    before = course(session)

    response = client.post(address(session), fields | {"course": shown})

    page = response.content.decode()
    assert "Inzwischen hat jemand den Ablauf dieses Termins geändert." in page
    assert "So wäre es" in page
    assert response.context["forecast"].course != shown
    assert course(session) == before
    assert matrix_row("Konflikte").verdict is Verdict.UNCOVERED


@pytest.mark.parametrize("seen", ["", "0" * 64, SCRIPT, "😀" * 500])
def test_nothing_is_adopted_without_the_course_that_was_shown(client, organiser, session, seen):
    client.force_login(organiser)
    before = course(session)

    page = client.post(address(session), fields_for(session) | {"course": seen}).content.decode()

    assert "Übernommen wurde nichts" in page
    assert "<script>alert" not in page
    assert course(session) == before


def test_a_cancelled_session_is_said_to_be_cancelled(client, organiser, session):
    client.force_login(organiser)
    fields = fields_for(session)
    session.cancelled_at = timezone.now()
    session.save()
    factories.SessionFactory(cohort=session.cohort).days.get().agenda.create(
        position=1, kind="OTHER", title="Begrüßung", minutes=15
    )

    page = client.post(address(session), fields).content.decode()

    assert "Dieser Termin ist abgesagt" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Geben Sie dem eigenen Punkt eine Bezeichnung."),
        ({"step": "LONGER"}, "Wählen Sie den Baustein, der mehr Zeit bekommt."),
        ({"step": "LONGER", "unit": "ziele", "leave_out": "ziele"}, "nicht zugleich entfallen"),
        ({"step": "LONGER", "unit": "foreign"}, "gehört nicht zum Modul des gewählten Termins"),
        ({"leave_out": "foreign"}, "steht nicht im Ablauf des gewählten Termins"),
        ({"minutes": "0"}, "zwischen 1 und 600 Minuten"),
        ({"minutes": "9" * 40}, "zwischen 1 und 600 Minuten"),
        ({"session": "9" * 40}, "hat schon begonnen oder hat keinen Ablauf."),
        ({"need": "9" * 40}, "Diesen Bedarf gibt es in diesem Durchgang nicht."),
        ({"need": SCRIPT, "degree": SCRIPT, "step": SCRIPT, "title": SCRIPT, "unit": "-1"}, "Fehler"),
        ({"title": "😀" * 500}, "Zeichen"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nonsense_is_refused_with_a_sentence(client, organiser, session, method, fields, sentence):
    foreign = factories.UnitFactory(module=factories.ModuleFactory(edition=session.cohort.edition))
    known = {"ziele": unit("Ziele").pk, "foreign": foreign.pk}
    before = course(session)
    client.force_login(organiser)
    sent = fields_for(session, **{name: known.get(value, value) for name, value in fields.items()})

    page = getattr(client, method)(address(session), sent).content.decode()

    assert sentence in page
    assert "So wäre es" not in page
    assert "<script>alert" not in page
    assert course(session) == before


def test_an_empty_form_is_not_taken_for_none(client, organiser, session):
    client.force_login(organiser)

    assert 'class="error-summary"' in client.post(address(session), {}).content.decode()


def test_sessions_that_have_begun_or_have_no_course_are_not_offered(client, organiser, session):
    held = scenes.held_session(cohort=session.cohort)
    held.days.get().agenda.create(position=1, kind="OTHER", title="Begrüßung", minutes=15)
    factories.SessionFactory(cohort=session.cohort)
    client.force_login(organiser)

    page = client.get(address(session), {"need": "x"}).content.decode()

    assert page.count(f'<option value="{session.pk}">{session.module}') == 1
    assert str(held.module) not in page.split("Welcher Baustein")[0].split("In welchem Termin?")[1]


def test_a_cohort_without_needs_says_what_it_takes(client, organiser):
    client.force_login(organiser)

    page = client.get(reverse("evaluation:coverage_variant", args=[factories.CohortFactory().pk])).content.decode()

    assert "Dafür braucht es einen Bedarf" in page


@pytest.mark.parametrize("count", [1, 3])
def test_variant_query_count(client, organiser, session, django_assert_num_queries, count):
    for number in range(count):
        themes.need(session.cohort, f"Bedarf {number}").coverages.create(module=session.module, degree="PARTLY")
    fields = fields_for(session, leave_out=unit("Ehrenamt").pk)
    client.force_login(organiser)

    with django_assert_num_queries(25):
        response = client.get(address(session), fields)

    assert "So wäre es" in response.content.decode()
