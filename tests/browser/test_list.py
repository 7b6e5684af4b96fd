"""The organiser's list: rows chosen with and without JavaScript, and every page around it under axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from curriculum.models import Audience
from tests import factories
from tests.browser.site import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cohort(transactional_db):
    cohort = factories.CohortFactory()
    for name in ("Moers", "Köln", "Ulm"):
        factories.complete_tandem(cohort=cohort, municipality=factories.MunicipalityFactory(name=name))
    return cohort


def list_of(cohort):
    return reverse("participants:tandem_list", args=[cohort.pk])


def test_rows_are_chosen_and_counted(browser, live_server, organiser, cohort):
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP)
    visitor.be(organiser)
    visitor.open(list_of(cohort))
    page, actions = visitor.page, visitor.page.locator("[data-chosen]")

    expect(actions).to_be_hidden()
    page.get_by_role("checkbox", name="Köln auswählen").check()
    expect(actions).to_contain_text("1 Anmeldung ausgewählt")
    page.get_by_role("checkbox", name="Alle auf dieser Seite auswählen").check()
    expect(actions).to_contain_text("3 Anmeldungen ausgewählt")
    page.get_by_role("checkbox", name="Köln auswählen").uncheck()
    visitor.press("Auf die Warteliste …")

    assert "Moers" in visitor.text
    assert "Köln" not in visitor.text
    visitor.context.close()


def test_rows_are_chosen_without_javascript(browser, live_server, organiser, cohort):
    visitor = Visitor(browser, live_server.url, viewport=PHONE)
    visitor.be(organiser)
    state = visitor.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state, viewport=PHONE)
    page = context.new_page()
    page.goto(live_server.url + list_of(cohort))

    page.get_by_role("link", name="Alle auf dieser Seite auswählen").click()
    for name in ("Moers", "Köln", "Ulm"):
        expect(page.get_by_role("checkbox", name=f"{name} auswählen")).to_be_checked()
    page.get_by_role("button", name="Notiz schreiben …").click()
    page.get_by_label("Notiz").fill("Für alle drei.")
    page.get_by_role("button", name="Notiz speichern").click()

    expect(page.locator("main")).to_contain_text("Die Notiz steht bei 3 Anmeldungen.")
    context.close()
    visitor.context.close()


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_pages_around_the_list_have_no_findings(browser, live_server, organiser, cohort, viewport, scheme):
    """The visitor checks each page that it opens with axe, and that nothing is wider than the window."""
    first = factories.RegistrationFactory(tandem__cohort=cohort, family_name="Müller", given_names="Jürgen")
    second = factories.RegistrationFactory(
        tandem__cohort=cohort, family_name="Mueller", given_names="Juergen", role=Audience.MANAGER
    )
    first.tandem.notes.create(text="Ruft an.", written_by=organiser)
    visitor = Visitor(browser, live_server.url, viewport=viewport, scheme=scheme)
    visitor.be(organiser)

    for name, *args in (
        ("tandem_list", cohort.pk),
        ("tandem_detail", first.tandem_id),
        ("note_add", first.tandem_id),
        ("exception_add", first.tandem_id),
        ("duplicate_list", cohort.pk),
        ("duplicate_compare", first.pk, second.pk),
        ("registration_import", cohort.pk),
    ):
        visitor.open(reverse(f"participants:{name}", args=args))

    assert visitor.foreign_requests == []
    visitor.context.close()
