"""A worker killed while it writes the mails of a rule: nothing twice, nothing lost. Real processes: seconds."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings as project
from post_office.models import Email

from participants.models import MailDelivery, MailRule
from tests import factories
from tests.participants.test_mail_rules import DUE, FIRST, LONG_AGO, emails_of, recipients, send_at
from tests.test_outbox_killed import database  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WRITER = f"""
import datetime, django, time_machine
django.setup()
from participants.actions.mail_rules import send_due_mails
time_machine.travel(datetime.datetime.fromisoformat("{DUE.isoformat()}")).start()
print("begins", flush=True)
send_due_mails()
print("done", flush=True)
"""


@pytest.fixture
def start(database):  # noqa: F811 -- the fixture of that name
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    started = []

    def run():
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER], cwd=project.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout.readline() == "begins\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_killed_writer_leaves_all_or_nothing_and_the_next_one_does_the_rest(start):
    MailRule.objects.all().delete()
    MailRule.objects.create(changed_at=LONG_AGO)
    sessions = [factories.SessionFactory(days=[FIRST]) for _ in range(2)]
    for session in sessions:
        for _ in range(20):
            factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")

    counts = []
    for seconds in (0.05, 0.25):
        process = start()
        time.sleep(seconds)
        process.kill()
        process.wait()
        counts.append(Email.objects.count())
        assert Email.objects.count() == MailDelivery.objects.count()

    assert set(counts) <= {0, 40, 80}
    send_at(DUE)
    assert recipients() == sorted(emails_of(sessions[0]) + emails_of(sessions[1]))
