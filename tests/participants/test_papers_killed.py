"""A worker killed, a disk full, fifty issuers at once: everyone gets exactly one. Real processes: seconds."""

import contextlib
import os
import subprocess
import sys
import time
from functools import partial

import pytest
from django.conf import settings as project
from django.db import OperationalError, connection
from django.test import override_settings
from post_office.models import Email

from participants.actions.certificates import issue_certificates
from participants.models import Certificate, CertificatePaper, PaperTrouble
from participants.tasks import make_papers
from tests.factories import UserFactory
from tests.participants.finished import attending, finished_cohort
from tests.participants.test_issuances import LATER
from tests.test_outbox_killed import database  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE = 30
WORKER = """
import sys, django
django.setup()
from participants.tasks import make_papers
print("begins", flush=True)
make_papers.call(int(sys.argv[1]))
"""


@pytest.fixture
def start(database):  # noqa: F811 -- the fixture of that name
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    started = []

    def run(issuance):
        command = [sys.executable, "-c", WORKER, str(issuance.pk)]
        process = subprocess.Popen(
            command, cwd=project.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout.readline() == "begins\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def waiting_issuance(count):
    cohort = finished_cohort()
    for _ in range(count):
        attending(cohort)
    with override_settings(TASKS=LATER):
        return issue_certificates(cohort=cohort, by=UserFactory())[0].issuance


def wait_for_papers(count):
    until = time.monotonic() + 60
    while CertificatePaper.objects.count() < count and time.monotonic() < until:
        time.sleep(0.02)


def test_a_killed_worker_leaves_whole_papers_and_the_next_one_makes_the_rest(start):
    issuance = waiting_issuance(PEOPLE)

    for papers in (1, 3):
        process = start(issuance)
        wait_for_papers(papers)
        process.kill()
        process.wait()
        assert Email.objects.count() == CertificatePaper.objects.count()
    assert CertificatePaper.objects.count() >= 1
    two = [start(issuance), start(issuance)]
    assert [process.wait(120) for process in two] == [0, 0]

    assert CertificatePaper.objects.count() == Email.objects.count() == PEOPLE
    assert len({tuple(mail.to) for mail in Email.objects.all()}) == PEOPLE


def full_disk(pages):
    """SQLite refuses to grow by more pages, as on a full disk; None: there is room again."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        used = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {1_000_000_000 if pages is None else used + pages}")


@pytest.mark.one_database
def test_a_full_disk_in_the_middle_leaves_whole_papers_and_the_rest_follows(database, caplog):  # noqa: F811 -- as above
    issuance = waiting_issuance(6)
    full_disk(30)

    with contextlib.suppress(OperationalError):  # when there is not even room for why
        make_papers.call(issuance.pk)
    made = CertificatePaper.objects.count()
    assert Email.objects.count() == made
    assert "database or disk is full" in caplog.text
    full_disk(None)
    make_papers.call(issuance.pk)

    assert 0 < made < 6
    assert CertificatePaper.objects.count() == Email.objects.count() == 6
    assert not PaperTrouble.objects.exists()


def test_fifty_issuers_at_once_draw_numbers_without_gap_or_double(at_once):
    by = UserFactory()
    cohort = finished_cohort()
    people = [attending(cohort) for _ in range(25)]

    # Each person twice: who comes second finds nobody left.
    with override_settings(TASKS=LATER):
        issued = at_once(
            *(
                partial(issue_certificates, cohort=cohort, by=by, only=[f"{half.pk}-ATTENDANCE"])
                for half in people * 2
            )
        )

    assert sorted(len(certificates) for certificates in issued) == [0] * 25 + [1] * 25
    assert sorted(Certificate.objects.values_list("ordinal", flat=True)) == list(range(1, 26))
    assert set(Certificate.objects.values_list("registration", flat=True)) == {half.pk for half in people}
