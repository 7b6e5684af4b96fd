"""„Meinten Sie …?“: a mistyped address is put right with one button, or left as it is; without JavaScript."""

import re

import pytest
from django.urls import reverse

from curriculum.models import Cohort
from participants.models import Registration
from participants.tokens import partner_token
from tests.factories import CohortFactory, MunicipalityFactory, RegistrationFactory, TandemFactory
from tests.participants.forms import fill_steps, own_fields, payload_of, registration_fields, step_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def municipality():
    return MunicipalityFactory(name="Moers")


@pytest.fixture
def token(cohort):
    tandem = TandemFactory(cohort=cohort, partner_email="ben@stadt.example")
    RegistrationFactory(tandem=tandem)
    return partner_token(tandem)


BUTTON = re.compile(r'formaction="([^"]+)" formnovalidate name="feld" value="(\w+)">([^>\s]+) übernehmen<')


def buttons(response):
    """Where each button sends its form, for which field, and what it puts in."""
    return BUTTON.findall(response.content.decode())


def press(client, response, typed=None):
    """What the form around the button holds by now is sent with it."""
    ((url, field, _),) = buttons(response)
    return client.post(url, (typed or {}) | {"feld": field}, follow=True)


def test_the_check_asks_and_one_button_puts_it_right(client, cohort, municipality):
    check = fill_steps(client, cohort, registration_fields(municipality, email="Anna@gmial.com"))

    after = press(client, check)

    assert "Sie haben <strong>Anna@gmial.com</strong> geschrieben." in check.content.decode()
    assert "machen Sie einfach weiter" in check.content.decode()
    assert [meant for _, _, meant in buttons(check)] == ["anna@gmail.com"]
    assert after.redirect_chain[-1][0] == reverse("participants:registration_check", args=[cohort.pk])
    assert "anna@gmail.com" in after.content.decode()
    assert buttons(after) == []
    client.post(reverse("participants:registration_submit", args=[cohort.pk]), {"payload": payload_of(after)})
    assert Registration.objects.get().email == "anna@gmail.com"


def test_who_ignores_it_is_registered_as_typed(client, cohort, municipality):
    check = fill_steps(client, cohort, registration_fields(municipality, email="anna@gmial.com"))

    client.post(reverse("participants:registration_submit", args=[cohort.pk]), {"payload": payload_of(check)})

    assert Registration.objects.get().email == "anna@gmial.com"


def test_what_is_no_address_is_asked_about_in_its_step_and_nothing_else_is_lost(client, cohort):
    data = own_fields(email="anna@webde", family_name="Größenwahn")
    step = client.post(step_url(cohort, 2), data)

    after = press(client, step, data | {"position": "Leiterin"})

    assert [meant for _, _, meant in buttons(step)] == ["anna@web.de"]
    assert "machen Sie einfach weiter" not in step.content.decode()
    assert after.redirect_chain[-1][0] == step_url(cohort, 2)
    page = after.content.decode()
    assert 'value="anna@web.de"' in page
    assert 'value="Größenwahn"' in page
    assert 'value="Leiterin"' in page


def test_whoever_puts_the_address_right_by_hand_keeps_it(client, cohort):
    step = client.post(step_url(cohort, 2), own_fields(email="anna@webde"))

    page = press(client, step, own_fields(email="anna@stadt.example")).content.decode()

    assert 'value="anna@stadt.example"' in page


@pytest.mark.parametrize("is_second_person", [False, True])
def test_the_enter_key_goes_on_and_changes_no_address(client, cohort, token, is_second_person):
    url = reverse("participants:partner_add", args=[token]) if is_second_person else step_url(cohort, 2)

    page = client.post(url, own_fields(email="anna@webde")).content.decode()

    form = re.search(r'<form method="post"[^>]* novalidate>.*?übernehmen</button>', page, re.DOTALL)[0]
    assert re.findall(r"<button[^>]*>", form)[0] == '<button type="submit" hidden>'


def test_second_person_and_superior_are_looked_at_as_well(client, cohort, municipality):
    Cohort.objects.update(asks_approval=True)
    fields = registration_fields(municipality, partner_email="ben@web.ed", superior_email="chefin@stadt-ulm.ed")

    check = fill_steps(client, cohort, fields)

    assert [(field, meant) for _, field, meant in buttons(check)] == [
        ("partner_email", "ben@web.de"),
        ("superior_email", "chefin@stadt-ulm.de"),
    ]


def test_where_nothing_seems_wrong_nobody_is_asked(client, cohort, municipality):
    check = fill_steps(client, cohort, registration_fields(municipality))

    assert "Meinten Sie" not in check.content.decode()


@pytest.mark.parametrize("field", ["", "family_name", "role", "email", "x" * 500])
def test_nothing_but_a_mistyped_address_is_changed(client, cohort, municipality, field):
    before = payload_of(fill_steps(client, cohort, registration_fields(municipality)))
    url = reverse("participants:registration_address", args=[cohort.pk, 4])

    after = client.post(url, {"feld": field, "email": "dieb@stadt.example"}, follow=True)

    assert payload_of(after).partition(":")[0] == before.partition(":")[0]


def test_without_a_draft_the_form_begins(client, cohort):
    response = client.post(reverse("participants:registration_address", args=[cohort.pk, 4]), {"feld": "email"})

    assert response.url == step_url(cohort, 4)
    assert client.get(reverse("participants:registration_address", args=[cohort.pk, 4])).status_code == 405


# The second person


def test_the_second_person_is_asked_when_checking(client, token):
    url = reverse("participants:partner_add", args=[token])
    check = client.post(url, own_fields(email="ben@gmx.ed"), follow=True)

    after = press(client, check)

    assert [meant for _, _, meant in buttons(check)] == ["ben@gmx.de"]
    assert after.redirect_chain[-1][0] == reverse("participants:partner_check", args=[token])
    assert "ben@gmx.de" in after.content.decode()
    assert buttons(after) == []


def test_the_second_person_is_asked_where_the_address_is_none(client, token):
    data = own_fields(email="ben@gmx", family_name="")
    form = client.post(reverse("participants:partner_add", args=[token]), data)

    after = press(client, form, data | {"family_name": "Größenwahn"})

    assert after.redirect_chain[-1][0] == reverse("participants:partner_check", args=[token])
    assert "ben@gmx.de" in after.content.decode()
    assert "Größenwahn" in after.content.decode()
