"""What the trial of a list says: each mistake once, all places as a table, and who is passed over."""

import io

import openpyxl
import pytest
from django.urls import reverse
from post_office.models import Email

from curriculum.models import Cohort
from participants.imports.registration_table import read
from participants.imports.registrations import try_out
from participants.models import Approval, Registration
from tests.factories import CohortFactory, MunicipalityFactory, RegistrationFactory, lettered
from tests.participants.registration_lists import ERIKA, HEADINGS, JONAS, NINA, changed, csv_of, store, upload, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture(autouse=True)
def places():
    MunicipalityFactory(name="Göttingen", ags="03159016", state="03")
    MunicipalityFactory(name="Köln", ags="05315000", state="05")


def problems_url(cohort, word):
    return reverse("participants:import_problems", args=[cohort.pk, word])


def test_the_same_mistake_in_many_rows_is_shown_once_and_all_places_can_be_loaded(client, cohort, organiser):
    rows = [changed(NINA, Rolle="Chef", E_Mail_Adresse=f"n{number}@stadt.example") for number in range(40)]
    client.force_login(organiser)

    response = upload(client, cohort, csv_of(*rows, changed(ERIKA, Familienname="")))
    page = response.content.decode()
    word = response.context["word"]
    loaded = client.get(problems_url(cohort, word))

    assert "41 Stellen sind zu ändern" in page
    assert page.count("„Chef“ ist hier nicht vorgesehen") == 1
    assert "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 und weitere, zusammen 40" in page
    assert f'href="{problems_url(cohort, word)}"' in page
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
        page = client.get(problems_url(where, key), follow=True).content.decode()
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
            family_name=f"Müller {lettered(number)}",
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


def with_superiors(*superiors):
    """A list of people, each with the address of a superior or none."""
    rows = [
        [*changed(NINA, E_Mail_Adresse=f"person{number}@stadt.example"), superior]
        for number, superior in enumerate(superiors)
    ]
    return csv_of(*rows, headings=[*HEADINGS, "E-Mail-Adresse der vorgesetzten Person"])


@pytest.mark.parametrize(
    ("asks", "superiors", "sentence"),
    [
        (True, ["chefin@stadt.example", "chef@stadt.example"], "für alle Personen, sobald sie bestätigt sind."),
        (True, ["chefin@stadt.example", ""], "für 1 von 2 Personen, sobald sie bestätigt sind. Für die übrigen"),
        (False, ["chefin@stadt.example", ""], "ihre Adressen werden nicht gespeichert"),
    ],
)
def test_the_trial_says_whose_superior_is_asked(client, cohort, organiser, asks, superiors, sentence):
    Cohort.objects.filter(pk=cohort.pk).update(asks_approval=asks)
    client.force_login(organiser)

    page = upload(client, cohort, with_superiors(*superiors)).content.decode()

    assert sentence in page
    assert ("um Zustimmung gefragt wird: chefin@stadt.example" in page) is asks


@pytest.mark.parametrize(
    ("superior", "sentence"),
    [
        ("chefin", "Das ist keine gültige E-Mail-Adresse."),
        ("Person0@Stadt.example", "Das ist die eigene Adresse dieser Person."),
    ],
)
def test_the_address_of_a_superior_is_checked(client, cohort, organiser, superior, sentence):
    client.force_login(organiser)

    response = upload(client, cohort, with_superiors(superior))

    (slip,) = response.context["slips"]
    assert (slip.column, slip.rows) == ("E-Mail-Adresse der vorgesetzten Person", [2])
    assert sentence in slip.text


@pytest.mark.parametrize(("way", "asked"), [("ask", []), ("tell", ["chefin@stadt.example"])])
def test_superiors_are_stored_and_asked_when_the_person_is_confirmed(client, cohort, organiser, way, asked):
    Cohort.objects.filter(pk=cohort.pk).update(asks_approval=True)
    client.force_login(organiser)

    store(client, cohort, with_superiors("Chefin@Stadt.example", ""), way)

    approval = Approval.objects.get()
    assert (approval.email, approval.registration.email) == ("chefin@stadt.example", "person0@stadt.example")
    assert [mail.to[0] for mail in Email.objects.all() if mail.to[0].startswith("chef")] == asked


def test_superiors_are_not_stored_where_nobody_asks_them(client, cohort, organiser):
    client.force_login(organiser)

    store(client, cohort, with_superiors("chefin@stadt.example"), "tell")

    assert Registration.objects.count() == 1
    assert not Approval.objects.exists()


@pytest.mark.parametrize("asks", [True, False])
def test_template_and_page_name_the_column_where_superiors_are_asked(client, cohort, organiser, asks):
    Cohort.objects.filter(pk=cohort.pk).update(asks_approval=asks)
    client.force_login(organiser)

    content = client.get(reverse("participants:import_template", args=[cohort.pk])).content

    headings = [cell.value for cell in next(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows())]
    assert ("E-Mail-Adresse der vorgesetzten Person" in headings) is asks
    assert ("Wer um Zustimmung gefragt werden soll" in client.get(url(cohort)).content.decode()) is asks


def test_the_export_carries_the_superior_into_another_cohort(client, cohort, organiser):
    half = RegistrationFactory(tandem__cohort=cohort)
    Approval.objects.create(registration=half, email="chefin@stadt.example")
    client.force_login(organiser)
    table = read(client.get(reverse("participants:tandem_export", args=[cohort.pk])).content)

    (bond,) = try_out(table.rows, CohortFactory()).bonds

    assert bond.entries[0].superior_email == "chefin@stadt.example"
