"""One endless word in a table breaks in its cell; usual words stand whole, however many columns there are."""

import pytest

from evaluation.models import Recommendation
from netzkoord import roles
from tests import factories
from tests.browser.site import DESKTOP, PASSWORD, Visitor

pytestmark = pytest.mark.django_db(transaction=True)

ENDLESS = "Donaudampfschifffahrt" * 16
OVERFLOWING = """() => [...document.querySelectorAll(".table-scroll, td, th")]
    .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.outerHTML.slice(0, 80))"""
# A word that is drawn in more than one piece.
BROKEN_HEADINGS = """() => [...document.querySelectorAll("thead th")].filter(each => {
    const word = document.createRange();
    word.selectNodeContents(each);
    return !each.textContent.includes(" ") && word.getClientRects().length > 1;
}).map(each => each.textContent)"""

BROKEN_STATES = """() => [...document.querySelectorAll("td .status")]
    .filter(each => each.offsetHeight > 1.9 * parseFloat(getComputedStyle(each).lineHeight))
    .map(each => each.textContent)"""


@pytest.fixture
def reader():
    user = factories.staff(roles.READER, email="leitung@stadt.example")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize(
    "viewport",
    [{"width": 320, "height": 640}, {"width": 1280, "height": 800}, DESKTOP],
    ids=["narrow", "laptop", "desktop"],
)
def test_endless_word_does_not_widen_the_register(browser, live_server, reader, viewport):
    Recommendation.objects.create(text=ENDLESS, source="Gespräch", state="DECLINED", reason=ENDLESS)
    Recommendation.objects.create(
        text="Mehr Zeit für den Austausch untereinander", source="Gespräch", state="ACCEPTED", reason="Ja. " * 60
    )
    office = Visitor(browser, live_server.url, viewport=viewport)
    office.be(reader)

    office.open("/empfehlungen/")

    assert office.page.evaluate(OVERFLOWING) == []
    assert office.page.evaluate(BROKEN_HEADINGS) == []
    assert office.page.evaluate(BROKEN_STATES) == []


def test_endless_word_in_any_table_is_no_wider_than_its_column_may_be(browser, live_server, reader):
    """A table of many columns rolls sideways as before, and its words stand whole."""
    office = Visitor(browser, live_server.url, viewport=DESKTOP)
    office.be(reader)
    office.open("/empfehlungen/")
    office.page.evaluate(
        """word => {
            const columns = Array.from({length: 12}, () => "<td>Koordinierungskräfte</td>").join("");
            document.querySelector("main").innerHTML = "<div class=table-scroll><table class=table>"
                + `<tr><th scope=row>${word}</th>${columns}</tr></table></div>`;
        }""",
        ENDLESS,
    )

    widths = office.page.evaluate("[...document.querySelectorAll('th, td')].map(each => each.offsetWidth)")

    assert widths[0] < 500
    assert min(widths[1:]) > 150
