"""The preview of a certificate follows what is typed and chosen."""

import pytest
from playwright.sync_api import expect

from netzkoord.lib.graphics import read_graphic
from tests.browser.site import DESKTOP, Visitor
from tests.participants.finished import attending, finished_cohort
from tests.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)


def test_chosen_picture_is_in_the_preview_at_once(browser, live_server, organiser):
    cohort = finished_cohort()
    attending(cohort)
    office = Visitor(browser, live_server.url, viewport=DESKTOP)
    office.be(organiser)
    office.open(f"/durchgaenge/{cohort.pk}/bescheinigungen/gestaltung/")
    page = office.page
    paper = page.locator(".paper-preview")
    first = paper.get_attribute("src")
    logo = picture()

    page.set_input_files("input[name=logo]", {"name": "logo.png", "mimeType": "image/png", "buffer": logo})
    expect(page.locator("input[name=logo_kept]")).to_have_value(read_graphic(logo).sha256)
    expect(page.locator("[data-preview-place]")).to_contain_text("Was das Logo zeigt: Bitte sagen Sie")
    expect(paper).to_have_attribute("src", first)  # the last one stays
    page.fill("input[name=logo_alternative]", "Logo der Stadt")

    expect(paper).not_to_have_attribute("src", first)
    expect(page.locator("[data-preview-place]")).to_contain_text("Mit dem längsten Namen")
