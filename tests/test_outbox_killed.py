"""Workers that are killed, stopped and doubled while they send: nothing goes out twice, nothing is lost.

Real processes and a real mail server: each test takes some seconds.
"""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings as project
from django.db import connection, connections, transaction
from django.utils import timezone
from post_office.models import STATUS, Email

from netzkoord.lib import mail
from netzkoord.lib.outbox import Postman, durable_commits
from netzkoord.models import Heartbeat, SendingAttempt, SendingOutcome
from tests.smtp_server import WAIT, running_mail_server, use, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

POSTMAN = """
import sys, django
django.setup()
from netzkoord.lib.outbox import Postman, durable_commits
Postman(sys.argv[1]).round()
"""


@pytest.fixture
def database(transactional_db, tmp_path):
    """The address of the tests' database for other processes; SQLite's is in memory and moves into a file."""
    if connection.vendor == "postgresql":
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        return
    memory = connections["default"]
    memory.ensure_connection()
    file = tmp_path / "test.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as copy:
        memory.connection.backup(copy)
    on_disk = memory.copy()
    on_disk.settings_dict["NAME"] = str(file)
    connections["default"] = on_disk
    yield f"sqlite:///{file}"
    on_disk.close()
    connections["default"] = memory


@pytest.fixture
def server(settings):
    with running_mail_server() as running:
        use(settings, running)
        yield running


@pytest.fixture
def start(database, server, tmp_path):
    """Starts processes that work on the same database and send to the same server."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "VAR_DIR": str(tmp_path),
    }
    started = []

    def run(*arguments):
        process = subprocess.Popen([sys.executable, *arguments], cwd=project.BASE_DIR, env=environment)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def write(to="a@stadt.example"):
    return mail.send(to, "account/email/password_changed.txt", {})


def go_on_without(process):
    """Another worker finds what a killed one has left, and does what is then due, however long it would wait."""
    kill(process)
    Heartbeat.objects.all().delete()
    for _ in range(2):
        Postman("worker next").round()
        Email.objects.update(scheduled_time=None)


def outcomes():
    return list(SendingAttempt.objects.order_by("pk").values_list("outcome", flat=True))


@contextlib.contextmanager
def locked_attempt():
    """Nobody else can write to the attempts meanwhile, as if the process had no time to."""
    begun, done = threading.Event(), threading.Event()

    def keep():
        try:
            with transaction.atomic():
                list(SendingAttempt.objects.select_for_update())
                begun.set()
                done.wait(WAIT)
        finally:
            connection.close()

    if connection.vendor == "sqlite":
        # One writer at a time: a transaction is enough, and the test's own connection may hold it.
        with transaction.atomic():
            yield
        return
    thread = threading.Thread(target=keep)
    thread.start()
    begun.wait(WAIT)
    yield
    done.set()
    thread.join()


def synchronous():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        return cursor.fetchone()[0]


@pytest.mark.sqlite
def test_what_is_committed_while_sending_survives_a_power_failure(database):
    normal, full = 1, 2
    before = synchronous()

    with durable_commits():
        meanwhile = synchronous()

    assert (before, meanwhile, synchronous()) == (normal, full, normal)


def test_killed_before_the_message_it_is_sent_once(start, server):
    write()
    hold = server.hold("RCPT")
    worker = start("manage.py", "worker")
    hold.wait_until_reached()

    go_on_without(worker)
    hold.go_on.set()

    assert server.recipients == ["a@stadt.example"]
    assert outcomes() == [SendingOutcome.ABANDONED, SendingOutcome.ACCEPTED]


def test_killed_when_all_but_the_last_dot_is_sent_it_is_sent_once(start, server):
    write()
    hold = server.hold("354")
    worker = start("manage.py", "worker")
    hold.wait_until_reached()
    with locked_attempt():
        hold.go_on.set()
        time.sleep(0.5)  # the message goes out, and the worker waits to write down that the dot is next
        kill(worker)

    assert SendingAttempt.objects.get().handed_over_at is None
    go_on_without(worker)

    assert server.recipients == ["a@stadt.example"]
    assert outcomes() == [SendingOutcome.ABANDONED, SendingOutcome.ACCEPTED]


def test_killed_before_the_answer_it_is_uncertain_and_not_sent_again(start, server):
    email = write()
    hold = server.hold("DATA")
    worker = start("manage.py", "worker")
    hold.wait_until_reached()
    kill(worker)
    hold.go_on.set()

    go_on_without(worker)

    assert server.recipients == ["a@stadt.example"]
    assert outcomes() == [SendingOutcome.UNCERTAIN]
    assert Email.objects.get(pk=email.pk).status == STATUS.queued


def test_killed_after_the_answer_it_is_uncertain_and_not_sent_again(start, server):
    write()
    hold = server.hold("DATA")
    worker = start("manage.py", "worker")
    hold.wait_until_reached()
    with locked_attempt():
        hold.go_on.set()
        time.sleep(0.5)  # the answer comes, and the worker waits to write it down
        kill(worker)

    go_on_without(worker)

    assert server.recipients == ["a@stadt.example"]
    assert outcomes() == [SendingOutcome.UNCERTAIN]


def test_worker_that_was_asleep_does_not_send_what_another_has_sent(start, server):
    write()
    hold = server.hold("354")
    sleeper = start("-c", POSTMAN, "worker asleep")
    hold.wait_until_reached()
    sleeper.send_signal(signal.SIGSTOP)
    for _ in range(2):
        Postman("worker next").round()
        Email.objects.update(scheduled_time=None)
    assert server.recipients == ["a@stadt.example"]

    hold.go_on.set()
    sleeper.send_signal(signal.SIGCONT)
    assert sleeper.wait(WAIT) == 0

    assert server.recipients == ["a@stadt.example"]
    assert outcomes() == [SendingOutcome.ABANDONED, SendingOutcome.ACCEPTED]


def test_two_workers_at_once_send_each_mail_once(start, server):
    addresses = [f"person{number:02}@stadt.example" for number in range(20)]
    for address in addresses:
        write(address)
    names = ["worker one", "worker two"]
    alive_at = timezone.now() + timedelta(days=3650)  # in those processes it is another day
    Heartbeat.objects.bulk_create(Heartbeat(process=name, beat_at=alive_at) for name in names)
    hold = server.hold("RCPT")

    workers = [start("-c", POSTMAN, name) for name in names]
    wait_for(lambda: server.connections == 2)
    hold.go_on.set()

    assert [worker.wait(WAIT) for worker in workers] == [0, 0]
    assert server.recipients == addresses
    assert outcomes() == [SendingOutcome.ACCEPTED] * 20
    assert {email.status for email in Email.objects.all()} == {STATUS.sent}
