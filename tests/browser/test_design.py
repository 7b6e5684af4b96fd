"""The components in a real browser: no finding of axe, nothing wider than the screen, usable by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories

WIDTHS = [320, 768, 1440]
SCHEMES = ["light", "dark"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def findings(page):
    violations = Axe().run(page).response["violations"]
    return [(found["id"], [node["html"][:120] for node in found["nodes"]]) for found in violations]


def is_wider_than_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_components_have_no_finding_and_fit(live_server, page, scheme, width):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/bausteine/")

    assert findings(page) == []
    assert not is_wider_than_screen(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_error_page_has_no_finding_and_fits(live_server, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{live_server.url}/gibt-es-nicht/")

    assert findings(page) == []
    assert not is_wider_than_screen(page)


def test_page_fits_at_400_percent(live_server, page):
    """1280 pixels at 400 % are 320; a very small window must still not roll sideways."""
    page.set_viewport_size({"width": 256, "height": 256})
    page.goto(f"{live_server.url}/bausteine/")

    assert not is_wider_than_screen(page)


def test_first_tab_leads_to_the_content(live_server, page):
    page.goto(f"{live_server.url}/bausteine/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#inhalt")).to_be_focused()


def test_menu_opens_by_keyboard_on_a_phone_and_without_javascript(live_server, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{live_server.url}/bausteine/")
    entry = page.locator(".menu-folded").get_by_role("link", name="Anmelden")

    expect(entry).to_be_hidden()
    page.locator(".menu-folded > summary").focus()
    page.keyboard.press("Enter")

    expect(entry).to_be_visible()
    context.close()


def test_error_in_the_summary_leads_to_its_field(live_server, page):
    page.goto(f"{live_server.url}/bausteine/")

    page.get_by_role("link", name="Plätze: ").click()

    expect(page.locator("#fehler_places")).to_be_focused()


def test_touch_targets_are_large_enough(live_server, page):
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{live_server.url}/bausteine/")

    small = page.evaluate(
        """() => [...document.querySelectorAll("main .button, .form-control, .form-select, .scale-option, summary")]
            .filter(element => element.offsetParent && element.getBoundingClientRect().height < 44)
            .map(element => element.outerHTML.slice(0, 100))"""
    )

    assert small == []


def test_page_speaks_our_typeface_and_asks_nobody_else(live_server, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/bausteine/", wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => null)")

    assert [url for url in asked if not url.startswith(live_server.url)] == []
    assert page.evaluate("document.fonts.check('600 18px \"Source Sans\"')")
    assert [url for url in asked if url.endswith("SourceSansPro-Semibold.ttf")]


def test_print_leaves_navigation_out_and_names_the_page(live_server, page):
    page.goto(f"{live_server.url}/bausteine/")
    page.emulate_media(media="print")

    expect(page.locator(".site-nav")).to_be_hidden()
    expect(page.locator(".site-footer")).to_be_hidden()
    expect(page.locator(".print-note")).to_be_visible()
    expect(page.locator(".print-note")).to_contain_text("/bausteine/")


def test_stale_form_can_be_sent_again(live_server, page, settings):
    """Signed out and in again elsewhere, the token of an open page is old: what was typed still arrives."""
    user = factories.UserFactory(email="anna@stadt.example")
    user.set_password("ein-langes-passwort")
    user.save()
    page.goto(live_server.url + reverse("account_login"))
    page.context.clear_cookies()
    page.locator("[name=login]").fill("anna@stadt.example")
    page.locator("[name=password]").fill("ein-langes-passwort")
    page.locator("main form[method=post] [type=submit]").first.click()

    expect(page.locator("h1")).to_have_text("Ihre Eingaben sind noch da")
    page.wait_for_load_state()
    assert findings(page) == []
    assert "ein-langes-passwort" not in page.content()
    page.get_by_role("button", name="Eingaben erneut senden").click()

    expect(page.locator("h1")).to_have_text("Anmelden")
    expect(page.locator("[name=login]")).to_have_value("anna@stadt.example")
