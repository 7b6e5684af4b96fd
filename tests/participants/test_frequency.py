"""Counting how often something happens, by several at once."""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from netzkoord.lib.frequency import DAY, is_within
from netzkoord.settings import CACHES


@pytest.fixture
def real_cache(shared_database, settings):
    """The cache of production in the database, in place of the tests' own in memory."""
    settings.CACHES = CACHES
    call_command("createcachetable", verbosity=0)


def test_of_many_at_once_no_more_are_let_through_than_may(real_cache, at_once):
    answers = at_once(*[lambda: is_within(3, "somebody")] * 8)

    assert sorted(answers) == [False] * 5 + [True] * 3


def test_what_is_counted_is_forgotten_after_a_day():
    assert [is_within(1, "somebody"), is_within(1, "somebody"), is_within(1, "somebody else")] == [
        True,
        False,
        True,
    ]
    with time_machine.travel(timezone.now() + DAY + datetime.timedelta(seconds=1)):
        assert is_within(1, "somebody")
