"""What nobody needs any more is forgotten, and nothing else."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from curriculum.models import Audience
from netzkoord.models import AuditEvent
from participants.actions.housekeeping import discard_expired
from participants.models import Registration, Selection, Tandem
from tests.factories import CohortFactory, RegistrationFactory, SessionFactory, TandemFactory, complete_tandem

pytestmark = pytest.mark.django_db

INVITED = "ben@stadt.example"


def days_ago(count):
    return timezone.now() - datetime.timedelta(days=count)


def invited(**fields):
    """A tandem whose first half has confirmed and named the second one."""
    tandem = TandemFactory(partner_email=INVITED, **fields)
    RegistrationFactory(tandem=tandem, role=Audience.MANAGER)
    return tandem


def address_of(tandem):
    return Tandem.objects.get(pk=tandem.pk).partner_email


def test_unconfirmed_registrations_go_when_their_link_has_expired():
    expired = RegistrationFactory(confirmed_at=None, created_at=days_ago(15), email="weg@stadt.example")
    young = RegistrationFactory(confirmed_at=None, created_at=days_ago(13))
    confirmed = RegistrationFactory(created_at=days_ago(90))

    discard_expired()

    assert set(Registration.objects.all()) == {young, confirmed}
    assert set(Tandem.objects.all()) == {young.tandem, confirmed.tandem}
    line = AuditEvent.objects.get()
    assert (line.action, line.target_id, line.details) == (
        "REGISTRATIONS_DISCARDED",
        str(expired.cohort_id),
        {"count": 1},
    )


def test_discard_expired_twice_writes_one_line():
    RegistrationFactory(confirmed_at=None, created_at=days_ago(15))

    for _ in range(2):
        discard_expired()

    assert AuditEvent.objects.count() == 1


def test_the_tandem_of_an_unconfirmed_second_half_stays():
    tandem = TandemFactory()
    first = RegistrationFactory(tandem=tandem, role=Audience.MANAGER)
    RegistrationFactory(tandem=tandem, confirmed_at=None, created_at=days_ago(15))

    discard_expired()

    assert list(tandem.registrations.all()) == [first]


def test_an_invited_address_stays_while_its_link_is_good():
    tandem = invited()

    discard_expired()

    assert address_of(tandem) == INVITED


def test_an_invited_address_goes_a_day_after_the_tandem_is_complete():
    tandem = complete_tandem()
    Tandem.objects.filter(pk=tandem.pk).update(partner_email=INVITED)

    discard_expired()
    at_once = address_of(tandem)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        discard_expired()

    assert at_once == INVITED
    assert address_of(tandem) == ""


@pytest.mark.parametrize(
    ("selection", "left"), [(Selection.OPEN, ""), (Selection.WAITING, ""), (Selection.ACCEPTED, INVITED)]
)
def test_an_invited_address_goes_with_the_closing_date_unless_the_tandem_is_accepted(selection, left):
    cohort = CohortFactory(registration_closes_on=days_ago(1).date())
    SessionFactory(cohort=cohort, days=[timezone.localdate()])
    tandem = invited(cohort=cohort, selection=selection)

    discard_expired()

    assert address_of(tandem) == left


def test_an_invited_address_goes_when_the_cohort_is_over():
    cohort = CohortFactory(registration_closes_on=days_ago(9).date())
    SessionFactory(cohort=cohort, days=[timezone.localdate() - datetime.timedelta(days=1)])
    tandem = invited(cohort=cohort, selection=Selection.ACCEPTED)

    discard_expired()

    assert address_of(tandem) == ""


def test_an_invited_address_goes_when_the_tandem_is_declined_or_the_cohort_cancelled():
    declined = invited(selection=Selection.DECLINED)
    cancelled = invited(cohort=CohortFactory(cancelled_at=timezone.now()))

    discard_expired()

    assert (address_of(declined), address_of(cancelled)) == ("", "")
