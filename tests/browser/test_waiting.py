"""The waiting list as people meet it: an offer on a phone, by keyboard, without scripts; the organiser's page."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from curriculum.models import Audience
from netzkoord import roles
from participants.actions.waiting import keep_waiting_lists
from participants.models import Offer, Registration, Selection, Tandem
from tests import factories
from tests.browser.site import DESKTOP, PHONE, Visitor, mailed_link
from tests.browser.test_without import tab_to
from tests.participants.waiting import closed_cohort, half_of, waiting_single, waiting_tandem

pytestmark = pytest.mark.django_db(transaction=True)

OTHER_WINDOWS = [({"width": 320, "height": 640}, "dark"), (DESKTOP, "light")]


@pytest.fixture
def site(live_server, settings):
    settings.BASE_URL = live_server.url
    return live_server.url


def test_an_offer_is_accepted_by_keyboard_alone(browser, site):
    tandem = waiting_tandem(closed_cohort(places=4))
    keep_waiting_lists()
    page = browser.new_context(viewport=PHONE, locale="de-DE").new_page()
    page.goto(mailed_link(half_of(tandem).email, "/platz/"))

    tab_to(page, "main form button.button-primary")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/platz/" not in address)

    expect(page.locator("main")).to_contain_text("angenommen")
    page.context.close()
    assert Tandem.objects.get(pk=tandem.pk).selection == Selection.ACCEPTED


def test_an_offer_is_declined_without_scripts(browser, site):
    tandem = waiting_tandem(closed_cohort(places=4))
    keep_waiting_lists()
    page = browser.new_context(viewport=PHONE, locale="de-DE", java_script_enabled=False).new_page()
    page.goto(mailed_link(half_of(tandem).email, "/platz/"))

    page.get_by_role("link", name="Ablehnen").click()
    page.get_by_role("button", name="Angebot ablehnen").click()

    expect(page.locator("main")).to_contain_text("Das Angebot ist abgelehnt.")
    page.context.close()
    assert Offer.objects.get().answer == "DECLINED"


def test_from_the_waiting_list_to_a_substitute(browser, site):
    """The organiser offers, one half accepts, the other leaves and names who comes instead."""
    cohort = closed_cohort(places=5, moves_up_automatically=False)
    tandem, single = waiting_tandem(cohort, name="Görlitz"), waiting_single(cohort)
    office = Visitor(browser, site, viewport=DESKTOP)
    user = factories.staff(roles.ORGANISATION, email="organisation@stadt.example")
    office.be(user)
    office.open(reverse("participants:waiting_list_show", args=[cohort.pk]))
    for viewport, scheme in OTHER_WINDOWS:
        office.look(viewport, scheme=scheme)
    office.press("Der Reihe nach anbieten")
    assert "2 Angebote sind gemacht" in office.text

    phone = Visitor(browser, site)
    phone.open(mailed_link(half_of(tandem).email, "/platz/"))
    for viewport, scheme in OTHER_WINDOWS:
        phone.look(viewport, scheme=scheme)
    phone.press("Beide Plätze annehmen")
    assert "angenommen" in phone.text
    phone.follow("Anmeldung zurückziehen")
    phone.press("Anmeldung zurückziehen")
    phone.follow("Person nennen")
    phone.fill(email="vertretung@stadt.example")
    phone.press("Einladung senden")
    assert "Die Einladung ist gesendet." in phone.text

    office.open(reverse("participants:waiting_list_show", args=[cohort.pk]))
    assert "vertretung@stadt.example" in office.text
    office.follow("Zurücknehmen", exact=False)
    office.press("Angebot zurücknehmen")
    assert "Das Angebot ist zurückgenommen." in office.text

    phone.open(mailed_link("vertretung@stadt.example", "/partner/"))
    assert "Görlitz" in phone.text
    assert Registration.objects.accepted().filter(tandem=tandem).get().role == Audience.COORDINATOR
    assert Offer.objects.get(tandem=single).answer == "REVOKED"
    office.context.close()
    phone.context.close()
