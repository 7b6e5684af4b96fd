"""The pages of an edition of 60 modules and 600 units, in milliseconds of processor time and queries. Run by name:

pytest tests/benchmarks/bench_editions.py -s
"""

import statistics
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curriculum.actions.editions import copy_edition, publish_edition
from curriculum.exports import workbook
from curriculum.models import Edition
from curriculum.queries.tables import tables_of
from tests import factories
from tests.benchmarks.large_edition import large_edition

ROUNDS = 9
LIMIT_MS = 150


@pytest.fixture
def edition(db):
    return large_edition()


def median_ms(work):
    durations = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        durations.append(time.process_time() - began)
    return statistics.median(durations) * 1000


def measure(client, name, address):
    def get():
        response = client.get(address)
        assert response.status_code == 200
        return response

    get()
    with CaptureQueriesContext(connection) as captured:
        size = len(get().content)
        queries = len(captured)
    duration = median_ms(get)
    print(f"{name:32} {duration:6.0f} ms {queries:4} queries {size / 1024:6.0f} KiB")
    return duration


def test_pages_of_a_large_edition(client, organiser, edition):
    client.force_login(organiser)
    aim, track = edition.aims.first(), edition.tracks.first()
    pages = {
        "programme": reverse("curriculum:edition_list"),
        "overview of the draft": edition.get_absolute_url(),
        "texts": reverse("curriculum:edition_edit", args=[edition.pk]),
        "aims": reverse("curriculum:aim_list", args=[edition.pk]),
        "one aim": reverse("curriculum:aim_edit", args=[aim.pk]),
        "one track": reverse("curriculum:track_edit", args=[track.pk]),
        "publish": reverse("curriculum:edition_publish", args=[edition.pk]),
        "delete": reverse("curriculum:edition_delete", args=[edition.pk]),
    }

    print()
    durations = {name: measure(client, name, address) for name, address in pages.items()}
    factories.publish(edition)
    durations["overview, published"] = measure(client, "overview, published", edition.get_absolute_url())
    registration = factories.RegistrationFactory(tandem__cohort__edition=edition)
    client.force_login(registration.person)
    module_url = reverse("own_module", args=[registration.pk, edition.modules.first().pk])
    durations["own module"] = measure(client, "own module", module_url)
    durations["own programme"] = measure(client, "own programme", reverse("own_edition", args=[registration.pk]))

    assert {name: duration for name, duration in durations.items() if duration > LIMIT_MS} == {}


def test_copy_and_publish_a_large_edition(organiser, edition):
    factories.publish(edition)

    began = time.process_time()
    draft = copy_edition(edition=edition, by=organiser)
    copied = time.process_time()
    publish_edition(edition=draft, by=organiser)
    published = time.process_time()

    print(f"\ncopy: {(copied - began) * 1000:.0f} ms, publish: {(published - copied) * 1000:.0f} ms")
    assert Edition.objects.published().count() == 2


class Transactions:
    """Milliseconds of processor time inside of transactions; those of Django's test do not count."""

    def __init__(self):
        self.outside, self.began, self.spent = len(connection.savepoint_ids), 0.0, 0.0

    def __call__(self, execute, sql, *others):
        is_outermost = len(connection.savepoint_ids) <= self.outside
        if sql.startswith("SAVEPOINT") and is_outermost:
            self.began = time.process_time()
        result = execute(sql, *others)
        if sql.startswith("RELEASE") and is_outermost:
            self.spent += (time.process_time() - self.began) * 1000
        return result


def post_table(client, name, address, data):
    inside, began = Transactions(), time.process_time()
    with connection.execute_wrapper(inside):
        response = client.post(address, data)
    print(f"{name:32} {(time.process_time() - began) * 1000:6.0f} ms, {inside.spent:.0f} inside of transactions")
    return response


def test_table_of_a_large_edition_locks_others_out_for_moments(client, organiser, edition):
    client.force_login(organiser)
    address = reverse("curriculum:edition_import", args=[factories.EditionFactory().pk])
    table = SimpleUploadedFile("tabelle.xlsx", workbook(tables_of(edition)))

    print()
    response = post_table(client, "table tried out", address, {"file": table})
    response = post_table(client, "table stored", address, {"tabelle": response.context["word"]})

    assert response.status_code == 302
