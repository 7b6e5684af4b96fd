"""Wrong codes are counted one by one, however many arrive at the same instant."""

from functools import partial

import pytest
from django.core.cache import cache
from django.core.management import call_command

from netzkoord.lib import codes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def counters_in_a_table(transactional_db, settings):
    """As a real installation has them."""
    location = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "netzkoord_cache"}
    settings.CACHES = {"default": location}
    call_command("createcachetable", verbosity=0)


def test_wrong_codes_that_arrive_at_once_are_all_counted(at_once, counters_in_a_table):
    def guess():
        for _ in range(20):
            codes.count("wrong")

    at_once(*[partial(guess)] * 5)

    assert cache.get("wrong") == 100
