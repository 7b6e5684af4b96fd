"""100 phones, a projector and two moderators at one wall, as their scripts ask the server; run by bench_wall.py."""

import contextlib
import http.client
import random
import re
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

PHONES = 100
CARDS_EACH = 2
JOINING = 10  # seconds in which everybody scans the code
WRITING = 60  # seconds in which all cards are hung up
QUIET = 60  # seconds in which nothing happens
PHONE_EVERY, SCREEN_EVERY = 2, 1  # as in static/js/wall_*.js
STEP_EVERY = 2
WARMING = 16  # connections at once, more than the server has threads


def prepare() -> dict[str, Any]:
    """A workshop with an open question, and the sessions of three people; needs Django."""
    from django.conf import settings
    from django.test import Client

    from evaluation.actions.walls import ask
    from evaluation.queries.walls import signed_code
    from netzkoord import roles
    from tests import factories
    from tests.evaluation.workshops import guiding_question, open_columns

    question = guiding_question(people=PHONES, cards_each=CARDS_EACH)
    ask(question=question, in_round=question.workshop.rounds.get())
    sessions = []
    for number in range(3):
        person = factories.staff(roles.ORGANISATION, email=f"moderation{number}@stadt.example")
        client = Client()
        client.force_login(person)
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    open_columns(question, "Rolle", "Zeit", "Geld", "Mandat", by=person)
    return {
        "code": signed_code(question.workshop),  # as the QR code says it
        "workshop": question.workshop_id,
        "question": question.pk,
        "columns": list(question.clusters.values_list("pk", flat=True)),
        "sessions": sessions,
    }


@dataclass
class Room:
    """What was measured; each list is appended to by many threads."""

    address: str
    wall: dict[str, Any]
    ends_at: float = 0
    is_quiet: bool = False
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    sizes: Counter[tuple[str, int]] = field(default_factory=Counter)
    hung_at: dict[str, float] = field(default_factory=dict)
    seen_at: dict[str, dict[str, float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: int, seconds: float, size: int) -> None:
        with self.lock:
            self.statuses[kind, status] += 1
            self.sizes[kind, status] += size
            self.seconds.setdefault(kind, []).append(seconds)

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.ends_at


class Browser:
    """One connection that stays open, with its cookies."""

    def __init__(self, room: Room, cookies: dict[str, str]) -> None:
        self.room = room
        self.cookies = cookies
        self.connection = http.client.HTTPConnection(room.address, timeout=120)

    def close(self) -> None:
        self.connection.close()

    def send(
        self, kind: str, path: str, *, sent: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, ETag and text of the answer, whose time is noted under `kind`."""
        heads = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | (headers or {})
        body = None
        if sent is not None:
            body = urlencode(sent)
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        self.connection.request("POST" if body is not None else "GET", path, body, heads)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.room.note(kind, answer.status, time.monotonic() - began, len(text.encode()))
        for name, value in re.findall(r"(\w+)=([^;]+)", "; ".join(answer.headers.get_all("Set-Cookie") or [])):
            if name in ("wand", "csrftoken"):
                self.cookies[name] = value
        return answer.status, answer.headers.get("ETag", ""), text


def phone(room: Room, number: int) -> None:
    chance = random.Random(number)  # noqa: S311 -- the same room each time
    time.sleep(chance.uniform(0, JOINING))
    with contextlib.closing(Browser(room, {})) as browser:
        take_part(room, browser, number, chance)


def take_part(room: Room, browser: Browser, number: int, chance: random.Random) -> None:
    code, question = room.wall["code"], room.wall["question"]
    browser.send("page of a phone", f"/wand/{code}/")
    cards = 0 if room.is_quiet else CARDS_EACH
    moments = sorted(time.monotonic() + chance.uniform(0, WRITING - JOINING) for _ in range(cards))
    while not room.is_over:
        browser.send("phone looks", f"/wand/{code}/stand/")
        looks_next = time.monotonic() + PHONE_EVERY
        while moments and moments[0] < looks_next:
            time.sleep(max(0, moments.pop(0) - time.monotonic()))
            text = f"Gedanke {number} {len(moments)} über das Netzwerk in unserer Stadt."
            room.hung_at[text] = time.monotonic()
            sent = {"text": text, "key": uuid.uuid4().hex, "question": str(question)}
            headers = {"Accept": "application/json"}
            browser.send("card is hung up", f"/wand/{code}/karten/", sent=sent, headers=headers)
        time.sleep(max(0, looks_next - time.monotonic()))


def screen(room: Room, name: str, path: str, session: str, *, sorts: bool = False) -> None:
    with contextlib.closing(Browser(room, {"sessionid": session})) as browser:
        watch(room, browser, name, path, sorts=sorts)


def watch(room: Room, browser: Browser, name: str, path: str, *, sorts: bool) -> None:
    seen = room.seen_at.setdefault(name, {})
    tag = ""
    token, steps_next = "", time.monotonic() + STEP_EVERY
    if sorts:
        _, _, page = browser.send("page of the board", f"/leitfragen/{room.wall['question']}/wand/")
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
    while not room.is_over:
        _, new_tag, text = browser.send("screen looks", path, headers={"If-None-Match": tag} if tag else {})
        if text:
            tag = new_tag
            moment = time.monotonic()
            for card in re.findall(r"Gedanke \d+ \d+ über das Netzwerk in unserer Stadt\.", text):
                seen.setdefault(card, moment)
        if sorts and not room.is_quiet and time.monotonic() > steps_next:
            steps_next += STEP_EVERY
            if cards := re.findall(r'data-card="(\d+)"', text):
                sort(room, browser, token, random.choice(cards))  # noqa: S311 -- any card
                continue
        time.sleep(SCREEN_EVERY)


def sort(room: Room, browser: Browser, token: str, card: str) -> None:
    column = random.choice(room.wall["columns"])  # noqa: S311 -- any column
    sent = {"csrfmiddlewaretoken": token, "do": f"move:{card}:{column}"}
    path = f"/leitfragen/{room.wall['question']}/wand/schritt/"
    browser.send("card is moved", path, sent=sent, headers={"Accept": "text/plain"})


def warm(address: str, wall: dict[str, Any]) -> None:
    """Each process of the server has answered everything once, as after a minute of preparing the room."""
    room = Room(address, wall)
    board = f"/leitfragen/{wall['question']}/wand/stand/"
    screens = [board, f"/workshops/{wall['workshop']}/leinwand/stand/"]
    for _ in range(3):
        with contextlib.ExitStack() as stack, ThreadPoolExecutor(WARMING) as people:
            browsers = [Browser(room, {"sessionid": wall["sessions"][0]}) for _ in range(WARMING)]
            for browser in browsers:
                stack.callback(browser.close)
            paths = [f"/wand/{wall['code']}/", f"/wand/{wall['code']}/stand/", *screens] * (WARMING // 4)
            list(people.map(lambda browser, path: browser.send("warm", path), browsers, paths))


def fill(address: str, wall: dict[str, Any]) -> Room:
    """Everybody at once, until a few seconds after the last card."""
    return gather(Room(address, wall, ends_at=time.monotonic() + WRITING + 5))


def rest(address: str, wall: dict[str, Any]) -> Room:
    """The same people look at a wall at which nothing happens."""
    return gather(Room(address, wall, ends_at=time.monotonic() + QUIET, is_quiet=True))


def gather(room: Room) -> Room:
    wall = room.wall
    board = f"/leitfragen/{wall['question']}/wand/stand/"
    people: list[tuple[Any, ...]] = [(phone, number) for number in range(PHONES)]
    people.append((screen, "projector", f"/workshops/{wall['workshop']}/leinwand/stand/?", wall["sessions"][0]))
    people.append((screen, "second board", board, wall["sessions"][1]))
    threads = [threading.Thread(target=guarded, args=[room, *person]) for person in people]
    sorting = {"sorts": True}
    threads.append(
        threading.Thread(target=guarded, args=[room, screen, "board", board, wall["sessions"][2]], kwargs=sorting)
    )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return room


def guarded(room: Room, person: Any, *args: Any, **kwargs: Any) -> None:
    """A connection that breaks is an error of the room, not of one thread."""
    try:
        person(room, *args, **kwargs)
    except Exception as error:
        room.failures.append(f"{person.__name__} {args}: {error!r}")


def report(room: Room) -> dict[str, Any]:
    delays = [
        max(seen.get(card, float("inf")) for seen in room.seen_at.values()) - hung
        for card, hung in room.hung_at.items()
    ]
    return what_was_asked(room) | {
        "cards": len(room.hung_at),
        "on every screen after s, median and longest": (round(median(delays), 2), round(max(delays), 2)),
    }


def what_was_asked(room: Room) -> dict[str, Any]:
    return {
        "requests": sum(room.statuses.values()),
        "errors": len(room.failures) + sum(n for (_, status), n in room.statuses.items() if status >= 400),
        "failures": room.failures[:3],
        "statuses": {f"{kind} {status}": count for (kind, status), count in sorted(room.statuses.items())},
        "bytes of an answer": {
            f"{kind} {status}": round(size / room.statuses[kind, status])
            for (kind, status), size in sorted(room.sizes.items())
        },
        "share of 304": {kind: round(share_of_304(room, kind), 3) for kind in ("screen looks", "phone looks")},
        "ms, median and 95 %": {
            kind: (round(1000 * median(times)), round(1000 * quantiles(times, n=20)[-1]))
            for kind, times in sorted(room.seconds.items())
            if len(times) > 1
        },
    }


def share_of_304(room: Room, kind: str) -> float:
    looks = {status: count for (each, status), count in room.statuses.items() if each == kind}
    return looks.get(304, 0) / max(1, sum(looks.values()))
