"""The projector with more cards than it has room for."""

import itertools
import uuid

import pytest
from django.urls import reverse

from evaluation.actions.hanging import hang_cards
from evaluation.actions.polls import close_poll, open_poll, set_points
from evaluation.actions.walls import move_cards
from evaluation.models import Card, CardSource
from tests.browser.site import DESKTOP, Visitor
from tests.evaluation.workshops import filled_wall, guiding_question

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 4000  # a second between two looks, and a busy machine
COLUMNS = 10
LONG = "Wir erfahren erst, wer über die Mittel entscheidet, wenn der Haushalt schon beschlossen ist. " * 2


@pytest.fixture
def question(transactional_db, organiser):
    return filled_wall(columns=COLUMNS, each=10, by=organiser)


def screen_of(browser, live_server, organiser, question):
    screen = Visitor(browser, live_server.url, viewport=DESKTOP)
    screen.be(organiser)
    screen.page.clock.install()
    screen.open(reverse("evaluation:wall_screen", args=[question.workshop_id]))
    screen.page.evaluate("document.fonts.ready")
    return screen


@pytest.fixture
def screen(browser, live_server, organiser, question):
    screen = screen_of(browser, live_server, organiser, question)
    screen.page.locator(".screen-page").wait_for()
    screen.check()
    return screen


def page_number(screen):
    return screen.page.locator(".screen-page strong").inner_text()


def seen_in_full(screen):
    return screen.page.evaluate(
        """[...document.querySelectorAll(".wall-card")].filter(card => {
             const box = card.getBoundingClientRect();
             return box.bottom <= document.querySelector(".screen-stage").getBoundingClientRect().bottom + 1;
           }).map(card => card.innerText)"""
    )


def test_pages_turn_by_themselves_until_every_card_was_seen(screen):
    assert screen.page.evaluate("document.documentElement.scrollHeight") == DESKTOP["height"]
    number = int(page_number(screen).rpartition(" ")[2])
    seen = []

    for page in range(1, number + 1):
        assert page_number(screen) == f"Seite {page} von {number}"
        seen += seen_in_full(screen)
        screen.page.clock.run_for(10_000)

    assert number > 1
    assert len(seen) == len(set(seen)) == 10 * COLUMNS
    assert page_number(screen) == f"Seite 1 von {number}"


def test_every_column_has_its_number_in_sight(screen):
    entries = screen.page.locator(".screen-index li")

    assert [" ".join(text.split()) for text in entries.all_inner_texts()] == [
        f"Spalte {number} (10)" for number in range(COLUMNS)
    ]
    assert entries.locator("xpath=self::*[@aria-current]").count() < COLUMNS
    screen.look({"width": 1280, "height": 720}, scheme="dark")


def test_keys_turn_and_the_space_bar_stops_and_goes_on(screen):
    numbers = []

    for key in ("PageDown", "ArrowLeft", "ArrowLeft"):
        screen.page.keyboard.press(key)
        numbers.append(page_number(screen).split()[1])
    screen.page.clock.run_for(30_000)
    held = page_number(screen).split()[1]
    screen.page.keyboard.press(" ")
    screen.page.clock.run_for(10_000)

    last = page_number(screen).split()[3]
    assert numbers == ["2", "1", last]
    assert held == last
    assert page_number(screen).split()[1] == "1"


def test_page_with_what_is_new_is_shown_at_once(screen, question, organiser):
    last = question.clusters.last()
    card = Card.objects.get(text="Wer klärt 0 Spalte 0?")
    moved = screen.page.locator(".wall-card", has_text=card.text)
    assert moved.is_visible()

    move_cards(question=question, cards=[card.pk], column=last, by=organiser)
    screen.page.clock.run_for(2000)
    screen.page.locator(".screen-strip", has_text=last.title).filter(has=moved).wait_for(timeout=SOON)
    assert page_number(screen).split()[1] != "1"
    hang_cards(
        question=question,
        in_round=question.workshop.rounds.get(),
        texts={uuid.uuid4(): "Neu"},
        source=CardSource.PAPER,
    )
    screen.page.clock.run_for(2000)

    screen.page.locator(".wall-card", has_text="Neu").wait_for(timeout=SOON)


@pytest.mark.parametrize("viewport", [DESKTOP, {"width": 1280, "height": 720}])
def test_number_of_the_page_is_in_the_window_of_a_demo_and_as_large_as_cards(
    browser, live_server, organiser, question, settings, viewport
):
    settings.DEMO = True
    screen = screen_of(browser, live_server, organiser, question)
    screen.page.set_viewport_size(viewport)
    number = screen.page.locator(".screen-page strong")
    number.wait_for()

    box = number.bounding_box()
    assert box["y"] + box["height"] <= viewport["height"]
    assert screen.page.evaluate("document.documentElement.scrollHeight") == viewport["height"]
    assert screen.page.locator(".demo-ribbon").is_visible()
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    assert number.evaluate(size) >= screen.page.locator(".wall-card").first.evaluate(size)
    screen.check()


def test_page_that_is_held_stays_and_names_where_the_newest_card_hangs(screen, question, organiser):
    screen.page.keyboard.press(" ")
    card = Card.objects.get(text="Wer klärt 0 Spalte 0?")

    move_cards(question=question, cards=[card.pk], column=question.clusters.last(), by=organiser)
    screen.page.clock.run_for(2000)
    last = page_number(screen).split()[3]
    screen.page.get_by_text(f"Neues auf Seite {last}. Angehalten").wait_for(timeout=SOON)

    assert page_number(screen).split()[1] == "1"
    screen.page.keyboard.press("ArrowLeft")
    screen.page.locator(".wall-card", has_text=card.text).wait_for()
    assert screen.page.get_by_text("Neues auf").count() == 0


def hung(texts, *, titles=()):
    question = guiding_question()
    columns = [question.clusters.create(title=title, position=at) for at, title in enumerate(titles)]
    in_round = question.workshop.rounds.get()
    Card.objects.bulk_create(
        Card(guiding_question=question, round=in_round, text=text, cluster=column)
        for text, column in zip(texts, itertools.cycle(columns or [None]), strict=False)
    )
    return question


def test_few_cards_hang_on_one_page_without_more(browser, live_server, organiser):
    screen = screen_of(browser, live_server, organiser, hung(["Rolle", "Mandat", "Zeit"]))

    assert screen.page.locator(".screen-page, .screen-index").count() == 0
    assert screen.page.locator(".wall-card").count() == 3


@pytest.mark.parametrize("titles", [(), ("Rolle", "Zeit", "Geld", "Mandat", "Recht")])
def test_few_cards_with_long_texts_fill_one_page_that_is_not_counted(browser, live_server, organiser, titles):
    screen = screen_of(browser, live_server, organiser, hung([LONG] * 8, titles=titles))

    screen.page.locator(".screen-sheet").wait_for()
    assert screen.page.locator(".screen-page, .screen-index").count() == 0
    assert len(seen_in_full(screen)) == 8
    right = (
        "Math.max(...[...document.querySelectorAll('.wall-card')].map(card => card.getBoundingClientRect().right))"
    )
    assert screen.page.evaluate(right) > DESKTOP["width"] * 0.75
    screen.page.keyboard.press("ArrowRight")
    assert len(seen_in_full(screen)) == 8


def test_no_card_is_cut_below_a_heading_of_two_lines(browser, live_server, organiser):
    titles = ["Rolle klären", "Zwischen zwei Terminen", "Was im Haushalt steht", "Mandat im Fachausschuss"]
    screen = screen_of(browser, live_server, organiser, hung([LONG, "Zeit", LONG[:90]] * 20, titles=titles))
    screen.page.locator(".screen-page").wait_for()
    seen = 0

    for _ in range(int(page_number(screen).split()[3])):
        seen += len(seen_in_full(screen))
        screen.page.keyboard.press("ArrowRight")

    assert seen == 60


@pytest.mark.parametrize("width", [1280, 1920])
def test_result_of_many_columns_is_seen_in_full(browser, live_server, transactional_db, organiser, settings, width):
    question = filled_wall(columns=30, each=13, by=organiser)
    question.clusters.filter(position__lte=15).update(title=LONG[:90])
    weigh(question)
    settings.BASE_URL = "http://127.0.0.1:8000"
    screen = Visitor(browser, live_server.url, viewport={"width": width, "height": width * 9 // 16})
    screen.be(organiser)
    screen.open(reverse("evaluation:wall_screen", args=[question.workshop_id]))
    screen.page.locator(".screen-page").wait_for()

    seen = []
    while rows := screen.page.evaluate(ROWS):
        assert [row["isCut"] for row in rows] == [False] * len(rows)
        seen += [row["label"] for row in rows]
        screen.page.keyboard.press("ArrowRight")

    assert len(seen) == 30
    assert len({*screen.page.locator(".screen-address span").evaluate_all("all => all.map(e => e.offsetTop)")}) == 1
    screen.check()


ROWS = """[...document.querySelectorAll(".wall-results .bar-row")].map(row => {
  const stage = document.querySelector(".screen-stage").getBoundingClientRect();
  const box = row.getBoundingClientRect();
  return { label: row.innerText, isCut: box.bottom > stage.bottom + 1 || box.right > stage.right + 1 };
})"""


def weigh(question):
    poll = open_poll(question=question, people=4, may_accumulate=False)
    set_points(poll=poll, points=dict.fromkeys([question.clusters.first().pk], 1), key="1")
    close_poll(poll=poll)
