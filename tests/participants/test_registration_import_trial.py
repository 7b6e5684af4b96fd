"""What the trial of a list says: each mistake once, all places as a table, and who is passed over."""

import pytest
from django.urls import reverse

from curriculum.models import Cohort
from tests.factories import CohortFactory, MunicipalityFactory, RegistrationFactory
from tests.participants.registration_lists import ERIKA, JONAS, NINA, changed, csv_of, upload, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture(autouse=True)
def places():
    MunicipalityFactory(name="Göttingen", ags="03159016", state="03")
    MunicipalityFactory(name="Köln", ags="05315000", state="05")


def test_the_same_mistake_in_many_rows_is_shown_once_and_all_places_can_be_loaded(client, cohort, organiser):
    rows = [changed(NINA, Rolle="Chef", E_Mail_Adresse=f"n{number}@stadt.example") for number in range(40)]
    client.force_login(organiser)

    response = upload(client, cohort, csv_of(*rows, changed(ERIKA, Familienname="")))
    page = response.content.decode()
    word = response.context["word"]
    loaded = client.get(url(cohort), {"fehler": word})

    assert "41 Stellen sind zu ändern" in page
    assert page.count("„Chef“ ist hier nicht vorgesehen") == 1
    assert "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 und weitere, zusammen 40" in page
    assert f'href="?fehler={word}"' in page
    assert (loaded["Content-Type"], loaded["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        f'attachment; filename="fehler-anmeldungen-{cohort.pk}.csv"',
    )
    lines = loaded.content.decode("utf-8-sig").splitlines()
    assert (len(lines), lines[0], lines[-1]) == (
        42,
        "Zeile;Spalte;Was nicht stimmt",
        "42;Familienname;Der Familienname fehlt.",
    )


def test_the_places_of_a_list_are_its_owners_only(client, cohort, organiser):
    client.force_login(organiser)
    word = upload(client, cohort, csv_of(changed(NINA, Rolle="Chef"))).context["word"]

    for where, key in ((CohortFactory(), word), (cohort, "x" * 500)):
        page = client.get(url(where), {"fehler": key}, follow=True).content.decode()
        assert "liegt nicht mehr bereit" in page


def test_only_the_first_twenty_kinds_of_mistakes_are_shown(client, cohort, organiser):
    rows = [changed(NINA, Rolle=f"Chef {number}", E_Mail_Adresse=f"n{number}@a.example") for number in range(25)]
    client.force_login(organiser)

    page = upload(client, cohort, csv_of(*rows)).content.decode()

    assert page.count("ist hier nicht vorgesehen") == 20
    assert "Hier stehen die ersten 20 von 25 verschiedenen Fehlern." in page


def test_our_own_table_is_read_back_where_somebody_has_registered_twice(client, cohort, organiser):
    for number in range(2):
        RegistrationFactory(
            tandem__cohort=cohort,
            email="doppelt@stadt.example",
            person=None,
            confirmed_at=None,
            given_names="Anna",
            family_name=f"Müller {number}",
        )
    client.force_login(organiser)
    table = client.get(reverse("participants:tandem_export", args=[cohort.pk])).content

    page = upload(client, cohort, table).content.decode()

    assert "2 Zeilen werden übersprungen: schon angemeldet" in page
    assert page.count("schon angemeldet, wird übersprungen") == 2


@pytest.mark.parametrize("asks", [True, False])
def test_the_trial_says_that_no_superior_is_asked(client, cohort, organiser, asks):
    Cohort.objects.filter(pk=cohort.pk).update(asks_approval=asks)
    client.force_login(organiser)

    page = upload(client, cohort, csv_of(ERIKA, JONAS)).content.decode()

    assert ("für die Personen daraus wird niemand gefragt" in page) is asks
