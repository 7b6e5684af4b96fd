"""Tables that triggers keep can still be altered by a later migration."""

import contextlib

import pytest
from django.db import connection, models

from participants.models import (
    Certificate,
    CertificateCounter,
    CertificatePaper,
    CertificatePicture,
    CertificatePictureUse,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def columns_of(model):
    with connection.cursor() as cursor:
        return {
            column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)
        }


@contextlib.contextmanager
def triggers_put_back(model):
    """SQLite loses them with the old table: a migration freezes it again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [model._meta.db_table]
        )
        stored = [sql for (sql,) in cursor.fetchall()]
    yield
    with connection.cursor() as cursor:
        for sql in stored:
            cursor.execute(sql)


@pytest.mark.parametrize(
    "model", [Certificate, CertificateCounter, CertificatePaper, CertificatePicture, CertificatePictureUse]
)
def test_frozen_table_can_be_altered(model):
    field = models.CharField("etwas Neues", max_length=10, null=True, unique=True)
    field.set_attributes_from_name("something_new")
    field.model = model

    with triggers_put_back(model):
        with connection.schema_editor() as editor:
            editor.add_field(model, field)
        columns = columns_of(model)
        with connection.schema_editor() as editor:
            # As the model is, which does not know the column.
            editor._remake_table(model) if connection.vendor == "sqlite" else editor.remove_field(model, field)

    assert "something_new" in columns
    assert "something_new" not in columns_of(model)
