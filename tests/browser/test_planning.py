"""An organiser plans a whole cohort: from the first date to all sessions, with one mistake on the way."""

import datetime

import pytest

from curriculum.models import Session, Venue
from netzkoord import roles
from tests import factories
from tests.browser.site import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def offer():
    """A published edition of three modules, a venue in Lower Saxony, a trainer."""
    edition = factories.EditionFactory(programme__title="Netzwerkkoordination in der Kommune")
    for position in (1, 2, 3):
        module = factories.ModuleFactory(edition=edition, code=f"K{position}", position=position)
        factories.UnitFactory.create_batch(2, module=module, minutes=360)
    factories.VenueFactory(name="Tagungshaus", city="Hannover", state="03")
    factories.staff(roles.TRAINER, given_names="Tarik", family_name="Sommer", email="training@stadt.example")
    return factories.publish(edition)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_organiser_plans_a_cohort(browser, live_server, organiser, offer, viewport):
    office = Visitor(browser, live_server.url, viewport=viewport)
    office.be(organiser)
    office.open("/durchgaenge/neu/")
    office.fill(title="Durchgang 2028", first_on="2028-03-06", registration_closes_on="2028-01-31")
    office.choose(venue="Tagungshaus, Hannover")
    office.press("Anlegen und Termine planen")
    dates = office.page.get_by_label("Erster Tag, K")

    # Ostermontag is 17 April: the second module begins a week later
    assert [dates.nth(place).input_value() for place in range(3)] == ["2028-03-06", "2028-04-24", "2028-06-12"]

    dates.nth(0).fill("2028-03-13")
    office.page.get_by_label("Tage, K2").fill("400")
    office.press("Plan speichern")
    assert "Ein Termin dauert höchstens 14 Tage." in office.text
    office.page.get_by_label("Tage, K2").fill("2")
    office.page.locator(".plan-people summary").first.click()
    office.page.locator(".plan-people").get_by_label("Tarik Sommer").first.check()
    office.press("Plan speichern")

    assert "Der Plan ist gespeichert." in office.text
    first = Session.objects.get(module__code="K1")
    assert [str(day.date) for day in first.days.all()] == ["2028-03-13", "2028-03-14"]
    assert first.trainers.get().family_name == "Sommer"
    assert Session.objects.count() == 3


def test_proposal_is_computed_anew_around_what_was_changed(browser, live_server, organiser, offer):
    cohort = factories.CohortFactory(edition=offer, announced_at=None)
    office = Visitor(browser, live_server.url, viewport=DESKTOP)
    office.be(organiser)
    office.open(f"/durchgaenge/{cohort.pk}/planen/")
    office.fill(first_on="2028-03-06")
    office.choose(venue="Tagungshaus, Hannover")
    office.press("Termine vorschlagen")

    office.page.get_by_label("Erster Tag, K1").fill("2028-03-08")
    office.fill(weeks_between="2")
    office.press("Termine neu vorschlagen")

    dates = office.page.get_by_label("Erster Tag, K")
    assert [dates.nth(place).input_value() for place in range(3)] == ["2028-03-08", "2028-03-20", "2028-04-03"]
    assert not Session.objects.exists()


@pytest.fixture
def stored(offer):
    """A cohort with a session for each module."""
    cohort = factories.CohortFactory(edition=offer, announced_at=None)
    house = Venue.objects.get()
    for number, module in enumerate(offer.modules.all()):
        monday = datetime.date(2028, 3, 6) + datetime.timedelta(weeks=number)
        factories.SessionFactory(cohort=cohort, module=module, venue=house, days=[monday])
    return cohort


@pytest.mark.parametrize("name", ["first_on", "weeks_between"])
def test_enter_in_the_box_proposes_and_stores_nothing(browser, live_server, organiser, stored, name):
    office = Visitor(browser, live_server.url, viewport=DESKTOP)
    office.be(organiser)
    office.open(f"/durchgaenge/{stored.pk}/planen/")
    office.page.get_by_text("Neuer Vorschlag").first.click()
    office.page.get_by_label("Bei neuem Vorschlag so lassen, K2").uncheck()
    office.fill(weeks_between="5")

    office.page.locator(f"[name='{name}']").press("Enter")
    office.page.wait_for_url("**/vorschlag/")
    office.check()

    assert "Die neuen Tage sind ein Vorschlag." in office.text
    assert office.page.get_by_label("Erster Tag, K2").input_value() == "2028-04-10"
    assert str(Session.objects.get(module__code="K2").days.get().date) == "2028-03-13"


def is_in_sight(element):
    """Nothing covers the element or cuts it off."""
    return element.evaluate(
        """element => {
            element.scrollIntoView({block: "center"});
            const range = document.createRange();
            range.selectNodeContents(element);
            return [...range.getClientRects()].every(box =>
                [box.left + 1, box.right - 1].every(x => {
                    const top = document.elementFromPoint(x, box.top + box.height / 2);
                    return element.contains(top);
                }));
        }"""
    )


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_is_wrong_with_a_narrow_field_can_be_read(browser, live_server, organiser, stored, viewport):
    office = Visitor(browser, live_server.url, viewport=viewport)
    office.be(organiser)
    office.open(f"/durchgaenge/{stored.pk}/planen/")
    office.page.get_by_label("Tage, K1").fill("400")
    office.page.get_by_label("Ende, K1").fill("08:00")

    office.press("Plan speichern")

    messages = office.page.locator(".plan .invalid-feedback")
    assert messages.count() == 2
    assert all(is_in_sight(messages.nth(place)) for place in range(2))
    field = office.page.get_by_label("Tage, K1")
    assert field.evaluate("field => getComputedStyle(field).borderTopWidth") == "2px"


def test_no_text_runs_under_the_arrow_of_a_choice(browser, live_server, organiser, stored):
    office = Visitor(browser, live_server.url, viewport=DESKTOP)
    office.be(organiser)
    office.open(f"/durchgaenge/{stored.pk}/planen/")

    styles = office.page.locator("main select").evaluate_all(
        "all => all.map(one => getComputedStyle(one)).map(style => [style.textOverflow, style.paddingRight])"
    )

    assert set(map(tuple, styles)) == {("ellipsis", "16px")}
