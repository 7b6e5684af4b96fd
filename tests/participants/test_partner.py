import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience
from participants import tokens
from participants.actions.partners import REMINDED_AFTER, remind_partners
from participants.models import Registration, Selection, Tandem, TandemState
from tests.factories import (
    CohortFactory,
    MunicipalityFactory,
    RegistrationFactory,
    UserFactory,
    complete_tandem,
    lettered,
)
from tests.links import is_link_to
from tests.participants.forms import complete, last_mail, link_in, mails, own_fields

pytestmark = pytest.mark.django_db

BEN = {"given_names": "Ben", "family_name": "Roth", "email": "ben@stadt.example", "title": "", "salutation": ""}


@pytest.fixture
def anna():
    """A confirmed manager who has invited ben@stadt.example."""
    return RegistrationFactory(
        role=Audience.MANAGER,
        person__email="anna@stadt.example",
        given_names="Anna",
        family_name="Müller",
        organisation="Stadt Moers",
        tandem__partner_email="ben@stadt.example",
        tandem__cohort=CohortFactory(title="Durchgang 2027"),
        tandem__municipality=MunicipalityFactory(name="Moers"),
    )


@pytest.fixture
def token(anna):
    return tokens.partner_token(anna.tandem)


def add_url(token):
    return reverse("participants:partner_add", args=[token])


def invite(client, half, email):
    url = reverse("participants:partner_invite", args=[tokens.status_token(half)])
    return client.post(url, {"partner_email": email}, follow=True)


def test_partner_add_says_who_invites_and_fixes_the_municipality(client, anna, token):
    page = client.get(add_url(token)).content.decode()

    assert "Anna Müller, Stadt Moers" in page
    assert "Durchgang 2027" in page
    assert "die Kommune gehört zum Tandem" in page
    assert "Koordinierungskraft" in page
    assert 'name="municipality"' not in page
    assert 'name="role"' not in page
    assert "anna@stadt.example" not in page


def test_partner_add_with_the_invited_address_is_confirmed_at_once(client, anna, token):
    response = complete(client, token, **BEN)

    ben = Registration.objects.get(email="ben@stadt.example")
    assert response.url == reverse("participants:partner_done", args=[anna.cohort_id])
    assert (ben.tandem, ben.role) == (anna.tandem, "COORDINATOR")
    assert ben.confirmed_at
    assert ben.person.get_full_name() == "Ben Roth"
    assert anna.tandem.state is TandemState.COMPLETE
    assert mails() == [
        ("ben@stadt.example", "Ihr Tandem ist vollständig"),
        ("anna@stadt.example", "Ihr Tandem ist vollständig"),
    ]


def test_partner_add_makes_both_status_pages_show_the_other(client, anna, token):
    complete(client, token, **BEN)

    seen_by_anna = client.get(link_in(last_mail("anna@stadt.example"))).content.decode()
    seen_by_ben = client.get(link_in(last_mail("ben@stadt.example"))).content.decode()

    assert "Ben Roth" in seen_by_anna
    assert "Anna Müller" in seen_by_ben
    assert "vollständig" in seen_by_anna
    assert "vollständig" in seen_by_ben


def test_partner_add_twice_stores_one_half_and_mails_once(client, anna, token):
    check = client.post(add_url(token), own_fields(**BEN), follow=True)
    payload = {"payload": check.context["form"].payload()}

    for _ in range(2):
        response = client.post(reverse("participants:partner_submit", args=[token]), payload)

    assert response.url == reverse("participants:partner_done", args=[anna.cohort_id])
    assert Registration.objects.count() == 2
    assert len(mails()) == 2


def test_partner_add_with_another_address_waits_for_its_confirmation(client, anna, token):
    response = complete(client, token, **BEN | {"email": "ben.privat@stadt.example"})

    ben = Registration.objects.get(email="ben.privat@stadt.example")
    assert response.url == reverse("participants:registration_done", args=[anna.cohort_id])
    assert ben.confirmed_at is None
    assert mails() == [("ben.privat@stadt.example", "Bitte bestätigen Sie Ihre Anmeldung")]

    client.post(link_in(last_mail("ben.privat@stadt.example")))

    ben.refresh_from_db()
    assert ben.confirmed_at
    assert [subject for _, subject in mails()][1:] == ["Ihr Tandem ist vollständig"] * 2


def test_partner_add_counts_its_own_two_steps_and_none_once_it_is_sent(client, anna, token):
    add = client.get(add_url(token)).content.decode()
    check = client.post(add_url(token), own_fields(**BEN | {"email": "neu@stadt.example"}), follow=True)
    payload = {"payload": check.context["form"].payload()}
    done = client.post(reverse("participants:partner_submit", args=[token]), payload, follow=True)

    assert "Schritt 1 von 2" in add
    assert "Schritt 2 von 2" in check.content.decode()
    assert "Bitte bestätigen Sie Ihre Anmeldung" in done.content.decode()
    assert "Schritt" not in done.content.decode()


def test_partner_add_fills_no_strangers_mailbox(client, anna, token):
    for number in range(6):
        response = complete(
            client, token, **BEN | {"email": "opfer@stadt.example", "family_name": f"Name {lettered(number)}"}
        )

    assert response.url == reverse("participants:registration_done", args=[anna.cohort_id])
    assert mails() == [("opfer@stadt.example", "Bitte bestätigen Sie Ihre Anmeldung")] * 3
    assert list(anna.tandem.registrations.values_list("family_name", flat=True)) == ["Müller", "Name c"]


def test_partner_add_corrects_a_mistyped_address(client, anna, token):
    complete(client, token, **BEN | {"email": "bne@stadt.example"})

    complete(client, token, **BEN)

    assert list(Registration.objects.active().values_list("email", flat=True)) == [
        "anna@stadt.example",
        "ben@stadt.example",
    ]


def test_partner_add_brings_back_what_was_typed(client, anna, token):
    client.post(add_url(token), own_fields(**BEN | {"email": "kaputt", "family_name": "Größenwahn"}))

    page = client.get(add_url(token)).content.decode()

    assert 'value="Größenwahn"' in page
    assert client.get(reverse("participants:partner_check", args=[token])).url == add_url(token)


def test_partner_add_refuses_the_inviter(client, anna, token):
    response = client.post(add_url(token), own_fields(**BEN | {"email": "ANNA@stadt.example"}))

    assert "Ein Tandem sind zwei Personen" in response.context["form"].errors["email"][0]


def test_partner_add_refuses_a_forwarded_link_when_the_tandem_is_complete(client, anna, token):
    check = client.post(add_url(token), own_fields(**BEN | {"email": "carla@stadt.example"}), follow=True)
    payload = {"payload": check.context["form"].payload()}
    complete(client, token, **BEN)

    response = client.post(reverse("participants:partner_submit", args=[token]), payload)

    assert "Dieses Tandem ist schon vollständig" in response.content.decode()
    assert "<h1>Das ist nicht möglich</h1>" in response.content.decode()
    assert not Registration.objects.filter(email="carla@stadt.example").exists()


def test_partner_add_leaves_an_existing_account_as_it_is(client, anna, token):
    ben = UserFactory(email="ben@stadt.example", given_names="Benedikt", family_name="Roth")

    complete(client, token, **BEN | {"family_name": "Anders"})

    ben.refresh_from_db()
    assert ben.get_full_name() == "Benedikt Roth"
    assert ben.registrations.get().family_name == "Anders"


def test_partner_add_refuses_a_person_in_another_tandem_and_takes_nothing_over(client, anna, token):
    other = RegistrationFactory(tandem__cohort=anna.cohort, person__email="ben@stadt.example")

    page = complete(client, token, **BEN).content.decode()

    other.refresh_from_db()
    assert "Sie sind für diesen Durchgang schon angemeldet." in page
    assert other.withdrawn_at is None
    assert anna.tandem.registrations.count() == 1


def test_partner_add_with_an_address_of_somebody_else_tells_only_that_person(client, anna, token):
    RegistrationFactory(tandem__cohort=anna.cohort, person__email="carla@stadt.example")

    response = complete(client, token, **BEN | {"email": "carla@stadt.example"})

    assert response.url == reverse("participants:registration_done", args=[anna.cohort_id])
    assert mails() == [("carla@stadt.example", "Sie sind schon angemeldet")]
    assert anna.tandem.registrations.count() == 1


def test_partner_add_dies_with_the_invitation(client, anna, token):
    anna.tandem.partner_email = "carla@stadt.example"
    anna.tandem.save()

    assert client.get(add_url(token)).status_code == 404


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [(Selection.OPEN, "Die Anmeldefrist ist abgelaufen."), (Selection.ACCEPTED, "Anna Müller, Stadt Moers")],
)
def test_partner_add_after_the_closing_date_is_for_accepted_tandems(client, anna, token, selection, sentence):
    Tandem.objects.update(selection=selection)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=15)):
        page = client.get(add_url(token)).content.decode()

    assert sentence in page


def test_partner_add_into_an_accepted_tandem_needs_a_free_place(client, anna, token):
    complete_tandem(cohort=anna.cohort, selection=Selection.ACCEPTED)
    Tandem.objects.update(selection=Selection.ACCEPTED)
    anna.cohort.places = 3
    anna.cohort.save()

    page = complete(client, token, **BEN).content.decode()

    assert "Im Durchgang ist kein Platz mehr frei." in page
    assert anna.tandem.registrations.count() == 1


def test_partner_add_into_an_accepted_tandem_brings_the_acceptance(client, anna, token):
    Tandem.objects.update(selection=Selection.ACCEPTED)

    complete(client, token, **BEN)

    assert ("ben@stadt.example", "Zusage") in mails()


def test_partner_invite_sends_the_personal_link(client, anna):
    response = invite(client, anna, "Carla@Stadt.example")

    anna.tandem.refresh_from_db()
    assert "Die Einladung ist gesendet." in response.content.decode()
    assert anna.tandem.partner_email == "carla@stadt.example"
    assert mails() == [("carla@stadt.example", "Anna Müller lädt Sie ins Tandem ein")]
    assert is_link_to(last_mail("carla@stadt.example").message, tokens.PARTNER, anna.tandem.pk)


def test_partner_invite_twice_mails_once(client, anna):
    invite(client, anna, "ben@stadt.example")

    response = invite(client, anna, "ben@stadt.example")

    assert "Die Einladung ist schon gesendet." in response.content.decode()
    assert len(mails()) == 1


def test_partner_invite_writes_to_few_addresses_a_day(client, anna):
    for number in range(7):
        response = invite(client, anna, f"person{number}@stadt.example")

    assert "Für heute sind genug Einladungen gesendet." in response.content.decode()
    assert len(mails()) == 5


def test_an_address_that_many_tandems_invite_gets_a_few_mails_a_day(client, anna):
    for _ in range(6):
        other = RegistrationFactory()
        response = invite(client, other, "opfer@fremd.example")

    other.tandem.refresh_from_db()
    assert "Für heute sind genug Einladungen gesendet." in response.content.decode()
    assert other.tandem.partner_email == ""
    assert len(mails()) == 5


def test_who_was_named_by_too_many_today_reads_of_it_from_the_reminder(client):
    for _ in range(6):
        half = RegistrationFactory(confirmed_at=None, tandem__partner_email="ben@stadt.example")
        client.post(reverse("participants:registration_confirm", args=[tokens.confirm_token(half)]))
    assert [to for to, _ in mails()].count("ben@stadt.example") == 5

    cache.clear()  # the day is over
    with time_machine.travel(timezone.now() + REMINDED_AFTER[0]):
        remind_partners()
        remind_partners()

    assert [to for to, _ in mails()].count("ben@stadt.example") == 10
    assert Tandem.objects.filter(partner_reminded_count=1).count() == 5


def test_partner_invite_refuses_the_own_address(client, anna):
    response = invite(client, anna, "anna@stadt.example")

    assert "Das ist Ihre eigene Adresse." in response.content.decode()
    assert mails() == []


def test_partner_invite_tells_a_person_in_another_tandem_how_to_follow(client, anna):
    other = RegistrationFactory(tandem__cohort=anna.cohort, person__email="ben@stadt.example")

    response = invite(client, anna, "ben@stadt.example")

    other.refresh_from_db()
    assert "Die Einladung ist gesendet." in response.content.decode()
    assert "Ziehen Sie zuerst Ihre eigene Anmeldung zurück." in last_mail("ben@stadt.example").message
    assert other.withdrawn_at is None


def test_partner_invite_cannot_be_opened(client, anna):
    url = reverse("participants:partner_invite", args=[tokens.status_token(anna)])

    assert client.get(url).status_code == 405
