"""Sign-in: by code, by password, with a second step; and what it must not give away."""

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import reverse
from post_office.models import Email

from netzkoord.models import User
from tests.factories import UserFactory

PASSWORD = "ein-langer-satz-als-passwort"


@pytest.fixture(autouse=True)
def _no_earlier_tries():
    cache.clear()


@pytest.fixture
def person(db):
    return User.objects.create_user("Person@Stadt.example", PASSWORD, given_names="Łucja", family_name="Größenwahn")


def request_code(client, email, **extra):
    return client.post(reverse("account_request_login_code"), {"email": email}, **extra)


def mailed_code() -> str:
    match = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", Email.objects.latest("pk").message, re.MULTILINE)
    assert match
    return match[1]


PUBLIC_PAGES = [
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
]
OWN_PAGES = [
    "account_logout",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
]


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_sign_in_page_is_public_and_ours(client, db, name):
    response = client.get(reverse(name))

    assert response.status_code == 200
    assert response.content.decode().count("<h1>") == 1
    assert "site-header" in response.content.decode()


@pytest.mark.parametrize("name", OWN_PAGES)
def test_account_page_works_for_its_owner(client, stranger, name):
    client.force_login(stranger)

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert response.content.decode().count("<h1>") == 1


@pytest.mark.parametrize("name", [*OWN_PAGES[1:], "account_change_password", "account_reauthenticate", "account_email"])
def test_account_page_sends_anyone_else_to_sign_in(client, db, name):
    response = client.get(reverse(name))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
