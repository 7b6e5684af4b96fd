"""A list of registrations from elsewhere: every error with its place, all or nothing stored."""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience
from netzkoord.lib.grids import NotATable
from netzkoord.models import AuditEvent, User
from participants.imports.registration_table import read
from participants.imports.registrations import try_out
from participants.models import Registration, Selection, Tandem
from tests.factories import CohortFactory, MunicipalityFactory, RegistrationFactory, TandemFactory, complete_tandem
from tests.participants.forms import mails
from tests.participants.registration_lists import (
    ERIKA,
    HEADINGS,
    JONAS,
    NINA,
    changed,
    csv_of,
    problems,
    store,
    store_url,
    upload,
    xlsx_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture(autouse=True)
def places():
    MunicipalityFactory(name="Göttingen", ags="03159016", state="03")
    MunicipalityFactory(name="Köln", ags="05315000", state="05")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "cp1252"])
def test_read_understands_every_usual_file(separator, encoding):
    if encoding == "utf-16-le-bom":
        content = b"\xff\xfe" + csv_of(ERIKA, separator=separator, encoding="utf-16-le")
    else:
        content = csv_of(ERIKA, separator=separator, encoding=encoding)

    row = read(content).rows[0]

    assert (row.number, row.cells["family_name"], row.cells["ags"]) == (2, "Müller", "03159016")


def test_read_takes_english_headings_in_any_order_and_quotes():
    headings = ["Last name", "Email", "Role", "Organization", "Municipality", "First name", "Partner e-mail"]
    line = ['"Müller; ""Testa"""', "e@stadt.example", "Manager", '"Amt\r\nSüd"', "Köln", "Erika", ""]

    row = read(csv_of(line, headings=headings)).rows[0]

    assert row.cells["family_name"] == 'Müller; "Testa"'
    assert (row.cells["role"], row.cells["municipality"], row.cells["given_names"]) == ("Manager", "Köln", "Erika")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "leer"),
        (b"\r\n\r\n", "leer"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0 old", "altes? ?|im alten Format XLS"),
        (b"\x89PNG\r\n\x1a\n;Bild", "ein Bild, keine Tabelle"),
        (b"\xff\xd8\xff;Bild", "ein Bild, keine Tabelle"),
        (b"<!doctype html><table></table>", "Webseite"),
        (b"PK\x03\x04 broken", "beschädigt"),
        (b"a;b\x00c", "keine Tabelle"),
        (csv_of(), "steht niemand"),
        (csv_of(ERIKA, headings=[*HEADINGS[:-1], '"AGS']), "Anführungszeichen"),
    ],
)
def test_read_refuses_what_is_no_table(content, sentence):
    with pytest.raises(NotATable, match=sentence):
        read(content)


def test_a_large_file_is_refused_before_it_is_read(client, cohort, organiser):
    client.force_login(organiser)

    response = upload(client, cohort, b"x" * (5 * 1024 * 1024 + 1))

    assert "größer als 5\u00a0MB" in response.context["form"].errors["file"][0]


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("participants.imports.registration_table.MAX_ROWS", 1)

    with pytest.raises(NotATable, match="mehr als 1 Zeilen"):
        read(csv_of(ERIKA, JONAS))


def test_formulas_errors_and_dates_are_named_with_their_cell(cohort):
    content = xlsx_of(
        ["1", "=A1", "Erika", "Müller", "erika@stadt.example", "=1+1", "03159016"],
        ["1", "Koordinierungskraft", datetime.date(2026, 1, 1), "#N/A", "j@stadt.example", "Caritas", "03159016"],
    )

    table = read(content)
    found = try_out(table.rows, cohort, table.problems).problems

    assert [(problem.row, problem.column) for problem in found] == [
        (2, "Organisation"),
        (2, "Rolle"),
        (3, "Familienname"),
        (3, "Vorname"),
    ]
    assert "Formel" in found[0].text


def test_a_workbook_with_two_filled_sheets_is_refused():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(ERIKA)))
    book.create_sheet("Noch eins").append(["x"])
    stream = io.BytesIO()
    book.save(stream)

    with pytest.raises(NotATable, match="mehrere Blätter"):
        read(stream.getvalue())


def test_columns_that_are_missing_twice_or_unknown_are_named(cohort):
    headings = ["Rolle", "Rolle", "Familienname", "Organisation", "Lieblingsfarbe"]

    found = problems(cohort, ["", "", "Müller", "Amt", "blau"], headings=headings)

    assert {column for _, column, _ in found} == {"Rolle", "E-Mail-Adresse", "AGS oder Kommune", "Lieblingsfarbe"}


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"Rolle": ""}, "Rolle", "Die Rolle fehlt"),
        ({"Rolle": "Chef"}, "Rolle", "„Chef“ ist hier nicht vorgesehen"),
        ({"Familienname": ""}, "Familienname", "Der Familienname fehlt."),
        ({"Familienname": "x" * 121}, "Familienname", "121 Zeichen, Platz ist für 120"),
        ({"Familienname": "Mü\u202eller"}, "Familienname", "Schreibrichtung"),
        ({"E_Mail_Adresse": ""}, "E-Mail-Adresse", "Die E-Mail-Adresse fehlt."),
        ({"E_Mail_Adresse": "erika"}, "E-Mail-Adresse", "gültige"),
        ({"Organisation": ""}, "Organisation", "Die Organisation fehlt."),
        ({"AGS": ""}, "AGS", "Bitte geben Sie die Kommune an"),
        ({"AGS": "99999999"}, "AGS", "keine Kommune bekannt"),
    ],
)
def test_every_wrong_cell_gets_a_sentence(cohort, cells, column, sentence):
    ((row, found, text),) = problems(cohort, changed(ERIKA, **cells))

    assert (row, found) == (2, column)
    assert sentence in text


def test_words_to_choose_from_are_told_apart_where_one_has_a_comma(cohort):
    ((_, column, text),) = problems(cohort, [*ERIKA, "zu dritt"], headings=[*HEADINGS, "Form der Anmeldung"])

    assert column == "Form der Anmeldung"
    assert "Möglich sind: als Tandem; allein, sucht eine zweite Person; allein." in text


def test_all_errors_are_reported_at_once(cohort):
    found = problems(
        cohort, changed(ERIKA, Rolle="?", AGS="1"), changed(JONAS, Familienname="", E_Mail_Adresse="j")
    )

    assert [(row, column) for row, column, _ in found] == [
        (2, "AGS"),
        (2, "Rolle"),
        (3, "E-Mail-Adresse"),
        (3, "Familienname"),
    ]


@pytest.mark.parametrize("twin", ["ERIKA@Stadt.Example", " erika@stadt.example "])
def test_an_address_stands_in_the_list_once(cohort, twin):
    found = problems(cohort, ERIKA, changed(JONAS, E_Mail_Adresse=twin))

    assert found[0] == (3, "E-Mail-Adresse", "Diese Adresse steht schon in Zeile\u00a02.")


def test_an_address_with_umlauts_stands_in_the_list_once(cohort):
    first = changed(ERIKA, E_Mail_Adresse="erika@köln.example")
    twin = changed(JONAS, E_Mail_Adresse="erika@KO\u0308LN.example")

    assert problems(cohort, first, twin)[0][:2] == (3, "E-Mail-Adresse")


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"Rolle": "Führungskraft"}, "Rolle"), ({"AGS": "05315000"}, "Kommune"), ({"Tandem": "2"}, None)],
)
def test_a_tandem_has_one_municipality_and_two_roles(cohort, cells, column):
    found = problems(cohort, ERIKA, changed(JONAS, **cells))

    assert [place for _, place, _ in found] == ([column] if column else [])


def test_a_tandem_has_two_people(cohort):
    found = problems(cohort, ERIKA, JONAS, changed(NINA, Tandem="1"))

    assert found == [(4, "Tandem", "Zu diesem Tandem gehören schon zwei andere Personen.")]


def test_partners_find_each_other_by_address(client, cohort, organiser):
    headings = [*HEADINGS, "Partner"]
    rows = [[*changed(ERIKA, Tandem=""), "Jonas@stadt.example"], [*changed(JONAS, Tandem=""), ""]]
    client.force_login(organiser)

    store(client, cohort, csv_of(*rows, headings=headings))

    tandem = Tandem.objects.get()
    assert (tandem.registrations.count(), tandem.form, tandem.partner_email) == (2, "TANDEM", "")


def test_municipalities_are_found_by_name_and_homonyms_are_named(cohort):
    MunicipalityFactory(name="Neuenkirchen", ags="03251026", state="03", county_name="Landkreis Diepholz")
    MunicipalityFactory(name="Neuenkirchen", ags="13075098", state="13", county_name="Landkreis Vorpommern")
    headings = [*HEADINGS[:-1], "Kommune", "Bundesland"]

    def trial(name, land=""):
        return problems(cohort, [*ERIKA[:-1], name, land], headings=headings)

    assert trial("Goettingen") == trial("Stadt Göttingen") == trial("Neuenkirchen", "Niedersachsen") == []
    assert "03251026 Neuenkirchen, Landkreis Diepholz, Niedersachsen; 13075098" in trial("Neuenkirchen")[0][2]
    assert "nicht bekannt" in trial("Atlantis")[0][2]


@pytest.mark.parametrize("ags", ["3159016", "03 159 016", "'03159016"])
def test_a_key_that_a_program_has_changed_is_understood(cohort, ags):
    assert problems(cohort, changed(ERIKA, AGS=ags)) == []


def test_a_key_and_a_name_that_differ_are_an_error(cohort):
    found = problems(cohort, [*ERIKA, "Köln"], headings=[*HEADINGS, "Kommune"])

    assert found == [(2, "Kommune", "Der AGS 03159016 gehört zu Göttingen, Niedersachsen, hier steht „Köln“.")]


def test_registration_import_stores_nothing_before_the_second_step(client, cohort, organiser):
    client.force_login(organiser)

    page = upload(client, cohort, csv_of(ERIKA, JONAS, NINA)).content.decode()

    assert "1 Tandem mit zwei Personen" in page
    assert "1 einzelne Person" in page
    assert "3 Anmeldungen übernehmen" in page
    assert not Registration.objects.exists()


def test_registration_import_stores_nothing_where_anything_is_wrong(client, cohort, organiser):
    client.force_login(organiser)

    page = upload(client, cohort, csv_of(ERIKA, JONAS, changed(NINA, Rolle="Chef"))).content.decode()

    assert "1 Stelle ist zu ändern" in page
    assert "übernehmen</button>" not in page
    assert not Registration.objects.exists()


def test_registration_import_lets_people_confirm_themselves(client, cohort, organiser):
    client.force_login(organiser)

    response = store(client, cohort, csv_of(ERIKA, JONAS, NINA))

    halves = Registration.objects.order_by("pk")
    assert "3 Anmeldungen sind übernommen." in response.content.decode()
    assert [(half.family_name, half.role, half.confirmed_at) for half in halves] == [
        ("Müller", Audience.MANAGER, None),
        ("Łukasik", Audience.COORDINATOR, None),
        ("Nina", Audience.COORDINATOR, None),
    ]
    assert [tandem.form for tandem in Tandem.objects.all()] == ["TANDEM", "ALONE"]
    assert len(mails()) == 3
    assert not User.objects.filter(email="erika@stadt.example").exists()
    event = AuditEvent.objects.get(action="REGISTRATIONS_IMPORTED")
    assert (event.by_id, event.details) == (organiser.pk, {"count": 3})


def test_registration_import_can_answer_for_the_confirmation(client, cohort, organiser):
    client.force_login(organiser)

    store(client, cohort, csv_of(ERIKA, JONAS), way="tell")

    assert all(half.confirmed_at and half.person for half in Registration.objects.all())
    assert {email for email, _ in mails()} == {"erika@stadt.example", "jonas@stadt.example"}


def test_registration_import_twice_stores_once(client, cohort, organiser):
    client.force_login(organiser)
    content = csv_of(ERIKA, JONAS)
    word = upload(client, cohort, content).context["decision"]["liste"].value()

    for _ in range(2):
        client.post(store_url(cohort), {"liste": word, "way": "ask"})
    again = upload(client, cohort, content).content.decode()

    assert Registration.objects.count() == 2
    assert "2 Zeilen werden übersprungen: schon angemeldet" in again
    assert "übernehmen</button>" not in again


def test_registration_import_adds_the_second_person_to_a_tandem_that_is_there(client, cohort, organiser):
    client.force_login(organiser)
    store(client, cohort, csv_of(ERIKA))

    store(client, cohort, csv_of(ERIKA, JONAS))

    assert Tandem.objects.get().registrations.count() == 2


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"selection": Selection.DECLINED}, "Tandem"),
        ({}, "Kommune"),
    ],
)
def test_registration_import_joins_no_tandem_that_takes_nobody(cohort, fields, column):
    RegistrationFactory(tandem=TandemFactory(cohort=cohort, **fields), role="MANAGER", email="erika@stadt.example")

    assert [place for _, place, _ in problems(cohort, ERIKA, JONAS)] == [column]


def test_what_has_become_wrong_meanwhile_stores_nothing(client, cohort, organiser):
    client.force_login(organiser)
    word = upload(client, cohort, csv_of(ERIKA, JONAS)).context["decision"]["liste"].value()
    RegistrationFactory(
        tandem__cohort=cohort, role="MANAGER", email="erika@stadt.example", tandem__municipality__name="Anderswo"
    )

    page = client.post(store_url(cohort), {"liste": word, "way": "ask"}).content.decode()

    assert "Ein Tandem kommt aus einer Kommune." in page
    assert Registration.objects.count() == 1


def test_a_person_of_another_account_stops_the_whole_list(client, cohort, organiser):
    """The address is free, but its owner is registered under another one."""
    person = RegistrationFactory(tandem__cohort=cohort, email="anders@stadt.example").person
    User.objects.filter(pk=person.pk).update(email="jonas@stadt.example")
    client.force_login(organiser)

    page = store(client, cohort, csv_of(ERIKA, JONAS), way="tell").content.decode()

    assert "Jonas Łukasik: Sie sind für diesen Durchgang schon angemeldet" in page
    assert Registration.objects.count() == 1
    assert mails() == []


@pytest.mark.parametrize(
    "data", [{}, {"liste": ""}, {"liste": "x" * 500}, {"liste": "ü"}, {"liste": "abc", "way": "x"}]
)
def test_registration_import_survives_nonsense(client, cohort, organiser, data):
    client.force_login(organiser)

    response = client.post(store_url(cohort), data, follow=True)

    assert "liegt nicht mehr bereit" in response.content.decode()


def test_registration_import_asks_again_without_a_way(client, cohort, organiser):
    client.force_login(organiser)
    word = upload(client, cohort, csv_of(ERIKA)).context["decision"]["liste"].value()

    response = client.post(store_url(cohort), {"liste": word})

    assert response.context["decision"].errors["way"]
    assert "1 Anmeldung übernehmen" in response.content.decode()


def test_the_word_of_a_list_is_good_for_its_owner_and_cohort_only(client, cohort, organiser):
    client.force_login(organiser)
    word = upload(client, cohort, csv_of(ERIKA)).context["decision"]["liste"].value()

    client.post(store_url(CohortFactory()), {"liste": word, "way": "ask"})

    assert not Registration.objects.exists()


def test_registration_import_is_refused_in_a_cancelled_cohort(client, cohort, organiser):
    client.force_login(organiser)
    word = upload(client, cohort, csv_of(ERIKA)).context["decision"]["liste"].value()
    cohort.cancelled_at = timezone.now()
    cohort.save()

    page = client.post(store_url(cohort), {"liste": word, "way": "ask"}).content.decode()

    assert "Der Durchgang ist abgesagt." in page
    assert not Registration.objects.exists()


@pytest.mark.parametrize("name", ["tandem_export", "tandem_workbook"])
def test_an_exported_table_can_be_read_back(client, cohort, organiser, name):
    tandem = complete_tandem(cohort=cohort)
    harmful = {"family_name": "-Anna", "organisation": "@SUM(A1)", "phone": "+49 551", "position": "'s Amt"}
    tandem.registrations.filter(role="MANAGER").update(**harmful)
    RegistrationFactory(tandem__cohort=cohort, withdrawn_at=timezone.now())
    client.force_login(organiser)
    content = client.get(reverse(f"participants:{name}", args=[cohort.pk])).content
    other = CohortFactory()

    table = read(content)
    trial = try_out(table.rows, other, table.problems)

    assert (table.misbuilt, trial.problems, trial.empty) == ([], [], 1)
    assert len(try_out(table.rows, cohort).known) == 2
    ((manager, coordinator),) = [bond.entries for bond in trial.bonds]
    assert {key: manager.values[key] for key in harmful} == harmful
    assert (manager.municipality, coordinator.role) == (tandem.municipality, "COORDINATOR")


def test_import_template_can_be_read_back(client, cohort, organiser):
    client.force_login(organiser)

    content = client.get(reverse("participants:import_template", args=[cohort.pk])).content

    assert read(content).misbuilt == []


def test_all_further_columns_are_stored(client, cohort, organiser):
    headings = [*HEADINGS, "Anrede", "Titel", "Funktion", "Telefon", "Handlungsfeld", "Art der Organisation"]
    row = [*ERIKA, "Frau", "Dr.", "Amtsleitung", "0551 400", "Frühe Hilfen", "Kommunalverwaltung"]
    client.force_login(organiser)

    store(client, cohort, csv_of(row, headings=headings))

    half = Registration.objects.get()
    assert (half.salutation, half.title, half.position, half.phone) == ("MS", "Dr.", "Amtsleitung", "0551 400")
    assert (half.field_of_action, half.organisation_type) == ("EARLY", "MUNICIPAL")


@pytest.mark.parametrize("count", [1, 3])
def test_trial_query_count(cohort, django_assert_num_queries, count):
    rows = [changed(ERIKA, Tandem=str(n), E_Mail_Adresse=f"person{n}@stadt.example") for n in range(count)]
    table = read(csv_of(*rows))

    with django_assert_num_queries(2):
        trial = try_out(table.rows, cohort)

    assert trial.people == count
