"""Rows put into another order: by mouse, by finger, by keyboard, and without JavaScript."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from curriculum.models import LearningGoal, Method, Topic
from tests import factories
from tests.browser.site import DESKTOP, PASSWORD, PHONE, Visitor
from tests.browser.test_narrow import CLIPPED, LONG_WORD, NARROW, TABLET
from tests.browser.test_without import tab_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def module(transactional_db):
    module = factories.ModuleFactory()
    for place in (1, 2, 3, 4):
        factories.UnitFactory(module=module, position=place, title=f"B{place}", minutes=45 * place)
    return module


def order_of(module):
    return [unit.title for unit in module.units.order_by("position")]


def address_of(module):
    return reverse("curriculum:module_detail", args=[module.pk])


def sign_in(visitor, organiser, module):
    visitor.be(organiser)
    visitor.open(address_of(module))
    return visitor.page


def expect_shown(page, *titles):
    expect(page.locator("tr[id^=baustein-] th")).to_have_text([re.compile(rf"^\s*{title}\b") for title in titles])


def expect_order(page, module, *titles):
    """On the page, and in the database."""
    expect_shown(page, *titles)
    assert order_of(module) == list(titles)


def middle(page, title, part=".sort-grip"):
    row = page.locator("tr[id^=baustein-]", has_text=title)
    row.scroll_into_view_if_needed()
    box = row.locator(part).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, title, onto):
    start, end = middle(page, title), middle(page, onto, part=".sort-buttons")
    start = middle(page, title)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0], (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(end[0], end[1] + (20 if end[1] > start[1] else -20), steps=4)


def test_a_unit_is_dragged_with_the_mouse(browser, live_server, organiser, module):
    page = sign_in(Visitor(browser, live_server.url, viewport=DESKTOP), organiser, module)

    drag(page, "B1", onto="B3")
    page.mouse.up()
    page.get_by_text("„B1“ steht jetzt an Stelle 3 von 4.").wait_for()

    expect_order(page, module, "B2", "B3", "B1", "B4")
    # the sums are those of the new order, and the row can be dragged again
    sums = [re.compile(rf"^{minutes}\s") for minutes in (90, 225, 270, 450)]
    expect(page.locator("tr[id^=baustein-] td:nth-child(3)")).to_have_text(sums, use_inner_text=True)
    drag(page, "B1", onto="B2")
    page.mouse.up()
    page.get_by_text("„B1“ steht jetzt an Stelle 1 von 4.").wait_for()
    assert order_of(module) == ["B1", "B2", "B3", "B4"]


def test_what_is_let_go_or_cannot_be_stored_goes_back(browser, live_server, organiser, module):
    page = sign_in(Visitor(browser, live_server.url, viewport=DESKTOP), organiser, module)

    drag(page, "B1", onto="B3")
    expect_shown(page, "B2", "B3", "B1", "B4")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect_order(page, module, "B1", "B2", "B3", "B4")

    page.route("**/ordnen/", lambda route: route.abort())
    drag(page, "B1", onto="B3")
    page.mouse.up()
    page.get_by_text("Die neue Reihenfolge ließ sich nicht speichern").wait_for()
    expect_order(page, module, "B1", "B2", "B3", "B4")


def test_no_second_drag_begins_while_the_first_is_being_stored(browser, live_server, organiser, module):
    page = sign_in(Visitor(browser, live_server.url, viewport=DESKTOP), organiser, module)
    waiting = []

    def hold(route):
        waiting.append(route)

    page.route("**/ordnen/", hold)

    drag(page, "B1", onto="B3")
    with page.expect_request("**/ordnen/"):
        page.mouse.up()
    page.locator("[data-sort=units][aria-busy]").wait_for()
    drag(page, "B4", onto="B2")
    page.mouse.up()

    expect_shown(page, "B2", "B3", "B1", "B4")
    waiting.pop().continue_()
    page.get_by_text("„B1“ steht jetzt an Stelle 3 von 4.").wait_for()
    assert waiting == []
    expect_order(page, module, "B2", "B3", "B1", "B4")
    page.unroute("**/ordnen/")
    drag(page, "B4", onto="B2")
    page.mouse.up()
    page.get_by_text("„B4“ steht jetzt an Stelle 1 von 4.").wait_for()
    expect_order(page, module, "B4", "B2", "B3", "B1")


def test_an_order_without_a_unit_that_was_added_meanwhile_says_so(browser, live_server, organiser, module):
    page = sign_in(Visitor(browser, live_server.url, viewport=DESKTOP), organiser, module)
    factories.UnitFactory(module=module, position=5, title="B5")

    drag(page, "B1", onto="B3")
    page.mouse.up()
    page.get_by_text("Die Liste hat sich inzwischen geändert").wait_for()

    expect_order(page, module, "B1", "B2", "B3", "B4", "B5")


@pytest.mark.parametrize("viewport", [NARROW, TABLET, DESKTOP], ids=["narrow", "tablet", "desktop"])
def test_long_names_leave_the_buttons_in_sight(browser, live_server, organiser, module, viewport):
    edition = module.edition
    topic = Topic.objects.create(edition=edition, position=1, name=LONG_WORD * 2)
    method = Method.objects.create(edition=edition, name=LONG_WORD, material=LONG_WORD)
    unit = module.units.first()
    unit.topics.add(topic)
    unit.methods.add(method)
    LearningGoal.objects.create(module=module, position=1, text=LONG_WORD)
    type(unit).objects.update(title=LONG_WORD, material=LONG_WORD)
    type(module).objects.update(title=LONG_WORD)
    office = Visitor(browser, live_server.url, viewport=viewport)
    office.be(organiser)

    for path in ("", "themen/", "methoden/"):
        office.open(f"/programm/{edition.pk}/{path}")
        assert office.page.evaluate(CLIPPED) == [], path
    office.open(address_of(module))
    assert office.page.evaluate(CLIPPED) == []


def test_a_unit_is_dragged_with_a_finger(browser, live_server, organiser, module):
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP, has_touch=True)
    page = sign_in(visitor, organiser, module)
    touch = visitor.context.new_cdp_session(page)
    end = middle(page, "B3", part=".sort-buttons")
    start = middle(page, "B1")

    def send(kind, *points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    send("touchStart", start)
    for step in range(1, 6):
        send("touchMove", (start[0], start[1] + (end[1] + 20 - start[1]) * step / 5))
    send("touchEnd")
    page.get_by_text("„B1“ steht jetzt an Stelle 3 von 4.").wait_for()

    assert order_of(module) == ["B2", "B3", "B1", "B4"]


def test_a_unit_is_moved_by_keyboard_and_the_button_keeps_the_focus(browser, live_server, organiser, module):
    page = sign_in(Visitor(browser, live_server.url, viewport=PHONE), organiser, module)
    unit = module.units.get(title="B1")
    button = f"#units-down-{unit.pk}"

    tab_to(page, button, limit=80)
    for _ in range(2):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator(button)).to_be_focused()

    assert order_of(module) == ["B2", "B3", "B1", "B4"]
    expect(page.locator(button)).to_be_in_viewport()
    assert "Stelle 3 von 4" in page.locator(button).text_content()


def test_a_unit_is_moved_without_javascript(browser, live_server, organiser, module):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(f"{live_server.url}/konto/anmelden/")
    page.fill("[name=login]", organiser.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/")
    page.goto(live_server.url + address_of(module))

    first, _, third, _ = module.units.all()
    page.locator(f"#units-up-{first.pk}").click(force=True)  # at its end: it stays and does nothing
    page.locator(f"#units-up-{third.pk}").click()
    page.wait_for_url("**/#units-up-*")

    assert page.locator(".sort-grip").count() == 0
    assert order_of(module) == ["B1", "B3", "B2", "B4"]
