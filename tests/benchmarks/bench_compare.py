"""Two editions of 60 modules and 600 units side by side, in milliseconds of processor time. Run by name:

pytest tests/benchmarks/bench_compare.py -s
"""

import random

import pytest
from django.urls import reverse

from curriculum.actions.editions import copy_edition
from curriculum.models import Unit
from tests import factories
from tests.benchmarks.bench_editions import LIMIT_MS, measure
from tests.benchmarks.large_edition import PARAGRAPH, large_edition

WORDS = PARAGRAPH.split()


@pytest.fixture
def old(db):
    return factories.publish(large_edition())


def words(number, seed):
    """The same for the same seed; some words often, most seldom, as in a text."""
    choice = random.Random(seed)  # noqa: S311 -- no secret
    return [
        choice.choice(WORDS) if choice.random() < 0.5 else f"Wort{choice.randrange(500)}" for _ in range(number)
    ]


def reworded(text, *, every):
    return " ".join("anders" if place % every == 0 else word for place, word in enumerate(text.split(), start=1))


def with_texts(edition, text_of):
    units = list(Unit.objects.filter(module__edition=edition).order_by("module__position", "position"))
    for number, unit in enumerate(units):
        unit.summary = text_of(number)
    Unit.objects.bulk_update(units, ["summary"], batch_size=100)


def address(new):
    return reverse("edition_compare", args=[new.pk])


def test_some_units_reworded(client, organiser, old):
    new = copy_edition(edition=old, by=organiser)
    with_texts(new, lambda number: reworded(PARAGRAPH, every=9) if number % 30 == 0 else PARAGRAPH)
    unit = Unit.objects.filter(module__edition=new).order_by("module__position", "position").first()
    client.force_login(organiser)

    print()
    durations = {
        "20 of 600 units reworded": measure(client, "20 of 600 units reworded", address(new)),
        "one of them": measure(client, "one of them", reverse("change_cause_add", args=[new.pk, unit.key])),
    }

    assert {name: duration for name, duration in durations.items() if duration > LIMIT_MS} == {}


@pytest.mark.parametrize("length", [30, 200, 600])
@pytest.mark.parametrize("every", [9, 50])
def test_every_unit_reworded(client, organiser, length, every):
    old = large_edition()
    with_texts(old, lambda number: " ".join(words(length, number)))
    new = copy_edition(edition=factories.publish(old), by=organiser)
    with_texts(new, lambda number: reworded(" ".join(words(length, number)), every=every))
    client.force_login(organiser)

    print()
    measure(client, f"600 units, {length} words, 1 in {every}", address(new))


def test_every_unit_as_costly_as_a_text_can_be(client, organiser):
    old = large_edition()
    with_texts(old, lambda number: "x " * 2500)
    new = copy_edition(edition=factories.publish(old), by=organiser)
    with_texts(new, lambda number: "x," * 2500)
    client.force_login(organiser)

    print()
    measure(client, "600 units, one word 2,500 times", address(new))
