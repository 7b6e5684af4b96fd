"""The card of a cohort: its figures stand on one line, and their labels break between words."""

import pytest

from tests.browser.site import DESKTOP

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {"width": 320, "height": 640}
TABLET = {"width": 768, "height": 1024}
# Figures that begin at the same height of the page as their neighbours, but stand higher or lower.
UNEVEN = """() => [...document.querySelectorAll(".strip-figures > div")]
    .filter(each => {
        const before = each.previousElementSibling;
        const top = (box) => Math.round(box.getBoundingClientRect().top);
        return before && top(before) === top(each)
            && top(before.querySelector(".figure")) !== top(each.querySelector(".figure"));
    }).map(each => each.textContent.trim())"""
LINES_OF_LONGEST_WORD = """() => [...document.querySelectorAll(".strip-figures dt")].map(each => {
    each.textContent = "Bescheinigungen";
    return each.getBoundingClientRect().height / parseFloat(getComputedStyle(each).lineHeight);
})"""


@pytest.mark.parametrize("viewport", [NARROW, TABLET, DESKTOP], ids=["narrow", "tablet", "desktop"])
def test_figures_of_a_cohort_stand_on_one_line(live_server, page, settings, viewport):
    settings.DEMO = True
    page.set_viewport_size(viewport)
    page.goto(f"{live_server.url}/bausteine/")

    assert page.locator(".strip-figures .figure").count() > 4
    assert page.evaluate(UNEVEN) == []
    assert {round(lines) for lines in page.evaluate(LINES_OF_LONGEST_WORD)} == {1}
