"""Publishing while somebody adds a part: one after the other, never both at once."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from curriculum.actions.editions import publish_edition
from curriculum.models import Aim, Edition, EditionStatus, Unit
from netzkoord import roles
from tests import factories
from tests.curriculum.test_frozen import SENTENCE

pytestmark = pytest.mark.postgres


@pytest.fixture
def committed(transactional_db):
    """An edition that other connections see, and an organiser."""
    edition = factories.EditionFactory()
    Aim.objects.create(edition=edition, position=1, text="Sie initiieren Netzwerke.")
    factories.UnitFactory(module=factories.ModuleFactory(edition=edition))
    return edition, factories.staff(roles.ORGANISATION)


@pytest.mark.postgres
def test_unit_added_while_the_edition_is_published_comes_too_late(committed):
    """Publishing has locked the edition: who adds a unit waits, and is refused once it is published."""
    edition, organiser = committed
    module = edition.modules.get()
    answers = []

    def add():
        try:
            Unit.objects.create(module=module, position=9, title="Zu spät", minutes=45)
            answers.append("stored")
        except IntegrityError as error:
            answers.append(str(error))
        finally:
            connection.close()

    with transaction.atomic():
        publish_edition(edition=edition, by=organiser)
        thread = threading.Thread(target=add)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()  # waits for the lock
    thread.join(60)

    assert len(answers) == 1
    assert SENTENCE in answers[0]
    assert not Unit.objects.filter(title="Zu spät").exists()


@pytest.mark.postgres
def test_edition_is_published_only_after_a_unit_that_came_first(committed):
    edition, organiser = committed
    module = edition.modules.get()
    done = threading.Event()

    def publish():
        try:
            publish_edition(edition=edition, by=organiser)
            done.set()
        finally:
            connection.close()

    with transaction.atomic():
        Unit.objects.create(module=module, position=9, title="Noch dabei", minutes=45)
        thread = threading.Thread(target=publish)
        thread.start()
        assert not done.wait(0.3)
    thread.join(60)

    assert done.is_set()
    assert Edition.objects.get(pk=edition.pk).status == EditionStatus.PUBLISHED
    assert Unit.objects.filter(module__edition=edition).count() == 2
