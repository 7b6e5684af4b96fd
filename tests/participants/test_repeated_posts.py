"""A double click, the back button, three tabs: no POST of this app does anything a second time.

Each address has a row in `tests.participants.repeated`; a new one without a row fails. Each is slow: it is sent
three times one after the other, and three times at the same instant in a database that threads share.
"""

from collections import Counter

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from post_office.models import Email

from curriculum.models import CalendarFeed
from netzkoord.models import AuditEvent, User
from participants.urls import urlpatterns
from tests.participants import repeated_office  # noqa: F401 -- adds its rows
from tests.participants.repeated import ROWS
from tests.test_access import address_of, whole_world

# What remembers who has visited, not what anybody has done.
NOT_LOOKED_AT = {"last_login"}


def tables():
    return [*apps.get_app_config("participants").get_models(), AuditEvent, CalendarFeed, Email, User]


def contents():
    """Every row of every table that a POST of this app may change."""
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name not in NOT_LOOKED_AT}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in tables()
    }


def counts():
    return Counter({model._meta.label: model._base_manager.count() for model in tables()})


def takes_post(client, world, name):
    answer = client.options(address_of(world, f"participants:{name}"))
    return "POST" in answer.headers.get("Allow", "")


def test_every_address_that_takes_a_post_has_a_row(db):
    world = whole_world()
    client = Client()
    client.force_login(world.organiser)

    found = {pattern.name for pattern in urlpatterns if takes_post(client, world, pattern.name)}

    assert found == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_sent_again_it_changes_nothing(db, name):
    post = ROWS[name]()
    client = post.client()
    before = contents()

    first = post.send(name, client)
    once = contents()
    later = [post.send(name, client) for _ in range(2)]

    assert first in {200, 302}
    assert set(later) <= {200, 302, 404}
    assert contents() == once
    assert (once != before) == (name not in ONLY_SHOWS)


# They check what was typed or show what would happen; the next page stores it.
ONLY_SHOWS = {
    "certificate_check",
    "certificate_compare",
    "certificate_design_preview",
    "check_in",
    "chosen_export",
    "partner_add",
    "partner_address",
    "pool_show",
    "registration_add",
    "registration_address",
    "registration_import",
    "registration_step",
    "tandem_decide",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(ROWS) - ONLY_SHOWS))
def test_sent_three_times_at_once_it_happens_once(at_once, name):
    with transaction.atomic():
        post = ROWS[name]()
        before = counts()
        post.send(name)
        once = counts() - before, before - counts()
        transaction.set_rollback(True)
    cache.clear()
    post = ROWS[name]()
    before = counts()
    clients = [post.client() for _ in range(3)]

    answers = at_once(*[lambda client=client: post.send(name, client) for client in clients])

    assert set(answers) <= {200, 302, 404}
    assert (counts() - before, before - counts()) == once
