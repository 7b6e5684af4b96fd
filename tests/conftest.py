"""Fixtures that every test module may use."""

import pytest

from netzkoord import roles
from tests import factories


@pytest.fixture
def organiser(db):
    return factories.staff(roles.ORGANISATION, email="organisation@stadt.example")


@pytest.fixture
def trainer(db):
    return factories.staff(roles.TRAINER, email="training@stadt.example")


@pytest.fixture
def reader(db):
    return factories.staff(roles.READER, email="leitung@stadt.example")


@pytest.fixture
def stranger(db):
    """Signed in, with no role and no registration."""
    return factories.UserFactory(email="fremd@stadt.example")
