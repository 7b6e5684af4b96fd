"""Blackening words of a free text: by keyboard alone, without JavaScript, on a narrow screen."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Answer
from netzkoord import roles
from tests import factories
from tests.browser.site import PASSWORD
from tests.browser.test_without import tab_to
from tests.evaluation.counted import counted_survey

pytestmark = pytest.mark.django_db(transaction=True)


def test_word_is_blackened_by_keyboard_and_without_javascript(browser, live_server):
    organiser = factories.staff(roles.ORGANISATION)
    organiser.set_password(PASSWORD)
    organiser.save()
    survey = counted_survey(text="Frau Zimmermann hat moderiert")
    answer = Answer.objects.filter(response__survey=survey).exclude(text="").first()
    page = browser.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="de-DE"
    ).new_page()
    page.goto(live_server.url + reverse("account_login"))
    page.fill("[name=login]", organiser.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/")
    page.goto(live_server.url + reverse("evaluation:text_edit", args=[survey.pk, answer.pk]))

    tab_to(page, "#word-1")
    page.keyboard.press("Space")
    tab_to(page, "button[value=release]")
    page.keyboard.press("Enter")
    page.get_by_text("Der Text ist freigegeben.").wait_for()

    answer.refresh_from_db()
    assert (answer.text_state, answer.redactions) == ("RELEASED", [[5, 15]])
    assert answer.text == "Frau Zimmermann hat moderiert"
