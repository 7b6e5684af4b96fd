"""Who waits for a document, for how long, and what becomes of it when the press is ended from outside."""

import os
import re
import signal
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from netzkoord import web
from netzkoord.lib import limits, pdf, press
from netzkoord.lib.press import Label, Order, Press, Presses
from tests.pdf import pdf_text


def order(content="<p>weiter", **options):
    return Order([f"<html lang=de><title>x</title><h1>x</h1>{content}"], Label("x", "x", ""), (), **options)


ENDLESS = "<div style='display:flex'>" * 30


@pytest.fixture
def warm():
    """A press of the test's own that has started already."""
    one = Press(pdf.static_folders())
    one.make(order())
    yield one
    one.stop()


@pytest.fixture
def presses():
    own = Presses(pdf.static_folders(), count=2)
    yield own
    own.stop()


@contextmanager
def in_background(work):
    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join()


def test_a_document_whose_press_is_killed_is_made_by_the_next_one(warm, caplog):
    process = warm.process
    process.send_signal(signal.SIGSTOP)  # so that it is at work when it is killed

    def kill():
        time.sleep(0.5)
        process.kill()

    with in_background(kill):
        printed = warm.make(order())

    assert pdf_text(printed.paper) == "x weiter Seite 1 von 1"
    assert caplog.messages == ["A press ended by itself while making a document: code -9"]


def test_a_document_whose_presses_are_killed_twice_is_refused_without_a_lie(warm, caplog):
    is_over = threading.Event()

    def kill_each():
        while not is_over.wait(0.02):
            process = warm.process
            if process is not None:
                process.kill()

    with in_background(kill_each):
        try:
            with pytest.raises(pdf.PressesBusy, match="zweimal abgebrochen; vielleicht fehlt dem Server Arbeits"):
                warm.make(order(ENDLESS))
        finally:
            is_over.set()

    assert caplog.messages == ["A press ended by itself while making a document: code -9"] * 2
    assert pdf_text(warm.make(order()).paper) == "x weiter Seite 1 von 1"


def test_a_press_that_wanted_too_much_memory_is_not_tried_again(warm, caplog):
    warm.process.send_signal(signal.SIGSTOP)
    pid = warm.process.pid

    def abort():
        time.sleep(0.5)
        os.kill(pid, signal.SIGABRT)
        os.kill(pid, signal.SIGCONT)

    with in_background(abort), pytest.raises(pdf.DocumentTooLarge, match="zu viel Arbeitsspeicher"):
        warm.make(order())

    assert caplog.messages == ["A press ended by itself while making a document: code -6"]


def test_one_deadline_holds_for_start_and_layout(warm):
    cold = Press(pdf.static_folders())

    with pytest.raises(pdf.PressesBusy, match="zu sehr ausgelastet"):
        cold.make(order(), until=time.monotonic() + 0.01)
    with pytest.raises(pdf.PressesBusy, match="zu sehr ausgelastet"):
        warm.make(order(ENDLESS), until=time.monotonic() + 1)

    assert cold.process is None


def test_one_deadline_holds_for_all_that_is_waited_for(presses, monkeypatch):
    monkeypatch.setattr(press, "QUEUE_SECONDS", 2.0)
    monkeypatch.setattr(press, "LONG_CHARACTERS", 10)
    presses.long_ones.acquire()

    def let_the_next_long_one_pass():
        time.sleep(1.5)
        presses.long_ones.release()

    with ExitStack() as taken:
        for _ in presses.all:
            taken.enter_context(presses.one())
        with in_background(let_the_next_long_one_pass):
            began = time.monotonic()
            with pytest.raises(pdf.PressesBusy, match="andere Dokumente"):
                presses.make(order())

    assert time.monotonic() - began < 3


def test_only_so_many_wait_and_the_next_is_told_at_once(presses, monkeypatch):
    monkeypatch.setattr(press, "QUEUE_SECONDS", 30.0)
    outcomes = []

    def ask():
        outcomes.append(presses.make(order()).pages)

    waiting = [threading.Thread(target=ask) for _ in range(press.MOST_AT_ONCE)]
    with ExitStack() as taken:
        for _ in presses.all:
            taken.enter_context(presses.one())
        for thread in waiting:
            thread.start()
        patience = time.monotonic() + 10
        while presses.places.acquire(blocking=False) and time.monotonic() < patience:
            presses.places.release()
            time.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(pdf.PressesBusy, match="andere Dokumente"):
            presses.make(order())
        assert time.monotonic() - began < 5
    for thread in waiting:
        thread.join()

    assert outcomes == [1] * press.MOST_AT_ONCE


def test_threads_are_left_for_pages_wherever_the_server_is_started():
    manual = Path(web.__file__).parent.parent.joinpath("docs/operation.md").read_text()

    threads = [int(number) for number in re.findall(r"--blocking-threads (\d+)", manual)]
    assert set(threads) == {web.THREADS}
    assert web.THREADS - press.MOST_AT_ONCE - press.REPORTS_AT_ONCE >= 2


@pytest.mark.parametrize(
    "address",
    [
        "/durchgaenge/1/evaluationsbericht.pdf",
        "/erhebungen/1/bericht.pdf",
        "/termine/1/bedarfsbericht.pdf",
        "/meine-daten/auskunft.pdf",
    ],
)
def test_report_is_not_even_collected_when_as_many_are_as_may_be(client, organiser, address):
    client.force_login(organiser)

    with ExitStack() as taken:
        for _ in range(press.REPORTS_AT_ONCE):
            taken.enter_context(press.turn(limits.reports_at_once, 0))
        busy = client.get(address)
    later = client.get(address)

    assert busy.status_code == 503
    assert "Gerade werden andere Dokumente erstellt." in busy.content.decode()
    assert later.status_code in (200, 404)
