"""Work in the background: jobs that recur, tasks from the queue, and the sign of life of who does them."""

import contextlib
import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from netzkoord.models import Heartbeat

logger = logging.getLogger("netzkoord.jobs")
T = TypeVar("T")

BEAT_SECONDS = 5
# A worker that has been silent for so long is dead; what it was doing is done again.
SILENCE = timedelta(seconds=30)
# A task that took its worker down so often is given up.
ATTEMPTS = 3


@dataclass
class Job:
    """Something to be done again and again; it must bear being done twice."""

    name: str
    run: Callable[[], object]
    every_seconds: float
    last_run: float | None = None

    def is_due(self, now: float) -> bool:
        return self.last_run is None or now - self.last_run >= self.every_seconds


class Loop:
    """One worker: its jobs, one task from the queue, a short rest, again."""

    def __init__(self, jobs: list[Job], *, rest_seconds: float = 1.0) -> None:
        self.jobs = jobs
        self.rest_seconds = rest_seconds
        self.worker_id = f"worker {get_random_string(12)}"
        # Set from outside; a long job asks for it, too.
        self.stopping = threading.Event()

    def run(self) -> None:
        """Until `stopping` is set; what has been begun is finished."""
        pulse = threading.Thread(target=self.keep_beating, daemon=True)
        pulse.start()
        while not self.stopping.is_set():
            self.round()
            if not guarded("Warteschlange", tasks_are_waiting):
                self.stopping.wait(self.rest_seconds)
        pulse.join(timeout=BEAT_SECONDS)
        guarded("Abmeldung", Heartbeat.objects.filter(process=self.worker_id).delete)

    def round(self) -> None:
        """Every job that is due, and one task."""
        for job in self.jobs:
            now = time.monotonic()
            if self.stopping.is_set() or not job.is_due(now):
                continue
            job.last_run = now
            guarded(job.name, partial(run_alone, job))
        if not self.stopping.is_set() and guarded("Warteschlange", tasks_are_waiting):
            guarded("Aufgabe", partial(run_one_task, self.worker_id))

    def keep_beating(self) -> None:
        """Beats beside the work, so that a long task is not taken for a dead worker."""
        while True:
            guarded("Lebenszeichen", partial(beat, self.worker_id))
            if self.stopping.wait(BEAT_SECONDS):
                return


def guarded(name: str, work: Callable[[], T]) -> T | None:
    """Do it; an error is logged and ends nothing, for the next round may succeed and others wait."""
    close_old_connections()
    try:
        return work()
    except Exception:  # the loop outlives whatever one job does; the log has the traceback
        logger.exception("%s ist gescheitert", name)
        return None
    finally:
        close_old_connections()


def beat(worker_id: str) -> None:
    """The sign of life: of this worker, for `return_abandoned_tasks`, and of any, for the health page."""
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(process=process, beat_at=now) for process in ("worker", worker_id)],
        update_conflicts=True,
        unique_fields=["process"],
        update_fields=["beat_at"],
    )


def tasks_are_waiting() -> bool:
    return DBTaskResult.objects.ready().exists()


def run_one_task(worker_id: str) -> None:
    """Take one task from the queue and do it; its error is stored with it."""
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=worker_id,
        excluded_queue_names=[],
    ).run()


def living_workers() -> set[str]:
    """The processes that have given a sign of life lately."""
    return set(Heartbeat.objects.filter(beat_at__gte=timezone.now() - SILENCE).values_list("process", flat=True))


def return_abandoned_tasks() -> int:
    """Put back what a dead worker was doing, and give up what has killed several; the number put back."""
    alive = living_workers()
    returned = 0
    for task in DBTaskResult.objects.running():
        if set(task.worker_ids[-1:]) & alive:
            continue
        if len(task.worker_ids) >= ATTEMPTS:
            task.set_failed(RuntimeError(f"given up: {ATTEMPTS} workers died while doing it"))
            logger.error("Aufgabe %s ist aufgegeben: %s Worker sind dabei gestorben", task.task_path, ATTEMPTS)
            continue
        # Only if it is still the same attempt: the worker may have come back and finished.
        running = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
        returned += running.update(status=TaskResultStatus.READY)
    Heartbeat.objects.filter(process__startswith="worker ", beat_at__lt=timezone.now() - 2 * SILENCE).delete()
    return returned


def run_alone(job: Job) -> None:
    """Run the job unless another worker is at it: a mail must not be sent by two at once."""
    with exclusive(job.name) as is_mine:
        if is_mine:
            job.run()


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[bool]:
    """Whether this process holds `name` alone, across machines on PostgreSQL; freed by the system when it dies."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
            is_mine = bool(cursor.fetchone()[0])
        try:
            yield is_mine
        finally:
            if is_mine:
                release(name)
        return
    with (settings.VAR_DIR / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def release(name: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])
    except DatabaseError:
        # The connection is broken, and with it the lock is gone.
        connection.close()
