"""The selection desk in a browser: the line moves at once, by keyboard, without JavaScript, on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.models import SelectionDraft, SelectionOverride, Tandem
from tests import factories
from tests.browser.site import DESKTOP, PHONE, Visitor
from tests.browser.test_narrow import NARROW

pytestmark = pytest.mark.django_db(transaction=True)
TOWNS = ("Aachen", "Bonn", "Celle", "Dortmund")


@pytest.fixture
def cohort(transactional_db):
    cohort = factories.CohortFactory(places=6)
    for name in TOWNS:
        factories.complete_tandem(cohort=cohort, municipality=factories.MunicipalityFactory(name=name))
    return cohort


def at_desk(visitor, organiser, cohort):
    visitor.be(organiser)
    visitor.open(reverse("participants:selection_desk", args=[cohort.pk]))
    return visitor.page


def expect_outcomes(page, *outcomes):
    expect(page.locator(".desk-table .status")).to_have_text(outcomes)


def test_the_line_moves_at_once_and_quotas_follow(browser, live_server, organiser, cohort):
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP)
    page = at_desk(visitor, organiser, cohort)
    expect_outcomes(page, *["annehmen"] * 3, "auf die Warteliste")
    page.evaluate("window.isSamePage = true")

    page.get_by_role("button", name="hinter Rang 1, Aachen").click()
    page.get_by_text("danach 2 von 6 Plätzen").wait_for()

    expect(page.locator("#id_line")).to_have_value("1")
    expect_outcomes(page, "annehmen", *["auf die Warteliste"] * 3)
    expect(page.locator("#hierher-1")).to_be_focused()
    assert page.evaluate("window.isSamePage")
    page.locator("#id_line").fill("2")
    page.keyboard.press("Enter")
    page.get_by_text("danach 4 von 6 Plätzen").wait_for()
    assert page.evaluate("window.isSamePage")
    assert SelectionDraft.objects.get().line == 2
    visitor.check()


def test_a_wrong_line_is_said_on_the_page_and_kept(browser, live_server, organiser, cohort):
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP)
    page = at_desk(visitor, organiser, cohort)

    page.locator("#id_waiting_count").fill("")
    page.keyboard.press("Enter")
    page.get_by_role("alert").first.wait_for()

    assert "Bitte prüfen Sie Ihre Angaben" in visitor.text
    visitor.check()
    page.locator("#id_waiting_count").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator("main")).not_to_contain_text("Bitte prüfen Sie Ihre Angaben")
    page.get_by_text("1 auf der Warteliste").wait_for()


@pytest.mark.parametrize("viewport", [PHONE, NARROW])
def test_a_selection_from_the_line_to_the_mails_without_javascript(
    browser, live_server, client, organiser, cohort, viewport
):
    client.force_login(organiser)
    context = browser.new_context(java_script_enabled=False, viewport=viewport)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("participants:selection_desk", args=[cohort.pk]))

    page.get_by_role("button", name="hinter Rang 2, Bonn").click()
    expect_outcomes(page, *["annehmen"] * 2, *["auf die Warteliste"] * 2)
    page.get_by_role("link", name=re.compile("Abweichen.*Dortmund")).click()
    page.get_by_label("annehmen").check()
    page.get_by_label("Grund").fill("Dort beginnt gerade ein Netzwerk.")
    page.get_by_role("button", name="Abweichung vormerken").click()
    expect_outcomes(page, *["annehmen"] * 2, "auf die Warteliste", "annehmen")
    assert SelectionOverride.objects.count() == 1
    page.get_by_role("link", name="Mails prüfen und entscheiden").click()
    page.get_by_role("button", name="Entscheiden und Mails senden").click()

    expect(page.locator("main")).to_contain_text("Zusage: 3 Tandems; Warteliste: 1 Tandem")
    assert Tandem.objects.filter(selection="ACCEPTED").count() == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_selection_have_no_finding(browser, live_server, organiser, cohort, scheme):
    tandem = cohort.tandems.first()
    SelectionOverride.objects.create(tandem=tandem, selection="WAITING", reason="Ein Grund, " * 30)
    visitor = Visitor(browser, live_server.url, viewport=NARROW, scheme=scheme)
    at_desk(visitor, organiser, cohort)

    visitor.open(reverse("participants:selection_override", args=[tandem.pk]))
    visitor.open(reverse("participants:selection_check", args=[cohort.pk]))
    visitor.open(reverse("curriculum:selection_rule_edit", args=[cohort.pk]))
    planned = factories.CohortFactory(announced_at=None)
    visitor.open(reverse("curriculum:selection_rule_edit", args=[planned.pk]))


def test_the_rule_shows_only_what_its_method_asks_for(browser, live_server, organiser):
    planned = factories.CohortFactory(announced_at=None)
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP)
    visitor.be(organiser)
    visitor.open(reverse("curriculum:selection_rule_edit", args=[planned.pk]))
    page = visitor.page

    expect(page.locator("#id_place_STATE_SPREAD")).to_be_visible()
    expect(page.locator("#id_weight_STATE_SPREAD")).to_be_hidden()
    page.get_by_label("nach Gewicht: alle zusammen").check()
    expect(page.locator("#id_weight_STATE_SPREAD")).to_be_visible()
    expect(page.locator("#id_place_STATE_SPREAD")).to_be_hidden()
    visitor.check()
