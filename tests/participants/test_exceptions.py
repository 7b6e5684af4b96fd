"""A neighbour's half counts in a second tandem: the organiser's reasoned exception."""

import pytest
from django.utils import timezone

from curriculum.models import Audience
from participants.models import Registration, Selection, Tandem, TandemState
from tests.factories import CohortFactory, RegistrationFactory, TandemFactory, complete_tandem

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


def single(cohort, role=Audience.MANAGER, **fields):
    return RegistrationFactory(tandem=TandemFactory(cohort=cohort, **fields), role=role).tandem


def sharing(cohort):
    """A tandem of one manager that shares the coordinator of another, and that coordinator."""
    coordinator = complete_tandem(cohort=cohort).registrations.get(role=Audience.COORDINATOR)
    tandem = single(cohort, shared_half=coordinator, exception_reason="Beide Städte teilen sich die Stelle.")
    return tandem, coordinator


def read(tandem):
    return Tandem.objects.with_people().get(pk=tandem.pk)


def test_a_shared_half_completes_the_tandem_and_takes_no_second_place(cohort):
    tandem, coordinator = sharing(cohort)

    found = read(tandem)

    assert (found.state, found.people, found.shared) == (TandemState.COMPLETE, 1, coordinator)


@pytest.mark.parametrize(
    "change",
    [
        lambda half: Registration.objects.filter(pk=half.pk).update(withdrawn_at=timezone.now()),
        lambda half: Tandem.objects.filter(pk=half.tandem_id).update(selection=Selection.DECLINED),
    ],
    ids=["withdrawn", "declined"],
)
def test_the_exception_ends_with_the_shared_half(cohort, change):
    tandem, coordinator = sharing(cohort)

    change(coordinator)

    assert (read(tandem).state, read(tandem).shared) == (TandemState.SEEKING, None)


def test_the_exception_is_needed_no_more_once_there_is_a_second_half(cohort):
    tandem, _ = sharing(cohort)
    RegistrationFactory(tandem=tandem, role=Audience.COORDINATOR)

    assert (read(tandem).state, read(tandem).people, read(tandem).shared) == (TandemState.COMPLETE, 2, None)


def test_a_tandem_is_read_with_its_people_in_two_queries(cohort, django_assert_num_queries):
    sharing(cohort)

    with django_assert_num_queries(2):
        assert [tandem.state for tandem in cohort.tandems.with_people()] == [TandemState.COMPLETE] * 2
