import csv
import io

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from curriculum.models import Audience
from netzkoord.lib.spreadsheets import csv_bytes, plain_cell, safe_cell, xlsx_bytes
from tests.factories import CohortFactory, MunicipalityFactory, RegistrationFactory, complete_tandem

HARMFUL = [
    "=1+1",
    "+49 551 400",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    " =1",
    "\u00a0=1",
]
LOSING = ["0221", "05158020", "1234567890123456"]


@pytest.mark.parametrize("text", [*HARMFUL, *LOSING])
def test_what_a_program_would_change_gets_an_apostrophe_and_loses_it_again(text):
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["'s-Hertogenbosch", "'=1", "''=1", "'", "Ben-Müller", "12", "2=2", "", "O'Neill"])
def test_an_apostrophe_of_ones_own_stays(text):
    assert plain_cell(safe_cell(text)) == text


def test_what_is_no_formula_stays_as_it_is():
    table = csv_bytes(["a"], [["Ben-Müller"], [12], ["2=2"], [None], ["'s-Hertogenbosch"]])

    assert table.decode("utf-8-sig") == 'a\r\nBen-Müller\r\n12\r\n2=2\r\n""\r\n\'s-Hertogenbosch\r\n'


@pytest.mark.parametrize("text", [*HARMFUL, *LOSING, "Müller", "=cmd|' /C calc'!A0"])
def test_a_workbook_holds_texts_as_texts(text):
    page = load_workbook(io.BytesIO(xlsx_bytes("Blatt", [("Spalte", 10)], [[text]]))).active

    cell = page["A2"]
    assert (cell.data_type, cell.value.replace("\r", "\n")) == ("s", text.replace("\r", "\n"))
    assert cell.quotePrefix == (text != "Müller")


@pytest.fixture
def cohort(db):
    return CohortFactory(title="Führung & Koordination 2027")


def tandem_in(cohort, name, ags):
    return complete_tandem(cohort=cohort, municipality=MunicipalityFactory(name=name, ags=ags, state=ags[:2]))


def export(client, cohort, name="tandem_export", **query):
    return client.get(reverse(f"participants:{name}", args=[cohort.pk]), query)


def csv_rows(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def xlsx_rows(response):
    page = load_workbook(io.BytesIO(response.content)).active
    header, *rows = page.iter_rows()
    return [dict(zip([cell.value for cell in header], row, strict=True)) for row in rows]


@time_machine.travel("2026-11-02 09:00+01:00", tick=False)
def test_tandem_export_holds_what_the_list_shows(client, cohort, organiser):
    tandem = tandem_in(cohort, "Göttingen", "03159016")
    tandem.registrations.filter(role=Audience.MANAGER).update(
        family_name="Müller; „Testa“", organisation='=HYPERLINK("http://boese.example")', phone="0551400"
    )
    tandem_in(cohort, "Köln", "05315000")
    client.force_login(organiser)

    response = export(client, cohort, text="gottingen")

    manager, coordinator = csv_rows(response)
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"] == (
        'attachment; filename="anmeldungen-fuehrung-koordination-2027-2026-11-02.csv"'
    )
    assert (manager["Tandem"], manager["AGS"], manager["Kommune"]) == (str(tandem.pk), "03 159 016", "Göttingen")
    assert (manager["Stand des Tandems"], manager["Entscheidung"]) == ("vollständig", "offen")
    assert manager["Familienname"] == "Müller; „Testa“"
    assert (manager["Organisation"], manager["Telefon"]) == ('\'=HYPERLINK("http://boese.example")', "'0551400")
    assert (coordinator["Rolle"], coordinator["Eingang"]) == ("Koordinierungskraft", "02.11.2026 09:00")


@time_machine.travel("2026-11-02 09:00+01:00", tick=False)
def test_tandem_workbook_keeps_zeros_and_dates(client, cohort, organiser):
    tandem_in(cohort, "Göttingen", "03159016").registrations.update(organisation="=1+1")
    client.force_login(organiser)

    response = export(client, cohort, "tandem_workbook")

    row, _ = xlsx_rows(response)
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert (row["AGS"].value, row["AGS"].number_format, row["AGS"].data_type) == ("03159016", "@", "s")
    assert (row["Eingang"].is_date, f"{row['Eingang'].value:%d.%m.%Y %H:%M}") == (True, "02.11.2026 09:00")
    assert (row["Organisation"].value, row["Organisation"].data_type) == ("=1+1", "s")


def test_tandem_export_follows_the_order_and_leaves_out_who_has_left(client, cohort, organiser):
    tandem_in(cohort, "Ulm", "08421000").registrations.filter(role=Audience.MANAGER).update(
        withdrawn_at="2026-11-01T00:00Z"
    )
    tandem_in(cohort, "Aalen", "08136088").registrations.update(withdrawn_at="2026-11-01T00:00Z")
    client.force_login(organiser)

    rows = csv_rows(export(client, cohort, order="municipality"))

    assert [(row["Kommune"], row["Rolle"]) for row in rows] == [("Aalen", ""), ("Ulm", "Koordinierungskraft")]


@pytest.mark.parametrize("count", [1, 3])
def test_tandem_workbook_query_count(client, cohort, organiser, django_assert_num_queries, count):
    for _ in range(count):
        complete_tandem(cohort=cohort)
    client.force_login(organiser)

    with django_assert_num_queries(17):
        response = export(client, cohort, "tandem_workbook")

    assert len(xlsx_rows(response)) == 2 * count


def test_chosen_export_holds_the_chosen_rows(client, cohort, organiser):
    chosen, _ = complete_tandem(cohort=cohort), complete_tandem(cohort=cohort)
    elsewhere = RegistrationFactory().tandem
    client.force_login(organiser)

    url = reverse("participants:chosen_export", args=[cohort.pk])
    response = client.post(url, {"tandem": [chosen.pk, elsewhere.pk, "x", "9" * 40]})

    assert {row["Tandem"].value for row in xlsx_rows(response)} == {chosen.pk}


def test_chosen_export_of_all_that_the_filters_show(client, cohort, organiser):
    tandems = [complete_tandem(cohort=cohort) for _ in range(2)]
    RegistrationFactory(tandem__cohort=cohort)
    client.force_login(organiser)

    response = client.post(
        reverse("participants:chosen_export", args=[cohort.pk]), {"gefiltert": "state=COMPLETE&order=nonsense"}
    )

    assert {row["Tandem"].value for row in xlsx_rows(response)} == {tandem.pk for tandem in tandems}


def test_chosen_export_without_a_choice_says_so(client, cohort, organiser):
    client.force_login(organiser)

    response = client.post(reverse("participants:chosen_export", args=[cohort.pk]), follow=True)

    assert "Bitte wählen Sie mindestens eine Anmeldung aus." in response.content.decode()


@pytest.mark.parametrize("name", ["tandem_export", "tandem_workbook"])
def test_tables_are_the_organisers(client, cohort, reader, trainer, stranger, name):
    for user in (reader, trainer, stranger):
        client.force_login(user)
        assert export(client, cohort, name).status_code == 403
