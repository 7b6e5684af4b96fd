import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from curriculum.models import Audience
from netzkoord.lib.editing import save_or_explain
from participants.demo import fill_municipalities, fill_open_cohort, fill_past_cohort
from participants.forms.municipalities import MunicipalityForm
from participants.models import Municipality, Registration, Selection, Tandem, TandemState
from participants.queries.municipalities import search_municipalities
from tests.factories import CohortFactory, MunicipalityFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "participants:municipality_list"
ADD = "participants:municipality_add"
EDIT = "participants:municipality_edit"


def names(response):
    return [municipality.name for municipality in response.context["page"].object_list]


@pytest.mark.parametrize("count", [1, 3])
def test_municipality_list_query_count(client, organiser, django_assert_num_queries, count):
    MunicipalityFactory.create_batch(count)
    client.force_login(organiser)

    with django_assert_num_queries(7):
        response = client.get(reverse(LIST))

    assert len(names(response)) == count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("koln", ["Köln"]),
        ("chosebuz", ["Cottbus/Chóśebuz"]),
        ("05315", ["Köln"]),
        ("branden", ["Cottbus/Chóśebuz"]),
    ],
)
def test_municipality_list_finds_without_accents(client, organiser, text, found):
    MunicipalityFactory(ags="05315000", name="Köln")
    MunicipalityFactory(ags="12052000", state="12", name="Cottbus/Chóśebuz")
    client.force_login(organiser)

    assert names(client.get(reverse(LIST), {"text": text})) == found


def test_municipality_list_says_why_it_is_empty(client, organiser):
    client.force_login(organiser)

    assert "Noch ist keine Kommune angelegt." in client.get(reverse(LIST)).content.decode()
    assert "Keine Kommune passt" in client.get(reverse(LIST), {"text": "x"}).content.decode()


@pytest.mark.parametrize(("ags", "state"), [("08222000", "08"), ("03159", "03")])
def test_municipality_add_takes_the_state_from_the_key(client, organiser, ags, state):
    client.force_login(organiser)

    response = client.post(reverse(ADD), {"ags": ags, "name": "Neu"})

    assert response.url == reverse(LIST)
    assert Municipality.objects.get().state == state


@pytest.mark.parametrize(
    ("ags", "sentence"),
    [
        ("0822200", "Der AGS hat 8 Ziffern, der eines Landkreises 5."),
        ("99222000", "Der AGS beginnt mit der Nummer des Landes, 01 bis 16."),
        ("05315000", "Eine Kommune mit diesem AGS gibt es schon."),
        ("٠٥٣١٥٠٠٠", "Der AGS hat 8 Ziffern, der eines Landkreises 5."),
    ],
)
def test_municipality_add_explains_a_wrong_key(client, organiser, ags, sentence):
    MunicipalityFactory(ags="05315000")
    client.force_login(organiser)

    response = client.post(reverse(ADD), {"ags": ags, "name": "Neu"})

    assert sentence in response.context["form"].errors["ags"]
    assert Municipality.objects.count() == 1


def test_municipality_add_twice_at_once_stores_one_and_explains():
    """The form was valid, then the other click was faster."""
    form = MunicipalityForm({"ags": "05315000", "name": "Köln"})
    assert form.is_valid()
    MunicipalityFactory(ags="05315000")

    assert save_or_explain(form, form.save) is None

    assert form.errors["ags"] == ["Eine Kommune mit diesem AGS gibt es schon."]
    assert Municipality.objects.count() == 1


def test_municipality_edit_changes_the_name_and_not_the_key(client, organiser):
    municipality = MunicipalityFactory(ags="05315000", name="Kölln")
    client.force_login(organiser)
    url = reverse(EDIT, args=[municipality.pk])

    listed = client.get(reverse(LIST)).content.decode()
    response = client.post(url, {"name": "Köln", "ags": "09315000"}, follow=True)

    municipality.refresh_from_db()
    assert url in listed
    assert (municipality.name, municipality.ags, municipality.state) == ("Köln", "05315000", "05")
    assert "Köln, Nordrhein-Westfalen ist gespeichert." in response.content.decode()


def test_municipality_edit_explains_an_empty_name(client, organiser):
    municipality = MunicipalityFactory(name="Köln")
    client.force_login(organiser)

    response = client.post(reverse(EDIT, args=[municipality.pk]), {"name": " "})

    assert "name" in response.context["form"].errors
    assert "Köln bearbeiten" in response.content.decode()


def test_municipality_edit_is_the_organisers(client, reader, trainer, stranger):
    municipality = MunicipalityFactory(name="Köln")
    for user in (reader, trainer, stranger):
        client.force_login(user)

        assert client.post(reverse(EDIT, args=[municipality.pk]), {"name": "X"}).status_code == 403

    municipality.refresh_from_db()
    assert municipality.name == "Köln"


def test_a_wrong_key_cannot_be_stored():
    with pytest.raises(IntegrityError), transaction.atomic():
        MunicipalityFactory(ags="1234", state="12")


@pytest.mark.parametrize(("ags", "state"), [("05315000", "09"), ("99315000", "99"), ("00315", "00")])
def test_a_municipality_in_another_land_than_its_key_says_cannot_be_stored(ags, state):
    with pytest.raises(IntegrityError), transaction.atomic():
        MunicipalityFactory(ags=ags, state=state)


@pytest.mark.parametrize("name", [LIST, ADD])
def test_municipalities_are_the_organisers(client, reader, trainer, stranger, name):
    for user in (reader, trainer, stranger):
        client.force_login(user)
        assert client.get(reverse(name)).status_code == 403


def test_the_demo_knows_its_municipalities():
    fill_municipalities()

    assert Municipality.objects.count() == 65
    assert Municipality.objects.get(ags="12052000").label == "Cottbus/Chóśebuz, Brandenburg"
    assert [place.label for place in search_municipalities("Neuenkirchen")] == [
        "Neuenkirchen, Heidekreis, Niedersachsen",
        "Neuenkirchen, Kreis Steinfurt, Nordrhein-Westfalen",
        "Neuenkirchen, Landkreis Diepholz, Niedersachsen",
    ]
    assert Municipality.objects.get(ags="03251").label == "Landkreis Diepholz, Niedersachsen"
    for municipality in Municipality.objects.all():
        municipality.full_clean()


def test_the_demo_has_a_past_cohort_of_eleven_tandems():
    fill_municipalities()
    cohort = CohortFactory()
    manager, coordinator = UserFactory(), UserFactory()

    halves = fill_past_cohort(cohort, manager, coordinator)

    tandems = Tandem.objects.prefetch_related("registrations")
    assert len(halves) == Registration.objects.accepted().count() == 22
    assert [tandem.state for tandem in tandems] == [TandemState.COMPLETE] * 11
    assert len({tandem.municipality_id for tandem in tandems}) == 11
    assert [half.person for half in halves[:2]] == [manager, coordinator]
    assert {half.role for half in halves[:2]} == set(Audience)
    assert {tandem.created_at.year for tandem in tandems} == {2017}


def test_the_demo_has_an_open_cohort_in_every_state():
    fill_municipalities()

    fill_open_cohort(CohortFactory())

    tandems = Tandem.objects.prefetch_related("registrations")
    states = {half.state for half in Registration.objects.select_related("tandem")}
    assert len(tandems) == 14
    assert {tandem.selection for tandem in tandems} == set(Selection)
    assert states == {"SUBMITTED", "CONFIRMED", "ACCEPTED", "WAITING", "DECLINED", "WITHDRAWN"}
    assert {tandem.state for tandem in tandems} >= {TandemState.COMPLETE, TandemState.SEEKING}
