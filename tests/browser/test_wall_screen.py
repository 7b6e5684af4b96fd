"""The projector with more cards than it has room for."""

import uuid

import pytest
from django.urls import reverse

from evaluation.actions.hanging import hang_cards
from evaluation.actions.walls import move_cards, open_column
from evaluation.models import Card, CardSource
from tests.browser.site import DESKTOP, Visitor
from tests.evaluation.workshops import guiding_question

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 4000  # a second between two looks, and a busy machine
COLUMNS = 10


@pytest.fixture
def question(transactional_db, organiser):
    """A wall of so many columns with ten cards each."""
    question = guiding_question()
    for number in range(COLUMNS):
        open_column(question=question, title=f"Spalte {number}", by=organiser)
    in_round = question.workshop.rounds.get()
    Card.objects.bulk_create(
        Card(guiding_question=question, round=in_round, text=f"Wer klärt {number} {column.title}?", cluster=column)
        for column in question.clusters.all()
        for number in range(10)
    )
    return question


@pytest.fixture
def screen(browser, live_server, organiser, question):
    screen = Visitor(browser, live_server.url, viewport=DESKTOP)
    screen.be(organiser)
    screen.page.clock.install()
    screen.open(reverse("evaluation:wall_screen", args=[question.workshop_id]))
    screen.page.locator(".screen-page").wait_for()
    screen.check()
    return screen


def sheet(screen):
    """The number of the page, and the cards that are seen in full on it."""
    seen = screen.page.evaluate(
        """[...document.querySelectorAll(".wall-card")].filter(card => {
             const box = card.getBoundingClientRect();
             return box.bottom <= document.querySelector(".screen-stage").getBoundingClientRect().bottom + 1;
           }).map(card => card.innerText)"""
    )
    return screen.page.locator(".screen-page").inner_text().partition(" · ")[0], seen


def test_pages_turn_by_themselves_until_every_card_was_seen(screen):
    assert screen.page.evaluate("document.documentElement.scrollHeight") == DESKTOP["height"]
    number = int(sheet(screen)[0].rpartition(" ")[2])
    seen = []

    for page in range(1, number + 1):
        assert sheet(screen)[0] == f"Seite {page} von {number}"
        seen += sheet(screen)[1]
        screen.page.clock.run_for(10_000)

    assert number > 1
    assert len(seen) == len(set(seen)) == 10 * COLUMNS
    assert sheet(screen)[0] == f"Seite 1 von {number}"


def test_every_column_has_its_number_in_sight(screen):
    entries = screen.page.locator(".screen-index li")

    assert [" ".join(text.split()) for text in entries.all_inner_texts()] == [
        f"Spalte {number} (10)" for number in range(COLUMNS)
    ]
    assert entries.locator("xpath=self::*[@aria-current]").count() < COLUMNS


def test_keys_turn_and_the_space_bar_stops_and_goes_on(screen):
    numbers = []

    for key in ("PageDown", "ArrowLeft", "ArrowLeft"):
        screen.page.keyboard.press(key)
        numbers.append(sheet(screen)[0].split()[1])
    screen.page.clock.run_for(30_000)
    held = sheet(screen)[0].split()[1]
    screen.page.keyboard.press(" ")
    screen.page.clock.run_for(10_000)

    last = sheet(screen)[0].split()[3]
    assert numbers == ["2", "1", last]
    assert held == last
    assert sheet(screen)[0].split()[1] == "1"


def test_page_with_what_is_new_is_shown_at_once(screen, question, organiser):
    last = question.clusters.last()
    card = Card.objects.get(text="Wer klärt 0 Spalte 0?")
    moved = screen.page.locator(".wall-card", has_text=card.text)
    assert moved.is_visible()

    move_cards(question=question, cards=[card.pk], column=last, by=organiser)
    screen.page.clock.run_for(2000)
    screen.page.locator(".screen-strip", has_text=last.title).filter(has=moved).wait_for(timeout=SOON)
    assert sheet(screen)[0].split()[1] != "1"
    hang_cards(
        question=question,
        in_round=question.workshop.rounds.get(),
        texts={uuid.uuid4(): "Neu"},
        source=CardSource.PAPER,
    )
    screen.page.clock.run_for(2000)

    screen.page.locator(".wall-card", has_text="Neu").wait_for(timeout=SOON)


def test_few_cards_hang_on_one_page_without_more(browser, live_server, organiser):
    question = guiding_question()
    for text in ("Rolle", "Mandat", "Zeit"):
        Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text=text)
    screen = Visitor(browser, live_server.url, viewport=DESKTOP)
    screen.be(organiser)

    screen.open(reverse("evaluation:wall_screen", args=[question.workshop_id]))

    assert screen.page.locator(".screen-page, .screen-index").count() == 0
    assert screen.page.locator(".wall-card").count() == 3
