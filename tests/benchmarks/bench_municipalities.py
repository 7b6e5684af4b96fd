"""Eleven thousand municipalities: read in, searched while somebody types, listed, matched. Run by name:

pytest tests/benchmarks/bench_municipalities.py -s
"""

import itertools
import statistics
import time
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from netzkoord.lib.states import State
from participants.models import Municipality
from participants.queries.municipalities import search_municipalities
from tests import factories
from tests.participants import gv100ad

TOWNS = 10_981
STARTS = ["", "Neu", "Alt", "Groß ", "Klein ", "Bad ", "Ober", "Unter", "St. ", "Hohen"]
STEMS = ["kirchen", "münster", "berg", "feld", "hausen", "born", "dorf", "rode", "bach", "heim", "städt", "walde"]
ENDS = ["", " am See", " (Aller)", "-Süd", "/Chóśebuz", " an der Höhe", " i. Holz", " a.d.Saale", ", Stadt"]
TEXTS = [
    "ne",
    "neukirchen",
    "Neukirchen Kreis 03000",
    "koenigs",
    "bad muenster höhe",
    "0300",
    "xyz",
    "a b c d e f g h",
]
REPEATS = 9
LIMIT_MS = 60
IMPORT_LIMIT_S = 10


def towns():
    names = itertools.cycle("".join(parts) for parts in itertools.product(STARTS, STEMS, ENDS))
    return [
        (f"{number % 16 + 1:02d}{number // 16:06d}", name)
        for number, name in zip(range(TOWNS), names, strict=False)
    ]


def official_file(rows):
    """GV100AD with a Kreis for each hundred towns of a Land."""
    lines = []
    for state in State.values:
        of_state = sorted(row for row in rows if row[0].startswith(state))
        lines.append(gv100ad.line("10", state, State(state).label))
        for county, members in itertools.groupby(of_state, key=lambda row: row[0][:5]):
            lines += gv100ad.county(county, f"Kreis {county}", *((ags[5:], name) for ags, name in members))
    return gv100ad.content(lines)


def timed(name, work):
    began = time.process_time()
    result = work()
    duration = time.process_time() - began
    print(f"{name:44} {duration:6.2f} s")
    assert duration < IMPORT_LIMIT_S
    return result


def median_ms(work):
    durations = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        durations.append((time.process_time() - began) * 1000)
    return statistics.median(durations)


def take_over(client, content):
    url = reverse("participants:municipality_import")
    shown = timed("  looked at", lambda: client.post(url, {"file": SimpleUploadedFile("liste", content)}))
    if word := shown.context.get("word"):
        timed("  stored", lambda: client.post(url, {"datei": word}))


@pytest.mark.django_db
def test_municipalities(client, organiser):
    client.force_login(organiser)
    rows = towns()
    table = "\n".join(["ags;name", *(f"{ags};{name}" for ags, name in rows)]).encode()
    for name, content in [("CSV", table), ("the same again", table), ("GV100AD with Kreise", official_file(rows))]:
        print(name)
        take_over(client, content)
    assert Municipality.objects.exclude(county_name="").count() == TOWNS

    for text in TEXTS:
        asked = median_ms(partial(search_municipalities, text))
        answered = page_ms(client, "participants:municipality_search", text=text)
        print(f"search „{text}“".ljust(44), f"{asked:6.1f} ms, with its page {answered:6.1f} ms")
        assert answered < LIMIT_MS
    for query in [{}, {"seite": 999}, {"text": "neu münster"}]:
        print(f"list {query}".ljust(44), f"{page_ms(client, 'participants:municipality_list', **query):6.1f} ms")
    for number in range(20):
        name = f"{rows[number * 7][1]}x"
        factories.TandemFactory(municipality__ags="", municipality__state="", municipality__name=name)
    print("20 written in".ljust(44), f"{page_ms(client, 'participants:written_in_list'):6.1f} ms")


def page_ms(client, name, **query):
    return median_ms(partial(client.get, reverse(name), query))
