"""The reminder of a Transfervereinbarung: at nine on the agreed day, to both, once."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from curriculum.models import Audience
from netzkoord.management.commands.worker import periodic_jobs
from participants.actions.registrations import withdraw_registration
from participants.actions.transfer import remind, remind_of_agreements
from participants.models import Selection, TransferAgreement
from tests.factories import complete_tandem
from tests.participants.agreements import DAY, agreed, begun_tandem, coordinator_of, manager_of
from tests.participants.forms import last_mail, mails

pytestmark = pytest.mark.django_db

SUBJECT = "Erinnerung"


def berlin(day=DAY, hour=9, minute=0):
    return datetime.datetime.combine(day, datetime.time(hour, minute), ZoneInfo("Europe/Berlin"))


def run_at(moment):
    with time_machine.travel(moment, tick=False):
        return remind_of_agreements()


@pytest.fixture
def tandem():
    return begun_tandem()


def test_both_are_reminded_at_nine_on_the_day_and_only_once(tandem):
    agreed(tandem)

    counts = [run_at(moment) for moment in (berlin(hour=8, minute=59), berlin(), berlin(minute=1), berlin(hour=20))]

    assert counts == [0, 1, 0, 0]
    assert mails() == [(manager_of(tandem).email, SUBJECT), (coordinator_of(tandem).email, SUBJECT)]
    message = last_mail(coordinator_of(tandem).email).message
    assert "Sie und Anna Berg haben sich in Ihrer Transfervereinbarung etwas vorgenommen." in message
    assert f"/transfervereinbarung/{tandem.pk}/" in message


def test_the_worker_does_it(tandem):
    agreed(tandem)
    job = next(job for job in periodic_jobs() if job.name == "vereinbarungen")

    with time_machine.travel(berlin(), tick=False):
        job.run()

    assert len(mails()) == 2


@pytest.mark.parametrize(("days", "count"), [(0, 1), (13, 1), (14, 0), (200, 0)])
def test_a_worker_that_was_down_catches_up_for_two_weeks(tandem, days, count):
    agreed(tandem)

    assert run_at(berlin(DAY + datetime.timedelta(days=days), hour=10)) == count


@pytest.mark.parametrize("by", [(), (Audience.MANAGER,), (Audience.COORDINATOR,)])
def test_what_not_both_have_confirmed_reminds_nobody(tandem, by):
    agreed(tandem, by=by)

    assert run_at(berlin()) == 0
    assert mails() == []


def test_of_another_day_both_are_reminded_again(tandem):
    agreed(tandem)
    run_at(berlin())
    later = DAY + datetime.timedelta(days=30)
    TransferAgreement.objects.update(due_on=later)

    counts = [run_at(berlin(later - datetime.timedelta(days=1))), run_at(berlin(later)), run_at(berlin(later))]

    assert counts == [0, 1, 0]
    assert len(mails()) == 4


def leave(tandem):
    withdraw_registration(registration=manager_of(tandem))


def cancel(tandem):
    tandem.cohort.cancelled_at = timezone.now()
    tandem.cohort.save()


def decide_otherwise(tandem):
    tandem.selection = Selection.WAITING
    tandem.save()


@pytest.mark.parametrize("change", [leave, cancel, decide_otherwise])
def test_who_is_no_tandem_any_more_is_not_reminded(tandem, change):
    agreement = agreed(tandem)
    change(tandem)
    before = len(mails())

    assert run_at(berlin()) == 0
    with time_machine.travel(berlin(), tick=False):
        assert remind(agreement) is False
    assert len(mails()) == before
    assert TransferAgreement.objects.get().reminded_of is None


@pytest.mark.parametrize("count", [1, 3])
def test_looking_for_what_is_due_takes_one_query(tandem, count, django_assert_num_queries):
    agreed(tandem)
    for _ in range(count - 1):
        agreed(complete_tandem(cohort=tandem.cohort, selection=Selection.ACCEPTED))

    with django_assert_num_queries(1):
        assert run_at(berlin(hour=8)) == 0
    assert run_at(berlin()) == count
    with django_assert_num_queries(1):
        assert run_at(berlin(hour=10)) == 0


@pytest.mark.slow
def test_two_workers_at_once_remind_once(at_once):
    agreement = agreed(begun_tandem(), due_on=timezone.localdate())

    with time_machine.travel(berlin(timezone.localdate()), tick=False):
        results = at_once(*[lambda: remind(agreement)] * 3)

    assert sorted(results) == [False, False, True]
    assert len(mails()) == 2
