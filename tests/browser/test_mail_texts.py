"""Texts and rules of mails in a browser: every page without a finding of axe, narrow and wide, with errors too."""

import datetime

import pytest
from django.utils import timezone

from netzkoord.models import MailText
from participants.models import MailRule
from tests import factories
from tests.browser.site import DESKTOP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def visitor(browser, live_server, settings, organiser):
    settings.BASE_URL = live_server.url
    visitor = Visitor(browser, live_server.url, viewport=NARROW, scheme="dark")
    visitor.be(organiser)
    return visitor


def test_a_text_is_changed_tried_and_reset(visitor):
    visitor.open("/mailtexte/")
    visitor.follow("Zusage")
    visitor.fill(subject="Für {kommunen}")
    visitor.press("Text speichern")
    assert "Meinten Sie {kommune}?" in visitor.text

    visitor.fill(subject="Für {kommune}")
    visitor.press("Vorschau")
    assert "Für Musterstadt" in visitor.text
    visitor.look(DESKTOP, scheme="light")

    visitor.press("Probemail an mich senden")
    assert "Die Probemail ist unterwegs" in visitor.text
    visitor.press("Text speichern")
    assert MailText.objects.get().subject == "Für {kommune}"
    visitor.look(DESKTOP, scheme="light")

    visitor.page.get_by_text("Auf die Vorlage zurücksetzen").click()
    visitor.press("Eigenen Text löschen")
    assert "Es gilt wieder die Vorlage." in visitor.text
    assert visitor.foreign_requests == []


def test_a_missed_mail_stands_out_and_is_sent(visitor):
    soon = timezone.localdate() + datetime.timedelta(days=3)
    session = factories.SessionFactory(days=[soon])
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    MailRule.objects.all().delete()
    MailRule.objects.create(changed_at=timezone.now() - datetime.timedelta(days=30))

    visitor.open(f"/durchgaenge/{session.cohort_id}/mails/")
    assert "Zu entscheiden" in visitor.text
    visitor.look(DESKTOP, scheme="light")
    visitor.follow("Erinnerung an den Termin")
    visitor.press("Jetzt an 2 Personen senden")
    assert "2 Mails sind unterwegs." in visitor.text
    visitor.look(DESKTOP, scheme="light")


def test_a_rule_is_added_by_keyboard(visitor):
    MailRule.objects.all().delete()
    visitor.open("/mailregeln/neu/")
    days = visitor.page.get_by_label("Tage", exact=True)
    days.focus()
    days.fill("400")
    visitor.page.keyboard.press("Enter")
    visitor.page.locator(".error-summary").wait_for()
    visitor.check()
    assert "Es sind höchstens 365 Tage." in visitor.text

    days.fill("2")
    days.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/mailregeln/")
    visitor.check()
    assert MailRule.objects.get().days == 2
