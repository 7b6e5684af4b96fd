"""Long words and small screens: nothing is cut off, and what belongs together stays in one line."""

import datetime

import pytest
from django.utils import timezone

from curriculum.models import SessionDay
from netzkoord import roles
from tests import factories
from tests.browser.site import DESKTOP, PASSWORD, Visitor

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {"width": 320, "height": 640}
TABLET = {"width": 768, "height": 1024}
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 2
# What is wider inside than its box, and hides or scrolls the rest.
CLIPPED = """() => [...document.querySelectorAll("main *")]
    .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible")
    .filter(each => !each.matches(".visually-hidden"))
    .map(each => each.outerHTML.slice(0, 80))"""
BROKEN_HOURS = """() => [...document.querySelectorAll(".hours")]
    .filter(each => each.getClientRects().length > 1).map(each => each.textContent)"""
LONE_SLASHES = """() => [...document.querySelectorAll(".breadcrumb li + li")]
    .filter(each => each.firstElementChild.getBoundingClientRect().left <= each.getBoundingClientRect().left
        || each.firstElementChild.getBoundingClientRect().top > each.getBoundingClientRect().top + 8)
    .map(each => each.textContent)"""


@pytest.fixture
def organiser():
    user = factories.staff(roles.ORGANISATION, email="organisation@stadt.example")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def session():
    """Two days with somebody who teaches elsewhere on both of them, in a cohort with a long word for a title."""
    trainer = factories.staff(roles.TRAINER, given_names="Tarik", family_name="Sommer")
    days = [timezone.localdate() + datetime.timedelta(days=60 + offset) for offset in range(2)]
    factories.SessionFactory(cohort__title=LONG_WORD[::-1], days=days, trainers=[trainer])
    venue = factories.VenueFactory(name=LONG_WORD[:60])
    return factories.SessionFactory(
        cohort__title=LONG_WORD, module__title=LONG_WORD[:90], days=days, trainers=[trainer], venue=venue
    )


def look(visitor):
    """Visitor.check has looked for what is wider than the screen, and asked axe."""
    page = visitor.page
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(BROKEN_HOURS) == []
    assert page.evaluate(LONE_SLASHES) == []


@pytest.mark.parametrize("viewport", [NARROW, TABLET, DESKTOP], ids=["narrow", "tablet", "desktop"])
def test_nothing_is_cut_off(browser, live_server, organiser, session, viewport):
    office = Visitor(browser, live_server.url, viewport=viewport)
    office.be(organiser)
    look(office)
    for path in (
        f"/durchgaenge/{session.cohort_id}/termine/",
        f"/termine/{session.pk}/",
        f"/angebote/{session.cohort_id}/",
        f"/termine/{session.pk}/absagen/",
        f"/termine/{session.pk}/verschieben/",
    ):
        office.open(path)
        look(office)


@pytest.mark.parametrize("viewport", [NARROW, DESKTOP], ids=["narrow", "desktop"])
def test_the_consequences_of_a_move_are_accessible_and_fit(browser, live_server, organiser, session, viewport):
    other = session.days.last().date + datetime.timedelta(days=1)
    factories.SessionFactory(days=[other], venue=session.venue, cohort__title="Kurz")
    office = Visitor(browser, live_server.url, viewport=viewport)
    office.be(organiser)
    office.open(f"/termine/{session.pk}/verschieben/")
    office.fill(**{"tage-1-date": other.isoformat(), "online_url": f"https://treffen.example/{'a' * 60}"})

    office.press("Folgen ansehen")

    assert "ist auch bei" in office.text
    look(office)
    assert SessionDay.objects.filter(session=session, date=other).count() == 0
