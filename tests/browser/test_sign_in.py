"""Sign-in in a real browser: a passkey that a (virtual) device holds, an app's code, and pages that fit a phone."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import expect
from post_office.models import Email

from netzkoord.models import User
from tests.factories import staff

PASSWORD = "ein-langer-satz-als-passwort"


@pytest.fixture
def person(transactional_db):
    cache.clear()
    user = staff("Organisation", email="organisation@stadt.example", given_names="Łucja", family_name="Größenwahn")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def site(live_server):
    """WebAuthn asks for a name: an IP address is refused by every browser."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def troubles(page):
    """What the browser complains about: a script that the policy stops, an error in a script."""
    found = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def telephone(page):
    """A telephone that keeps passkeys and says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def sign_in(page, site):
    page.goto(f"{site}/konto/anmelden/?next=/konto/sicherheit/")
    page.get_by_label("E-Mail-Adresse").fill("organisation@stadt.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def sign_out(page, site):
    page.goto(f"{site}/konto/abmelden/")
    page.get_by_role("main").get_by_role("button", name="Abmelden").click()
    expect(page).to_have_url(f"{site}/")


def arrived(page, heading):
    """On the next page, with all its scripts: they are what a passkey needs."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.wait_for_load_state()


def confirm_with_password(page):
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Bestätigen").click()


def test_passkey_is_set_up_and_signs_in_alone(page, site, person, telephone, troubles):
    sign_in(page, site)
    page.get_by_role("link", name="Passkey einrichten").click()
    confirm_with_password(page)
    arrived(page, "Passkey einrichten")
    expect(page.get_by_label("Name des Passkeys")).to_have_value("Passkey")
    page.get_by_role("button", name="Passkey einrichten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ersatzcodes")
    assert Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).count() == 1

    sign_out(page, site)
    page.goto(f"{site}/konto/anmelden/?next=/konto/sicherheit/passkeys/")
    page.get_by_role("button", name="Mit Passkey anmelden").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Passkeys")
    expect(page.get_by_role("rowheader", name="Passkey")).to_be_visible()
    assert troubles == []


def test_passkey_is_the_second_step_and_confirms_a_change(page, site, person, telephone, troubles):
    sign_in(page, site)
    page.get_by_role("link", name="Passkey einrichten").click()
    confirm_with_password(page)
    arrived(page, "Passkey einrichten")
    page.get_by_label("Ohne Passwort anmelden").uncheck()
    page.get_by_role("button", name="Passkey einrichten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ersatzcodes")
    sign_out(page, site)

    sign_in(page, site)
    arrived(page, "Zweiter Schritt")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Konto und Sicherheit")

    page.goto(f"{site}/konto/sicherheit/app/einrichten/")
    page.get_by_role("link", name="Mit einem Passkey").click()
    arrived(page, "Bitte bestätigen Sie, dass Sie es sind")
    page.get_by_role("button", name="Mit Passkey bestätigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("App einrichten")
    assert troubles == []


def test_app_is_set_up_and_asked_for(page, site, person, troubles):
    sign_in(page, site)
    page.get_by_role("link", name="App einrichten").click()
    confirm_with_password(page)
    arrived(page, "App einrichten")
    secret = page.get_by_role("main").locator("code").inner_text()
    assert page.get_by_role("img", name="QR-Code").evaluate("picture => picture.naturalWidth") > 0
    page.get_by_label("Code aus der App").fill(code_of(secret))
    page.get_by_role("button", name="App einrichten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ersatzcodes")
    sign_out(page, site)
    cache.clear()  # a code is good once, and the next would come in half a minute

    sign_in(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("Zweiter Schritt")
    page.get_by_label("Code", exact=True).fill(code_of(secret))
    page.get_by_role("button", name="Anmelden", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Konto und Sicherheit")
    assert troubles == []


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


@pytest.mark.browser_context_args(java_script_enabled=False, viewport={"width": 390, "height": 844})
def test_code_by_mail_signs_in_on_a_phone_without_javascript(page, site, person):
    page.goto(f"{site}/konto/anmelden/?next=/konto/sicherheit/")
    page.get_by_role("link", name="Code per Mail anfordern").click()
    arrived(page, "Code anfordern")
    page.get_by_label("E-Mail-Adresse").fill("Organisation@Stadt.example")
    page.get_by_role("button", name="Code senden").click()
    arrived(page, "Code eingeben")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", Email.objects.get().message)[0]
    page.get_by_label("Code aus der Mail").fill(code)
    page.get_by_role("button", name="Anmelden", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Konto und Sicherheit")
    assert User.objects.get(pk=person.pk).last_login


PAGES = [
    "/konto/anmelden/",
    "/konto/code/",
    "/konto/passwort/vergessen/",
    "/rechtliches/datenschutz/",
    "/rechtliches/barrierefreiheit/",
]
PAGES_OF_ORGANISERS = [
    "/konto/sicherheit/",
    "/konto/passwort/aendern/",
    "/konten/",
    "/konten/neu/",
    "/postausgang/",
    "/rechtliches/impressum/bearbeiten/",
]


@pytest.mark.parametrize("width", [320, 1440])
def test_pages_are_accessible_and_fit(page, site, person, troubles, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site + "/konto/passwort/vergessen/")
    page.get_by_label("E-Mail-Adresse").fill(person.email)
    page.get_by_role("button", name="Link senden").click()
    arrived(page, "Bitte sehen Sie in Ihr Postfach")
    findings = []
    for path in PAGES:
        findings += look_at(page, site + path)
    sign_in(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("Konto und Sicherheit")
    for path in [
        *PAGES_OF_ORGANISERS,
        f"/konten/{person.pk}/bearbeiten/",
        f"/postausgang/{Email.objects.get().pk}/",
    ]:
        findings += look_at(page, site + path)

    assert findings == []
    assert troubles == []


def look_at(page, address) -> list[str]:
    page.goto(address)
    result = Axe().run(page).response["violations"]
    found = [f"{address}: {violation['id']}" for violation in result]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{address}: wider than the screen")
    return found
