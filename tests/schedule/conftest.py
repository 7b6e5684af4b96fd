"""A session that people know, and an organiser who is signed in."""

import pytest

from tests import factories
from tests.schedule.steps import MONDAY, TUESDAY


@pytest.fixture
def session(db, trainer):
    """Announced, on two days, with one accepted tandem and a trainer."""
    session = factories.SessionFactory(days=[MONDAY, TUESDAY], trainers=[trainer])
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    return session


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client
