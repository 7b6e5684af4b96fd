"""Sign-in: by code, by password, with a second step; and what it must not give away."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from netzkoord import roles
from netzkoord.actions.accounts import LastOrganiserError, change_staff, invite_staff
from netzkoord.models import AuditAction, AuditEvent, User
from tests.factories import UserFactory, staff

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


def test_picture_of_the_app_is_black_on_white_in_every_scheme(client, stranger):
    client.force_login(stranger)

    picture = client.get(reverse("mfa_activate_totp")).context["totp_svg"]

    assert picture.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert 'fill="#fff"' in picture


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


def test_passkey_can_be_renamed_and_removed_by_its_owner_only(client, person):
    sign_in(client, person.email)
    data = {"name": "Passkey", "credential": {}}
    kind = Authenticator.Type.WEBAUTHN
    own = Authenticator.objects.create(user=person, type=kind, data=data)
    other = Authenticator.objects.create(user=UserFactory(), type=kind, data=data)
    client.post(reverse("account_reauthenticate") + "?next=/konto/", {"password": PASSWORD})

    assert client.get(reverse("mfa_edit_webauthn", args=[own.pk])).status_code == 200
    client.post(reverse("mfa_edit_webauthn", args=[own.pk]), {"name": "Diensthandy"})
    assert 'scope="row">Diensthandy<' in client.get(reverse("mfa_list_webauthn")).content.decode()
    assert client.get(reverse("mfa_remove_webauthn", args=[own.pk])).status_code == 200
    assert client.post(reverse("mfa_remove_webauthn", args=[other.pk])).status_code == 404
    client.post(reverse("mfa_remove_webauthn", args=[own.pk]))

    assert list(Authenticator.objects.all()) == [other]
    assert "Passkey entfernt" in Email.objects.latest("pk").subject


def test_change_can_be_confirmed_with_a_code_of_the_app(client, person):
    activate_app(client, person)

    page = client.get(reverse("mfa_reauthenticate")).content.decode()

    assert "Bitte bestätigen Sie, dass Sie es sind" in page
    assert "Mit dem Passwort" in page


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


# Accounts of the staff


def group(name):
    staff(name)
    return Group.objects.get(name=name)


def add(client, *names, email="neu@stadt.example", **fields):
    data = {"given_names": "Şahin", "family_name": "Größenwahn", "email": email} | fields
    return client.post(reverse("staff_add"), data | {"roles": [group(name).pk for name in names]}, follow=True)


def edit(client, person, *names, **fields):
    data = {"family_name": person.family_name, "roles": [group(name).pk for name in names]} | fields
    return client.post(reverse("staff_edit", args=[person.pk]), data)


@pytest.mark.parametrize("count", [1, 3])
def test_account_list_query_count(client, organiser, django_assert_num_queries, count):
    for _ in range(count - 1):
        staff(roles.TRAINER)
    client.force_login(organiser)

    with django_assert_num_queries(7):
        response = client.get(reverse("account_list"))

    assert response.content.decode().count('<th scope="row">') == count


def test_account_list_shows_staff_and_no_participants(client, organiser, trainer):
    UserFactory(email="teilnahme@stadt.example")
    client.force_login(organiser)

    page = client.get(reverse("account_list")).content.decode()

    assert "training@stadt.example" in page
    assert "Trainer/in" in page
    assert "teilnahme@stadt.example" not in page


def test_account_list_shows_a_person_with_two_roles_once(client, organiser):
    organiser.groups.add(group(roles.TRAINER))
    client.force_login(organiser)

    page = client.get(reverse("account_list"), {"suche": organiser.email}).content.decode()

    assert page.count('<th scope="row">') == 1
    assert "Organisation, Trainer/in" in page


@pytest.mark.parametrize("search", ["TRAINING@", "training stadt", "Familie"])
def test_account_list_can_be_searched(client, organiser, search):
    person = staff(
        roles.TRAINER, email="training@stadt.example", given_names="training", family_name="stadt Familie"
    )
    client.force_login(organiser)

    page = client.get(reverse("account_list"), {"suche": search}).content.decode()

    assert str(person) in page


def test_account_list_says_when_nothing_matches(client, organiser):
    client.force_login(organiser)

    page = client.get(reverse("account_list"), {"suche": '"><script>\x00'}).content.decode()

    assert "<script>\x00" not in page
    assert '"><script>' not in page


def test_staff_add_creates_an_account_without_password_and_mails_the_way_in(client, organiser):
    client.force_login(organiser)

    response = add(client, roles.TRAINER)

    person = User.objects.get(email="neu@stadt.example")
    assert not person.has_usable_password()
    assert [group.name for group in person.groups.all()] == [roles.TRAINER]
    email = Email.objects.get(to=person.email)
    assert "http://testserver/konto/code/" in email.message
    assert "Trainer/in" in email.message
    event = AuditEvent.objects.get(action=AuditAction.ACCOUNT_INVITED)
    assert (event.by_id, event.target_id, event.details) == (
        organiser.pk,
        str(person.pk),
        {"roles": [roles.TRAINER]},
    )
    assert "Şahin Größenwahn hat jetzt Zugang" in response.content.decode()


def test_staff_add_gives_the_role_to_whoever_has_the_address_already(client, organiser):
    guest = UserFactory(email="Gast@stadt.example", given_names="Ida", family_name="Gast", is_active=False)
    client.force_login(organiser)

    add(client, roles.READER, email="gast@STADT.example")

    guest.refresh_from_db()
    assert (guest.given_names, guest.family_name, guest.is_active) == ("Ida", "Gast", True)
    assert [group.name for group in guest.groups.all()] == [roles.READER]
    assert Email.objects.get().to == ["Gast@stadt.example"]


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        ([], {}),
        ([roles.TRAINER], {"email": "keine-adresse"}),
        ([roles.TRAINER], {"family_name": ""}),
        ([roles.TRAINER], {"family_name": "x" * 121}),
        ([roles.TRAINER], {"given_names": "a\x00b"}),
    ],
)
def test_staff_add_says_what_is_wrong_and_stores_nothing(client, organiser, names, fields):
    client.force_login(organiser)
    before = User.objects.count() + len(names)

    page = add(client, *names, **fields).content.decode()

    assert "error-summary" in page
    assert User.objects.count() == before
    assert not Email.objects.exists()


def test_staff_add_on_a_closed_account_brings_no_old_role_back(client, organiser, trainer):
    trainer.groups.add(Group.objects.create(name="Andere"))
    change_staff(person=trainer, groups=[group(roles.TRAINER)], is_active=False, by=organiser)
    client.force_login(organiser)

    add(client, roles.READER, email=trainer.email)

    trainer.refresh_from_db()
    assert trainer.is_active
    assert {group.name for group in trainer.groups.all()} == {"Andere", roles.READER}


def test_staff_add_sent_twice_tells_once(client, organiser):
    client.force_login(organiser)

    for _ in range(2):
        page = add(client, roles.TRAINER).content.decode()

    assert "Şahin Größenwahn hat jetzt Zugang" in page
    assert Email.objects.count() == 1
    assert AuditEvent.objects.count() == 1


def test_staff_add_of_another_role_keeps_the_first_one(client, organiser):
    client.force_login(organiser)

    add(client, roles.TRAINER)
    add(client, roles.READER)

    person = User.objects.get(email="neu@stadt.example")
    assert {group.name for group in person.groups.all()} == {roles.TRAINER, roles.READER}
    assert Email.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_staff_add_twice_at_the_same_instant_makes_one_account(organiser):
    """On SQLite writers wait for each other from their first line on."""
    start = Barrier(2)

    def invite(_):
        try:
            start.wait()
            return invite_staff(
                email="neu@stadt.example",
                given_names="",
                family_name="Neu",
                groups=[group(roles.TRAINER)],
                by=organiser,
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        keys = set(pool.map(invite, range(2)))

    assert keys == {User.objects.get(email="neu@stadt.example").pk}
    assert Email.objects.count() == 1


@pytest.mark.parametrize("name", ["Kon\u202erad", "Kon\u200brad", "Konrad 😀", "\u3164"])
def test_staff_names_must_be_readable(client, organiser, trainer, name):
    client.force_login(organiser)

    pages = [add(client, roles.TRAINER, given_names=name), edit(client, trainer, roles.TRAINER, family_name=name)]

    assert all("Das Zeichen " in page.content.decode() for page in pages)
    assert not User.objects.filter(email="neu@stadt.example").exists()


@pytest.mark.parametrize("key", ["99999999999999999999999", "-99999999999999999999999", "9" * 5000, "x", "²"])
def test_staff_add_survives_a_role_that_cannot_be(client, organiser, key):
    client.force_login(organiser)

    response = client.post(reverse("staff_add"), {"family_name": "X", "email": "neu@stadt.example", "roles": [key]})

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


def test_staff_add_offers_our_roles_only(client, organiser):
    other = Group.objects.create(name="Andere")
    client.force_login(organiser)

    client.post(reverse("staff_add"), {"family_name": "X", "email": "neu@stadt.example", "roles": [other.pk, "x"]})

    assert not User.objects.filter(email="neu@stadt.example").exists()


def test_staff_edit_changes_roles_and_leaves_a_line(client, organiser, trainer):
    client.force_login(organiser)

    edit(client, trainer, roles.READER, is_active="on")

    assert [group.name for group in trainer.groups.all()] == [roles.READER]
    assert AuditEvent.objects.get(action=AuditAction.ACCOUNT_CHANGED).details == {
        "roles_before": [roles.TRAINER],
        "roles_after": [roles.READER],
    }


def test_staff_edit_mends_a_name(client, organiser, trainer):
    client.force_login(organiser)

    page = client.get(reverse("staff_edit", args=[trainer.pk])).content.decode()
    names = {"title": "Dr.", "given_names": "Mu\u0308nevver", "family_name": "Łukasik"}
    edit(client, trainer, roles.TRAINER, is_active="on", **names)

    assert f'value="{trainer.family_name}"' in page
    trainer.refresh_from_db()
    assert trainer.get_full_name() == "Dr. Münevver Łukasik"


def test_staff_edit_closes_an_account_at_once(client, organiser, trainer):
    theirs = Client()
    theirs.force_login(trainer)
    client.force_login(organiser)

    edit(client, trainer, roles.TRAINER)

    response = theirs.get(reverse("mfa_index"))
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(("names", "fields"), [([roles.TRAINER], {"is_active": "on"}), ([roles.ORGANISATION], {})])
def test_staff_edit_refuses_to_end_ones_own_access_as_organiser(client, organiser, names, fields):
    staff(roles.ORGANISATION)
    client.force_login(organiser)

    response = edit(client, organiser, *names, **fields)

    organiser.refresh_from_db()
    assert "kann nur jemand anderes ändern" in response.content.decode()
    assert organiser.is_active
    assert [group.name for group in organiser.groups.all()] == [roles.ORGANISATION]
    assert not AuditEvent.objects.exists()


def test_staff_edit_never_leaves_the_platform_without_an_organiser(organiser):
    administrator = User.objects.create_superuser("admin@stadt.example", family_name="Admin")

    with pytest.raises(LastOrganiserError):
        change_staff(person=organiser, groups=[], is_active=True, by=administrator)

    assert organiser.groups.count() == 1


def test_staff_edit_keeps_a_group_that_is_none_of_our_roles(organiser, trainer):
    trainer.groups.add(Group.objects.create(name="Andere"))

    change_staff(person=trainer, groups=[group(roles.READER)], is_active=True, by=organiser)

    assert {group.name for group in trainer.groups.all()} == {"Andere", roles.READER}


def test_staff_edit_of_a_participant_is_not_found(client, organiser):
    client.force_login(organiser)

    assert client.get(reverse("staff_edit", args=[UserFactory().pk])).status_code == 404


STAFF_PAGES = [("account_list", False), ("staff_add", False), ("staff_edit", True)]


@pytest.mark.parametrize(("name", "has_pk"), STAFF_PAGES)
@pytest.mark.parametrize("who", ["trainer", "reader", "stranger"])
def test_staff_pages_are_for_organisers(client, request, name, has_pk, who):
    user = request.getfixturevalue(who)
    client.force_login(user)
    address = reverse(name, args=[staff(roles.READER).pk] if has_pk else [])

    assert client.get(address).status_code == 403
    assert client.post(address, {}).status_code in (403, 405)


@pytest.mark.parametrize(("name", "has_pk"), STAFF_PAGES)
def test_staff_pages_send_anyone_else_to_sign_in(client, db, name, has_pk):
    response = client.get(reverse(name, args=[1] if has_pk else []))

    assert response["Location"].startswith(reverse("account_login"))


def test_account_list_refuses_post(client, organiser):
    client.force_login(organiser)

    assert client.post(reverse("account_list")).status_code == 405
