"""List, add, change and delete venues."""

import pytest

from curriculum.models import Venue
from netzkoord.models import AuditEvent
from tests import factories

FIELDS = {"name": "Bürgerhaus", "street": "Am Markt 1", "postal_code": "01067", "city": "Dresden", "directions": ""}


@pytest.mark.parametrize("count", [1, 3])
def test_venue_list_query_count(client, organiser, django_assert_num_queries, count):
    factories.VenueFactory.create_batch(count)
    client.force_login(organiser)

    with django_assert_num_queries(5):
        response = client.get("/orte/")

    assert response.content.decode().count('<th scope="row">') == count


def test_empty_venue_list_says_what_next(client, organiser):
    client.force_login(organiser)

    assert "Ersten Ort anlegen" in client.get("/orte/").content.decode()


def test_venue_list_forbidden_for_trainers(client, trainer):
    client.force_login(trainer)

    assert client.get("/orte/").status_code == 403


def test_venue_add_keeps_the_leading_zero(client, organiser):
    client.force_login(organiser)

    response = client.post("/orte/neu/", FIELDS)

    assert response.url == "/orte/"
    assert Venue.objects.get().postal_code == "01067"


def test_venue_add_leads_back_to_the_session_that_needs_it(client, organiser):
    cohort = factories.CohortFactory()
    client.force_login(organiser)

    response = client.post(f"/orte/neu/?durchgang={cohort.pk}", FIELDS)

    assert response.url == f"/durchgaenge/{cohort.pk}/termine/neu/"


@pytest.mark.parametrize("key", ["", "x", "²", "-1", "999999999999999999999999", "//evil.example"])
def test_venue_add_ignores_a_cohort_that_is_none(client, organiser, key):
    client.force_login(organiser)

    response = client.post("/orte/neu/", FIELDS, query_params={"durchgang": key})

    assert response.url == "/orte/"


def test_venue_add_leads_back_to_the_plan_that_needs_it(client, organiser):
    cohort = factories.CohortFactory()
    client.force_login(organiser)

    response = client.post(f"/orte/neu/?plan={cohort.pk}", FIELDS)

    assert response.url == f"/durchgaenge/{cohort.pk}/planen/"


def test_venue_add_stores_the_land_whose_holidays_count(client, organiser):
    client.force_login(organiser)

    client.post("/orte/neu/", FIELDS | {"state": "14"})

    assert Venue.objects.get().get_state_display() == "Sachsen"
    assert "Sachsen" in client.get("/orte/").content.decode()


def test_venue_add_names_the_laender_by_the_alphabet(client, organiser):
    client.force_login(organiser)

    labels = [label for _, label in client.get("/orte/neu/").context["form"]["state"].field.choices]

    assert labels[:4] == ["keine Angabe", "Baden-Württemberg", "Bayern", "Berlin"]
    assert labels[1:] == sorted(labels[1:])
    assert len(labels) == 17


def test_venue_add_refuses_a_land_that_is_none(client, organiser):
    client.force_login(organiser)

    page = client.post("/orte/neu/", FIELDS | {"state": "17"}).content.decode()

    assert "Bitte wählen Sie eines der 16 Länder." in page
    assert not Venue.objects.exists()


def test_venue_add_twice_makes_one(client, organiser):
    client.force_login(organiser)
    client.post("/orte/neu/", FIELDS)

    page = client.post("/orte/neu/", FIELDS).content.decode()

    assert "Diesen Ort gibt es schon." in page
    assert Venue.objects.count() == 1


@pytest.mark.parametrize("code", ["1067", "0106X", "٠١٠٦٧"])
def test_venue_add_refuses_a_postal_code_that_is_none(client, organiser, code):
    client.force_login(organiser)

    page = client.post("/orte/neu/", FIELDS | {"postal_code": code}).content.decode()

    assert "Eine Postleitzahl hat fünf Ziffern." in page
    assert not Venue.objects.exists()


def test_venue_edit_changes(client, organiser):
    venue = factories.VenueFactory()
    client.force_login(organiser)

    client.post(f"/orte/{venue.pk}/bearbeiten/", FIELDS)

    venue.refresh_from_db()
    assert str(venue) == "Bürgerhaus, Dresden"


def test_venue_edit_refuses_the_name_of_another(client, organiser):
    factories.VenueFactory(name="Bürgerhaus", city="Dresden")
    venue = factories.VenueFactory(name="Schloss")
    client.force_login(organiser)

    page = client.post(f"/orte/{venue.pk}/bearbeiten/", FIELDS).content.decode()

    assert "Diesen Ort gibt es schon." in page
    assert "<h1>Schloss, Hannover bearbeiten</h1>" in page


def test_venue_edit_forbidden_for_readers(client, reader):
    venue = factories.VenueFactory()
    client.force_login(reader)

    assert client.post(f"/orte/{venue.pk}/bearbeiten/", FIELDS).status_code == 403


def test_venue_delete_asks_first_and_then_deletes(client, organiser):
    venue = factories.VenueFactory()
    client.force_login(organiser)

    assert "Ort löschen?" in client.get(f"/orte/{venue.pk}/loeschen/").content.decode()
    assert client.post(f"/orte/{venue.pk}/loeschen/").url == "/orte/"

    assert not Venue.objects.exists()
    assert AuditEvent.objects.get().action == "VENUE_DELETED"


def test_venue_delete_names_the_sessions_that_need_it(client, organiser):
    session = factories.SessionFactory()
    client.force_login(organiser)

    response = client.post(f"/orte/{session.venue.pk}/loeschen/", follow=True)

    page = response.content.decode()
    assert f"bleibt bestehen: Termin „{session}“." in page
    assert f'<a href="{session.get_absolute_url()}">{session.module}</a>, {session.cohort}' in page
    assert "<form" not in page.partition("<main")[2]
    assert Venue.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_venue_delete_query_count(client, organiser, django_assert_num_queries, count):
    venue = factories.VenueFactory()
    factories.SessionFactory.create_batch(count, venue=venue)
    client.force_login(organiser)

    with django_assert_num_queries(6):
        client.get(f"/orte/{venue.pk}/loeschen/")


def test_venue_delete_twice_is_not_there_the_second_time(client, organiser):
    venue = factories.VenueFactory()
    client.force_login(organiser)
    client.post(f"/orte/{venue.pk}/loeschen/")

    assert client.post(f"/orte/{venue.pk}/loeschen/").status_code == 404


def test_venue_delete_forbidden_for_readers(client, reader):
    venue = factories.VenueFactory()
    client.force_login(reader)

    assert client.post(f"/orte/{venue.pk}/loeschen/").status_code == 403
    assert Venue.objects.exists()
