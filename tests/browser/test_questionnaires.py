"""Sections and questions of a draft put into order, and a whole questionnaire written without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from evaluation.models import Questionnaire
from tests.browser.site import DESKTOP, PASSWORD, PHONE, Visitor
from tests.browser.test_narrow import CLIPPED, LONG_WORD, NARROW, TABLET
from tests.browser.test_without import tab_to
from tests.evaluation.forms import ask, draft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def questionnaire(transactional_db):
    """Two sections; the first has three questions, the second one."""
    questionnaire = draft()
    for text in ("Eins?", "Zwei?", "Drei?"):
        ask(questionnaire, text)
    ask(questionnaire, "Vier?", section=2)
    return questionnaire


def order_of(questionnaire):
    return [question.text for question in questionnaire.questions()]


def drag(page, row, onto):
    """From the grip of one row beyond the middle of another."""
    row.scroll_into_view_if_needed()
    grip, target = row.locator(".sort-grip").first.bounding_box(), onto.bounding_box()
    start = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(*start)
    page.mouse.down()
    down = target["y"] > start[1]
    page.mouse.move(start[0], target["y"] + target["height"] / 2 + (10 if down else -10), steps=8)
    page.mouse.up()


def test_form_of_a_question_shows_what_belongs_to_its_kind(browser, live_server, organiser, questionnaire):
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP)
    visitor.sign_in(organiser)
    visitor.open(f"/abschnitte/{questionnaire.sections.first().pk}/fragen/neu/")
    page = visitor.page
    special = ("options", "low_label", "can_abstain")

    def shown(kind):
        page.select_option("#id_kind", kind)
        return [name for name in special if page.locator(f"#id_{name}").is_visible()]

    assert [name for name in special if page.locator(f"#id_{name}").is_visible()] == []
    assert shown("GRADE") == ["low_label", "can_abstain"]
    assert shown("MULTIPLE") == ["options", "can_abstain"]

    page.locator("#id_options").fill("Zeit\nGeld")
    assert shown("TEXT") == ["options"]  # it would be refused
    page.locator("#id_options").fill("")
    assert shown("CODE") == []


def test_questions_and_sections_are_dragged(browser, live_server, organiser, questionnaire):
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP)
    visitor.be(organiser)
    visitor.open(questionnaire.get_absolute_url())
    page = visitor.page
    question = page.locator("li[id^=frage-]")

    drag(page, question.filter(has_text="Eins?"), onto=question.filter(has_text="Drei?"))
    page.get_by_text("„Eins?“ steht jetzt an Stelle 3 von 3.").wait_for()
    assert order_of(questionnaire) == ["Zwei?", "Drei?", "Eins?", "Vier?"]

    section = page.locator("section[id^=abschnitt-]")
    drag(page, section.filter(has_text="Zweiter"), onto=section.filter(has_text="Erster"))
    page.get_by_text("„Zweiter“ steht jetzt an Stelle 1 von 2.").wait_for()
    assert order_of(questionnaire) == ["Vier?", "Zwei?", "Drei?", "Eins?"]

    # what came back from the server can be dragged again
    drag(page, question.filter(has_text="Eins?"), onto=question.filter(has_text="Drei?"))
    page.get_by_text("„Eins?“ steht jetzt an Stelle 2 von 3.").wait_for()
    assert order_of(questionnaire) == ["Vier?", "Zwei?", "Eins?", "Drei?"]
    expect(page.locator(".question-number")).to_have_text(["1", "2", "3", "4"])


def test_question_is_moved_by_keyboard_and_the_button_keeps_the_focus(
    browser, live_server, organiser, questionnaire
):
    visitor = Visitor(browser, live_server.url, viewport=PHONE)
    visitor.be(organiser)
    visitor.open(questionnaire.get_absolute_url())
    first = questionnaire.questions()[0]
    button = f"#questions-{first.section_id}-down-{first.pk}"

    tab_to(visitor.page, button, limit=80)
    for _ in range(2):
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator(button)).to_be_focused()

    assert order_of(questionnaire) == ["Zwei?", "Drei?", "Eins?", "Vier?"]


def test_questionnaire_is_written_and_released_without_javascript(browser, live_server, organiser):
    page = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="de-DE").new_page()
    page.goto(f"{live_server.url}/konto/anmelden/")
    page.fill("[name=login]", organiser.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page).to_have_url(f"{live_server.url}/")

    page.goto(f"{live_server.url}/frageboegen/neu/")
    page.select_option("[name=purpose]", "END")
    page.fill("[name=title]", "Kurz gefragt")
    page.get_by_role("button", name="Entwurf anlegen").click()
    for title in ("Umsetzung", "Hindernisse"):
        page.get_by_role("link", name="Abschnitt anlegen").click()
        page.fill("[name=title]", title)
        page.get_by_role("button", name="Abschnitt anlegen").click()
    page.get_by_role("link", name="Frage anlegen im Abschnitt Umsetzung").click()
    page.select_option("[name=kind]", "SINGLE")
    page.fill("[name=text]", "Umgesetzt?")
    page.fill("[name=options]", "Ja\nNein")
    page.get_by_role("button", name="Frage anlegen").click()
    page.get_by_role("link", name="Frage anlegen im Abschnitt Hindernisse").click()
    page.select_option("[name=kind]", "TEXT")
    page.fill("[name=text]", "Was hindert Sie?")
    page.get_by_role("button", name="Frage anlegen").click()
    page.get_by_role("link", name=re.compile("Bedingung.*Frage 2")).click()
    page.get_by_text("Frage 1: Umgesetzt?").first.click()
    page.get_by_label("Nein").check()
    page.get_by_role("button", name="Bedingung speichern").click()
    page.get_by_role("link", name="Freigeben").click()
    page.get_by_role("button", name="Fragebogen freigeben").click()
    expect(page.locator("main")).to_contain_text("Die Version 1 ist freigegeben.")

    questionnaire = Questionnaire.objects.get()
    choice, text = questionnaire.questions()
    assert not questionnaire.is_draft
    assert (text.condition_question, text.condition_values) == (choice, [2])


@pytest.mark.parametrize("viewport", [NARROW, TABLET, DESKTOP], ids=["narrow", "tablet", "desktop"])
def test_long_words_leave_the_buttons_in_sight(browser, live_server, organiser, viewport):
    questionnaire = draft(title=LONG_WORD, intro=LONG_WORD, sections=[LONG_WORD])
    ask(questionnaire, LONG_WORD, kind="SINGLE", options=(LONG_WORD, "Nein"), hint=LONG_WORD)
    visitor = Visitor(browser, live_server.url, viewport=viewport)
    visitor.be(organiser)

    for path in ("", "vorschau/", "freigeben/"):
        visitor.open(questionnaire.get_absolute_url() + path)
        assert visitor.page.evaluate(CLIPPED) == [], path
