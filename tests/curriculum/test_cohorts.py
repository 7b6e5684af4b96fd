"""List, add, change and announce cohorts."""

import datetime
import html
import re
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.actions.cohorts import create_cohort
from curriculum.forms.cohorts import NewCohortForm
from curriculum.models import Cohort, EditionStatus
from netzkoord.lib.editing import save_or_explain
from netzkoord.models import AuditEvent
from tests import factories

LIST = "/durchgaenge/"
ADD = "/durchgaenge/neu/"


def valid(edition, **changes):
    return {
        "edition": edition.pk,
        "title": "Durchgang 2027",
        "places": 24,
        "registration_closes_on": "2027-01-31",
        "moves_up_automatically": "on",
        "offer_days": 5,
        "attendance_threshold_percent": 80,
        "grants_certificate": "on",
        "certificate_threshold_percent": 80,
        "needs_project": "on",
        "needs_colloquium": "on",
        "contact_email": "kursbuero@stadt.example",
    } | changes


def titles(response):
    return [row.cohort.title for row in response.context["rows"]]


@pytest.mark.parametrize("count", [1, 3])
def test_cohort_list_query_count(client, organiser, django_assert_num_queries, count):
    for _ in range(count):
        factories.SessionFactory()
    client.force_login(organiser)

    with django_assert_num_queries(5):
        response = client.get(LIST)

    assert response.content.decode().count('<th scope="row">') == count


def test_cohort_list_shows_trainers_only_their_own(client, trainer):
    own = factories.SessionFactory(trainers=[trainer]).cohort
    factories.SessionFactory()
    client.force_login(trainer)

    response = client.get(LIST)

    assert titles(response) == [own.title]


def test_cohort_list_shows_a_cohort_once_to_a_trainer_of_two_sessions(client, trainer):
    cohort = factories.CohortFactory()
    factories.SessionFactory.create_batch(2, cohort=cohort, trainers=[trainer])
    client.force_login(trainer)

    assert titles(client.get(LIST)) == [cohort.title]


def test_cohort_list_forbidden_without_permission(client, stranger):
    client.force_login(stranger)

    assert client.get(LIST).status_code == 403


def test_cohort_list_filters_by_text_and_state(client, organiser):
    factories.CohortFactory(title="Herbst 2027")
    factories.CohortFactory(title="Herbst 2028", announced_at=None)
    factories.CohortFactory(title="Frühjahr 2028", announced_at=None)
    client.force_login(organiser)

    response = client.get(LIST, {"text": "herbst", "state": "PLANNED"})

    assert titles(response) == ["Herbst 2028"]
    assert 'value="herbst"' in response.content.decode()


@pytest.mark.parametrize(
    ("order", "expected"), [("title", ["A", "B", "C"]), ("-title", ["C", "B", "A"]), ("first_on", ["B", "A", "C"])]
)
def test_cohort_list_orders_by_column_head(client, organiser, order, expected):
    for title, day in [("A", datetime.date(2027, 2, 1)), ("B", datetime.date(2027, 1, 1))]:
        factories.SessionFactory(cohort__title=title, days=[day])
    factories.CohortFactory(title="C")
    client.force_login(organiser)

    assert titles(client.get(LIST, {"order": order})) == expected


@pytest.mark.parametrize("nonsense", [{"order": "edition__note"}, {"state": "XX"}, {"text": "x" * 500}])
def test_cohort_list_ignores_nonsense(client, organiser, nonsense):
    cohort = factories.CohortFactory()
    client.force_login(organiser)

    assert titles(client.get(LIST, nonsense)) == [cohort.title]


def test_empty_cohort_list_says_why_and_what_next(client, organiser):
    client.force_login(organiser)

    page = client.get(LIST).content.decode()

    assert "Es gibt noch keinen Durchgang." in page
    assert "Ersten Durchgang anlegen" in page


def test_empty_selection_leads_back_to_all(client, organiser):
    factories.CohortFactory()
    client.force_login(organiser)

    page = client.get(LIST, {"text": "gibt es nicht"}).content.decode()

    assert "Zu dieser Auswahl gibt es keinen Durchgang." in page


def test_cohort_add_starts_with_sensible_values(client, organiser):
    edition = factories.publish(factories.EditionFactory())
    client.force_login(organiser)

    form = client.get(ADD).context["form"]

    assert form.initial["edition"] == edition
    assert form.initial["contact_email"] == organiser.email
    assert form["places"].value() == 22
    assert form["attendance_threshold_percent"].value() == 80


def test_cohort_add_stores_and_leads_to_the_plan(client, organiser):
    edition = factories.publish(factories.EditionFactory())
    client.force_login(organiser)

    response = client.post(ADD, valid(edition))

    cohort = Cohort.objects.get()
    assert response.url == f"/durchgaenge/{cohort.pk}/planen/"
    assert (cohort.title, cohort.places, cohort.announced_at) == ("Durchgang 2027", 24, None)
    assert cohort.registration_closes_on == datetime.date(2027, 1, 31)
    event = AuditEvent.objects.get()
    assert (event.action, event.target_id, event.by_id) == ("COHORT_CREATED", str(cohort.pk), organiser.pk)


def test_cohort_add_twice_makes_one(client, organiser):
    edition = factories.publish(factories.EditionFactory())
    client.force_login(organiser)
    client.post(ADD, valid(edition))

    page = client.post(ADD, valid(edition)).content.decode()

    assert "Einen Durchgang mit diesem Titel gibt es schon." in page
    assert 'value="Durchgang 2027"' in page
    assert Cohort.objects.count() == 1


def test_cohort_add_at_the_same_instant_makes_one(organiser):
    """Both requests have passed the form before the first one stores."""
    edition = factories.publish(factories.EditionFactory())
    first, second = NewCohortForm(valid(edition)), NewCohortForm(valid(edition))
    assert first.is_valid()
    assert second.is_valid()

    stored = [
        save_or_explain(form, partial(create_cohort, cohort=form.instance, by=organiser))
        for form in (first, second)
    ]

    assert stored == [Cohort.objects.get(), None]
    assert second.errors == {"__all__": ["Einen Durchgang mit diesem Titel gibt es schon."]}
    assert AuditEvent.objects.count() == 1


def test_cohort_add_refuses_an_edition_that_is_not_published(client, organiser):
    draft = factories.EditionFactory(status=EditionStatus.DRAFT, published_on=None)
    client.force_login(organiser)

    client.post(ADD, valid(draft))

    assert not Cohort.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"places": "1"}, "Ein Durchgang hat mindestens zwei Plätze, also ein Tandem."),
        ({"attendance_threshold_percent": "120"}, "Die nötige Anwesenheit liegt zwischen 1 und 100 Prozent."),
        ({"registration_closes_on": "31.02.2027"}, "Bitte ein gültiges Datum eingeben."),
        ({"registration_opens_on": "2027-02-01"}, "Die Anmeldung beginnt nach ihrem Schluss."),
        ({"offer_days": "31"}, "Die Bedenkzeit liegt zwischen 1 und 30 Tagen."),
    ],
)
def test_cohort_add_says_what_is_wrong_and_keeps_what_was_typed(client, organiser, change, message):
    edition = factories.publish(factories.EditionFactory())
    client.force_login(organiser)

    page = client.post(ADD, valid(edition, **change)).content.decode()

    assert message in page
    assert 'value="kursbuero@stadt.example"' in page
    assert not Cohort.objects.exists()


def test_cohort_add_prints_markup_literally(client, organiser):
    edition = factories.publish(factories.EditionFactory())
    client.force_login(organiser)
    client.post(ADD, valid(edition, title='"><script>alert(1)</script>'))

    page = client.get(LIST).content.decode()

    assert "&quot;&gt;&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_cohort_add_forbidden_for_trainers(client, trainer):
    client.force_login(trainer)

    assert client.post(ADD, valid(factories.EditionFactory())).status_code == 403
    assert not Cohort.objects.exists()


def test_cohort_edit_changes_and_logs_the_fields(client, organiser):
    cohort = factories.CohortFactory()
    client.force_login(organiser)

    client.post(
        f"/durchgaenge/{cohort.pk}/bearbeiten/", valid(cohort.edition, title=cohort.title, contact_email="")
    )

    cohort.refresh_from_db()
    assert cohort.places == 24
    assert AuditEvent.objects.get().details == {"fields": ["places", "registration_closes_on"]}


def test_cohort_edit_stores_how_the_waiting_list_moves(client, organiser):
    cohort = factories.CohortFactory()
    client.force_login(organiser)
    changes = {"registration_opens_on": "2027-01-10", "offer_days": 3, "asks_approval": "on"}
    data = valid(cohort.edition, title=cohort.title, **changes)
    del data["moves_up_automatically"]

    client.post(f"/durchgaenge/{cohort.pk}/bearbeiten/", data)

    cohort.refresh_from_db()
    assert cohort.registration_opens_on == datetime.date(2027, 1, 10)
    assert (cohort.offer_days, cohort.asks_approval, cohort.moves_up_automatically) == (3, True, False)


def test_cohort_edit_refuses_fewer_places_than_are_taken(client, organiser):
    cohort = factories.CohortFactory(places=22, places_taken=12)
    client.force_login(organiser)

    page = client.post(
        f"/durchgaenge/{cohort.pk}/bearbeiten/", valid(cohort.edition, title=cohort.title, places=11)
    ).content.decode()

    sentence = "So viele Plätze sind schon vergeben oder angeboten. Bitte lassen Sie mindestens diese Zahl stehen."
    assert f"{sentence} Vergeben oder angeboten sind 12." in page
    assert 'value="11"' in page
    cohort.refresh_from_db()
    assert cohort.places == 22


def test_cohort_edit_without_a_change_leaves_no_trace(client, organiser):
    cohort = factories.CohortFactory()
    client.force_login(organiser)
    unchanged = valid(
        cohort.edition,
        title=cohort.title,
        places=cohort.places,
        registration_closes_on=cohort.registration_closes_on.isoformat(),
        contact_email="",
    )

    response = client.post(f"/durchgaenge/{cohort.pk}/bearbeiten/", unchanged)

    assert response.status_code == 302
    assert not AuditEvent.objects.exists()


def test_cohort_edit_with_errors_keeps_the_name_in_the_heading(client, organiser):
    cohort = factories.CohortFactory(title="Alt")
    client.force_login(organiser)

    page = client.post(f"/durchgaenge/{cohort.pk}/bearbeiten/", valid(cohort.edition, title="", places="1"))

    assert "<h1>Alt bearbeiten</h1>" in page.content.decode()


def test_cohort_edit_by_two_keeps_what_the_first_has_changed(client, organiser):
    cohort = factories.CohortFactory(places=22)
    client.force_login(organiser)
    url = f"/durchgaenge/{cohort.pk}/bearbeiten/"
    seen = html.unescape(re.search(r'name="seen" value="([^"]+)"', client.get(url).content.decode())[1])
    as_shown = valid(
        cohort.edition,
        title=cohort.title,
        places=22,
        registration_closes_on=cohort.registration_closes_on.isoformat(),
        contact_email=cohort.contact_email,
    ) | {"seen": seen}

    client.post(url, as_shown | {"places": 24})
    response = client.post(url, as_shown | {"contact_email": "neu@stadt.example"}, follow=True)

    cohort.refresh_from_db()
    assert (cohort.places, cohort.contact_email) == (24, "neu@stadt.example")
    assert "Inzwischen hat jemand anderes etwas geändert" in response.content.decode()


def test_cohort_edit_refuses_registration_after_the_first_day(client, organiser):
    session = factories.SessionFactory(days=[datetime.date(2027, 2, 1)])
    client.force_login(organiser)
    data = valid(session.cohort.edition, title="Neu", registration_closes_on="2027-02-01")

    page = client.post(f"/durchgaenge/{session.cohort_id}/bearbeiten/", data).content.decode()

    assert "Der Anmeldeschluss muss vor dem ersten Tag liegen, Mo, 1.\u00a0Februar 2027." in page


def test_cohort_edit_says_that_registration_is_closed_now(client, organiser):
    cohort = factories.CohortFactory()
    client.force_login(organiser)
    data = valid(cohort.edition, title=cohort.title, registration_closes_on="2020-01-01")

    page = client.post(f"/durchgaenge/{cohort.pk}/bearbeiten/", data, follow=True).content.decode()

    assert "Der Anmeldeschluss ist vorbei: Die Anmeldung ist damit geschlossen." in page


def test_cohort_add_proposes_the_edition_of_the_latest_cohort_only(client, organiser):
    first, second = (factories.publish(factories.EditionFactory()) for _ in range(2))
    client.force_login(organiser)

    assert '<option value="" selected>Bitte wählen' in client.get("/durchgaenge/neu/").content.decode()
    factories.CohortFactory(edition=first)

    chosen = re.search(r'<option value="(\d+)" selected>', client.get("/durchgaenge/neu/").content.decode())
    assert chosen[1] == str(first.pk) != str(second.pk)


def announce_url(cohort):
    return reverse("curriculum:cohort_announce", args=[cohort.pk])


def test_cohort_announce_makes_public(client, organiser):
    cohort = factories.SessionFactory(cohort__announced_at=None).cohort
    client.force_login(organiser)

    response = client.post(announce_url(cohort))

    cohort.refresh_from_db()
    assert response.url == cohort.get_absolute_url()
    assert cohort.announced_at is not None
    assert AuditEvent.objects.get().action == "COHORT_ANNOUNCED"


def test_cohort_announce_twice_keeps_the_first_moment(client, organiser):
    cohort = factories.SessionFactory(cohort__announced_at=None).cohort
    client.force_login(organiser)
    client.post(announce_url(cohort))
    first = Cohort.objects.get().announced_at

    client.post(announce_url(cohort))

    assert Cohort.objects.get().announced_at == first
    assert AuditEvent.objects.count() == 1


def test_cohort_announce_shows_what_will_be_public(client, organiser):
    session = factories.SessionFactory(cohort__announced_at=None)
    client.force_login(organiser)

    page = client.get(announce_url(session.cohort)).content.decode()

    assert "Das wird öffentlich" in page
    assert session.module.title in page
    assert "22 Personen, also 11 Tandems" in page
    assert Cohort.objects.get().announced_at is None


def test_cohort_announce_refuses_what_is_not_ready(client, organiser):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    cohort = factories.CohortFactory(announced_at=None, registration_closes_on=yesterday)
    client.force_login(organiser)

    response = client.post(announce_url(cohort), follow=True)

    page = response.content.decode()
    assert "Der Durchgang hat noch keinen Termin." in page
    assert "Der Anmeldeschluss liegt in der Vergangenheit." in page
    assert f'href="/durchgaenge/{cohort.pk}/termine/neu/"' in page
    assert f'href="/durchgaenge/{cohort.pk}/bearbeiten/"' in page
    assert "<form" not in page.partition("<main")[2]
    assert Cohort.objects.get().announced_at is None


def test_cohort_announce_hints_at_modules_without_a_session(client, organiser):
    session = factories.SessionFactory(cohort__announced_at=None)
    other = factories.ModuleFactory(edition=session.cohort.edition)
    client.force_login(organiser)

    page = client.get(announce_url(session.cohort)).content.decode()

    assert f"Noch ohne Termin: {other.code}." in page


def test_cohort_announce_hints_at_a_closing_date_after_the_first_day(client, organiser):
    cohort = factories.CohortFactory(announced_at=None)
    factories.SessionFactory(cohort=cohort, days=[cohort.registration_closes_on])
    client.force_login(organiser)

    page = client.get(announce_url(cohort)).content.decode()

    assert "Der Anmeldeschluss liegt nicht vor dem ersten Termin." in page


def test_cohort_announce_forbidden_for_readers(client, reader):
    cohort = factories.SessionFactory(cohort__announced_at=None).cohort
    client.force_login(reader)

    assert client.post(announce_url(cohort)).status_code == 403
    assert Cohort.objects.get().announced_at is None
