"""The moderator's wall when it is longer than the window."""

import pytest
from django.urls import reverse

from evaluation.actions.walls import move_cards, open_column
from evaluation.models import Card
from tests.browser.site import DESKTOP, Visitor
from tests.evaluation.workshops import filled_wall

pytestmark = pytest.mark.django_db(transaction=True)
NARROW = {"width": 320, "height": 640}
SOON = 4000  # a second between two looks, and a busy machine
COLUMNS = 12


@pytest.fixture
def question(transactional_db, organiser):
    return filled_wall(columns=COLUMNS, each=5, by=organiser)


@pytest.fixture
def board(browser, live_server, organiser, question):
    board = Visitor(browser, live_server.url, viewport=DESKTOP)
    board.be(organiser)
    board.open(reverse("evaluation:wall_board", args=[question.pk]))
    return board


def box(board, selector):
    return board.page.locator(selector).bounding_box()


@pytest.mark.parametrize("viewport", [DESKTOP, NARROW])
def test_refusal_stands_in_the_window_and_hides_neither_bar_nor_focus(board, viewport):
    board.page.set_viewport_size(viewport)
    card = Card.objects.get(text="Wer klärt 4 Spalte 6?")
    choice = board.page.locator(f"#card-{card.pk}")
    choice.check()
    board.page.evaluate("document.activeElement.scrollIntoView({ block: 'end' })")
    board.page.context.set_offline(True)

    board.page.get_by_role("button", name="Verschieben", exact=True).evaluate("button => button.click()")
    board.page.get_by_text("Kein Netz").wait_for()

    status, bar = box(board, ".board-status"), box(board, "#bar")
    assert status["y"] + status["height"] <= viewport["height"]
    assert bar["y"] + bar["height"] <= status["y"]
    focused = box(board, f"#card-{card.pk}:focus")
    assert focused["y"] >= 0
    assert focused["y"] + focused["height"] <= bar["y"]
    board.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")  # where no card is half behind the bar
    for scheme in ("light", "dark"):
        board.look(viewport, scheme=scheme)


def test_keyboard_does_not_lead_behind_the_bar(board):
    board.page.get_by_label("Wer klärt 0 Spalte 0?").check()

    for _ in range(40):
        board.page.keyboard.press("Tab")
        assert board.page.evaluate(
            """document.activeElement.getBoundingClientRect().bottom
               <= document.querySelector('#bar').getBoundingClientRect().top"""
        )


def test_steps_of_others_are_shown_while_a_heading_is_typed(board, question, organiser):
    title = board.page.get_by_label("in eine neue Spalte")
    title.fill("Auftrag")
    card, column = Card.objects.get(text="Wer klärt 0 Spalte 0?"), question.clusters.get(title="Spalte 1")

    move_cards(question=question, cards=[card.pk], column=column, by=organiser)
    open_column(question=question, title="Geld", by=organiser)

    board.page.get_by_role("region", name="Spalte 1 (6)").get_by_text(card.text).wait_for(timeout=SOON)
    board.page.get_by_role("region", name="Geld").wait_for(timeout=SOON)
    board.page.keyboard.type(" klären")
    assert title.input_value() == "Auftrag klären"
    assert board.page.get_by_label("in die Spalte").get_by_text("Geld").count() == 1


def test_folded_column_stays_folded_and_takes_a_card_that_is_dragged_onto_it(board, question, organiser):
    first, last = (board.page.get_by_role("region", name=f"Spalte {number} (") for number in (0, COLUMNS - 1))
    board.page.set_viewport_size({"width": 1440, "height": 1600})  # both ends of the way in sight
    board.page.get_by_role("button", name="Alle Spalten zuklappen").click()
    first.locator("summary").click()
    board.check()
    card = first.locator("[data-card]", has_text="Wer klärt 4")

    card.drag_to(last.locator("h2"))
    board.page.get_by_role("heading", name=f"Spalte {COLUMNS - 1} (6)").wait_for()
    board.page.reload()

    assert question.clusters.last().cards.count() == 6
    assert [details.get_attribute("open") for details in board.page.locator("details").all()].count("") == 1
    assert first.get_by_text("Wer klärt 0").is_visible()
    assert last.get_by_text("Wer klärt 4 Spalte 0?").is_hidden()
    board.page.get_by_role("button", name="Alle aufklappen").click()
    assert last.get_by_text("Wer klärt 4 Spalte 0?").is_visible()


def test_only_what_changed_in_folded_columns_is_exchanged(board, question, organiser):
    board.page.get_by_role("button", name="Alle Spalten zuklappen").click()
    board.page.evaluate("document.querySelectorAll('[data-column]').forEach(column => { column.isOld = true; })")

    card, column = Card.objects.get(text="Wer klärt 0 Spalte 0?"), question.clusters.get(title="Spalte 1")
    move_cards(question=question, cards=[card.pk], column=column, by=organiser)

    board.page.get_by_role("heading", name="Spalte 1 (6)").wait_for(timeout=SOON)
    assert board.page.evaluate("[...document.querySelectorAll('[data-column]')].filter(c => c.isOld).length") == 10
    assert board.page.locator("details[open]").count() == 0


def test_columns_use_the_window_and_are_folded_without_script(browser, live_server, board):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 1920, "height": 1080}).new_page()
    page.context.add_cookies(board.context.cookies())
    page.goto(board.page.url)
    first = page.get_by_role("region", name="Spalte 0 (5)")

    right = max(
        column.bounding_box()["x"] + column.bounding_box()["width"]
        for column in page.locator("section[data-column]").all()
    )
    first.locator("summary").click()

    assert right > 1920 * 0.95
    assert first.get_by_text("Wer klärt 0").is_hidden()
    assert first.get_by_role("heading", name="Spalte 0 (5)").is_visible()
    assert page.get_by_role("button", name="Alle Spalten zuklappen").is_hidden()
