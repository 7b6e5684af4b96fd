"""A worker killed while it reminds of agreements: both people of a tandem or neither, and nobody twice. Seconds."""

import os
import subprocess
import sys
import time
from collections import Counter

import pytest
import time_machine
from django.conf import settings as project
from post_office.models import Email

from curriculum.models import Audience
from participants.actions.transfer import remind_of_agreements
from participants.models import Registration, Selection, TransferAgreement
from tests.factories import complete_tandem
from tests.participants.agreements import agreed, begun_tandem
from tests.participants.test_transfer_reminders import berlin
from tests.test_outbox_killed import database  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WRITER = f"""
import datetime, django, time_machine
django.setup()
from participants.actions.transfer import remind_of_agreements
time_machine.travel(datetime.datetime.fromisoformat("{berlin().isoformat()}")).start()
print("begins", flush=True)
remind_of_agreements()
"""


def run_and_kill(database, *, after):  # noqa: F811 -- the value of the fixture
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER], cwd=project.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "begins\n"
        time.sleep(after)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_killed_worker_leaves_both_or_neither_and_the_next_one_does_the_rest(database):  # noqa: F811
    tandem = begun_tandem()
    agreed(tandem)
    for _ in range(24):
        agreed(complete_tandem(cohort=tandem.cohort, selection=Selection.ACCEPTED))

    for seconds in (0.05, 0.15):
        run_and_kill(database, after=seconds)
        done = TransferAgreement.objects.filter(reminded_of__isnull=False)
        told = Registration.objects.filter(tandem__in=done.values("tandem"))
        assert sorted(email.to[0] for email in Email.objects.all()) == sorted(half.email for half in told)

    with time_machine.travel(berlin(minute=5)):
        remind_of_agreements()
    everybody = Registration.objects.filter(role__in=Audience.values).values_list("email", flat=True)
    assert Counter(email.to[0] for email in Email.objects.all()) == Counter(everybody)
