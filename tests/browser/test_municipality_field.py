"""The search for a municipality: as a combobox, by keyboard, on a phone, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from netzkoord import roles
from participants.models import Municipality
from tests import factories
from tests.browser.site import DESKTOP, PHONE, Visitor
from tests.browser.test_narrow import CLIPPED, NARROW
from tests.browser.test_without import tab_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.browser.municipality_page")]

TEXT = "[name=municipality_text]"


@pytest.fixture
def towns(transactional_db):
    rows = [
        ("03251028", "Neuenkirchen", "Landkreis Diepholz"),
        ("05566060", "Neuenkirchen", "Kreis Steinfurt"),
        ("05315000", "Köln", ""),
        ("03460007", "Neuenkirchen-Vörden", "Landkreis Vechta"),
    ]
    for ags, name, county in rows:
        factories.MunicipalityFactory(ags=ags, state=ags[:2], name=name, county_name=county)
    return {row.ags: row for row in Municipality.objects.all()}


@pytest.fixture
def visitor(browser, live_server, towns):
    visitor = Visitor(browser, live_server.url, viewport=PHONE)
    visitor.open("/probe/")
    visitor.fill(remark="Hallo")
    return visitor


@pytest.fixture
def page(visitor):
    return visitor.page


def type_in(page, text):
    """All at once: between two letters a busy machine would ask, and answer in the midst of what follows."""
    page.locator(TEXT).focus()
    page.keyboard.insert_text(text)
    page.locator("[role=option]").first.wait_for()


def options(page):
    return [" ".join(text.split()) for text in page.locator("[role=option]").all_inner_texts()]


def status(page):
    return page.locator("[role=status]").inner_text()


def active(page):
    """What the text says is the current option, and what is marked as such."""
    marked = page.locator("[role=option][aria-selected=true]")
    named = page.locator(TEXT).get_attribute("aria-activedescendant")
    assert marked.count() == (1 if named else 0)
    if not named:
        return None
    assert marked.get_attribute("id") == named
    return " ".join(marked.inner_text().split())


def test_the_list_is_walked_through_and_taken_by_keyboard(visitor, page, towns):
    type_in(page, "neuenk")

    text = page.locator(TEXT)
    assert text.get_attribute("role") == "combobox"
    assert text.get_attribute("aria-expanded") == "true"
    assert options(page) == [
        "Neuenkirchen Kreis Steinfurt, Nordrhein-Westfalen",
        "Neuenkirchen Landkreis Diepholz, Niedersachsen",
        "Neuenkirchen-Vörden Landkreis Vechta, Niedersachsen",
        "Meine Kommune fehlt selbst eintragen",
    ]
    assert status(page) == "3 Treffer"
    assert active(page) is None
    visitor.check()
    page.keyboard.press("ArrowUp")
    assert active(page).startswith("Meine Kommune fehlt")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert active(page) == "Neuenkirchen Landkreis Diepholz, Niedersachsen"
    visitor.check()
    page.keyboard.press("Enter")

    assert text.input_value() == "Neuenkirchen, Landkreis Diepholz, Niedersachsen"
    assert text.get_attribute("aria-expanded") == "false"
    assert status(page) == "Gewählt: Neuenkirchen, Landkreis Diepholz, Niedersachsen"
    expect(text).to_be_focused()
    page.keyboard.press("Enter")  # now it sends the form
    expect(page.locator("main")).to_contain_text(f"Niedersachsen; {towns['03251028'].pk}; Hallo")


def test_escape_closes_and_the_arrow_opens_again(page):
    type_in(page, "köl")

    page.keyboard.press("Escape")
    assert page.locator("[role=listbox]").is_hidden()
    assert page.locator(TEXT).input_value() == "köl"
    page.keyboard.press("ArrowDown")
    assert active(page) == "Köln Nordrhein-Westfalen"


def test_enter_in_the_open_list_takes_the_only_one_and_sends_nothing(visitor, page, towns):
    type_in(page, "koel")

    page.keyboard.press("Enter")
    assert page.locator(TEXT).input_value() == "Köln, Nordrhein-Westfalen"
    assert visitor.heading == "Anmeldung"
    visitor.press("Weiter")
    assert f"; {towns['05315000'].pk};" in visitor.text


def test_a_click_takes_and_typing_on_takes_back(visitor, page, towns):
    type_in(page, "neuenk")
    page.locator("[role=option]").nth(1).click()
    assert page.locator("input[type=hidden][name=municipality]").input_value() == str(towns["03251028"].pk)

    type_in(page, "x")
    assert page.locator("input[type=hidden][name=municipality]").is_disabled()
    page.locator(TEXT).fill("Neuenkirchen")
    page.locator("[role=option]").nth(2).wait_for()
    page.keyboard.press("Escape")
    visitor.press("Weiter")

    assert "„Neuenkirchen“ gibt es mehrmals." in visitor.text
    visitor.tick("municipality", towns["05566060"].pk)
    visitor.press("Weiter")
    assert f"; {towns['05566060'].pk};" in visitor.text


def test_a_name_in_full_counts_for_whoever_just_goes_on(visitor, page, towns):
    type_in(page, "Köln")
    page.locator("[name=remark]").focus()

    assert page.locator(TEXT).input_value() == "Köln, Nordrhein-Westfalen"
    visitor.press("Weiter")
    assert f"; {towns['05315000'].pk};" in visitor.text


def test_what_was_chosen_stays_when_another_field_is_wrong(visitor, page, towns):
    visitor.fill(remark="")
    type_in(page, "koel")
    page.keyboard.press("Enter")
    visitor.press("Weiter")

    assert page.locator(TEXT).input_value() == "Köln, Nordrhein-Westfalen"
    assert page.locator("input[type=radio]").count() == 0
    visitor.fill(remark="Doch")
    visitor.press("Weiter")
    assert f"Köln, Nordrhein-Westfalen; {towns['05315000'].pk}; Doch" in visitor.text


def test_a_missing_one_is_written_in_by_keyboard(visitor, page):
    type_in(page, "Neudorf")
    assert status(page) == "Kein Treffer. Bitte prüfen Sie die Schreibweise."

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    name = "[name=municipality_name]"
    expect(page.locator(name)).to_be_focused()
    assert page.locator(name).input_value() == "Neudorf"
    visitor.check()
    tab_to(page, "[name=municipality_state]", limit=3)
    page.keyboard.type("T")  # one letter: those of a word would have to follow each other within a second
    visitor.press("Weiter")
    assert "Neudorf, Thüringen; None; Hallo" in visitor.text


def test_a_search_that_does_not_answer_leaves_the_form_usable(visitor, page, towns):
    page.route("**/kommunen/suche/**", lambda route: route.abort())

    type_in(page, "Köln")
    assert "Die Suche antwortet gerade nicht." in status(page)
    visitor.press("Weiter")
    assert f"; {towns['05315000'].pk};" in visitor.text


def test_only_the_last_answer_counts(page):
    """The first question is answered late, when its text is no longer there."""
    late = []

    def hold(route):
        late.append(route)

    page.route("**/kommunen/suche/?text=K%C3%B6", hold)
    with page.expect_request("**/kommunen/suche/?text=K%C3%B6"):
        page.locator(TEXT).fill("Kö")
    page.locator(TEXT).fill("neuenk")
    page.locator("[role=option]").first.wait_for()

    assert len(late) == 1
    assert len(options(page)) == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [NARROW, DESKTOP], ids=["narrow", "desktop"])
def test_the_open_list_fits_and_can_be_read(browser, live_server, towns, viewport, scheme):
    factories.MunicipalityFactory(
        ags="03251999", state="03", name="Neuenkirchen" + "lang" * 20, county_name="Landkreis " + "Lang" * 20
    )
    visitor = Visitor(browser, live_server.url, viewport=viewport, scheme=scheme)
    visitor.open("/probe/")
    type_in(visitor.page, "neuenk")
    visitor.page.keyboard.press("ArrowDown")

    visitor.check()
    assert visitor.page.evaluate(CLIPPED) == []


# Without JavaScript


@pytest.fixture
def plain(browser, live_server, towns):
    page = browser.new_context(viewport=NARROW, java_script_enabled=False, locale="de-DE").new_page()
    page.goto(live_server.url + "/probe/")
    page.fill("[name=remark]", "Hallo")
    return page


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_without_javascript_the_page_comes_back_with_choices(plain, towns):
    plain.fill(TEXT, "neuenk")
    press(plain, "Kommune suchen")

    assert "3 Treffer" in plain.locator("main").inner_text()
    assert plain.locator(".error-summary").count() == 0
    assert plain.locator("[name=remark]").input_value() == "Hallo"
    expect(plain.locator("input[type=radio]:focus")).to_have_count(1)
    plain.get_by_label("Neuenkirchen Landkreis Diepholz, Niedersachsen").check()
    press(plain, "Weiter")
    assert f"; {towns['03251028'].pk}; Hallo" in plain.locator("main").inner_text()


def test_without_javascript_a_missing_one_is_written_in(plain):
    plain.fill(TEXT, "Neudorf")
    press(plain, "Kommune suchen")

    assert "Zu „Neudorf“ finden wir nichts." in plain.locator("main").inner_text()
    plain.fill("[name=municipality_name]", "Neudorf")
    plain.select_option("[name=municipality_state]", label="Bayern")
    press(plain, "Weiter")
    assert "Neudorf, Bayern; None; Hallo" in plain.locator("main").inner_text()


def test_without_javascript_none_of_them_leads_to_the_missing_one(plain):
    plain.fill(TEXT, "neuenk")
    press(plain, "Kommune suchen")
    plain.get_by_label("Keine davon. Ich trage meine Kommune unten ein.").check()
    press(plain, "Weiter")

    assert "Bitte tragen Sie den Namen Ihrer Kommune ein." in plain.locator("main").inner_text()
    plain.fill("[name=municipality_name]", "Neudorf")
    press(plain, "Weiter")
    assert "Neudorf; None; Hallo" in plain.locator("main").inner_text()


def test_without_javascript_enter_in_another_field_goes_on(plain, towns):
    plain.fill(TEXT, "Neuenkirchen")
    press(plain, "Kommune suchen")
    plain.get_by_label("Neuenkirchen Kreis Steinfurt, Nordrhein-Westfalen").check()
    plain.focus("[name=remark]")
    plain.keyboard.press("Enter")

    expect(plain.locator("main")).to_contain_text(f"; {towns['05566060'].pk}; Hallo")


# Organisers


def test_an_organiser_reads_a_list_in_and_matches_what_was_written_in(browser, live_server, towns, tmp_path):
    organiser = factories.staff(roles.ORGANISATION, email="organisation@stadt.example")
    place = factories.MunicipalityFactory(ags="", state="", name="Gemeinde Neudorf")
    factories.RegistrationFactory(tandem__municipality=place)
    file = tmp_path / "liste.csv"
    office = Visitor(browser, live_server.url, viewport=NARROW)
    office.be(organiser)

    office.open("/kommunen/")
    office.follow("Amtliche Liste einlesen")
    file.write_text("ags;name\n3251001;Neudorf\n")
    office.page.set_input_files("[name=file]", file)
    office.press("Datei prüfen")
    assert "1 Stelle stimmt nicht" in office.text
    file.write_text("ags;name;kreis\n03251001;Neudorf;Landkreis Diepholz\n05315000;Colonia;\n")
    office.page.set_input_files("[name=file]", file)
    office.press("Datei prüfen")
    assert "Colonia" in office.text
    office.look(DESKTOP, scheme="dark")
    office.press("Liste übernehmen")
    assert "1 neu und 1 umbenannt" in office.text.replace("\xa0", " ")

    office.follow("Eingetragene Kommunen zuordnen")
    office.look(DESKTOP, scheme="dark")
    office.follow("Andere suchen", exact=False)
    office.look(DESKTOP, scheme="dark")
    office.fill(text="colonia")
    office.press("Suchen")
    office.follow("Colonia, Nordrhein-Westfalen")
    assert "Zu Colonia, Nordrhein-Westfalen" in office.text
    office.open("/kommunen/eingetragen/")
    office.follow("Neudorf, Landkreis Diepholz, Niedersachsen zuordnen", exact=False)
    office.press("Zuordnen")
    assert "1 Tandem kommt jetzt aus Neudorf, Landkreis Diepholz" in office.text
    assert not Municipality.objects.written_in().exists()
