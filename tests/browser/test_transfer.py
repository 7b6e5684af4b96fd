"""The two of a tandem agree on what comes after the course: each on a phone, one of them without JavaScript."""

import datetime

import pytest
import time_machine
from django.utils import timezone
from post_office.models import Email

from participants.actions.transfer import remind_of_agreements
from participants.models import TransferAgreement
from participants.transfer_plan import remind_at
from tests.browser.site import PHONE, Visitor, mailed_link, pdf_text
from tests.participants.agreements import GOAL, STEP, SUPPORT, begun_tandem, coordinator_of, manager_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server, settings):
    settings.BASE_URL = live_server.url
    return live_server.url


@pytest.fixture
def plain(browser):
    """A phone without JavaScript."""
    return browser.new_context(viewport=PHONE, java_script_enabled=False, locale="de-DE").new_page()


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_two_people_agree_on_their_phones(browser, site, plain):
    tandem = begun_tandem(days=(-2, -1))
    manager, coordinator = manager_of(tandem), coordinator_of(tandem)
    due_on = timezone.localdate() + datetime.timedelta(days=60)

    write_together(Visitor(browser, site), manager, due_on)
    answer_without_javascript(plain, coordinator)
    confirm_and_print(Visitor(browser, site), manager)
    with time_machine.travel(remind_at(due_on)):
        assert remind_of_agreements() == 1
    subjects = [email.subject for email in Email.objects.filter(subject__startswith="Erinnerung")]
    assert len(subjects) == 2


def write_together(phone, manager, due_on):
    """From the start page, as the next step after the last session."""
    phone.be(manager.person)
    phone.open("/")
    phone.follow("Transfervereinbarung öffnen")
    assert "lesen nur Sie und Ben Roth" in phone.text.replace("\xa0", " ")
    phone.follow("Vereinbarung beginnen")
    phone.fill(goal=GOAL, first_step=STEP, due_on="2020-01-01")
    phone.press("Speichern")
    assert "Bitte nennen Sie einen Tag ab morgen" in phone.text
    phone.fill(due_on=str(due_on), support=SUPPORT)
    phone.press("Speichern")
    phone.press("So bestätigen")
    assert "Sie haben bestätigt. Ben Roth bekommt eine Mail" in phone.text


def answer_without_javascript(page, coordinator):
    """By the link of the mail: a word is changed, so both have to confirm once more; this one does."""
    page.goto(mailed_link(coordinator.email, "/transfervereinbarung/"))
    with page.expect_navigation():
        page.get_by_role("link", name="Ändern", exact=True).click()
    assert "Wenn Sie etwas ändern, gilt das nicht mehr" in page.locator("main").inner_text()
    page.locator("[name=support]").fill("Acht Stunden in der Woche.")
    press(page, "Speichern")
    assert "Was bestätigt war, gilt jetzt nicht mehr" in page.locator("main").inner_text()
    press(page, "So bestätigen")
    assert "Sie haben bestätigt. Anna Berg bekommt eine Mail" in page.locator("main").inner_text()


def confirm_and_print(phone, manager):
    subjects = [email.subject for email in Email.objects.order_by("pk") if manager.email in email.to]
    assert subjects == [
        "Ihre Transfervereinbarung ist geändert: Moers",
        "Bitte bestätigen Sie Ihre Transfervereinbarung: Moers",
    ]
    phone.open(mailed_link(manager.email, "/transfervereinbarung/"))
    assert "Acht Stunden in der Woche." in phone.text
    phone.press("So bestätigen")
    assert "Sie haben beide bestätigt. Die Vereinbarung gilt." in phone.text
    assert TransferAgreement.objects.confirmed().exists()
    text = pdf_text(phone.download("Vereinbarung (PDF)"))
    assert "Acht Stunden in der Woche." in text
    assert SUPPORT not in text
