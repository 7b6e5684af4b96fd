import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience
from netzkoord.models import AuditEvent
from participants.actions.places import recount
from participants.counting import in_words
from participants.models import Approval, PoolInvitation, Registration, Selection, StatusChange
from tests.factories import (
    CohortFactory,
    MunicipalityFactory,
    RegistrationFactory,
    TandemFactory,
    complete_tandem,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


def list_url(cohort, name="tandem_list"):
    return reverse(f"participants:{name}", args=[cohort.pk])


def tandem_in(name, cohort, **fields):
    return complete_tandem(cohort=cohort, municipality=MunicipalityFactory(name=name), **fields)


def names(response):
    return [row.tandem.municipality.name for row in response.context["rows"]]


@pytest.mark.parametrize("count", [1, 3])
def test_tandem_list_query_count(client, cohort, organiser, django_assert_num_queries, count):
    for _ in range(count):
        complete_tandem(cohort=cohort)
    client.force_login(organiser)

    with django_assert_num_queries(16):
        response = client.get(list_url(cohort))

    assert response.content.decode().count('type="checkbox" name="tandem"') == count


def test_tandem_list_puts_complete_tandems_first_then_the_earlier(client, cohort, organiser):
    now = timezone.now()
    RegistrationFactory(
        tandem__cohort=cohort,
        tandem__municipality__name="Allein",
        tandem__created_at=now - datetime.timedelta(days=9),
    )
    tandem_in("Spät", cohort, created_at=now)
    tandem_in("Früh", cohort, created_at=now - datetime.timedelta(days=1))
    client.force_login(organiser)

    assert names(client.get(list_url(cohort))) == ["Früh", "Spät", "Allein"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "Muller"}, ["Moers"]),
        ({"text": "koln"}, ["Köln"]),
        ({"text": "moers müller"}, ["Moers"]),
        ({"text": "mueller"}, ["Moers"]),
        ({"text": "KOELN"}, ["Köln"]),
        ({"text": "Ko\u0308ln"}, ["Köln"]),
        ({"missing": "MANAGER"}, ["Köln"]),
        ({"form": "ALONE"}, ["Köln"]),
        ({"land": "05"}, ["Köln", "Moers"]),
        ({"land": "09"}, []),
        ({"sector": "CIVIC"}, ["Köln"]),
        ({"field_of_action": "EARLY"}, ["Köln"]),
        ({"flags": "notes"}, ["Moers"]),
        ({"flags": ["notes", "offered"]}, []),
        ({"flags": "offered"}, ["Köln"]),
        ({"flags": "approval"}, ["Köln"]),
        ({"flags": "pool"}, ["Moers"]),
        ({"flags": "exception"}, []),
        ({"flags": "twins"}, []),
        ({"flags": "nonsense", "sector": "CIVIC"}, ["Köln"]),
        ({"order": "municipality"}, ["Köln", "Moers"]),
        ({"order": "-municipality"}, ["Moers", "Köln"]),
        ({"order": "nonsense"}, ["Köln", "Moers"]),
        ({"state": "SEEKING"}, ["Köln"]),
        ({"state": "COMPLETE"}, ["Moers"]),
        ({"selection": "WAITING"}, ["Köln"]),
        ({"selection": "OPEN", "text": "nichts"}, []),
        ({"state": "nonsense"}, ["Köln", "Moers"]),
        ({"text": "x" * 500}, ["Köln", "Moers"]),
        ({"seite": "99"}, ["Köln", "Moers"]),
        ({}, ["Köln", "Moers"]),
    ],
)
def test_tandem_list_filters_stand_in_the_address(client, cohort, organiser, query, found):
    moers = tandem_in("Moers", cohort)
    manager = moers.registrations.get(role=Audience.MANAGER)
    Registration.objects.filter(pk=manager.pk).update(family_name="Müller")
    moers.notes.create(text="Ruft noch einmal an.")
    earlier = RegistrationFactory(email=manager.email.upper())
    PoolInvitation.objects.create(registration=earlier, cohort=cohort)
    half = RegistrationFactory(
        tandem__cohort=cohort,
        tandem__municipality__name="Köln",
        tandem__selection=Selection.WAITING,
        tandem__form="ALONE",
        organisation_type="WELFARE",
        field_of_action="EARLY",
    )
    half.tandem.offers.create(places=1, expires_at=timezone.now() + datetime.timedelta(days=1))
    Approval.objects.create(registration=half, email="leitung@stadt.example")
    complete_tandem()
    client.force_login(organiser)

    response = client.get(list_url(cohort), query)

    assert names(response) == found


def test_tandem_list_counts_places_and_tandems(client, cohort, organiser):
    tandem_in("A", cohort, selection=Selection.ACCEPTED)
    RegistrationFactory(tandem__cohort=cohort, tandem__selection=Selection.ACCEPTED)
    tandem_in("B", cohort, selection=Selection.WAITING)
    bavarian = MunicipalityFactory(name="C", ags="09162000", state="09")
    complete_tandem(cohort=cohort, municipality=bavarian).registrations.filter(role=Audience.MANAGER).update(
        organisation_type="WELFARE"
    )
    tandem_in("D", cohort, selection=Selection.DECLINED)
    RegistrationFactory(tandem__cohort=cohort, withdrawn_at=timezone.now())
    recount(cohort)
    client.force_login(organiser)

    counts = client.get(list_url(cohort)).context["counts"]

    assert (counts.places, counts.taken, counts.free) == (22, 3, 19)
    assert in_words(counts.registered.running) == "3 Tandems und 1 Einzelanmeldung"
    assert (counts.registered.waiting_sentence, counts.registered.open_sentence) == (
        "1 Tandem auf der Warteliste",
        "1 Tandem wartet auf Entscheidung",
    )
    assert (counts.exceptions, counts.twins) == (0, 0)
    assert [(quota.label, quota.text) for quota in counts.quotas] == [
        ("Personen", "3 von 7"),
        ("Tandems", "1 von 3"),
        ("Einzelanmeldungen", "1 von 1"),
        ("Länder", "1 von 2"),
        ("Verwaltung", "3 von 6"),
        ("Zivilgesellschaft", "0 von 1"),
    ]


def test_tandem_list_is_paged(client, cohort, organiser):
    for _ in range(51):
        RegistrationFactory(tandem__cohort=cohort)
    client.force_login(organiser)

    page = client.get(list_url(cohort), {"seite": 2, "selection": "OPEN"})

    assert len(page.context["page"].object_list) == 1
    assert "?seite=1&amp;selection=OPEN" in page.content.decode()


def test_tandem_list_shows_names_literally(client, cohort, organiser):
    half = RegistrationFactory(tandem__cohort=cohort, organisation='"><script>alert(1)</script>')
    half.family_name = "{{7*7}}<b>"
    half.save()
    client.force_login(organiser)

    page = client.get(list_url(cohort)).content.decode()

    assert "<script>alert" not in page
    assert "{{7*7}}&lt;b&gt;" in page


def test_tandem_list_offers_no_choice_where_nobody_has_confirmed(client, cohort, organiser):
    RegistrationFactory(
        tandem__cohort=cohort,
        person=None,
        confirmed_at=None,
        email="x@stadt.example",
        given_names="X",
        family_name="Y",
    )
    client.force_login(organiser)

    page = client.get(list_url(cohort)).content.decode()

    assert 'name="tandem"' not in page
    assert "noch nicht bestätigt" in page


@pytest.mark.parametrize(
    ("announced_at", "sentence"),
    [(None, "noch nicht ausgeschrieben"), (timezone.now(), "Noch hat sich niemand angemeldet.")],
)
def test_tandem_list_says_why_it_is_empty(client, organiser, announced_at, sentence):
    cohort = CohortFactory(announced_at=announced_at)
    client.force_login(organiser)

    assert sentence in client.get(list_url(cohort)).content.decode()


@pytest.mark.parametrize("name", ["tandem_list", "tandem_export"])
def test_the_list_is_the_organisers(client, cohort, reader, trainer, stranger, name):
    complete_tandem(cohort=cohort)

    for user in (reader, trainer, stranger):
        client.force_login(user)
        assert client.get(list_url(cohort, name)).status_code == 403


def test_tandem_detail_shows_both_halves_and_the_history(client, cohort, organiser):
    tandem = tandem_in("Moers", cohort)
    StatusChange.objects.create(tandem=tandem, from_selection="OPEN", to_selection="WAITING", changed_by=organiser)
    client.force_login(organiser)

    page = client.get(tandem.get_absolute_url()).content.decode()

    for half in tandem.registrations.all():
        assert half.email in page
        assert reverse("participants:registration_edit", args=[half.pk]) in page
    assert f"offen → Warteliste, durch {organiser}" in page


@pytest.mark.parametrize("halves", [1, 2])
def test_tandem_detail_query_count(client, cohort, organiser, django_assert_num_queries, halves):
    tandem = TandemFactory(cohort=cohort)
    for role in list(Audience)[:halves]:
        RegistrationFactory(tandem=tandem, role=role)
    client.force_login(organiser)

    with django_assert_num_queries(16):
        client.get(tandem.get_absolute_url())


def test_tandem_detail_is_the_organisers(client, cohort, reader, trainer):
    tandem = complete_tandem(cohort=cohort)

    for user in (reader, trainer, tandem.registrations.first().person):
        client.force_login(user)
        assert client.get(tandem.get_absolute_url()).status_code == 403


def edit(client, half, **changes):
    fields = ["salutation", "title", "given_names", "family_name", "organisation", "organisation_type"]
    data = {name: getattr(half, name) for name in fields} | changes
    return client.post(reverse("participants:registration_edit", args=[half.pk]), data)


def test_registration_edit_corrects_the_half_and_not_the_account(client, cohort, organiser):
    half = RegistrationFactory(tandem__cohort=cohort, family_name="Muler")
    client.force_login(organiser)

    response = edit(client, half, family_name=" Mu\u0308ller ", email="dieb@stadt.example")

    half.refresh_from_db()
    half.person.refresh_from_db()
    event = AuditEvent.objects.get()
    assert response.url == half.tandem.get_absolute_url()
    assert half.family_name == "Müller"
    assert half.person.family_name != "Müller"
    assert half.email == half.person.email
    assert (event.action, event.by_id, event.details) == (
        "REGISTRATION_CHANGED",
        organiser.pk,
        {"fields": ["family_name"]},
    )


def test_registration_edit_without_a_change_leaves_no_trace(client, cohort, organiser):
    half = RegistrationFactory(tandem__cohort=cohort)
    client.force_login(organiser)

    edit(client, half)

    assert not AuditEvent.objects.exists()


def test_registration_edit_refuses_an_invisible_character(client, cohort, organiser):
    half = RegistrationFactory(tandem__cohort=cohort)
    client.force_login(organiser)

    response = edit(client, half, family_name="An\u202ena")

    assert "ändert die Schreibrichtung" in response.context["form"].errors["family_name"][0]


def test_registration_edit_is_the_organisers(client, cohort, reader, trainer):
    half = RegistrationFactory(tandem__cohort=cohort)

    for user in (reader, trainer, half.person):
        client.force_login(user)
        assert edit(client, half, family_name="X").status_code == 403


@pytest.mark.parametrize(("address", "chosen"), [("", 0), ("?auswahl=alle", 2)])
def test_tandem_list_chooses_all_that_can_be_decided(client, organiser, cohort, address, chosen):
    for _ in range(2):
        complete_tandem(cohort=cohort)
    RegistrationFactory(tandem__cohort=cohort, confirmed_at=None)
    client.force_login(organiser)

    page = client.get(reverse("participants:tandem_list", args=[cohort.pk]) + address).content.decode()

    assert page.count(" checked ") == chosen
