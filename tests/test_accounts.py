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


@pytest.mark.parametrize(
    "name", [*OWN_PAGES[1:], "account_change_password", "account_reauthenticate", "account_email"]
)
def test_account_page_sends_anyone_else_to_sign_in(client, db, name):
    response = client.get(reverse(name))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


# Sign-in by code


def test_code_by_mail_signs_in_without_regard_to_case(client, person):
    request_code(client, " PERSON@stadt.EXAMPLE ")
    response = client.post(
        reverse("account_confirm_login_code") + "?next=/konto/sicherheit/", {"code": mailed_code().lower()}
    )

    assert response.status_code == 302
    assert response["Location"] == "/konto/sicherheit/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_code_signs_in_a_person_without_password(client, db):
    guest = User.objects.create_user("gast@stadt.example", family_name="Gast")

    request_code(client, guest.email)
    client.post(reverse("account_confirm_login_code") + "?next=/konto/", {"code": mailed_code()})

    assert client.session["_auth_user_id"] == str(guest.pk)


def test_code_page_says_the_same_for_known_and_unknown_address(client, person):
    answers = []
    for email in [person.email.lower(), "niemand@stadt.example"]:
        client.session.flush()
        response = request_code(client, email, follow=True)
        page = response.content.decode().replace(email, "ADRESSE")
        answers.append((response.status_code, response.redirect_chain, re.sub(r'value="[^"]{32,}"', "", page)))
        client.cookies.clear()

    assert answers[0] == answers[1]
    assert "Code" in Email.objects.get(to=person.email.lower()).subject
    assert "kein Konto" in Email.objects.get(to="niemand@stadt.example").message


def test_code_for_a_closed_account_is_not_sent(client, person):
    User.objects.update(is_active=False)

    request_code(client, person.email)

    assert "kein Konto" in Email.objects.get().message


def test_former_address_gets_no_code(client, person):
    """allauth's own table of addresses is asked by nobody: who lost an address loses the way in."""
    request_code(client, person.email)
    client.post(reverse("account_confirm_login_code") + "?next=/konto/", {"code": mailed_code()})
    client.logout()
    User.objects.update(email="neu@stadt.example")

    request_code(client, "person@stadt.example")

    assert "kein Konto" in Email.objects.latest("pk").message


def test_code_expires_after_three_wrong_tries(client, person):
    request_code(client, person.email)
    code = mailed_code()
    for _ in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "AAAA-BBBB"})

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert "_auth_user_id" not in client.session


def test_code_expires_after_fifteen_minutes(client, person, time_machine):
    time_machine.move_to("2026-01-05 10:00")
    request_code(client, person.email)
    time_machine.move_to("2026-01-05 10:16")

    client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})

    assert "_auth_user_id" not in client.session


def test_code_wrong_keeps_the_page_and_says_so(client, person):
    request_code(client, person.email)

    response = client.post(reverse("account_confirm_login_code"), {"code": "falsch"})

    assert response.status_code == 200
    assert "Dieser Code stimmt nicht" in response.content.decode()


def test_code_can_be_sent_again(client, person):
    request_code(client, person.email)
    first = mailed_code()

    client.post(reverse("account_confirm_login_code"), {"action": "resend"})

    assert Email.objects.count() == 2
    assert mailed_code() != first


def test_code_requests_are_limited_per_address(client, person):
    for _ in range(3):
        request_code(client, person.email)
        client.cookies.clear()

    response = request_code(client, person.email)

    assert "Zu viele Versuche" in response.content.decode()
    assert Email.objects.count() == 3


@pytest.mark.parametrize("email", ["", "kein-adresse", "a\x00b@stadt.example", "x" * 300 + "@stadt.example"])
def test_code_request_survives_nonsense(client, db, email):
    response = request_code(client, email)

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


# Password


def sign_in(client, email, password=PASSWORD, query="?next=/konto/sicherheit/"):
    return client.post(reverse("account_login") + query, {"login": email, "password": password})


def test_password_signs_in_without_regard_to_case(client, person):
    response = sign_in(client, "pErson@STADT.example")

    assert response["Location"] == "/konto/sicherheit/"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_password_refusals_read_the_same(client, person):
    pages = []
    for email, password in [(person.email, "falsch"), ("niemand@stadt.example", PASSWORD)]:
        response = sign_in(client, email, password)
        page = re.sub(r'value="[^"]{32,}"', "", response.content.decode())
        pages.append((response.status_code, page.replace(email, "ADRESSE")))

    assert pages[0] == pages[1]
    assert "E-Mail-Adresse oder Passwort stimmt nicht" in pages[0][1]


def test_password_of_a_closed_account_reads_like_a_wrong_one(client, person):
    User.objects.update(is_active=False)

    response = sign_in(client, person.email)

    assert "E-Mail-Adresse oder Passwort stimmt nicht" in response.content.decode()


def test_password_guesses_are_limited_per_address(client, person):
    for _ in range(5):
        sign_in(client, person.email, "falsch")

    response = sign_in(client, person.email)

    assert "Zu viele Versuche" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_sign_in_is_limited_per_network(client, person):
    answers = {sign_in(client, f"person{n}@stadt.example", "falsch").status_code for n in range(61)}

    assert answers == {200, 429}


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "http:evil",
        "\\\\evil",
        "javascript:alert(1)",
        "///evil.example",
        "/\t/evil.example",
    ],
)
@pytest.mark.parametrize("name", ["account_login", "account_logout"])
def test_redirect_goes_to_own_paths_only(client, person, name, target):
    client.force_login(person)

    response = client.post(reverse(name), {"next": target})

    assert response.status_code == 302
    assert response["Location"] == "/"


def test_logout_by_get_only_asks(client, person):
    client.force_login(person)

    response = client.get(reverse("account_logout"))

    assert "Möchten Sie sich abmelden?" in response.content.decode()
    assert client.session["_auth_user_id"] == str(person.pk)


# Forgotten password


def reset_link(client, email, **extra) -> str:
    client.post(reverse("account_reset_password"), {"email": email}, **extra)
    match = re.search(r"http\S+", Email.objects.latest("pk").message)
    assert match
    return match[0]


def test_reset_page_says_the_same_for_known_and_unknown_address(client, person):
    answers = []
    for email in [person.email, "niemand@stadt.example"]:
        response = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        answers.append((response.status_code, response.redirect_chain, response.content))

    assert answers[0] == answers[1]
    assert Email.objects.count() == 2
    assert "kein Konto" in Email.objects.get(to="niemand@stadt.example").message


def test_reset_link_starts_with_the_configured_address_whatever_the_host(client, person, settings):
    settings.BASE_URL = "https://netzkoord.example"
    settings.ALLOWED_HOSTS = ["*"]

    link = reset_link(client, person.email, headers={"host": "evil.example", "x-forwarded-host": "evil.example"})

    assert link.startswith("https://netzkoord.example/konto/passwort/neu/")
    assert "evil" not in Email.objects.get().message + Email.objects.get().html_message


@pytest.mark.parametrize("method", ["get", "head"])
def test_reset_link_opened_by_a_scanner_changes_nothing(client, person, method):
    path = reset_link(client, person.email).removeprefix("http://testserver")
    before = User.objects.values().get()

    for _ in range(3):
        getattr(client, method)(path, follow=True)
        client.cookies.clear()

    assert User.objects.values().get() == before
    assert Email.objects.count() == 1
    form = client.get(path, follow=True)
    new = "ein-ganz-neuer-langer-satz"
    client.post(form.context["action_url"], {"password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)


def test_reset_link_works_once(client, person):
    path = reset_link(client, person.email).removeprefix("http://testserver")
    form = client.get(path, follow=True)
    client.post(
        form.context["action_url"], {"password1": "ein-neuer-langer-satz", "password2": "ein-neuer-langer-satz"}
    )
    client.cookies.clear()

    response = client.get(path, follow=True)

    assert "Dieser Link gilt nicht mehr" in response.content.decode()
    assert "Ihr Passwort ist neu gesetzt" in Email.objects.latest("pk").subject


def test_reset_link_changed_by_hand_shows_nothing(client, person):
    path = reset_link(client, person.email).removeprefix("http://testserver")

    response = client.get(path[:-2] + "x/", follow=True)

    assert "Dieser Link gilt nicht mehr" in response.content.decode()


# Own account


def test_password_can_be_set_after_sign_in_by_code(client, stranger):
    stranger.set_unusable_password()
    stranger.save()
    client.force_login(stranger)

    response = client.post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})

    stranger.refresh_from_db()
    assert response["Location"] == reverse("mfa_index")
    assert stranger.check_password(PASSWORD)
    assert "Passwort" in Email.objects.get(to=stranger.email).subject


@pytest.mark.parametrize("password", ["kurz", "sonnenschein", "person@stadt.example"])
def test_password_that_is_easy_to_guess_is_refused(client, person, password):
    client.force_login(person)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_second_step_asks_for_the_password_first(client, person):
    client.force_login(person)

    response = client.get(reverse("mfa_activate_totp"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_reauthenticate"))


def activate_app(client, person) -> str:
    sign_in(client, person.email)
    url = reverse("mfa_activate_totp")
    client.post(reverse("account_reauthenticate") + f"?next={url}", {"password": PASSWORD})
    secret = client.get(url).context["form"].secret
    response = client.post(url, {"code": code_of(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, totp.yield_hotp_counters_from_time().__next__()))


def test_app_is_asked_for_after_the_password(client, person):
    secret = activate_app(client, person)
    client.logout()
    cache.clear()  # a code is good once; the next one would come in half a minute

    first = sign_in(client, person.email)
    assert first["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    page = client.get(first["Location"])
    assert "Zweiter Schritt" in page.content.decode()
    client.post(first["Location"], {"code": code_of(secret)})

    assert client.session["_auth_user_id"] == str(person.pk)


def test_app_is_asked_for_after_the_code_by_mail(client, person):
    activate_app(client, person)
    client.logout()

    request_code(client, person.email)
    response = client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})

    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_recovery_code_replaces_the_app_once(client, person):
    activate_app(client, person)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    for expected in [True, False]:
        client.logout()
        sign_in(client, person.email)
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert ("_auth_user_id" in client.session) is expected


def test_secret_of_the_app_is_encrypted_in_the_database(client, person):
    secret = activate_app(client, person)

    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]

    assert secret not in stored
    assert get_adapter().decrypt(stored) == secret


def test_secret_of_the_app_survives_a_new_secret_key(client, person, settings):
    secret = activate_app(client, person)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-another-key-another-key-another-key-xy"

    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]

    assert get_adapter().decrypt(stored) == secret


def test_app_can_be_switched_off_and_a_mail_says_so(client, person):
    activate_app(client, person)

    page = client.get(reverse("mfa_deactivate_totp"))
    client.post(reverse("mfa_deactivate_totp"))

    assert "App abschalten" in page.content.decode()
    assert not Authenticator.objects.exists()
    assert Email.objects.filter(subject="App für Codes abgeschaltet").exists()


def test_recovery_codes_can_be_made_anew_and_downloaded(client, person):
    activate_app(client, person)
    before = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    client.post(reverse("mfa_generate_recovery_codes"))
    download = client.get(reverse("mfa_download_recovery_codes"))

    after = download.content.decode().split()
    assert len(after) == 10
    assert not set(after) & set(before)


# What is not offered


@pytest.mark.parametrize(
    "path", ["/konto/neu/", "/konto/e-mail/", "/konto/e-mail/abc/", "/konto/login/", "/konto/signup/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_up_and_management_of_addresses_do_not_exist(client, stranger, path, method):
    client.force_login(stranger)

    response = getattr(client, method)(path)

    assert response.status_code == 404


def test_two_people_cannot_share_an_address_in_another_case(person):
    with pytest.raises(Exception, match=r"user_email_unique|UNIQUE"):
        UserFactory(email="PERSON@stadt.example")
