"""What people wrote in because their municipality was missing, and what organisers make of it."""

import datetime

import pytest
from django.urls import reverse

from netzkoord.models import AuditAction, AuditEvent
from participants.actions.housekeeping import discard_expired
from participants.actions.municipalities import match_municipalities
from participants.models import Municipality
from participants.queries.municipalities import same_municipality
from participants.queries.written_in import suggestions_for, written_in_groups
from tests.factories import MunicipalityFactory, RegistrationFactory, TandemFactory

pytestmark = pytest.mark.django_db

LIST = "participants:written_in_list"
MATCH = "participants:written_in_match"


def written_in(name, state="", *, with_tandem=True):
    place = MunicipalityFactory(ags="", name=name, state=state)
    if with_tandem:
        RegistrationFactory(tandem=TandemFactory(municipality=place))
    return place


@pytest.fixture
def diepholz():
    return MunicipalityFactory(ags="03251028", state="03", name="Neuenkirchen", county_name="Landkreis Diepholz")


@pytest.fixture
def steinfurt():
    return MunicipalityFactory(ags="05566060", state="05", name="Neuenkirchen", county_name="Kreis Steinfurt")


@pytest.fixture
def office(client, organiser):
    client.force_login(organiser)
    return client


# The list


@pytest.mark.parametrize("count", [1, 3])
def test_written_in_list_query_count(office, diepholz, django_assert_num_queries, count):
    for number in range(count):
        written_in(f"Neudorf {number}")

    with django_assert_num_queries(8):
        response = office.get(reverse(LIST))

    assert len(response.context["page"].object_list) == count


def test_written_in_list_shows_one_name_together_however_it_is_written(office):
    first, _, other = written_in("Gemeinde Neukirch"), written_in("Alsdorf"), written_in("neukirch", "14")

    groups = written_in_groups()

    assert [(group.name, len(group.municipalities)) for group in groups] == [
        ("Alsdorf", 1),
        ("Gemeinde Neukirch", 2),
    ]
    assert groups[1].municipalities == [first, other]
    assert "Gemeinde Neukirch, 2-mal eingetragen" in office.get(reverse(LIST)).content.decode()


def test_written_in_list_names_who_comes_from_there(office):
    half = RegistrationFactory(tandem__municipality=written_in("Neudorf", with_tandem=False), family_name="Özil")

    page = office.get(reverse(LIST)).content.decode()

    assert half.full_name in page
    assert half.tandem.get_absolute_url() in page


def test_written_in_list_says_when_nothing_waits(office, diepholz):
    assert "Keine eingetragene Kommune wartet" in office.get(reverse(LIST)).content.decode()


def test_the_list_of_municipalities_tells_of_those_that_wait(office, diepholz):
    url = reverse("participants:municipality_list")
    assert reverse(LIST) not in office.get(url).content.decode()

    written_in("Neudorf")

    assert "Eine Kommune wurde bei der Anmeldung eingetragen" in office.get(url).content.decode()
    written_in("Altdorf")
    assert "2 Kommunen wurden bei der Anmeldung eingetragen" in office.get(url).content.decode()
    assert "Neudorf" not in office.get(url, {"text": "Neudorf"}).content.decode().replace('value="Neudorf"', "")


# Suggestions


@pytest.mark.parametrize(
    ("name", "state", "expected"),
    [
        ("Neuenkirchen", "05", ["Neuenkirchen, Kreis Steinfurt", "Neuenkirchen, Landkreis Diepholz"]),
        ("Neunkirchen (Diepholz)", "03", ["Neuenkirchen, Landkreis Diepholz"]),
        ("Stadt Muelheim/Ruhr", "", ["Mülheim an der Ruhr"]),
        ("Mühlheim a.d.Ruhr", "", ["Mülheim an der Ruhr"]),
        ("Mülheim an der Ruhr, Nordrhein-Westfalen", "", ["Mülheim an der Ruhr"]),
        ("Neuenkirchen, Landkreis Diepholz, Niedersachsen", "", ["Neuenkirchen, Landkreis Diepholz"]),
        ("(bei Diepholz) Neuenkirchen", "", ["Neuenkirchen, Landkreis Diepholz"]),
        ("Qxyz", "", []),
        ("…", "", []),
    ],
)
def test_suggestions_are_the_names_most_alike(diepholz, steinfurt, name, state, expected):
    MunicipalityFactory(ags="05117000", state="05", name="Mülheim an der Ruhr")
    MunicipalityFactory(ags="03251029", state="03", name="Neudorf", dissolved_on=datetime.date(2020, 1, 1))

    found = suggestions_for(Municipality(name=name, state=state))

    assert [match.municipality.label.rpartition(", ")[0] for match in found] == expected


# Matching


def test_written_in_match_shows_what_moves_and_then_moves_it(office, organiser, diepholz):
    place = written_in("Neuenkirchen")
    tandem = place.tandems.get()
    url = reverse(MATCH, args=[place.pk])

    suggested = office.get(reverse(LIST)).content.decode()
    shown = office.get(url, {"zu": diepholz.pk}).content.decode()
    assert f"{url}?zu={diepholz.pk}" in suggested
    assert tandem.registrations.get().full_name in shown
    assert "Zu Neuenkirchen, Landkreis Diepholz, Niedersachsen" in shown
    assert place.tandems.count() == 1

    done = office.post(url, {"zu": diepholz.pk}, follow=True)
    tandem.refresh_from_db()
    assert "„Neuenkirchen“ ist zugeordnet, 1 Tandem kommt jetzt aus Neuenkirchen" in done.content.decode()
    assert tandem.municipality == diepholz
    assert not Municipality.objects.written_in().exists()
    event = AuditEvent.objects.get(action=AuditAction.MUNICIPALITY_MATCHED)
    assert (event.by_id, event.target_id) == (organiser.pk, str(diepholz.pk))
    assert event.details == {"written_in": "Neuenkirchen", "tandems": 1}


def test_written_in_match_takes_only_those_of_the_name_that_are_ticked(office, diepholz):
    first, second, third = [written_in("Neuenkirchen") for _ in range(3)]
    foreign = written_in("Altdorf")

    office.post(reverse(MATCH, args=[first.pk]), {"zu": diepholz.pk, "auch": [second.pk, foreign.pk, "x", ""]})

    assert set(Municipality.objects.written_in()) == {third, foreign}
    assert diepholz.tandems.count() == 2


def test_written_in_match_pressed_twice_moves_once(office, diepholz):
    place = written_in("Neuenkirchen")
    url = reverse(MATCH, args=[place.pk])

    answers = [office.post(url, {"zu": diepholz.pk}, follow=True) for _ in range(2)]

    assert "ist schon zugeordnet" in answers[1].content.decode()
    assert AuditEvent.objects.filter(action=AuditAction.MUNICIPALITY_MATCHED).count() == 1


def test_written_in_match_without_a_choice_suggests_and_searches(office, diepholz, steinfurt):
    place = written_in("Neukirchen")
    url = reverse(MATCH, args=[place.pk])

    assert f"?zu={diepholz.pk}" in office.get(url).content.decode()
    found = office.get(url, {"text": "neuenk steinfurt"}).content.decode()
    assert f"?zu={steinfurt.pk}" in found
    assert f"?zu={diepholz.pk}" not in found
    assert "Keine Kommune, die zur Wahl steht" in office.get(url, {"text": "qxy"}).content.decode()


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30, "²", "-1"])
def test_written_in_match_with_nonsense_changes_nothing(office, diepholz, key):
    place = written_in("Neudorf")

    response = office.post(reverse(MATCH, args=[place.pk]), {"zu": key})

    assert "Welche amtliche Kommune ist gemeint?" in response.content.decode()
    assert place.tandems.count() == 1


def test_written_in_match_never_leads_to_a_dissolved_or_another_written_in_one(office, organiser):
    place, other = written_in("Neudorf"), written_in("Altdorf")
    gone = MunicipalityFactory(dissolved_on=datetime.date(2020, 1, 1))

    for target in (gone, other):
        response = office.post(reverse(MATCH, args=[place.pk]), {"zu": target.pk})
        assert "Welche amtliche Kommune ist gemeint?" in response.content.decode()
        with pytest.raises(ValueError, match="is not offered"):
            match_municipalities(written_in=[place.pk], official=target, by=organiser)

    assert place.tandems.count() == 1


def test_match_municipalities_never_takes_an_official_one_away(organiser, diepholz, steinfurt):
    TandemFactory(municipality=steinfurt)

    assert match_municipalities(written_in=[steinfurt.pk], official=diepholz, by=organiser) == 0
    assert steinfurt.tandems.count() == 1


def test_written_in_match_is_the_organisers(client, reader, trainer, stranger, diepholz):
    place = written_in("Neuenkirchen")
    for user in (reader, trainer, stranger):
        client.force_login(user)

        assert client.post(reverse(MATCH, args=[place.pk]), {"zu": diepholz.pk}).status_code == 403

    assert place.tandems.count() == 1


def test_names_are_shown_literally(office):
    place = written_in("<b>{{7*7}}%s</b>")

    for url in (reverse(LIST), reverse(MATCH, args=[place.pk])):
        page = office.get(url).content.decode()
        assert "&lt;b&gt;{{7*7}}%s&lt;/b&gt;" in page
        assert "<b>{{" not in page


# Around them


def test_what_nobody_comes_from_any_more_is_forgotten(diepholz):
    written_in("Neudorf", with_tandem=False)
    kept = written_in("Altdorf")

    discard_expired()

    assert set(Municipality.objects.all()) == {diepholz, kept}


def test_a_repeated_submission_is_recognised_by_what_was_written_in(diepholz):
    place = written_in("Neudorf", "09")
    matching = TandemFactory(municipality=diepholz)

    def tandems(municipality):
        return set(type(matching).objects.filter(same_municipality(municipality, "municipality")))

    assert tandems(Municipality(name="Neudorf", state="09")) == set(place.tandems.all())
    assert tandems(Municipality(name="Neudorf")) == set()
    assert tandems(diepholz) == {matching}
