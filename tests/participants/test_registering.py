"""The steps of a registration: what each asks, what is kept, and what is stored in the end."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import Approval, Consent, Municipality, Registration, Tandem
from tests.factories import CohortFactory, MunicipalityFactory
from tests.participants.forms import fill_steps, payload_of, register, registration_fields, step_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(title="Durchgang 2027", contact_email="kursbuero@stadt.example")


@pytest.fixture
def municipality():
    return MunicipalityFactory(ags="05170024", name="Moers")


def check_url(cohort):
    return reverse("participants:registration_check", args=[cohort.pk])


def add_url(cohort):
    return reverse("participants:registration_add", args=[cohort.pk])


def test_registration_add_begins_with_tandem_role_and_municipality(client, cohort):
    page = client.get(add_url(cohort)).content.decode()

    assert "Schritt 1 von 4" in page
    assert "allein, ich suche eine zweite Person" in page
    assert "Meine Kommune fehlt" in page


def test_steps_lead_to_a_check_and_store_nothing(client, cohort, municipality):
    fields = registration_fields(municipality, partner_email="Ben@Stadt.example", contact_list="on")

    response = fill_steps(client, cohort, fields)

    page = response.content.decode()
    assert "Angaben prüfen" in page
    assert "Moers, Nordrhein-Westfalen" in page
    assert "ben@stadt.example" in page
    assert "<dt>Teilnehmendenliste</dt><dd>ja</dd>" in page
    assert "<dt>Fotos</dt><dd>nein</dd>" in page
    assert not Registration.objects.exists()
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")


@pytest.mark.parametrize(
    ("step", "mandatory"),
    [(1, {"form", "role", "municipality"}), (2, {"family_name", "email", "organisation"}), (3, set())],
)
def test_each_step_needs_only_what_must_be(client, cohort, step, mandatory):
    response = client.post(step_url(cohort, step), {})

    errors = response.context["form"].errors if response.status_code == 200 else {}
    assert set(errors) == mandatory
    assert all(error[0].startswith("Bitte ") for error in errors.values())


def test_a_tandem_names_its_second_person(client, cohort, municipality):
    fields = registration_fields(municipality, form="TANDEM", partner_email="")

    response = fill_steps(client, cohort, fields)

    assert response.context["form"].errors["partner_email"][0].startswith("Bitte nennen Sie die Adresse")


@pytest.mark.parametrize("form", ["SEEKING", "ALONE"])
def test_who_comes_alone_is_not_asked_for_a_second_person(client, cohort, municipality, form):
    register(client, cohort, municipality, form=form, partner_email="")

    tandem = Tandem.objects.get()
    assert (tandem.form, tandem.partner_email) == (form, "")


def test_the_own_address_is_no_second_person(client, cohort, municipality):
    fields = registration_fields(municipality, email="Anna@stadt.example", partner_email="anna@STADT.example")

    response = fill_steps(client, cohort, fields)

    assert "Das ist Ihre eigene Adresse." in response.context["form"].errors["partner_email"][0]


def test_what_was_typed_is_shown_literally(client, cohort, municipality):
    name = '"><script>alert(1)</script>'

    page = fill_steps(client, cohort, registration_fields(municipality, family_name=name)).content.decode()

    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_each_step_brings_back_what_was_typed(client, cohort, municipality):
    fill_steps(client, cohort, registration_fields(municipality, organisation="Träger Süd", email="kaputt"))

    first = client.get(step_url(cohort, 1)).content.decode()
    second = client.get(step_url(cohort, 2)).content.decode()

    assert "Moers, Nordrhein-Westfalen" in first
    assert 'value="Träger Süd"' in second
    assert 'value="kaputt"' in second
    assert re.search(r"gespeichert \d+:\d\d&nbsp;Uhr", second)


def test_what_was_typed_is_forgotten_after_an_hour_and_after_sending(client, cohort, municipality):
    fill_steps(client, cohort, registration_fields(municipality))
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)):
        after_an_hour = client.get(step_url(cohort, 2)).content.decode()

    register(client, cohort, municipality)
    after_sending = client.get(step_url(cohort, 2)).content.decode()

    assert "Müller" not in after_an_hour
    assert "Müller" not in after_sending


def test_what_was_typed_is_nobody_elses(client, cohort, municipality):
    fill_steps(client, cohort, registration_fields(municipality))

    assert "Müller" not in Client().get(step_url(cohort, 2)).content.decode()


@pytest.mark.parametrize(("changes", "step"), [({"email": "kaputt"}, 2), ({"role": "KING"}, 1), ({}, None)])
def test_the_check_leads_back_to_the_step_that_is_incomplete(client, cohort, municipality, changes, step):
    fill_steps(client, cohort, registration_fields(municipality, **changes))

    response = client.get(check_url(cohort))

    assert response.status_code == (302 if step else 200)
    assert not step or response.url == step_url(cohort, step)


def test_whoever_changes_a_step_from_the_check_returns_there(client, cohort, municipality):
    fill_steps(client, cohort, registration_fields(municipality))

    response = client.post(
        f"{step_url(cohort, 1)}?check", {"form": "ALONE", "role": "COORDINATOR", "municipality": municipality.pk}
    )

    assert response.url == check_url(cohort)


def test_submit_sends_what_the_page_has_shown(client, cohort, municipality):
    shown = fill_steps(client, cohort, registration_fields(municipality))
    fill_steps(client, cohort, registration_fields(municipality, family_name="Zweite"))

    client.post(reverse("participants:registration_submit", args=[cohort.pk]), {"payload": payload_of(shown)})

    assert Registration.objects.get().family_name == "Müller"


def test_a_pasted_name_that_is_too_long_is_refused_and_kept_whole(client, cohort, municipality):
    organisation = "Zweckverband " + "x" * 300
    fields = registration_fields(municipality, organisation=organisation, family_name="-")

    fill_steps(client, cohort, fields)
    answer = client.post(step_url(cohort, 2), fields).content.decode()
    again = client.get(step_url(cohort, 2)).content.decode()

    assert "Das sind 313 Zeichen, Platz ist für 200. Bitte kürzen Sie die Angabe." in answer
    assert "„-“ enthält keinen Buchstaben. Bitte schreiben Sie den Namen aus." in answer
    for page in (answer, again):
        assert f'value="{organisation}"' in page
        assert "maxlength" not in page


def test_a_draft_takes_little_room(client, cohort, municipality):
    long = "x" * 500_000

    fill_steps(client, cohort, registration_fields(municipality, family_name=long, email=long))

    assert len(client.session[f"draft-cohort-{cohort.pk}"]) < 5_000
    assert client.get(check_url(cohort)).url == step_url(cohort, 2)


def test_registration_closes_at_midnight(client, municipality):
    cohort = CohortFactory(registration_closes_on=datetime.date(2026, 12, 1), contact_email="kurs@stadt.example")

    with time_machine.travel(datetime.datetime(2026, 12, 1, 22, 59, tzinfo=datetime.UTC)):
        last_minute = client.get(add_url(cohort)).content.decode()
        check = fill_steps(client, cohort, registration_fields(municipality))
    with time_machine.travel(datetime.datetime(2026, 12, 1, 23, 1, tzinfo=datetime.UTC)):
        midnight = client.get(add_url(cohort)).content.decode()
        client.post(reverse("participants:registration_submit", args=[cohort.pk]), {"payload": payload_of(check)})

    assert "Schritt 1 von 4" in last_minute
    assert "kurs@stadt.example" in midnight
    assert "Schritt 1 von 4" not in midnight
    assert not Registration.objects.exists()


def test_registration_opens_for_all_on_its_day(client, municipality):
    cohort = CohortFactory(registration_opens_on=timezone.localdate() + datetime.timedelta(days=1))

    early = client.get(add_url(cohort)).content.decode()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        in_time = client.get(add_url(cohort)).content.decode()

    assert "Schritt 1 von 4" not in early
    assert "Schritt 1 von 4" in in_time


def test_who_comes_back_after_an_hour_reads_why_the_first_step_is_empty(client, cohort):
    page = client.get(check_url(cohort), follow=True).content.decode()

    assert "Schritt 1 von 4" in page
    assert "In diesem Schritt fehlt noch etwas. Angaben bleiben eine Stunde gespeichert" in page


@pytest.mark.parametrize("step", [0, 4, 99])
def test_steps_that_do_not_exist_lead_on(client, cohort, step):
    assert client.get(step_url(cohort, step)).url == check_url(cohort)


def test_consents_are_stored_with_the_text_that_was_read(client, cohort, municipality):
    register(client, cohort, municipality, contact_list="on", photo="on")

    stored = {consent.purpose: consent for consent in Consent.objects.all()}
    assert set(stored) == {"CONTACT_LIST", "PHOTO"}
    assert stored["PHOTO"].text.startswith("Auf Fotos")
    assert (stored["PHOTO"].version, stored["PHOTO"].given_at) == (1, stored["PHOTO"].given_at)


def test_no_box_is_ticked_beforehand(client, cohort):
    page = client.get(step_url(cohort, 3)).content.decode()

    assert page.count('type="checkbox"') == 3
    assert " checked" not in page


def test_a_superior_is_asked_for_only_where_the_cohort_does_so(client, cohort, municipality):
    register(client, cohort, municipality, superior_email="chefin@stadt.example")
    assert not Approval.objects.exists()

    other = CohortFactory(asks_approval=True)
    register(client, other, municipality, superior_email="Chefin@stadt.example", email="neu@stadt.example")

    assert Approval.objects.get().email == "chefin@stadt.example"


def test_the_own_address_is_no_superior(client, municipality):
    cohort = CohortFactory(asks_approval=True)

    response = fill_steps(client, cohort, registration_fields(municipality, superior_email="ANNA@stadt.example"))

    assert "Das ist Ihre eigene Adresse." in response.context["form"].errors["superior_email"][0]


def test_a_municipality_can_be_written_in_and_is_stored_once(client, cohort):
    written = {"municipality": "fehlt", "municipality_name": "Gemeinde Neu", "municipality_state": "03"}
    fields = registration_fields(MunicipalityFactory.build()) | written

    for _ in range(2):
        first = {name: fields[name] for name in ("form", "role", *written)}
        client.post(step_url(cohort, 1), first)
        client.post(step_url(cohort, 2), fields)
        check = client.post(step_url(cohort, 3), {}, follow=True)
        client.post(reverse("participants:registration_submit", args=[cohort.pk]), {"payload": payload_of(check)})

    municipality = Municipality.objects.get()
    assert (municipality.name, municipality.ags, municipality.state) == ("Gemeinde Neu", "", "03")
    assert Registration.objects.get().tandem.municipality == municipality
