"""Nothing is forgotten: every table, every field, and every way to a person has a decision.

A new model or field fails here until it stands in the information, or has a reason why it does not.
"""

import pytest
from django.apps import apps

from netzkoord.disclosure import SHOWN, disclosure_of, reasons, staff
from netzkoord.disclosure.registering import BY_ADDRESS
from netzkoord.models import User
from participants.models import Registration, Tandem
from tests.disclosure.people import everything

LABELS = {model._meta.label for model in apps.get_models()}
TOLD = {shown.model._meta.label for shown in SHOWN}
# Whatever refers to one of these may speak of somebody.
ABOUT_PEOPLE = {User, Registration, Tandem, *(shown.model for shown in SHOWN)}


def concrete_fields(model):
    return [*model._meta.fields, *model._meta.many_to_many]


def ways_to_people():
    """„app.Model.field“ of every foreign key, one-to-one and many-to-many that leads to a person."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in concrete_fields(model)
        if field.related_model in ABOUT_PEOPLE
    }


def decided_ways():
    fields = {f"{shown.model._meta.label}.{name}" for shown in SHOWN for name in (*shown.fields, *shown.left_out)}
    return fields | {deed.name for deed in staff.DEEDS} | set(reasons.RELATIONS)


def test_every_model_is_told_or_has_a_reason():
    assert LABELS - TOLD - set(reasons.REASONS) == set()


def test_no_model_is_decided_about_twice():
    assert set(reasons.REASONS) & TOLD == set()
    assert len(TOLD) == len(SHOWN)


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.model._meta.label)
def test_every_field_of_what_is_told_is_told_or_has_a_reason(shown):
    names = {field.name for field in concrete_fields(shown.model)}

    assert {*shown.fields, *shown.left_out} - set(shown.added) == names - set(shown.added)
    assert set(shown.fields) & set(shown.left_out) == set()
    assert {*shown.read, *shown.labels, *shown.added} <= set(shown.fields)


def test_every_way_to_a_person_is_decided():
    assert ways_to_people() - decided_ways() == set()


def test_whoever_acted_is_told_that_they_did():
    """What names somebody as „die Organisation“ to one person is a deed of the other."""
    actors = {
        f"{shown.model._meta.label}.{name}"
        for shown in SHOWN
        for name in shown.fields
        if name not in shown.added and shown.field(name).related_model is User
    }

    assert actors - {deed.name for deed in staff.DEEDS} == set()


def test_no_decision_is_about_what_is_gone():
    relations = {*reasons.RELATIONS, *(deed.name for deed in staff.DEEDS)}
    names = {f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in concrete_fields(model)}

    assert set(reasons.REASONS) <= LABELS
    assert relations <= names


def test_every_reason_is_a_sentence():
    texts = [*reasons.REASONS.values(), *reasons.RELATIONS.values()]
    texts += [reason for shown in SHOWN for reason in shown.left_out.values()]

    assert [text for text in texts if len(text.split()) < 2] == []


def test_everything_that_is_to_be_told_is_told(db):
    """Of a person of whom every table has something no table is empty."""
    disclosure = disclosure_of(everything().vera)
    tables = {table.key: table for section in disclosure.sections for table in section.tables}

    assert {shown.key for shown in (*SHOWN, *BY_ADDRESS)} <= set(tables)
    assert {key for key, table in tables.items() if not table.rows} == {"deeds"}
