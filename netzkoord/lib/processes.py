"""Several processes as one: started together, watched, restarted, ended together, never left behind."""

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# Tells a child whose end is its own end.
PARENT = "NETZKOORD_PARENT"
RESTARTS = 5
RESTART_WINDOW_SECONDS = 60
GRACE_SECONDS = 10


@dataclass
class Child:
    """A process of the group; the name is what people read about it."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS + 1))

    def start(self, environment: Mapping[str, str]) -> None:
        self.starts.append(time.monotonic())
        # A session of its own: Ctrl-C reaches this process only, which then ends the children in order.
        self.process = subprocess.Popen(self.command, env=environment, start_new_session=True)  # noqa: S603

    def is_restless(self) -> bool:
        """Whether it died so often in so short a time that one more start would not help."""
        return len(self.starts) > RESTARTS and self.starts[-1] - self.starts[0] < RESTART_WINDOW_SECONDS

    def kill_group(self) -> None:
        """End what the process itself has started, whatever state it is in."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


class Supervisor:
    """Runs children until a signal comes or one of them cannot be kept alive."""

    def __init__(self, children: list[Child], *, say: Callable[[str], object]) -> None:
        self.children = children
        self.say = say
        self.stopping = threading.Event()
        self.environment = {**os.environ, PARENT: str(os.getpid())}

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        for child in self.children:
            child.start(self.environment)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def watch(self) -> bool:
        """Wait for the end and restart what dies; False when something could not be kept alive."""
        while not self.stopping.wait(0.2):
            for child in self.children:
                if not self.keep_alive(child):
                    return False
        return True

    def keep_alive(self, child: Child) -> bool:
        if child.process is None or child.process.poll() is None:
            return True
        child.kill_group()
        if child.is_restless():
            self.say(f"{child.name} endet immer wieder; die Demo wird beendet. Die Ursache steht weiter oben.")
            return False
        self.say(f"{child.name} ist unerwartet beendet worden und wird neu gestartet.")
        child.start(self.environment)
        return True

    def stop(self) -> None:
        """Ask all to finish, wait a little, then end what is left."""
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        for child in self.children:
            child.kill_group()


def end_with_parent(*, parent: int | None = None) -> None:
    """End this process by SIGTERM as soon as its parent is gone, even by kill -9; portable, once a half second."""
    parent = parent or int(os.environ.get(PARENT, "0"))
    if parent:
        threading.Thread(target=wait_for_orphanhood, args=[parent], daemon=True).start()


def wait_for_orphanhood(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    # Whoever does not follow is not needed any more either.
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
