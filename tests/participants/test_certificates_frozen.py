"""What has been issued stays: the database itself refuses, whoever asks."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from participants.actions.certificates import replace_certificate, revoke_certificate
from participants.models import (
    Certificate,
    CertificateCounter,
    CertificatePaper,
    CertificatePicture,
)
from tests.factories import UserFactory
from tests.participants.finished import (
    attending,
    certificate_for,
    finished_cohort,
)
from tests.participants.frozen import TABLES, name_a_picture, refused

pytestmark = pytest.mark.database


@pytest.fixture
def certificate(organiser):
    return certificate_for(attending(finished_cohort()), organiser)


@pytest.mark.parametrize("name", [f"{table}.{event}" for table, events in TABLES.items() for event in events])
def test_trigger_stands(db, name):
    table, event = name.split(".")
    trigger = f"frozen_{table.removeprefix('participants_')}_{event}"
    source = "SELECT name FROM sqlite_master" if connection.vendor == "sqlite" else "SELECT tgname FROM pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute(source)
        assert (trigger,) in cursor.fetchall()


CHANGES = {
    "cohort_id": 0,
    "person_id": 0,
    "registration_id": 0,
    "tandem_id": 0,
    "issuance_id": 0,
    "kind": "QUALIFICATION",
    "year": 1999,
    "ordinal": 999,
    "code": "0" * 32,
    "content": {"name": "Jemand anderes"},
    "issued_at": timezone.now() - datetime.timedelta(days=1),
    "replaces_id": 0,
}


def test_every_column_has_a_case():
    ends = {"issued_by_id", "replaced_at", "replacement_reason", "revoked_at", "revocation_reason"}

    assert {field.column for field in Certificate._meta.concrete_fields} == {"id", *CHANGES, *ends}


@pytest.mark.parametrize("column", CHANGES)
def test_certificate_keeps_every_column(certificate, column):
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**{column: CHANGES[column]})


def test_certificate_keeps_who_issued_it(certificate):
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(issued_by=UserFactory())


def test_certificate_outlives_the_account_of_who_issued_it(certificate, organiser):
    organiser.delete()

    certificate.refresh_from_db()
    assert certificate.issued_by is None


# A picture that no certificate names may go: `test_designs` asks for the others.
@pytest.mark.parametrize("table", [table for table, events in TABLES.items() if "delete" in events])
def test_row_is_never_deleted(certificate, table):
    name_a_picture(certificate)
    refused(f"DELETE FROM {table}")  # noqa: S608 -- names of ours


def test_save_and_bulk_update_are_refused(certificate):
    certificate.content = certificate.content | {"name": "Jemand anderes"}

    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.bulk_update([certificate], ["content"])


def test_paper_is_never_exchanged(certificate):
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificatePaper.objects.filter(certificate=certificate).update(pdf=b"%PDF-1.7")


def test_counter_never_turns_back(certificate):
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateCounter.objects.update(last_ordinal=0)


def test_what_has_ended_stays_so(certificate, organiser):
    revoke_certificate(certificate=certificate, reason="Irrtum", by=organiser)
    row = Certificate.objects.filter(pk=certificate.pk)

    for change in (
        {"revoked_at": None, "revocation_reason": ""},
        {"revocation_reason": "anderer Grund"},
        {"replaced_at": timezone.now(), "replacement_reason": "doch ersetzt"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)


def test_the_replaced_one_stays_so(certificate, organiser):
    replace_certificate(certificate=certificate, reason="Name geändert", by=organiser)

    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(replaced_at=None, replacement_reason="")


def test_an_end_has_its_reason(certificate):
    row = Certificate.objects.filter(pk=certificate.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(revoked_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(replacement_reason="ohne Zeitpunkt")


@pytest.mark.parametrize(
    ("model", "key", "change"),
    [
        (Certificate, "id", {"content": {"name": "Jemand anderes"}}),
        (CertificatePaper, "certificate", {"pdf": b"%PDF-1.7"}),
        (CertificateCounter, "year", {"last_ordinal": 0}),
        (CertificatePicture, "sha256", {"png": b"PNG"}),
    ],
)
def test_upsert_is_refused(certificate, model, key, change):
    """ON CONFLICT DO UPDATE: on PostgreSQL it is an update, on SQLite it is refused before."""
    name_a_picture(certificate)
    row = model.objects.first()
    for name, value in change.items():
        setattr(row, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.bulk_create([row], update_conflicts=True, update_fields=list(change), unique_fields=[key])


@pytest.mark.parametrize(
    "change", [{"kind": "DIPLOMA"}, {"ordinal": 0}, {"code": "0" * 31}, {"code": "G" * 32}, {"code": "A" * 32}]
)
def test_a_certificate_of_no_kind_number_or_code_is_refused(certificate, change):
    other = attending(certificate.cohort)
    fields = {
        "cohort": certificate.cohort,
        "issuance": certificate.issuance,
        "person": other.person,
        "registration": other,
        "kind": "ATTENDANCE",
        "year": 2026,
        "ordinal": 99,
        "code": "0" * 32,
        "content": certificate.content,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(**fields | change)
    assert Certificate.objects.create(**fields).is_valid
