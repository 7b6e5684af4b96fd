"""What the script of the wall does on a phone for somebody who hurries, is offline, or comes too late."""

import pytest
from playwright.sync_api import expect

from evaluation.actions.polls import close_poll, open_poll
from evaluation.actions.walls import ask
from evaluation.models import Card, Poll, PollSheet
from tests.browser.site import PHONE, Visitor
from tests.browser.walls import address_of, hang, phone_of
from tests.evaluation.workshops import guiding_question, open_columns

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def question(transactional_db):
    question = guiding_question(cards_each=3)
    ask(question=question, in_round=question.workshop.rounds.get())
    return question


@pytest.fixture
def poll(question, organiser):
    open_columns(question, "Rolle", "Zeit", "Geld", by=organiser)
    return open_poll(question=question, people=2, may_accumulate=False)


def voter_of(browser, live_server, poll):
    phone = Visitor(browser, live_server.url, viewport=PHONE)
    phone.open(address_of(poll.guiding_question.workshop))
    return phone


def test_double_click_hangs_the_card_and_says_nothing_of_an_empty_one(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    phone.page.get_by_label("Ihr Gedanke").fill("Geld")

    phone.page.get_by_role("button", name="Karte aufhängen").dblclick()

    phone.page.get_by_text("Hängt: Geld").wait_for()
    expect(phone.page.locator(".invalid-feedback")).to_have_count(0)
    phone.page.get_by_text("noch 2 Karten").wait_for()
    assert phone.page.url.endswith(address_of(question.workshop))
    assert Card.objects.get().text == "Geld"


def test_what_is_no_card_is_said_at_the_field_and_the_page_stays(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    hang(phone, "   ")
    phone.page.get_by_text("Schreiben Sie einen Gedanken auf die Karte.").wait_for()
    hang(phone, "Geld")
    phone.page.get_by_text("Hängt: Geld").wait_for()

    hang(phone, "😀" * 201)
    phone.page.get_by_text("Auf eine Karte passen 200 Zeichen, Ihr Text hat 201.").wait_for()
    field = phone.page.get_by_label("Ihr Gedanke")
    expect(field).to_be_focused()
    expect(field).to_have_value("😀" * 201)
    phone.check()
    expect(phone.page.locator(".invalid-feedback")).to_have_count(1)
    phone.page.get_by_text("Hängt: Geld").wait_for()

    hang(phone, "😀" * 200)
    phone.page.get_by_text("Hängt: 😀").wait_for()
    assert phone.page.locator(".error-summary, .invalid-feedback, .field-invalid, [aria-invalid]").count() == 0
    assert phone.page.url.endswith(address_of(question.workshop))
    assert [card.text for card in Card.objects.order_by("pk")] == ["Geld", "😀" * 200]


def test_same_card_sent_again_and_again_is_refused_in_one_note(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    for _ in range(4):
        with phone.page.expect_response("**/karten/"):
            hang(phone, "Geld")
    hang(phone, "Zeit")
    phone.page.get_by_text("Hängt: Zeit").wait_for()

    expect(phone.page.locator(".phone-card-refused")).to_have_count(1)
    phone.page.reload()
    expect(phone.page.locator(".phone-card-refused")).to_have_count(1)
    assert Card.objects.count() == 2


def test_counters_know_the_draft_and_the_cards_that_wait(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    phone.page.route("**/karten/", lambda route: route.abort())
    for text in ("Geld", "Zeit"):
        hang(phone, text)
        phone.page.get_by_text(f"Wartet auf das Netz: {text}").wait_for()
    phone.page.get_by_label("Ihr Gedanke").press_sequentially("Mandat")

    phone.page.reload()
    phone.page.get_by_text("noch 194 Zeichen").wait_for()
    phone.page.get_by_text("noch 1 Karte aufhängen").wait_for()
    phone.page.unroute("**/karten/")

    phone.page.get_by_text("Hängt: Zeit").wait_for()
    expect(phone.page.get_by_text("noch 1 Karte aufhängen")).to_be_visible()


def test_card_whose_answer_was_lost_is_counted_once(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    arrived = []

    def lose_every_answer(route):
        arrived.append(route.fetch().status)
        route.abort()

    phone.page.route("**/karten/", lose_every_answer)
    hang(phone, "Geld")
    phone.page.get_by_text("Wartet auf das Netz: Geld").wait_for()
    phone.page.unroute("**/karten/")
    phone.page.reload()  # the server has counted it already

    phone.page.get_by_text("Hängt: Geld").wait_for()
    phone.page.get_by_text("noch 2 Karten").wait_for()


def test_late_card_stands_in_a_field_of_its_own_with_its_question(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    phone.page.route("**/stand/", lambda route: route.abort())
    ask(question=question, in_round=None)
    hang(phone, "Zu spät")

    field = phone.page.get_by_label("Ihr Text, zum Kopieren")
    expect(field).to_have_value("Zu spät")
    expect(field).not_to_be_editable()
    phone.page.get_by_role("heading", name="Nicht aufgehängt").wait_for()
    phone.page.get_by_text("Zur Frage: Was brauchen Sie?").wait_for()
    phone.check()


def test_draft_stays_with_its_question(browser, live_server, question):
    other = question.workshop.guiding_questions.create(purpose="FREE", text="Und was noch?", position=2)
    in_round = question.workshop.rounds.get()
    phone = phone_of(browser, live_server, question)
    phone.page.get_by_label("Ihr Gedanke").press_sequentially("Noch nicht fertig")

    ask(question=other, in_round=in_round)
    phone.page.get_by_text("bleibt auf diesem Telefon bei seiner Frage").wait_for()
    phone.page.get_by_role("link", name="Dorthin wechseln").click()
    phone.page.get_by_role("heading", name="Und was noch?").wait_for()
    expect(phone.page.get_by_label("Ihr Gedanke")).to_have_value("")
    ask(question=question, in_round=in_round)
    phone.page.get_by_role("heading", name="Was brauchen Sie?").wait_for()

    expect(phone.page.get_by_label("Ihr Gedanke")).to_have_value("Noch nicht fertig")


def test_who_has_entered_points_learns_that_the_poll_has_ended_without_them(browser, live_server, poll):
    phone = voter_of(browser, live_server, poll)
    phone.page.get_by_label("Zeit").check()

    close_poll(poll=poll)

    phone.page.get_by_text("Die Punktabfrage ist beendet. Ihre Punkte wurden nicht mehr gezählt.").wait_for()
    phone.page.get_by_label("Ihr Gedanke").wait_for()
    phone.check()
    assert not PollSheet.objects.exists()


def test_who_has_entered_no_points_learns_that_the_poll_has_ended(browser, live_server, poll):
    phone = voter_of(browser, live_server, poll)

    close_poll(poll=poll)

    phone.page.get_by_text("Die Punktabfrage ist beendet.", exact=True).wait_for()


def test_who_has_entered_points_is_asked_again_by_the_next_poll(browser, live_server, poll):
    phone = voter_of(browser, live_server, poll)
    phone.page.get_by_label("Zeit").check()
    phone.page.route("**/stand/", lambda route: route.abort())
    close_poll(poll=poll)
    open_poll(question=poll.guiding_question, people=2, may_accumulate=False)

    phone.page.unroute("**/stand/")

    phone.page.get_by_text("Inzwischen läuft eine neue Abfrage.").wait_for()
    expect(phone.page.get_by_text("nicht mehr gezählt")).to_have_count(0)


def test_points_wait_for_the_net_and_are_counted_once(browser, live_server, poll):
    phone = voter_of(browser, live_server, poll)
    phone.page.get_by_label("Zeit").check()
    phone.context.set_offline(True)
    phone.page.get_by_role("button", name="Punkte abgeben").dblclick()
    phone.page.get_by_text("Wartet auf das Netz: Ihre Punkte sind noch nicht gezählt.").wait_for()
    expect(phone.page.get_by_label("Zeit")).to_be_checked()
    phone.check()

    phone.context.set_offline(False)

    phone.page.get_by_text("Ihre Punkte sind gezählt.").wait_for()
    assert PollSheet.objects.count() == 1


def test_points_that_are_being_entered_stay_when_another_question_is_opened(browser, live_server, poll):
    phone = voter_of(browser, live_server, poll)
    phone.page.get_by_label("Zeit").check()
    workshop = poll.guiding_question.workshop
    other = workshop.guiding_questions.create(position=2, purpose="FREE", text="Und sonst?")
    ask(question=other, in_round=workshop.rounds.get())

    for _ in range(2):
        with phone.page.expect_response("**/stand/"):
            pass

    expect(phone.page.get_by_label("Zeit")).to_be_checked()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 568}])
def test_points_that_are_left_are_counted_while_they_are_set(browser, live_server, poll, viewport):
    phone = Visitor(browser, live_server.url, viewport=viewport)
    phone.open(address_of(poll.guiding_question.workshop))
    left = phone.page.locator(".phone-points-left")
    expect(left).to_have_text("noch 2 von 2 Punkten")

    phone.page.get_by_text("Zeit").click()
    expect(left).to_have_text("noch 1 von 2 Punkten")
    for title in ("Rolle", "Geld"):
        phone.page.get_by_label(title).check()

    expect(left).to_have_text("1 Punkt zu viel: Bitte nehmen Sie einen weg.")
    phone.check()


def test_points_that_are_left_are_counted_where_several_go_on_a_column(browser, live_server, poll):
    Poll.objects.filter(pk=poll.pk).update(may_accumulate=True)
    phone = voter_of(browser, live_server, poll)

    phone.page.get_by_label("Zeit").fill("2")

    phone.page.get_by_text("noch 0 von 2 Punkten").wait_for()
