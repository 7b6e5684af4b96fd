"""Phones and moderators at a card wall."""

from django.urls import reverse

from evaluation.queries.walls import signed_code
from tests.browser.site import DESKTOP, PHONE, Visitor


def hang(visitor, text):
    visitor.page.get_by_label("Ihr Gedanke").fill(text)
    visitor.page.get_by_role("button", name="Karte aufhängen").click()  # the script stays on the page


def address_of(workshop):
    return reverse("evaluation:wall_phone", args=[signed_code(workshop)])


def phone_of(browser, live_server, question):
    phone = Visitor(browser, live_server.url, viewport=PHONE)
    phone.open(address_of(question.workshop))
    phone.page.get_by_text("noch 200 Zeichen").wait_for()
    return phone


def moderator_of(browser, live_server, organiser, question):
    moderator = Visitor(browser, live_server.url, viewport=DESKTOP)
    moderator.be(organiser)
    moderator.open(reverse("evaluation:wall_board", args=[question.pk]))
    return moderator
