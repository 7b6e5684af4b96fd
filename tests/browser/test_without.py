"""What a participant does, without a mouse and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Envelope
from participants.models import Attendance, Presence, Registration
from tests import factories, worlds
from tests.browser.site import PASSWORD, PHONE, mailed_link

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server, settings):
    settings.BASE_URL = live_server.url
    return live_server.url


def tab_to(page, selector, limit=60):
    """Press Tab until the element has the focus; it must be reached, and its focus must be seen."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"{selector} is not reached by keyboard on {page.url}")


def go_on_to(page, found):
    """Step by step, until it is there."""
    page.wait_for_load_state()
    while found.count() == 0:
        with page.expect_navigation():
            page.locator("button[name=then][value=next]").click()


def next_step(page, path):
    tab_to(page, "main form button.button-primary")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")


def test_registration_by_keyboard_alone(browser, site):
    town = factories.MunicipalityFactory(name="Aachen")
    session = factories.SessionFactory()
    page = browser.new_context(viewport=PHONE, locale="de-DE").new_page()
    page.goto(site + reverse("participants:registration_add", args=[session.cohort.pk]))

    for name in ("form", "role"):
        tab_to(page, f"input[name={name}]")
        page.keyboard.press("Space")
    tab_to(page, "input[name=municipality_text]")
    page.keyboard.type("Aach")
    page.get_by_role("option", name="Aachen").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    next_step(page, "/anmelden/2/")
    for name, text in [
        ("family_name", "Tastatur"),
        ("email", "tastatur@stadt.example"),
        ("organisation", "Stadt Aachen"),
    ]:
        tab_to(page, f"input[name={name}]")
        page.keyboard.type(text)
    next_step(page, "/anmelden/3/")
    tab_to(page, "input[name=partner_email]")
    page.keyboard.type("zweite@stadt.example")
    next_step(page, "/pruefen/")
    tab_to(page, "main form button.button-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fertig/")
    page.goto(mailed_link("tastatur@stadt.example", "/anmeldung/bestaetigen/"))
    tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/bestaetigen/" not in address)

    assert Registration.objects.confirmed().get(email="tastatur@stadt.example").tandem.municipality == town


@pytest.fixture
def page_without_script(browser):
    return browser.new_context(viewport=PHONE, java_script_enabled=False, locale="de-DE").new_page()


def test_needs_without_javascript(site, page_without_script):
    page = page_without_script
    world = worlds.build()

    page.goto(site + reverse("evaluation:survey_answer", args=[world.needs_token]))
    page.get_by_role("link", name="Beginnen").click()
    page.locator("textarea").first.fill("Zeit für den Austausch")
    send = page.get_by_role("button", name="Angaben absenden")
    go_on_to(page, send)
    send.click()

    expect(page.locator("h1")).to_contain_text("Fertig")


def test_feedback_without_javascript_keeps_what_was_typed(site, page_without_script):
    page = page_without_script
    world = worlds.build()
    survey = worlds.open_feedback(world)
    token = worlds.feedback_token(survey)

    page.goto(site + reverse("evaluation:survey_answer", args=[token]))
    page.get_by_role("link", name="Beginnen").click()
    page.locator(".scale").first.locator("input[value='4']").check()
    go_on_to(page, page.locator("textarea"))
    page.locator("textarea").first.fill("x" * 1001)
    page.locator("button[name=then][value=next]").click()
    expect(page.locator(".error-summary, [role=alert]").first).to_be_visible()
    expect(page.locator("textarea").first).to_have_value("x" * 1001)
    page.locator("textarea").first.fill("Mehr Zeit.")
    page.locator("button[name=then][value=next]").click()
    page.get_by_role("button", name="Anonym absenden").click()

    expect(page.locator("h1")).to_contain_text("Danke")
    assert Envelope.objects.filter(survey=survey).count() == 1


def test_enter_in_the_attendance_form_saves_what_was_chosen_and_nothing_else(site, page_without_script):
    page = page_without_script
    world = worlds.build()
    Attendance.objects.all().delete()
    world.organiser.set_password(PASSWORD)
    world.organiser.save()
    page.goto(site + "/konto/anmelden/")
    page.locator("[name=login]").fill(world.organiser.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").first.click()
    expect(page).to_have_url(site + "/")

    page.goto(site + reverse("participants:attendance_edit", args=[world.session.pk]))
    page.locator("input[value=EXCUSED]").first.check()
    page.keyboard.press("Enter")
    page.get_by_text("Ein Eintrag ist gespeichert.").wait_for()

    assert [entry.presence for entry in Attendance.objects.all()] == [Presence.EXCUSED]
