"""`INSERT OR REPLACE` deletes a row without asking the triggers that guard it: SQLite knows it, and refuses it.

What PostgreSQL has instead, an upsert, `test_certificates_frozen` asks of both.
"""

import pytest
from django.db import connection
from django.utils import timezone

from participants.actions.certificates import replace_certificate
from tests.participants.finished import (
    attending,
    attending_tandem,
    certificate_for,
    finished_cohort,
    municipality_certificate,
)
from tests.participants.frozen import TABLES, name_a_picture, refused

pytestmark = pytest.mark.one_database


@pytest.fixture
def certificate(organiser):
    return certificate_for(attending(finished_cohort()), organiser)


def row_of(certificate):
    """As it is stored, by column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM participants_certificate WHERE id = %s", [certificate.pk])
        return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def insert_or_replace(row):
    columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
    statement = f"INSERT OR REPLACE INTO participants_certificate ({columns}) VALUES ({places})"  # noqa: S608
    refused(statement, list(row.values()))


@pytest.mark.parametrize(
    "met", [{"id"}, {"code"}, {"year", "ordinal"}, {"replaces_id"}, {"person_id", "kind", "cohort_id"}], ids=min
)
def test_a_new_row_takes_the_place_of_no_certificate(certificate, organiser, met):
    """Only these columns are the same as in the one that stands there."""
    other = row_of(certificate_for(attending(certificate.cohort), organiser))
    successor = replace_certificate(certificate=certificate, reason="Name", by=organiser)
    stored = row_of(successor)
    new = {"id": 999, "code": "f" * 32, "ordinal": 999, "replaces_id": None}
    if "person_id" not in met:
        new |= {"person_id": other["person_id"], "revoked_at": timezone.now(), "revocation_reason": "Irrtum"}

    insert_or_replace(stored | {column: value for column, value in new.items() if column not in met})

    assert row_of(successor) == stored


def test_a_new_row_takes_the_place_of_no_urkunde(organiser):
    certificate = municipality_certificate(attending_tandem(finished_cohort()), organiser)

    insert_or_replace(row_of(certificate) | {"id": 999, "code": "f" * 32, "ordinal": 999})


@pytest.mark.parametrize("table", TABLES)
def test_replacing_a_row_by_itself_is_refused(certificate, table):
    name_a_picture(certificate)

    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608 -- names of ours
