import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.contrib.sessions.models import Session
from django.core import mail as mailbox
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from post_office import mail
from post_office.models import STATUS, Email

from netzkoord.lib import jobs
from netzkoord.lib.jobs import Job, Loop
from netzkoord.lib.processes import GRACE_SECONDS
from netzkoord.models import Heartbeat

# The worker closes its connections between two tasks; inside of a test's transaction that would end it.
pytestmark = pytest.mark.django_db(transaction=True)


@task()
def double(number):
    return 2 * number


@task()
def fail():
    raise ValueError("nonsense")


@pytest.fixture(autouse=True)
def queue(settings, tmp_path):
    """The queue of production instead of the tests' immediate one, and locks of this test's own."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    settings.VAR_DIR = tmp_path
    settings.POST_OFFICE = {
        **settings.POST_OFFICE,
        "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"},
    }


def running_task(*, workers, silent_for):
    """A task that is said to run, and when its workers were last alive."""
    result = double.enqueue(21)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now(), worker_ids=workers)
    for worker in workers:
        Heartbeat.objects.create(process=worker, beat_at=timezone.now() - timedelta(seconds=silent_for))
    return DBTaskResult.objects.get(pk=result.id)


# --- The loop ---------------------------------------------------------------------------------------------------


def test_round_does_one_waiting_task():
    results = [double.enqueue(21), double.enqueue(4)]

    Loop([]).round()

    stored = [DBTaskResult.objects.get(pk=result.id) for result in results]
    assert [(row.status, row.return_value) for row in stored] == [("SUCCESSFUL", 42), ("READY", None)]


def test_failing_task_is_stored_and_does_not_keep_others_waiting():
    failing, good = fail.enqueue(), double.enqueue(21)
    loop = Loop([])

    loop.round()
    loop.round()

    assert DBTaskResult.objects.get(pk=good.id).return_value == 42
    assert DBTaskResult.objects.get(pk=failing.id).exception_class_path == "builtins.ValueError"


def test_failing_job_is_logged_and_does_not_stop_others(caplog):
    done = []

    def break_down():
        raise ValueError("nonsense")

    Loop([Job("erste", break_down, 1), Job("zweite", lambda: done.append("second"), 1)]).round()

    assert done == ["second"]
    assert [record.getMessage() for record in caplog.records] == ["erste ist gescheitert"]
    assert "ValueError: nonsense" in caplog.text


def test_job_waits_for_its_time():
    done = []
    seldom = Job("selten", lambda: done.append("seldom"), every_seconds=3600)
    often = Job("oft", lambda: done.append("often"), every_seconds=0)
    loop = Loop([seldom, often])

    loop.round()
    loop.round()

    assert done == ["seldom", "often", "often"]


def test_nothing_is_begun_after_the_signal():
    double.enqueue(21)
    done = []
    loop = Loop([Job("auftrag", lambda: done.append("job"), 0)])
    loop.stopping.set()

    loop.round()

    assert done == []
    assert DBTaskResult.objects.get().status == "READY"


def test_beat_is_one_row_for_the_worker_and_one_for_all():
    jobs.beat("worker abc")
    jobs.beat("worker abc")
    jobs.beat("worker xyz")

    assert sorted(Heartbeat.objects.values_list("process", flat=True)) == ["worker", "worker abc", "worker xyz"]
    assert timezone.now() - Heartbeat.objects.get(process="worker").beat_at < timedelta(seconds=5)


# --- What a dead worker leaves ------------------------------------------------------------------------------------


def test_task_of_a_dead_worker_is_done_again():
    running_task(workers=["worker dead"], silent_for=31)

    assert jobs.return_abandoned_tasks() == 1
    Loop([]).round()

    assert DBTaskResult.objects.get().return_value == 42


def test_task_of_a_living_worker_is_left_alone():
    running_task(workers=["worker alive"], silent_for=3)

    assert jobs.return_abandoned_tasks() == 0
    assert DBTaskResult.objects.get().status == "RUNNING"


def test_task_that_killed_three_workers_is_given_up(caplog):
    running_task(workers=["worker a", "worker b", "worker c"], silent_for=31)

    assert jobs.return_abandoned_tasks() == 0
    assert DBTaskResult.objects.get().status == "FAILED"
    assert "Aufgabe tests.test_worker.double ist aufgegeben" in caplog.text


def test_dead_workers_are_forgotten():
    jobs.beat("worker alive")
    Heartbeat.objects.create(process="worker dead", beat_at=timezone.now() - timedelta(minutes=5))

    jobs.return_abandoned_tasks()

    assert sorted(Heartbeat.objects.values_list("process", flat=True)) == ["worker", "worker alive"]


# --- One at a time ------------------------------------------------------------------------------------------------


def in_another_process(name):
    """Whether another worker would get it: a connection of its own is what tells workers apart."""

    def ask():
        try:
            with jobs.exclusive(name) as is_mine:
                return is_mine
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result()


def test_job_is_done_by_one_worker_at_a_time():
    with jobs.exclusive("postausgang") as is_mine:
        meanwhile = in_another_process("postausgang")
        other_job = in_another_process("erhebungen")
    afterwards = in_another_process("postausgang")

    assert (is_mine, meanwhile, other_job, afterwards) == (True, False, True, True)


# --- The command --------------------------------------------------------------------------------------------------


def queue_mail():
    return mail.send("empfang@stadt.example", "kursbuero@stadt.example", subject="Zusage", message="Guten Tag")


def test_worker_sends_the_outbox():
    email = queue_mail()

    call_command("worker", once=True)

    assert [(message.to, message.subject) for message in mailbox.outbox] == [(["empfang@stadt.example"], "Zusage")]
    assert Email.objects.get(pk=email.pk).status == STATUS.sent


def test_worker_leaves_the_mail_of_the_demo_in_its_outbox(settings):
    settings.DEMO = True
    email = queue_mail()

    call_command("worker", once=True)

    assert mailbox.outbox == []
    assert Email.objects.get(pk=email.pk).status == STATUS.queued


def test_worker_gives_a_sign_of_life_and_tidies_up():
    expired = timezone.now() - timedelta(days=1)
    Session.objects.create(session_key="old", session_data="", expire_date=expired)
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=1))
    result = double.enqueue(21)
    DBTaskResult.objects.filter(pk=result.id).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now() - timedelta(days=31)
    )

    call_command("worker", once=True)

    assert Heartbeat.objects.filter(process="worker").exists()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert not DBTaskResult.objects.exists()


# --- Processes: these take some seconds, for they start and kill real ones ----------------------------------------

SUPERVISOR = """
import sys
from netzkoord.lib.processes import Child, Supervisor

child = Child("Das Kind", [sys.executable, "-c", sys.argv[1]])
with Supervisor([child], say=lambda text: print(text, flush=True)) as supervisor:
    print(supervisor.watch(), flush=True)
"""
LASTING_CHILD = """
import os, time
from netzkoord.lib.processes import end_with_parent

end_with_parent()
print("child", os.getpid(), flush=True)
time.sleep(60)
"""
DYING_CHILD = "raise SystemExit(1)"
# Whoever ends within it was asked to, and not killed.
PROMPTLY = GRACE_SECONDS - 1


@pytest.fixture
def supervisor():
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, LASTING_CHILD], cwd=project.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def child_of(supervisor):
    word, pid = supervisor.stdout.readline().split()
    assert word == "child"
    return int(pid)


def is_gone(pid):
    deadline = time.monotonic() + PROMPTLY
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_killed_child_is_started_again(supervisor):
    first = child_of(supervisor)

    os.kill(first, signal.SIGKILL)

    assert supervisor.stdout.readline() == "Das Kind ist unerwartet beendet worden und wird neu gestartet.\n"
    assert child_of(supervisor) != first


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_all(supervisor, number):
    child = child_of(supervisor)

    supervisor.send_signal(number)

    assert supervisor.wait(PROMPTLY) == 0
    assert is_gone(child)


def test_child_does_not_outlive_a_killed_supervisor(supervisor):
    child = child_of(supervisor)

    supervisor.kill()

    assert is_gone(child)


def test_child_that_dies_again_and_again_is_given_up():
    result = subprocess.run(
        [sys.executable, "-c", SUPERVISOR, DYING_CHILD],
        cwd=project.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.stdout.splitlines()[-2:] == [
        "Das Kind endet immer wieder; die Demo wird beendet. Die Ursache steht weiter oben.",
        "False",
    ]
