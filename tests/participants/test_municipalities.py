import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from curriculum.models import Audience
from netzkoord.lib.editing import save_or_explain
from participants.demo.cohorts import fill_municipalities, fill_open_cohort, fill_past_cohort
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


def test_municipality_add_takes_a_key_in_groups(client, organiser):
    client.force_login(organiser)

    page = client.get(reverse(ADD)).content.decode()
    client.post(reverse(ADD), {"ags": "05 158 020", "name": "Langenfeld"})

    assert 'maxlength="8"' not in page
    assert Municipality.objects.get().ags == "05158020"


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


@pytest.mark.parametrize(
    "fields",
    [
        {"ags": "", "state": "99"},
        {"ags": "05315000", "state": ""},
        {"ags": "05315000", "state": "05", "name": ""},
        {"ags": "", "state": "", "dissolved_on": datetime.date(2020, 1, 1)},
    ],
)
def test_what_makes_no_sense_cannot_be_stored(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        MunicipalityFactory(**fields)


def test_a_key_is_unique_and_several_may_be_written_in():
    MunicipalityFactory.create_batch(2, ags="", state="", name="Neudorf")
    MunicipalityFactory(ags="05315000")

    with pytest.raises(IntegrityError), transaction.atomic():
        MunicipalityFactory(ags="05315000")


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        (
            {"ags": "03251028", "name": "Neuenkirchen", "county_name": "Landkreis Diepholz"},
            "Neuenkirchen, Landkreis Diepholz, Niedersachsen",
        ),
        ({"ags": "01001000", "name": "Flensburg", "designation": "Stadt"}, "Flensburg, Schleswig-Holstein"),
        ({"ags": "03251", "name": "Landkreis Diepholz"}, "Landkreis Diepholz, Niedersachsen"),
        ({"ags": "11000000", "name": "Berlin"}, "Berlin"),
        ({"ags": "", "name": "Neudorf"}, "Neudorf"),
    ],
)
def test_the_label_tells_homonyms_apart(fields, label):
    assert Municipality(state=fields["ags"][:2], **fields).label == label


def test_the_search_text_follows_however_a_row_is_stored():
    def text():
        return Municipality.objects.get(ags="05315000").search_text

    row = MunicipalityFactory(ags="05315000", name="Köln")
    assert text() == " koln koeln #nordrhein-westfalen-gemeinde"
    row.name = "Sankt Köln"
    row.save()
    assert text() == " sankt-koln sankt-koeln st-koln st-koeln #nordrhein-westfalen-gemeinde"
    Municipality.objects.update_or_create(ags="05315000", defaults={"county_name": "Kreis Köln"})
    assert text().endswith("#kreis-koln-nordrhein-westfalen-gemeinde")
    row.delete()
    Municipality.objects.bulk_create([Municipality(ags="05315000", state="05", name="Bonn")])
    assert text().startswith(" bonn #")
    again = Municipality(pk=Municipality.objects.get().pk, ags="05315000", state="05", name="Aachen")
    Municipality.objects.bulk_create(
        [again], update_conflicts=True, unique_fields=["pk"], update_fields=["name", "search_text"]
    )
    assert text().startswith(" aachen #")


def test_ways_that_would_leave_the_search_text_behind_are_refused():
    row = MunicipalityFactory()

    with pytest.raises(ValueError, match="search text"):
        Municipality.objects.update(name="Anders")
    with pytest.raises(ValueError, match="search text"):
        Municipality.objects.bulk_update([row], ["county_name"])
    assert Municipality.objects.filter(pk=row.pk).update(dissolved_on=None) == 1


def test_municipality_list_is_in_german_order_and_can_be_narrowed(client, organiser):
    for ags, name in [
        ("05001", "Ölde"),
        ("05002", "Olfen"),
        ("05003", "Bad Ems"),
        ("05004", "Bada"),
        ("05005", "Zons"),
    ]:
        MunicipalityFactory(ags=ags, name=name)
    Municipality.objects.filter(name="Zons").update(dissolved_on=datetime.date(1975, 1, 1))
    client.force_login(organiser)

    assert names(client.get(reverse(LIST))) == ["Bad Ems", "Bada", "Ölde", "Olfen", "Zons"]
    assert names(client.get(reverse(LIST), {"stand": "aufgeloest"})) == ["Zons"]
    assert names(client.get(reverse(LIST), {"stand": "wahl", "text": "ol"})) == ["Ölde", "Olfen"]
    assert len(names(client.get(reverse(LIST), {"stand": "nonsense", "seite": "x"}))) == 5


def test_municipality_list_sorts_a_kreis_beside_the_town_of_its_name(client, organiser):
    for ags, name in [
        ("03459", "Landkreis Osnabrück"),
        ("03404000", "Osnabrück"),
        ("01051", "Kreis Dithmarschen"),
        ("03452001", "Lauenau"),
        ("03358", "Heidekreis"),
        ("03254014", "Landkreisdorf"),
    ]:
        MunicipalityFactory(ags=ags, state=ags[:2], name=name)
    client.force_login(organiser)

    assert names(client.get(reverse(LIST))) == [
        "Kreis Dithmarschen",
        "Heidekreis",
        "Landkreisdorf",
        "Lauenau",
        "Osnabrück",
        "Landkreis Osnabrück",
    ]
    assert names(client.get(reverse(LIST), {"text": "landkreis osna"})) == ["Landkreis Osnabrück"]


def test_municipality_list_is_paged_in_the_database(client, organiser, django_assert_num_queries):
    for number in range(120):
        MunicipalityFactory(ags=f"03{number:06d}", state="03", name=f"Ort {number:03d}")
    client.force_login(organiser)

    with django_assert_num_queries(7):
        response = client.get(reverse(LIST), {"text": "ort", "seite": "3"})

    assert names(response)[0] == "Ort 100"
    assert "?text=ort&amp;seite=2" in response.content.decode()


def test_municipality_edit_can_mark_it_as_dissolved(client, organiser):
    municipality = MunicipalityFactory(name="Altdorf", county_name="Kreis Alt")
    client.force_login(organiser)
    fields = {"name": "Altdorf", "designation": "", "county_name": "Kreis Alt", "dissolved_on": "2020-01-01"}

    client.post(reverse(EDIT, args=[municipality.pk]), fields)

    assert search_municipalities("Altdorf") == []


def test_municipality_edit_knows_no_written_in_one(client, organiser):
    client.force_login(organiser)

    assert client.get(reverse(EDIT, args=[MunicipalityFactory(ags="", state="").pk])).status_code == 404


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
