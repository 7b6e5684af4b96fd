"""Sheets of paper typed in by keyboard alone: with the script, and without it."""

import pytest
from playwright.sync_api import expect

from evaluation import entries
from evaluation.models import PaperSheet, PaperState, QuestionKind
from netzkoord import roles
from tests import factories
from tests.browser.site import DESKTOP, PASSWORD, Visitor
from tests.evaluation import scenes

pytestmark = pytest.mark.django_db(transaction=True)

# Thirty sheets in ten minutes are twenty seconds a sheet; at three keys a second these are sixty.
KEYS_PER_SHEET = 60
SCALES = 17


class Typist:
    """Counts every key that is pressed."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def sheet(self, number, values, texts=("", "", "")):
        expect(self.page.locator("[name=number]")).to_be_focused()
        self.press(*number, "Enter")
        for value in values:
            self.press(*value, "Enter")
        for text in texts[:-1]:
            self.press(*text, "Enter")
        self.press(*texts[-1])
        with self.page.expect_navigation():
            self.press("Enter")


@pytest.fixture
def survey(db):
    return scenes.open_survey(1)


@pytest.fixture
def organiser(db):
    organiser = factories.staff(roles.ORGANISATION)
    organiser.set_password(PASSWORD)
    organiser.save()
    return organiser


@pytest.fixture
def visitor(browser, live_server, settings, organiser):
    settings.BASE_URL = live_server.url
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP)
    visitor.be(organiser)
    return visitor


def test_sheets_are_typed_in_twice_by_keyboard_alone(visitor, survey):
    typist = Typist(visitor.page)
    visitor.open(f"/erhebungen/{survey.pk}/papier/eingabe/")
    sheets = {"7": ["5"] * SCALES, "8": ["x", "", *"44444444444", "3", "3", "2", "6"]}

    for number, values in sheets.items():
        typist.sheet(number, values)
        expect(visitor.page.get_by_role("status")).to_contain_text(f"Bogen {number} ist eingegeben.")
    keys = typist.keys / len(sheets)
    visitor.check()
    visitor.open(f"/erhebungen/{survey.pk}/papier/zweite-eingabe/")
    typist.sheet("7", sheets["7"])
    typist.sheet("8", [*sheets["8"][:-1], "5"])

    expect(visitor.page.locator("h1")).to_have_text("Bogen 8: Was steht auf dem Papier?")
    assert keys <= KEYS_PER_SHEET, keys
    assert [sheet.state for sheet in PaperSheet.objects.all()] == [PaperState.DONE, PaperState.DIFFERS]
    visitor.check()


def test_enter_stays_where_the_value_is_not_on_the_scale(visitor, survey):
    typist = Typist(visitor.page)
    visitor.open(f"/erhebungen/{survey.pk}/papier/eingabe/")
    expect(visitor.page.locator("[name=number]")).to_be_focused()
    first = visitor.page.locator(f"[name={scenes.field(survey, QuestionKind.AGREEMENT)}]")

    typist.press("7", "Enter", "9", "Enter")

    expect(first).to_be_focused()


def test_number_that_was_typed_before_is_refused_before_the_rest_is_typed(visitor, survey, organiser):
    scenes.type_in(survey, [7], by=organiser)
    typist, number = Typist(visitor.page), visitor.page.locator("[name=number]")
    visitor.open(f"/erhebungen/{survey.pk}/papier/eingabe/")
    expect(visitor.page.locator("main")).to_contain_text("1 Bogen eingegeben: 7.")

    typist.press("7", "Enter")
    expect(number).to_be_focused()
    typist.press("Tab")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Bogen 7 ist schon eingegeben.")
    number.fill("8")
    expect(visitor.page.get_by_role("alert")).to_have_text("")
    visitor.open(f"/erhebungen/{survey.pk}/papier/zweite-eingabe/")
    typist.press("8", "Enter")
    expect(number).to_be_focused()
    number.fill("7")
    typist.press("Enter")

    expect(visitor.page.locator(f"[name={scenes.field(survey, QuestionKind.AGREEMENT)}]")).to_be_focused()


def test_after_an_error_the_cursor_stands_where_it_is(visitor, survey):
    visitor.open(f"/erhebungen/{survey.pk}/papier/eingabe/")
    wrong = visitor.page.locator(f"[name={scenes.field(survey, QuestionKind.AGREEMENT)}]")
    visitor.page.locator("[name=number]").fill("7")
    wrong.fill("9")

    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Speichern und nächster Bogen").click()

    expect(wrong).to_be_focused()


def test_without_script_tab_goes_on_and_enter_saves(browser, live_server, settings, organiser, survey):
    settings.BASE_URL = live_server.url
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/konto/anmelden/")
    page.locator("[name=login]").fill(organiser.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/erhebungen/{survey.pk}/papier/eingabe/")

    page.locator("[name=number]").focus()
    for key in "7":
        page.keyboard.press(key)
    for key in "123":
        page.keyboard.press("Tab")
        page.keyboard.press(key)
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_contain_text("Bogen 7 ist eingegeben.")
    sheet = PaperSheet.objects.get()
    questions = survey.questionnaire.questions()[:3]
    said = entries.first_of(survey, sheet).answers
    assert [said[question.pk, None].number for question in questions] == [1, 2, 3]
