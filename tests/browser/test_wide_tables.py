"""A table wider than the phone: what a row is about stays in sight, and a word says that the table goes on."""

import pytest

from netzkoord import roles
from tests import factories
from tests.browser.site import DESKTOP, PASSWORD, Visitor
from tests.evaluation import scenes
from tests.evaluation.counted import counted_survey

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {"width": 320, "height": 640}
HINT = """() => {
    const hint = getComputedStyle(document.querySelector(".table-scroll"), "::before");
    return parseFloat(hint.height) > 0 && Number(hint.opacity) > 0;
}"""
LEFT = "() => document.querySelector('.table-scroll tbody th').getBoundingClientRect().left"
SCROLLED = "() => document.querySelector('.table-scroll').scrollLeft"
TO_THE_END = "() => { document.querySelector('.table-scroll').scrollLeft = 10000; }"


@pytest.fixture
def cohort():
    """Three sessions with a result."""
    cohort = factories.CohortFactory()
    for _ in range(3):
        counted_survey(session=scenes.held_session(cohort=cohort))
    return cohort


def heat_map(browser, live_server, cohort, viewport):
    user = factories.staff(roles.ORGANISATION, email="organisation@stadt.example")
    user.set_password(PASSWORD)
    user.save()
    office = Visitor(browser, live_server.url, viewport=viewport)
    office.sign_in(user)
    office.open(f"/durchgaenge/{cohort.pk}/rueckmeldungen/vergleich/")
    return office.page


def test_a_wide_table_keeps_its_first_column_and_says_that_it_goes_on(browser, live_server, cohort):
    page = heat_map(browser, live_server, cohort, NARROW)
    left = page.evaluate(LEFT)
    page.wait_for_function(HINT)

    page.evaluate(TO_THE_END)

    page.wait_for_function(f"() => !({HINT})()")
    assert page.evaluate(SCROLLED) > 100
    assert page.evaluate(LEFT) == left


def test_a_wide_table_scrolls_by_keyboard(browser, live_server, cohort):
    page = heat_map(browser, live_server, cohort, NARROW)
    page.locator(".table-scroll").focus()

    page.keyboard.press("ArrowRight")

    page.wait_for_function(f"() => ({SCROLLED})() > 0")
    assert page.locator(".table-scroll").get_attribute("aria-label") == "Mittelwerte je Frage und Termin"


def test_a_table_that_fits_says_nothing(browser, live_server, cohort):
    assert not heat_map(browser, live_server, cohort, DESKTOP).evaluate(HINT)
