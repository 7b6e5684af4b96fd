"""Personal links: random, stored as a hash, for one purpose, until a moment, revocable; and how to renew one."""

import datetime
import json

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from post_office.models import Email

from netzkoord.actions.links import disguised, send_links
from netzkoord.lib import links
from netzkoord.models import PersonalLink
from participants import tokens
from participants.models import Approval, Consent, ConsentPurpose, PoolInvitation, Registration
from tests import factories
from tests.links import is_link_to, token_in

pytestmark = pytest.mark.django_db
QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def half():
    return factories.RegistrationFactory(email="anna@stadt.example")


def ended_after(days):
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days))


def test_a_token_has_128_bits_and_is_stored_as_a_hash(half):
    tokens_made = [tokens.status_token(half) for _ in range(3)]

    assert len(set(tokens_made)) == 3
    assert all(len(bytes.fromhex(token)) == 16 for token in tokens_made)
    stored = PersonalLink.objects.values_list("token_hash", "purpose", "target_id", "email")
    assert not any(token in "".join(row) for row in stored for token in tokens_made)


def test_a_link_is_good_for_one_purpose_only(half):
    token = tokens.status_token(half)

    assert links.target(tokens.STATUS, token) == str(half.pk)
    assert links.target(tokens.CONFIRM, token) is None


def test_an_expired_link_opens_nothing_and_offers_a_new_one(client, half):
    url = reverse("participants:registration_status", args=[tokens.status_token(half)])

    with ended_after(tokens.STATUS_DAYS):
        page = client.get(url)

    assert page.status_code == 410
    assert half.family_name not in page.content.decode()
    assert "Neuen Link senden" in page.content.decode()


def test_a_revoked_link_opens_nothing_and_cannot_be_renewed(client, half):
    token = tokens.status_token(half)
    links.revoke(tokens.STATUS, half.pk)

    page = client.get(reverse("participants:registration_status", args=[token]))
    client.post(reverse("link_renew"), {"token": token})

    assert page.status_code == 404
    assert "Neuen Link senden" not in page.content.decode()
    assert not Email.objects.exists()


def test_an_expired_link_that_was_revoked_cannot_be_renewed(client, half):
    token = tokens.status_token(half)

    with ended_after(tokens.STATUS_DAYS):
        links.revoke(tokens.STATUS, half.pk)
        client.post(reverse("link_renew"), {"token": token})

    assert not Email.objects.exists()


def test_renewing_mails_a_new_link_to_the_same_address_a_few_times_a_day(client, half):
    token = tokens.status_token(half)

    with ended_after(tokens.STATUS_DAYS):
        answers = [client.post(reverse("link_renew"), {"token": token}) for _ in range(5)]
        mails = list(Email.objects.all())
        assert is_link_to(mails[0].message, tokens.STATUS, half.pk)

    assert {answer.url for answer in answers} == {reverse("link_sent")}
    assert [mail.to for mail in mails] == [["anna@stadt.example"]] * 3


def test_a_link_whose_registration_has_another_address_now_is_not_renewed(client, half):
    token = tokens.status_token(half)
    Registration.objects.update(email="neu@stadt.example")

    with ended_after(tokens.STATUS_DAYS):
        client.post(reverse("link_renew"), {"token": token})

    assert not Email.objects.exists()


def test_an_expired_link_to_confirm_is_renewed_while_one_can_register(client):
    half = factories.RegistrationFactory(confirmed_at=None)
    half.cohort.registration_closes_on = timezone.localdate() + datetime.timedelta(days=60)
    half.cohort.save()
    token = tokens.confirm_token(half)

    with ended_after(tokens.CONFIRM_DAYS):
        client.post(reverse("link_renew"), {"token": token})
        assert is_link_to(Email.objects.get().message, tokens.CONFIRM, half.pk)


def test_a_link_to_confirm_leads_no_further_once_it_has_expired(client, half):
    token = tokens.confirm_token(half)
    url = reverse("participants:registration_confirm", args=[token])

    with ended_after(tokens.CONFIRM_DAYS):
        page = client.get(url)
        client.post(url)
        assert not PersonalLink.objects.filter(purpose=tokens.STATUS).exists()
        client.post(reverse("link_renew"), {"token": token})
        assert is_link_to(Email.objects.get().message, tokens.STATUS, half.pk)

    assert "Neuen Link senden" in page.content.decode()


def test_an_expired_invitation_is_renewed_while_the_address_is_invited(client, half):
    half.tandem.partner_email = "ben@stadt.example"
    half.tandem.save()
    token = tokens.partner_token(half.tandem)

    with ended_after(tokens.PARTNER_DAYS):
        client.post(reverse("link_renew"), {"token": token})
        assert is_link_to(Email.objects.get().message, tokens.PARTNER, half.tandem_id)


def test_inviting_somebody_else_ends_the_first_invitation(half):
    half.tandem.partner_email = "ben@stadt.example"
    first = tokens.partner_token(half.tandem)
    half.tandem.partner_email = "carla@stadt.example"
    tokens.partner_token(half.tandem)

    assert links.target(tokens.PARTNER, first) is None


def test_an_expired_question_to_a_superior_is_renewed(client, half):
    approval = Approval.objects.create(registration=half, email="chefin@stadt.example", asked_at=timezone.now())
    token = tokens.approval_token(approval)

    with ended_after(tokens.APPROVAL_DAYS):
        client.post(reverse("link_renew"), {"token": token})
        mail = Email.objects.get()
        assert is_link_to(mail.message, tokens.APPROVAL, approval.pk)

    assert mail.to == ["chefin@stadt.example"]


@pytest.mark.parametrize("is_willing", [True, False])
def test_an_expired_invitation_from_the_pool_is_renewed_while_it_is_good(client, half, is_willing):
    cohort = factories.CohortFactory(registration_closes_on=timezone.localdate() + datetime.timedelta(days=500))
    if is_willing:
        Consent.objects.create(registration=half, purpose=ConsentPurpose.POOL, version=1, text="Ja.")
    invitation = PoolInvitation.objects.create(registration=half, cohort=cohort)
    token = tokens.pool_token(invitation)

    with ended_after(tokens.POOL_DAYS):
        client.post(reverse("link_renew"), {"token": token})
        found = [is_link_to(mail.message, tokens.POOL, invitation.pk) for mail in Email.objects.all()]

    assert found == [True] * is_willing


def test_an_expired_link_to_a_new_address_is_not_renewed(client, half):
    token = tokens.address_token(half, "vertippt@fremd.example")

    with ended_after(tokens.ADDRESS_DAYS):
        page = client.get(reverse("participants:address_confirm", args=[token]))
        answer = client.post(reverse("link_renew"), {"token": token})

    assert "Neuen Link senden" not in page.content.decode()
    assert answer.url == reverse("link_sent")
    assert not Email.objects.exists()


@pytest.mark.parametrize("token", ["", "unsinn", "0" * 32, "\u0000", "%"])
def test_renewing_nonsense_answers_like_renewing_a_link(client, token):
    answer = client.post(reverse("link_renew"), {"token": token})

    assert answer.url == reverse("link_sent")
    assert not Email.objects.exists()


@pytest.mark.parametrize("email", ["anna@stadt.example", "fremd@stadt.example"])
def test_asking_with_an_address_answers_alike_whether_it_is_known(client, settings, half, email):
    settings.TASKS = QUEUE

    with CaptureQueriesContext(connection) as queries:
        answer = client.post(reverse("link_request"), {"email": email})

    assert (answer.status_code, answer.url) == (302, reverse("link_sent"))
    assert [query for query in queries if "participants_" in query["sql"]] == []  # the worker looks
    assert not Email.objects.exists()


def test_what_waits_in_the_queue_names_no_address(client, settings, half):
    settings.TASKS = QUEUE

    client.post(reverse("link_request"), {"email": half.email})
    task = DBTaskResult.objects.get()

    assert len(task.args_kwargs["args"][0]) == 64
    assert half.email not in json.dumps(task.args_kwargs)
    assert send_links.func(*task.args_kwargs["args"]) == 1


def test_the_worker_does_nothing_for_an_address_that_is_not_known(half):
    assert send_links.func(disguised("fremd@stadt.example")) == 0
    assert send_links.func("anna@stadt.example") == 0
    assert not Email.objects.exists()


def test_the_worker_mails_a_link_for_each_registration_of_the_address(half):
    other = factories.RegistrationFactory(email="anna@stadt.example", person=half.person)
    factories.RegistrationFactory(email="ben@stadt.example")

    assert send_links.func(disguised("anna@stadt.example")) == 2
    found = list(Email.objects.order_by("pk"))
    assert is_link_to(found[0].message, tokens.STATUS, half.pk)
    assert is_link_to(found[1].message, tokens.STATUS, other.pk)
    assert [mail.to for mail in found] == [["anna@stadt.example"]] * 2


def test_a_link_that_was_asked_for_is_good_as_long_as_its_mail_says(client):
    cohort = factories.CohortFactory(
        registration_opens_on=timezone.localdate() + datetime.timedelta(days=30),
        registration_closes_on=timezone.localdate() + datetime.timedelta(days=60),
    )
    half = factories.RegistrationFactory(
        tandem__cohort=cohort, confirmed_at=None, created_at=timezone.now() - datetime.timedelta(days=13)
    )

    send_links.call(disguised(half.email))
    with ended_after(tokens.CONFIRM_DAYS - 1):
        client.post(reverse("participants:registration_confirm", args=[token_in(Email.objects.get().message)]))

    half.refresh_from_db()
    assert half.confirmed_at


def test_the_worker_mails_an_address_a_few_times_a_day(half):
    for _ in range(5):
        send_links.func(disguised("anna@stadt.example"))

    assert Email.objects.count() == 3


@pytest.mark.parametrize("email", ["", "x", "a@b", "a@stadt.example\nBcc: b@stadt.example"])
def test_asking_with_nonsense_says_what_is_missing(client, email):
    page = client.post(reverse("link_request"), {"email": email})

    assert page.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in page.content.decode()


def test_somebody_signed_in_needs_no_link_for_the_own_registration(client, half):
    client.force_login(half.person)

    page = client.get(reverse("participants:registration_status", args=[tokens.own_token(half)]))

    assert page.status_code == 200
    assert half.family_name in page.content.decode()


def test_the_number_of_a_registration_opens_nothing_for_others(client, half):
    url = reverse("participants:registration_status", args=[tokens.own_token(half)])

    assert client.get(url).status_code == 404
    client.force_login(factories.UserFactory())
    assert client.get(url).status_code == 404


def test_what_was_sent_with_an_ended_link_can_be_copied(client, half):
    half.tandem.partner_email = "ben@stadt.example"
    half.tandem.save()
    url = reverse("participants:partner_add", args=[tokens.partner_token(half.tandem)])

    with ended_after(tokens.PARTNER_DAYS):
        page = client.post(url, {"family_name": "Özdemir-Voß"})

    assert page.status_code == 409
    assert "Özdemir-Voß" in page.content.decode()


def test_links_that_nobody_can_renew_are_forgotten(half):
    tokens.status_token(half)

    with ended_after(tokens.STATUS_DAYS + 366):
        assert links.forget_expired() == 1

    assert not PersonalLink.objects.exists()
