"""Two organisers at the same instant."""

import pytest

from netzkoord.models import AuditAction, AuditEvent
from participants.actions.municipalities import match_municipalities
from participants.actions.municipality_import import import_municipalities
from participants.imports.municipalities import read
from participants.models import Municipality
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_imports_of_one_file_store_it_once(at_once):
    reading = read("\n".join(["ags;name", *(f"03{number:06d};Ort {number}" for number in range(500))]).encode())

    def take_over():
        return len(import_municipalities(reading=reading, is_complete=False, fingerprint=None, by=None).new)

    assert sorted(at_once(take_over, take_over, take_over)) == [0, 0, 500]
    assert Municipality.objects.count() == 500
    assert AuditEvent.objects.filter(action=AuditAction.MUNICIPALITIES_IMPORTED).count() == 1


def test_one_that_was_written_in_is_matched_once(at_once):
    user = factories.UserFactory()
    tandem = factories.TandemFactory(municipality__ags="", municipality__state="", municipality__name="Neudorf")
    first, second = factories.MunicipalityFactory.create_batch(2)

    def match(official):
        return lambda: match_municipalities(written_in=[tandem.municipality_id], official=official, by=user)

    assert sorted(at_once(match(first), match(second))) == [0, 1]
    tandem.refresh_from_db()
    assert tandem.municipality in (first, second)
    assert AuditEvent.objects.filter(action=AuditAction.MUNICIPALITY_MATCHED).count() == 1
