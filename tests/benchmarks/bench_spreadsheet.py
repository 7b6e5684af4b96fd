"""The table of an edition of 60 modules and 600 units, out and in, in seconds. Run by name:

pytest tests/benchmarks/bench_spreadsheet.py -s
"""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curriculum.exports import workbook
from curriculum.imports.checking import check
from curriculum.imports.reading import read
from curriculum.models import Unit
from curriculum.queries.tables import tables_of
from tests import factories
from tests.benchmarks.large_edition import large_edition

LIMIT_S = 20


@pytest.fixture
def edition(db):
    return large_edition()


def measure(name, work):
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        result = work()
    duration = time.perf_counter() - began
    print(f"{name:34} {duration:6.2f} s {len(captured):5} queries")
    assert duration < LIMIT_S
    return result


def test_table_of_a_large_edition(client, organiser, edition):
    client.force_login(organiser)
    address = reverse("curriculum:edition_import", args=[edition.pk])
    empty = reverse("curriculum:edition_import", args=[factories.EditionFactory().pk])

    tables = measure("read from the database", lambda: tables_of(edition))
    content = measure("workbook", lambda: workbook(tables))
    print(f"{len(content) / 1024:.0f} KiB, {sum(map(len, tables.values()))} rows")
    measure("page of the export", lambda: client.get(reverse("curriculum:edition_export", args=[edition.pk])))
    measure("workbook read", lambda: read(content))
    measure("tables checked", lambda: check(tables))
    measure("trial, nothing changed", lambda: client.post(address, {"file": file(content)}))
    response = measure("trial into an empty draft", lambda: client.post(empty, {"file": file(content)}))
    measure("stored", lambda: client.post(empty, {"tabelle": response.context["word"]}))

    assert Unit.objects.count() == 2 * 600


def file(content):
    return SimpleUploadedFile("tabelle.xlsx", content)
