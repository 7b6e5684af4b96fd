"""„Meine Daten“ and the page of organisers: who gets what, as an attachment that nobody keeps."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from netzkoord.lib.limits import DISCLOSURES
from netzkoord.models import AuditAction, AuditEvent, LegalPage
from participants.models import Registration
from tests import factories

OWN = ["own_disclosure_paper", "own_disclosure_file"]


def make_url(person):
    return reverse("disclosure_make", args=[person.pk])


@pytest.fixture
def person(db):
    return factories.UserFactory(given_names="Vera", family_name="Özdemir-Voß")


def test_own_data_leads_to_both_and_says_what_is_not_told(client, person):
    client.force_login(person)

    page = client.get(reverse("own_data")).content.decode()

    for name in OWN:
        assert f'href="{reverse(name)}"' in page
    assert "Was Sie anonym geantwortet haben" in page


def test_own_data_stands_in_the_menu(client, person):
    client.force_login(person)

    assert f'<a href="{reverse("own_data")}">Meine Daten</a>' in client.get(reverse("start")).content.decode()


@pytest.mark.parametrize(
    ("name", "content_type", "ending"),
    [("own_disclosure_paper", "application/pdf", "pdf"), ("own_disclosure_file", "application/json", "json")],
)
def test_own_disclosure_is_an_attachment_that_nobody_keeps(client, person, name, content_type, ending):
    client.force_login(person)

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert (
        response["Content-Disposition"] == f'attachment; filename="auskunft-vera-oezdemir-voss-2026-11-02.{ending}"'
    )
    assert "no-store" in response["Cache-Control"]
    assert not AuditEvent.objects.exists()


def test_own_disclosure_that_cannot_be_printed_leads_to_the_file(client, person, monkeypatch):
    monkeypatch.setattr("netzkoord.lib.pdf.MAX_CHARACTERS", 10)
    client.force_login(person)

    page = client.get(reverse("own_disclosure_paper"), follow=True).content.decode()

    assert "In der JSON-Datei steht alles" in page


def test_own_disclosure_is_of_who_is_signed_in(client, person):
    client.force_login(factories.UserFactory(given_names="Nora", family_name="Andere"))

    assert json.loads(client.get(reverse("own_disclosure_file")).content)["person"] == "Nora Andere"


@pytest.mark.parametrize("name", OWN)
def test_own_disclosure_is_limited(client, person, name, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    client.force_login(person)
    allowed = int(DISCLOSURES.partition("/")[0])
    for _ in range(allowed):
        client.get(reverse("own_disclosure_file"))

    assert client.get(reverse(name)).status_code == 429
    client.force_login(factories.UserFactory())
    assert client.get(reverse("own_disclosure_file")).status_code == 200


@pytest.mark.parametrize("name", ["own_data", *OWN])
def test_own_data_refuses_post(client, person, name):
    client.force_login(person)

    assert client.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("who", ["trainer", "reader", "stranger"])
def test_disclosure_make_is_for_organisers(client, request, person, who):
    client.force_login(request.getfixturevalue(who))

    assert client.post(make_url(person), {"kind": "json", "is_checked": "on"}).status_code == 403
    assert not AuditEvent.objects.exists()


def test_disclosure_make_gives_the_file_and_leaves_a_line(client, organiser, person):
    client.force_login(organiser)

    response = client.post(make_url(person), {"kind": "json", "is_checked": "on"})

    assert json.loads(response.content)["person"] == "Vera Özdemir-Voß"
    assert response["Content-Disposition"].startswith("attachment")
    event = AuditEvent.objects.get()
    assert (event.action, event.by_id, event.target_id) == (
        AuditAction.DISCLOSURE_MADE,
        organiser.pk,
        str(person.pk),
    )


def test_disclosure_make_gives_the_paper(client, organiser, person):
    client.force_login(organiser)

    response = client.post(make_url(person), {"kind": "pdf", "is_checked": "on"})

    assert response.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": "json"}, "Bitte prüfen Sie zuerst, wer gefragt hat"),
        ({"kind": "exe", "is_checked": "on"}, "Bitte wählen Sie PDF oder JSON."),
        ({}, "Bitte wählen Sie PDF oder JSON."),
    ],
)
def test_disclosure_make_says_what_is_missing_and_makes_nothing(client, organiser, person, data, sentence):
    client.force_login(organiser)

    page = client.post(make_url(person), data).content.decode()

    assert sentence in page
    assert not AuditEvent.objects.exists()


def test_disclosure_make_of_nobody_is_not_found(client, organiser):
    client.force_login(organiser)

    assert client.get(reverse("disclosure_make", args=[999_999])).status_code == 404


def test_disclosure_make_tells_of_gaps_in_the_page_on_data_protection(client, organiser, person):
    client.force_login(organiser)
    before = client.get(make_url(person)).content.decode()
    LegalPage.objects.create(key="datenschutz", text="## Träger\n\nStadt Moers")

    after = client.get(make_url(person)).content.decode()

    assert "fehlen noch" in before
    assert "fehlen noch" not in after


def test_disclosure_make_is_reached_from_the_person_and_from_the_account(client, organiser, trainer):
    half = factories.RegistrationFactory()
    unconfirmed = factories.RegistrationFactory(tandem=half.tandem, role="MANAGER")
    Registration.objects.filter(pk=unconfirmed.pk).update(person=None, confirmed_at=None)
    client.force_login(organiser)

    tandem = client.get(reverse("participants:tandem_detail", args=[half.tandem_id])).content.decode()
    account = client.get(reverse("staff_edit", args=[trainer.pk])).content.decode()

    assert tandem.count("Auskunft nach") == 1
    assert make_url(half.person) in tandem
    assert make_url(trainer) in account
