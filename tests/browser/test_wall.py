"""The card wall as a room uses it: a projector, phones, two moderators."""

import pytest
from django.urls import reverse

from evaluation.actions.polls import open_poll
from evaluation.actions.walls import ask, move_cards, open_column, rename_column, shift_column
from evaluation.models import Card
from tests.browser.site import DESKTOP, PHONE, Visitor
from tests.browser.walls import address_of, hang, moderator_of, phone_of
from tests.evaluation.workshops import guiding_question, open_columns

pytestmark = pytest.mark.django_db(transaction=True)
NARROW = {"width": 320, "height": 640}
SOON = 4000  # a second between two looks, and a busy machine


@pytest.fixture
def question(transactional_db):
    question = guiding_question(cards_each=3)
    ask(question=question, in_round=question.workshop.rounds.get())
    return question


def test_card_from_a_phone_appears_on_the_projector(browser, live_server, organiser, question):
    screen = Visitor(browser, live_server.url, viewport=DESKTOP)
    screen.be(organiser)
    screen.open(reverse("evaluation:wall_screen", args=[question.workshop_id]))
    phone = phone_of(browser, live_server, question)

    hang(phone, "Rolle klären")

    phone.page.get_by_text("Hängt: Rolle klären").wait_for()
    phone.page.get_by_text("noch 2 Karten").wait_for()
    screen.page.locator(".wall-card", has_text="Rolle klären").wait_for(timeout=SOON)


def test_card_waits_on_the_phone_while_there_is_no_net(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    phone.context.set_offline(True)
    hang(phone, "Geld")
    hang(phone, "Zeit")
    phone.page.get_by_text("Wartet auf das Netz: Geld").wait_for()

    phone.context.set_offline(False)
    phone.page.get_by_text("Hängt: Zeit").wait_for()
    phone.page.reload()

    assert [card.text for card in Card.objects.order_by("position")] == ["Geld", "Zeit"]


def test_card_that_waits_survives_a_reload(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    phone.page.route("**/karten/", lambda route: route.abort())
    hang(phone, "Geld")
    phone.page.get_by_text("Wartet auf das Netz: Geld").wait_for()
    phone.page.reload()
    phone.page.get_by_text("Wartet auf das Netz: Geld").wait_for()

    phone.page.unroute("**/karten/")

    phone.page.get_by_text("Hängt: Geld").wait_for()
    assert Card.objects.get().text == "Geld"


def test_card_in_a_closed_tab_is_sent_when_the_wall_is_opened_again(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    phone.context.set_offline(True)
    hang(phone, "Geld")
    phone.page.get_by_text("Wartet auf das Netz: Geld").wait_for()
    phone.page.close()
    phone.context.set_offline(False)

    again = phone.context.new_page()
    again.goto(live_server.url + address_of(question.workshop))

    again.get_by_text("Hängt: Geld").wait_for()
    assert Card.objects.get().text == "Geld"


def test_card_whose_answer_was_lost_hangs_once(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    arrived = []

    def lose_the_first_answer(route):
        if arrived:
            return route.continue_()
        arrived.append(route.fetch().status)
        return route.abort()

    phone.page.route("**/karten/", lose_the_first_answer)
    hang(phone, "Geld")
    phone.page.get_by_text("Wartet auf das Netz: Geld").wait_for()

    phone.page.get_by_text("Hängt: Geld").wait_for()
    phone.page.get_by_text("noch 2 Karten").wait_for()
    assert arrived == [201]
    assert Card.objects.get().text == "Geld"


def test_request_that_the_net_swallows_is_sent_again(browser, live_server, question):
    phone = Visitor(browser, live_server.url, viewport=PHONE)
    phone.page.clock.install()
    phone.open(address_of(question.workshop))
    phone.page.route("**/karten/", lambda route: None)
    hang(phone, "Geld")
    phone.page.clock.run_for(1500)
    phone.page.get_by_text("Wartet auf das Netz: Geld").wait_for()

    phone.page.unroute("**/karten/")
    phone.page.clock.run_for(11_000)

    phone.page.get_by_text("Hängt: Geld").wait_for()
    assert Card.objects.get().text == "Geld"


@pytest.mark.parametrize(("name", "board"), [("wall_screen", False), ("wall_board", True)])
def test_screen_is_told_that_nothing_is_new(browser, live_server, organiser, question, name, board):
    visitor = Visitor(browser, live_server.url, viewport=DESKTOP)
    visitor.be(organiser)
    is_answer = f"/{'wand' if board else 'leinwand'}/stand/"
    visitor.open(reverse(f"evaluation:{name}", args=[question.pk if board else question.workshop_id]))

    with visitor.page.expect_response(lambda each: is_answer in each.url and each.status == 304):
        pass


def test_phone_without_script_hangs_up_a_card(browser, live_server, question):
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(live_server.url + address_of(question.workshop))

    page.get_by_label("Ihr Gedanke").fill("Anerkennung")
    page.get_by_role("button", name="Karte aufhängen").click()

    page.get_by_text("Ihre Karte hängt.").wait_for()


def test_two_moderators_see_each_others_steps(browser, live_server, organiser, question):
    for text in ("Rolle", "Mandat"):
        Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text=text)
    open_column(question=question, title="Auftrag", by=organiser)
    first, second = (moderator_of(browser, live_server, organiser, question) for _ in range(2))

    first.page.locator("[data-card]", has_text="Rolle").get_by_role("link", name="Verschieben").click()
    first.page.get_by_role("dialog").get_by_role("button", name="Auftrag").click()
    column = second.page.get_by_role("region", name="Auftrag")
    column.get_by_text("Rolle").wait_for(timeout=SOON)
    second.page.locator("[data-card]", has_text="Mandat").drag_to(column.locator("[data-card]", has_text="Rolle"))

    first.page.get_by_role("region", name="Auftrag").get_by_text("Mandat").wait_for(timeout=SOON)
    cards = first.page.get_by_role("region", name="Auftrag").locator("[data-card] label").all_inner_texts()
    assert cards == ["Mandat", "Rolle"]


def test_step_is_undone_by_keyboard_and_a_refusal_is_said(browser, live_server, organiser, question):
    Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text="Rolle")
    moderator = moderator_of(browser, live_server, organiser, question)

    moderator.page.get_by_label("in eine neue Spalte").fill("Auftrag")
    moderator.page.keyboard.press("Tab")
    moderator.page.keyboard.press("Enter")
    undo = moderator.page.get_by_role("button", name="Rückgängig: Spalte „Auftrag“ angelegt")
    undo.wait_for()
    moderator.page.get_by_role("button", name="Verschieben", exact=True).click()
    moderator.page.get_by_text("Wählen Sie zuerst Karten aus").wait_for()
    undo.focus()
    moderator.page.keyboard.press("Enter")

    undo.wait_for(state="detached")
    assert question.clusters.get().is_dropped


def test_one_long_word_widens_neither_phone_nor_page(browser, live_server, organiser, question):
    Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text="o" * 200)
    open_columns(question, "x" * 120, "Zeit", by=organiser)
    open_poll(question=question, people=3, may_accumulate=False)
    phone = Visitor(browser, live_server.url, viewport={"width": 320, "height": 640})
    phone.be(organiser)
    question.workshop.refresh_from_db()

    for address in (
        question.workshop.get_absolute_url(),
        reverse("evaluation:wall_board", args=[question.pk]),
        address_of(question.workshop),
    ):
        phone.open(address)
        assert phone.page.evaluate("document.documentElement.scrollWidth") == 320


def test_card_that_came_too_late_stays_with_its_author(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    phone.page.route("**/stand/", lambda route: route.abort())
    ask(question=question, in_round=None)
    hang(phone, "Zu spät")
    phone.page.get_by_text("nicht mehr offen").wait_for()

    phone.page.unroute("**/stand/")
    phone.page.get_by_text("Gerade ist keine Frage offen").wait_for()

    phone.page.get_by_text("Zu spät").wait_for()
    phone.page.get_by_role("button", name="Gelesen, weglegen").click()
    phone.page.reload()
    assert phone.page.get_by_text("Zu spät").count() == 0
    assert not Card.objects.exists()


def test_card_that_hangs_already_is_not_counted(browser, live_server, question):
    phone = phone_of(browser, live_server, question)
    hang(phone, "Geld")
    phone.page.get_by_text("noch 2 Karten").wait_for()
    hang(phone, "Geld")

    phone.page.get_by_text("Diese Karte von Ihnen hängt schon.").wait_for()

    phone.page.get_by_text("noch 2 Karten").wait_for()
    assert Card.objects.count() == 1


def test_key_enter_in_a_heading_presses_the_button_beside_it(browser, live_server, organiser, question):
    Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text="Rolle")
    moderator = moderator_of(browser, live_server, organiser, question)

    moderator.page.get_by_label("in eine neue Spalte").fill("Auftrag")
    moderator.page.keyboard.press("Enter")
    column = moderator.page.get_by_role("region", name="Auftrag")
    column.get_by_role("link", name="Spalte ändern").click()
    moderator.page.get_by_role("dialog").get_by_label("Überschrift").fill("Mandat")
    moderator.page.keyboard.press("Enter")

    moderator.page.get_by_role("region", name="Mandat").wait_for()
    assert not Card.objects.filter(is_hidden=True).exists()


def test_keyboard_stays_at_the_card_that_it_moved(browser, live_server, organiser, question):
    open_column(question=question, title="Auftrag", by=organiser)
    card = Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text="Rolle")
    moderator = moderator_of(browser, live_server, organiser, question)

    moderator.page.locator(f"#menu-{card.pk}").focus()
    moderator.page.keyboard.press("Enter")
    moderator.page.get_by_role("dialog").get_by_role("button", name="Auftrag").and_(focused(moderator)).wait_for()
    moderator.page.keyboard.press("Enter")

    moderator.page.get_by_role("region", name="Auftrag").get_by_text("Rolle").wait_for()
    moderator.page.locator(f"#menu-{card.pk}:focus").wait_for()
    moderator.page.get_by_role("status").get_by_text("„Rolle“ nach „Auftrag“ verschoben").wait_for(state="attached")


def test_keyboard_goes_on_in_the_column_that_the_card_has_left(browser, live_server, organiser, question):
    open_column(question=question, title="Auftrag", by=organiser)
    in_round = question.workshop.rounds.get()
    first, second = (
        Card.objects.create(guiding_question=question, round=in_round, text=text) for text in ("Rolle", "Zeit")
    )
    moderator = moderator_of(browser, live_server, organiser, question)

    moderator.page.locator(f"#menu-{first.pk}").focus()
    moderator.page.keyboard.press("Enter")
    moderator.page.get_by_role("dialog").get_by_role("button", name="Auftrag").and_(focused(moderator)).wait_for()
    moderator.page.keyboard.press("Enter")

    moderator.page.get_by_role("region", name="Auftrag").get_by_text("Rolle").wait_for()
    moderator.page.locator(f"#menu-{second.pk}:focus").wait_for()


def focused(visitor):
    return visitor.page.locator(":focus")


def test_letters_and_arrows_lead_through_the_menu_of_a_card_and_escape_back_to_it(
    browser, live_server, organiser, question
):
    open_columns(question, "Auftrag", "Geld", "Zeit", by=organiser)
    card = Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text="Rolle")
    moderator = moderator_of(browser, live_server, organiser, question)
    menu = moderator.page.get_by_role("dialog", name="Karte verschieben: Rolle")

    moderator.page.locator(f"#menu-{card.pk}").click()
    menu.wait_for()
    moderator.check()
    seen = []
    for key in ("z", "ArrowUp", "ArrowDown", "End", "ArrowDown"):
        moderator.page.keyboard.press(key)
        seen.append(focused(moderator).inner_text())
    moderator.page.keyboard.press("Escape")

    assert seen == ["Zeit", "Geld", "Zeit", "verdecken", "Auftrag"]
    assert focused(moderator).get_attribute("id") == f"menu-{card.pk}"
    assert menu.count() == 0


@pytest.mark.parametrize("opener", ["Verschieben, verdecken", "Spalte ändern"])
def test_menu_is_accessible_and_fits_in_every_window(browser, live_server, organiser, question, opener):
    for title in ("Auftrag", "Zuständigkeit" * 9, *(f"Thema {number}" for number in range(12))):
        open_column(question=question, title=title, by=organiser)
    in_round, column = question.workshop.rounds.get(), question.clusters.first()
    Card.objects.create(guiding_question=question, round=in_round, text="Verwaltung" * 20, cluster=column)
    moderator = moderator_of(browser, live_server, organiser, question)

    moderator.page.get_by_role("link", name=opener).first.click()
    menu = moderator.page.get_by_role("dialog")
    menu.wait_for()

    moderator.check()
    for viewport in (DESKTOP, NARROW):
        for scheme in ("light", "dark"):
            moderator.look(viewport, scheme=scheme)
        moderator.page.set_viewport_size(viewport)
        box = menu.bounding_box()
        assert box["y"] == pytest.approx(viewport["height"] - box["y"] - box["height"], abs=1)
        assert menu.evaluate("menu => menu.scrollWidth - menu.clientWidth") == 0


def test_only_columns_that_changed_are_exchanged(browser, live_server, organiser, question):
    open_columns(question, "Auftrag", "Geld", "Zeit", by=organiser)
    in_round = question.workshop.rounds.get()
    columns = {column.title: column for column in question.clusters.all()}
    cards = [
        Card.objects.create(guiding_question=question, round=in_round, text=text, cluster=columns["Geld"])
        for text in ("Rolle", "Mandat")
    ]
    moderator = moderator_of(browser, live_server, organiser, question)
    moderator.page.get_by_label("Mandat").check()
    moderator.page.evaluate(
        "document.querySelectorAll('[data-column]').forEach(column => { column.isOld = true; })"
    )

    move_cards(question=question, cards=[cards[0].pk], column=columns["Zeit"], by=organiser)
    rename_column(column=columns["Auftrag"], title="Mandate", by=organiser)
    shift_column(column=columns["Auftrag"], before=None, by=organiser)

    moderator.page.get_by_role("region", name="Zeit").get_by_text("Rolle").wait_for(timeout=SOON)
    moderator.page.get_by_role("region", name="Mandate").wait_for(timeout=SOON)
    moderator.page.wait_for_function(
        "[...document.querySelectorAll('h2')].some(h => h.innerText === 'Mandate (0)')"
    )
    headings = moderator.page.locator("[data-column] > h2").all_inner_texts()
    assert headings == ["Geld (1)", "Zeit (1)", "Mandate (0)"]
    assert moderator.page.get_by_label("Mandat", exact=True).is_checked()
    move_cards(question=question, cards=[cards[0].pk], column=columns["Geld"], by=organiser)
    moderator.page.evaluate(
        "document.querySelectorAll('[data-column]').forEach(column => { column.isOld = true; })"
    )
    moderator.page.get_by_role("region", name="Geld").get_by_text("Rolle").wait_for(timeout=SOON)
    old = moderator.page.evaluate("[...document.querySelectorAll('[data-column]')].map(column => !!column.isOld)")
    assert old == [False, False, True]


def test_wall_is_sorted_without_script(browser, live_server, organiser, question):
    open_column(question=question, title="Auftrag", by=organiser)
    open_column(question=question, title="Zeit", by=organiser)
    Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text="Rolle")
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    visitor = moderator_of(browser, live_server, organiser, question)
    page.context.add_cookies(visitor.context.cookies())
    visitor.context.close()
    page.goto(live_server.url + reverse("evaluation:wall_board", args=[question.pk]))

    page.get_by_role("link", name="Verschieben, verdecken").click()
    page.get_by_role("button", name="Auftrag").click()
    page.get_by_role("region", name="Auftrag").get_by_role("link", name="Spalte ändern").click()
    page.get_by_label("Andere Spalte").select_option(label="Zeit")
    page.get_by_role("button", name="mit ihr zusammenlegen").click()

    page.get_by_role("button", name="Rückgängig: „Auftrag“ mit „Zeit“ zusammengelegt").wait_for()
    assert page.get_by_role("region", name="Zeit").get_by_text("Rolle").count() == 1
